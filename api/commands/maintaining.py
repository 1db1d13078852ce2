"""`quiet migrate`, `quiet rerender` and `quiet reindex`."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import Progress

from api.commands.running import load_settings, with_database
from models.access import system_actor
from models.database import Database
from models.migrating import migrate
from models.preparing import prepare_database
from models.reindexing import reindex
from models.rerendering import count_outdated, rerender


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database's tables to this version of Quiet Engine.

    Runs the migrations that the database has not had, each in one transaction, and says which. Running it
    again does nothing. Back up first; migrations go forward only.
    """
    settings = load_settings()

    async def run(database: Database) -> None:
        done = await migrate(database)
        place = database.address.describe()
        for name in done:
            click.echo(f"Ran {name}.")
        click.echo(
            f"The {place} is up to date" + (f" after {len(done)} migration(s)." if done else " already.")
        )

    with_database(settings, run)


@click.command("rerender")
def rerender_command() -> None:
    """Render editions again that an older version of the renderer made.

    What authors wrote stays; HTML, plain text and word counts are derived anew. The server can go on serving
    meanwhile. When it is stopped, run it again: it goes on where it was.
    """
    settings = load_settings()

    async def run(database: Database) -> int:
        await prepare_database(database)
        total = await count_outdated(database)
        done = 0
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Rendering", total=total)
            async for number in rerender(database, actor=system_actor("quiet rerender")):
                done += number
                progress.update(task, completed=done)
        return done

    click.echo(f"Rendered {with_database(settings, run)} edition(s) again.")


@click.command("reindex")
def reindex_command() -> None:
    """Make the search index anew.

    `quiet migrate` does it by itself after an upgrade that needs it. The server can go on serving meanwhile; searches
    find less until it is done. When it is stopped, run it again.
    """
    settings = load_settings()

    async def run(database: Database) -> int:
        await prepare_database(database)
        done = 0
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Indexing", total=None)
            async for done, total in reindex(database):
                progress.update(task, completed=done, total=total)
        return done

    click.echo(f"Indexed {with_database(settings, run)} edition(s).")
