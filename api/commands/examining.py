"""`quiet doctor`: is everything as it should be, and if not, what to do."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import click

from api.commands.running import open_reader, with_database
from api.graphiql.page import GraphiQL
from api.settings import Settings, WrongSetting, read_settings
from models.article import Article
from models.broken_links import Breakage, BrokenLink, list_broken_links
from models.database import Address, Database
from models.dialect import SQLITE, Sql
from models.errors import ContentError
from models.migrating import pending_migrations
from models.paging import Window
from models.rerendering import count_outdated

OLDEST_SQLITE = (3, 38)
OLDEST_POSTGRES = 130000
EVERY_LINK = Window(2**31)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is, and what to do where it is not well."""

    what: str
    remedy: str | None = None


@click.command("doctor")
@click.option("--links", is_flag=True, help="Look for broken links in what is live as well.")
def doctor_command(links: bool) -> None:
    """Check settings, database, migrations, search support and assets, and say what to do.

    `quiet verify` reads the content itself, to its end.

    Exit status: 0 if all is well, 1 if something needs doing.
    """
    report(examine(with_links=links))


def report(findings: Iterable[Finding]) -> None:
    """Print what was found, and end the command with 1 where anything is not well."""
    is_well = True
    for finding in findings:
        mark = "ok     " if finding.remedy is None else "PROBLEM"
        click.echo(f"{mark} {finding.what}" + (f"\n        {finding.remedy}" if finding.remedy else ""))
        is_well = is_well and finding.remedy is None
    if not is_well:
        raise SystemExit(1)


def examine(*, with_links: bool) -> Iterator[Finding]:
    """Yield all findings, `with_links` those about links too; what rests on something broken is left out."""
    yield Finding(f"Python {sys.version.split()[0]}")
    yield examine_page()
    try:
        settings = read_settings(os.environ)
    except WrongSetting as error:
        yield Finding("Settings", str(error))
        return
    yield Finding("Settings can be read")
    yield from examine_database(settings, with_links=with_links)


def examine_page() -> Finding:
    """Look whether GraphiQL works without the internet."""
    if all(file.content is not None for file in GraphiQL().files.values()):
        return Finding("GraphiQL is installed and works without the internet")
    return Finding(
        "GraphiQL loads its files from a CDN; to serve them from here, install npm and run `make install`"
    )


def examine_database(settings: Settings, *, with_links: bool) -> list[Finding]:
    """Look at the database of the settings; one that is not there is not made."""
    try:
        address = Address(settings.database)
        if address.dialect is SQLITE and not address.path.is_file():
            remedy = "Check QUIET_DATABASE; `quiet serve` or `quiet migrate` makes a new database there."
            return [Finding(f"There is no {address.describe()}", remedy)]
        return with_database(settings, partial(collect, with_links=with_links))
    except ContentError as error:
        return [Finding("The database's address", error.message)]
    except click.ClickException as error:
        remedy = "Check QUIET_DATABASE, and that the server runs and lets this user in."
        return [Finding(error.message, remedy)]


async def collect(database: Database, *, with_links: bool) -> list[Finding]:
    """Return what there is to say of an open database."""
    findings = [Finding(f"{database.address.describe()} can be reached"), await examine_version(database)]
    findings.append(await examine_search(database))
    try:
        pending = await pending_migrations(database)
    except ContentError as error:
        return [*findings, Finding("Migrations", error.message)]
    if pending:
        return [*findings, Finding(f"{len(pending)} migration(s) are missing", "Run `quiet migrate`.")]
    findings.append(Finding("All migrations have been run"))
    outdated = await count_outdated(database)
    remedy = "Run `quiet rerender`; the server can go on." if outdated else None
    findings.append(Finding(f"{outdated} edition(s) were rendered by an older version", remedy))
    findings.append(Finding(f"{await Article.all().count()} article(s), revision {database.head.revision}"))
    return [*findings, *await examine_links(database)] if with_links else findings


async def examine_links(database: Database) -> list[Finding]:
    """Look for links in what is live that lead nowhere."""
    broken = (await list_broken_links(await open_reader(database), None, EVERY_LINK)).items
    return [describe_link(link) for link in broken] or [Finding("No link that is live is broken")]


def describe_link(link: BrokenLink) -> Finding:
    """Return the finding about a broken link."""
    article = link.article
    where = link.url or "an article"
    what = f"/{article.locale}/{article.slug}: the link {link.label!r} leads to {where}"
    if link.breakage is Breakage.NOT_SHOWN:
        return Finding(f"{what}, which is not live", "Publish what it leads to, or change the link.")
    return Finding(f"{what}, where nothing is", "Change the link, or publish something there.")


async def examine_version(database: Database) -> Finding:
    """Look whether the database is new enough."""
    if database.dialect is SQLITE:
        old = sqlite3.sqlite_version_info < OLDEST_SQLITE
        remedy = "Use a Python built with SQLite 3.38 or newer." if old else None
        return Finding(f"SQLite {sqlite3.sqlite_version}", remedy)
    row = (await database.read(Sql("SELECT current_setting('server_version_num') AS number")))[0]
    remedy = "Use PostgreSQL 13 or newer." if int(row["number"]) < OLDEST_POSTGRES else None
    return Finding(f"PostgreSQL {int(row['number']) // 10000}", remedy)


async def examine_search(database: Database) -> Finding:
    """Look whether the database can search text."""
    if database.dialect is not SQLITE:
        return Finding("Full-text search is built in")
    rows = await database.read(
        Sql(
            "SELECT compile_options AS name FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'"
        )
    )
    remedy = None if rows else "Use a Python whose SQLite has FTS5."
    return Finding("SQLite has FTS5, which search needs" if rows else "SQLite lacks FTS5", remedy)
