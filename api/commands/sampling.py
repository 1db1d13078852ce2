"""The sample articles, for those who look at the product for the first time."""

from __future__ import annotations

from pathlib import Path

import click

from api.importing.running import Import, Options
from api.importing.sources import open_sources
from models.article import Article
from models.database import Database
from models.preparing import prepare_database

SAMPLE = Path(__file__).parent.parent / "sample"


async def load_sample(database: Database) -> None:
    """Migrate, and publish the sample articles where there are no articles at all."""
    await prepare_database(database)
    if not await Article.exists():
        report = await Import(database, open_sources(SAMPLE), Options("sample", publish=True)).run(
            say_nothing
        )
        click.echo(f"Loaded {report.published} sample articles.", err=True)


def say_nothing(_done: int, _total: int) -> None:
    """Show no progress: it takes a moment only."""
