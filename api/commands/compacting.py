"""`quiet compact`: remove old history."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import Progress

from api.commands.moments import read_back
from api.commands.running import load_settings, with_database
from models import moment
from models.access import system_actor
from models.compacting import compact, count_removable, plan_compacting
from models.database import Database
from models.preparing import prepare_database

ACTOR = system_actor("quiet compact")


@click.command("compact")
@click.option(
    "--before",
    required=True,
    callback=read_back,
    help="Up to then: an age such as 90d or 52w, a date (its beginning in UTC), or a date and time.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
def compact_command(before: int, dry_run: bool) -> None:
    """Remove history from before a moment: superseded drafts, closed publications, and old trash.

    What the site showed at that moment and has shown since stays readable, drafts and the newest editions too.
    Older revisions are answered with REVISION_GONE, and articles that were deleted before cannot be restored any
    more. The record of who did what and when is kept, and old addresses go on finding their articles.

    The server can go on serving meanwhile. When it is stopped, run it again: it goes on where it was. SQLite
    keeps the freed space for new content; `sqlite3 FILE VACUUM` gives it back, PostgreSQL does it by itself.

    \b
    Examples:
      quiet compact --before 365d --dry-run
      quiet compact --before 2026-01-01
    """
    settings = load_settings()

    async def run(database: Database) -> None:
        await prepare_database(database)
        plan = await plan_compacting(database, before, actor=ACTOR)
        total = await count_removable(database, plan)
        what = f"{total} edition(s) and {len(plan.publications)} closed publication(s)"
        if dry_run:
            click.echo(f"Would remove {what} from before {moment.to_text(before)}.")
            click.echo(f"The oldest revision that can be read would be {plan.oldest}.")
            return
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Compacting", total=total)
            async for number in compact(database, plan, actor=ACTOR):
                progress.update(task, advance=number)
        click.echo(f"Removed {what} from before {moment.to_text(before)}.")
        click.echo(f"The oldest revision that can be read is {plan.oldest}.")

    with_database(settings, run)
