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
    for old, query, to in decode(redirects):
        if query:
            # A location has no query; the request as it came has it, with its escapes.
            yield f'if ($request_uri = "{quote_text(quote(old))}?{quote_text(query)}") {{ return 301 "{quote(to)}"; }}'
            continue
        for spelling in (old, f"{old}/"):
            yield f'location = "{quote_text(spelling)}" {{ return 301 "{quote(to)}$is_args$args"; }}'


def quote_text(text: str) -> str:
    """Return a text as it stands between quotation marks in nginx's configuration."""
    return re.sub(r'(["\\])', r"\\\1", text)


def write_apache(redirects: Iterable[Redirect]) -> Iterable[str]:
    """Yield the lines of a file for Apache, which decodes what it compares and encodes where it leads."""
    for old, query, to in decode(redirects):
        if query:
            continue  # RedirectMatch sees none
        pattern = re.escape(old).replace('"', '\\"')
        yield 'RedirectMatch 301 "^{}/?$" "{}"'.format(pattern, to.replace("$", "\\$"))


def write_netlify(redirects: Iterable[Redirect]) -> Iterable[str]:
    """Yield the lines of Netlify's file, which others read as well; it takes no notice of slashes at the end."""
    for old, query, to in decode(redirects):
        if query:
            continue  # what stands there would be taken for names of parameters
        yield f"{quote(old)} {quote(to)} 301"


def write_json(redirects: Iterable[Redirect]) -> Iterable[str]:
    """Yield the redirects as one JSON list."""
    entries = [{"from": redirect.path, "to": redirect.to} for redirect in redirects]
    yield orjson.dumps(entries, option=orjson.OPT_INDENT_2).decode()


def decode(redirects: Iterable[Redirect]) -> Iterable[tuple[str, str, str]]:
    """Yield old paths without percent-encoding, their queries as they are, and present paths; each old one once.

    An imported address may hold anything; one with control characters could end its line and say something else.
    """
    seen: set[tuple[str, str]] = set()
    for redirect in redirects:
        path, _, query = redirect.path.partition("?")
        old = unquote(path)
        if (old, query) not in seen and (old + query).isprintable():
            seen.add((old, query))
            yield old, query, redirect.to


FORMATS: Mapping[str, Callable[[Iterable[Redirect]], Iterable[str]]] = {
    "nginx": write_nginx,
    "apache": write_apache,
    "netlify": write_netlify,
    "json": write_json,
}
