"""`quiet verify`: is the content what it must be, in the database or in a backup?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from api.commands.backup import THERE, show_progress
from api.commands.examining import Finding, report
from api.commands.running import load_settings, with_database
from models.backup.archive import check_archive, find_damaged_parts
from models.database import Database
from models.errors import ArchiveUnusable
from models.verifying.checks import Verdict, verify


@click.command("verify")
@click.argument("file", type=THERE, required=False)
def verify_command(file: Path | None) -> None:
    """Read all content, and tell what is not as it must be.

    Of the database: that revisions have no gaps and the head is the newest, that editions still have the content
    that their hashes were made of, that no two publications clash, that every row that is named is there, that
    the search index is complete, and of SQLite that the file is sound. It sees the database as of one revision;
    the server can go on reading and writing. It changes nothing.

    With FILE, of a backup, without restoring it: that it is whole, and not a bit of it has changed.

    `quiet doctor` looks whether the program is set up well, which takes a moment; this reads everything.

    \b
    Examples:
      quiet verify
      quiet verify quiet-2026-05-01.zip
    \b
    Exit status: 0 if all is well, 1 if anything is not, 2 for a wrong command line.
    """
    if file is not None:
        report(examine_file(file))
        return
    settings = load_settings()
    report(finding for verdict in with_database(settings, collect) for finding in describe(verdict))


async def collect(database: Database) -> list[Verdict]:
    """Return what all checks found."""
    with show_progress() as tell:
        verdicts: list[Verdict] = []
        async for verdict in verify(database):
            verdicts.append(verdict)
            tell(verdict.check.promise, len(verdicts), len(verdicts) + 1)
        return verdicts


def describe(verdict: Verdict) -> Iterator[Finding]:
    """Yield what to say of a check."""
    check = verdict.check
    if not verdict.count:
        yield Finding(check.promise)
    for fault in verdict.faults:
        yield Finding(fault, check.remedy)
    if verdict.count > len(verdict.faults):
        yield Finding(f"and {verdict.count - len(verdict.faults)} more of the kind.", check.remedy)


def examine_file(path: Path) -> Iterator[Finding]:
    """Yield what is wrong with a backup, each damaged part by its name, or what it is."""
    try:
        with show_progress() as tell:
            manifest = check_archive(path, tell)
    except ArchiveUnusable as error:
        for fault in dict.fromkeys([error.message, *find_damaged_parts(path)]):
            yield Finding(fault, "Use another backup; this one is not restored.")
        return
    yield Finding(
        f"{path} is whole: {manifest.rows} rows as of revision {manifest.revision}, saved from "
        f"{manifest.database} at {manifest.moment} by Quiet Engine {manifest.product}"
    )
