"""`quiet backup` and `quiet restore`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from api.commands.running import load_settings, with_database
from models.backup.archive import Tell
from models.backup.manifest import Manifest
from models.backup.restoring import restore
from models.backup.writing import back_up
from models.database import Database

SECRETS = (
    "It holds secrets in plain text: those that webhooks are signed with, and the one for preview tokens. "
    "Keep it where nobody else can read it; --without-secrets leaves them out."
)
FILE = click.Path(dir_okay=False, path_type=Path)
THERE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@contextmanager
def show_progress() -> Iterator[Tell]:
    """Show how far something comes, as long as it takes."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def tell(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        yield tell


@click.command("backup")
@click.argument("file", type=FILE)
@click.option("--without-secrets", is_flag=True, help="Leave out tokens, webhooks, and what belongs to them.")
@click.option("--replace", is_flag=True, help="Take the place of FILE if there is one.")
def backup_command(file: Path, *, without_secrets: bool, replace: bool) -> None:
    """Write everything that the database holds into one FILE.

    The server can go on reading and writing meanwhile: FILE holds the content exactly as of one revision. It is
    written under another name, brought to the disk, read back and compared, and only then called FILE, so that
    there is never half a backup. Only you can read it (its mode is 0600).

    FILE is a ZIP of JSON Lines with a manifest (docs/backup.md). `quiet restore` brings it into SQLite or
    PostgreSQL, whichever it came from; `quiet verify FILE` looks whether it is still whole.

    Tokens are in it as hashes only. The secrets of webhooks and of preview tokens are in it as they are.

    \b
    Examples:
      quiet backup "quiet-$(date +%F).zip"
      quiet backup --replace latest.zip
      quiet backup --without-secrets for-a-colleague.zip
    \b
    Exit status: 0 if the backup is there, 1 if not, 2 for a wrong command line.
    """
    settings = load_settings()

    async def run(database: Database) -> Manifest:
        with show_progress() as tell:
            return await back_up(database, file, tell=tell, secrets=not without_secrets, replaces=replace)

    manifest = with_database(settings, run)
    click.echo(
        f"Wrote {file}: {manifest.rows} rows as of revision {manifest.revision}, read back and compared."
    )
    if manifest.secrets:
        click.echo(SECRETS, err=True)


@click.command("restore")
@click.argument("file", type=THERE)
@click.option(
    "--disable-webhooks", is_flag=True, help="Let this copy tell nobody anything: disable all webhooks."
)
def restore_command(file: Path, *, disable_webhooks: bool) -> None:
    """Bring a backup FILE into an empty database, that of QUIET_DATABASE.

    The database may be SQLite or PostgreSQL, whichever the backup came from, and must be empty: a new file, a new
    database, or one that was only migrated. There is no option to overwrite one; make a new one, look at it, and
    then let QUIET_DATABASE name it. Stop the server meanwhile.

    FILE is read to its end and compared with its hashes before anything is written. All rows come in one
    transaction, so that a restore that is stopped leaves nothing behind: run it again. Then the search index is
    made; if it is stopped there, `quiet migrate` completes the index.

    What was made after the backup is gone. Empty your caches (docs/backup.md), as revisions are given out again.

    \b
    Examples:
      QUIET_DATABASE=sqlite://new.sqlite3 quiet restore quiet-2026-05-01.zip
      QUIET_DATABASE=postgres://quiet@db/copy quiet restore --disable-webhooks quiet-2026-05-01.zip
    \b
    Exit status: 0 if all is there, 1 if nothing was restored, 2 for a wrong command line.
    """
    settings = load_settings()

    async def run(database: Database) -> Manifest:
        with show_progress() as tell:
            return await restore(database, file, tell=tell, webhooks=not disable_webhooks)

    manifest = with_database(settings, run)
    click.echo(
        f"Restored {manifest.rows} rows as of revision {manifest.revision}, saved at {manifest.moment}."
    )
    if not manifest.secrets:
        click.echo("The backup was made without secrets: make tokens and webhooks anew.", err=True)
    elif not disable_webhooks:
        click.echo(
            "Webhooks are as they were: those that are enabled are told of what happens here.", err=True
        )
