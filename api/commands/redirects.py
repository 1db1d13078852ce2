"""`quiet redirects`: where a site's old addresses lead, in a web server's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, unquote

import click
import orjson

from api.commands.running import load_settings, open_reader, with_database
from models.database import Database
from models.paging import Window
from models.redirecting import Redirect, list_redirects

ALL = Window(2**31)


@click.command("redirects")
@click.argument("site")
@click.option(
    "--format",
    "form",
    type=click.Choice(["nginx", "apache", "netlify", "json"]),
    default="nginx",
    show_default=True,
    help="What reads it.",
)
def redirects_command(site: str, form: str) -> None:
    """Print where the old addresses of SITE lead now: former paths, and addresses it was imported with.

    \b
    nginx    for `include` in a server block
    apache   for the server's configuration or .htaccess (mod_alias)
    netlify  a _redirects file
    json     a list of objects with "from" and "to"
    """
    settings = load_settings()

    async def read(database: Database) -> list[Redirect]:
        reader = await open_reader(database)
        return (await list_redirects(reader, (await reader.site_named(site)).id, ALL)).items

    for line in FORMATS[form](with_database(settings, read)):
        click.echo(line)


def write_nginx(redirects: Iterable[Redirect]) -> Iterable[str]:
    """Yield the lines of a file for nginx, which compares addresses that it has decoded."""
    for old, to in decode(redirects):
        for spelling in (old, f"{old}/"):
            text = re.sub(r'(["\\])', r"\\\1", spelling)
            yield f'location = "{text}" {{ return 301 "{quote(to)}$is_args$args"; }}'


def write_apache(redirects: Iterable[Redirect]) -> Iterable[str]:
    """Yield the lines of a file for Apache, which decodes what it compares and encodes where it leads."""
    for old, to in decode(redirects):
        pattern = re.escape(old).replace('"', '\\"')
        yield 'RedirectMatch 301 "^{}/?$" "{}"'.format(pattern, to.replace("$", "\\$"))


def write_netlify(redirects: Iterable[Redirect]) -> Iterable[str]:
    """Yield the lines of Netlify's file, which others read as well; it takes no notice of slashes at the end."""
    for old, to in decode(redirects):
        yield f"{quote(old)} {quote(to)} 301"


def write_json(redirects: Iterable[Redirect]) -> Iterable[str]:
    """Yield the redirects as one JSON list."""
    entries = [{"from": redirect.path, "to": redirect.to} for redirect in redirects]
    yield orjson.dumps(entries, option=orjson.OPT_INDENT_2).decode()


def decode(redirects: Iterable[Redirect]) -> Iterable[tuple[str, str]]:
    """Yield old and present paths without percent-encoding, each old one once.

    An imported address may hold anything; one with control characters could end its line and say something else.
    """
    seen: set[str] = set()
    for redirect in redirects:
        old = unquote(redirect.path)
        if old not in seen and old.isprintable():
            seen.add(old)
            yield old, redirect.to


FORMATS: Mapping[str, Callable[[Iterable[Redirect]], Iterable[str]]] = {
    "nginx": write_nginx,
    "apache": write_apache,
    "netlify": write_netlify,
    "json": write_json,
}
