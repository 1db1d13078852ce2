"""`quiet import`: bring articles in from files."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.commands.running import load_settings, with_database
from api.importing.report import Report
from api.importing.running import Import, Options
from api.importing.source import Severity
from api.importing.sources import open_sources
from models.database import Database
from models.preparing import prepare_database

SHOWN = 20
"""How many notices of one kind are shown unless all are asked for."""


def check_site(_context: click.Context, _option: click.Parameter, key: str | None) -> str | None:
    """Return the site's key if it can be one."""
    if key is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", key):
        raise click.BadParameter("a key has lower-case letters, digits and hyphens, such as docs or my-site")
    return key


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--site",
    metavar="KEY",
    callback=check_site,
    help="Import into this site. Default: the site the source names, or `main`.",
)
@click.option(
    "--publish", is_flag=True, help="Publish what is imported. Without it, articles are saved as drafts."
)
@click.option(
    "--dry-run", is_flag=True, help="Do everything but keep nothing; the report says what would happen."
)
@click.option("--verbose", is_flag=True, help="Show every notice, not only the first of each kind.")
def import_command(path: Path, site: str | None, publish: bool, dry_run: bool, verbose: bool) -> None:
    """Import articles from PATH.

    \b
    PATH is one of
      a folder of Markdown files with YAML or TOML front matter, or one such file
      JSON Lines, plain or gzip (.jsonl, .jsonl.gz)
      scraped plain text (.txt)

    Importing the same again changes nothing; a changed file gives one new edition with the same ids. A file
    that cannot be read is reported and left out, the others are imported. When an import is stopped, run it
    again: it goes on where it was.

    \b
    Examples:
      quiet import content/ --publish
      quiet import articles.jsonl.gz --site docs --dry-run

    Exit status: 0 if everything was taken, 1 if anything was refused.
    """
    settings = load_settings()
    console = Console(stderr=True)

    async def run(database: Database) -> Report:
        await prepare_database(database)
        work = Import(database, open_sources(path), Options(site, publish, dry_run))
        with make_progress(console) as progress:
            task = progress.add_task("Importing", total=None)
            return await work.run(lambda done, total: progress.update(task, completed=done, total=total))

    report = with_database(settings, run)
    print_notices(console, report, verbose=verbose)
    print_counts(report, dry_run=dry_run)
    if report.refused:
        raise SystemExit(1)


def make_progress(console: Console) -> Progress:
    """Return the progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


def print_notices(console: Console, report: Report, *, verbose: bool) -> None:
    """Print the notices, the refusals first; of each kind only the first ones unless `verbose`."""
    order = list(Severity)
    shown: Counter[str] = Counter()
    for notice in sorted(report.notices, key=lambda n: order.index(n.severity)):
        shown[notice.code] += 1
        if verbose or shown[notice.code] <= SHOWN or notice.severity is Severity.REFUSED:
            place = f"{notice.file}:{notice.line}" if notice.line else notice.file
            text = f"{notice.severity.value:8} {place}: {notice.message} [{notice.code}]"
            console.print(text, markup=False, highlight=False, soft_wrap=True)
    hidden = sum(number - SHOWN for number in shown.values() if number > SHOWN)
    if hidden and not verbose:
        console.print(f"… and more like these; --verbose shows all {len(report.notices)}.", highlight=False)


def print_counts(report: Report, *, dry_run: bool) -> None:
    """Print what became of the articles, and what they hold."""
    for name, number in report.counts().items():
        click.echo(f"{name:18}{number:8,}")
    if dry_run:
        click.echo("This was a dry run: nothing was kept.")
    elif report.revisions:
        first, last = report.revisions[0], report.revisions[-1]
        click.echo(f"Revision {last}." if first == last else f"Revisions {first} to {last}.")
    else:
        click.echo("Nothing changed.")
