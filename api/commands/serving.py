"""`quiet serve`: the server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import httptools
import uvicorn
import uvloop

from api.app import create_app, prepare_database
from api.commands.running import load_settings, with_database
from api.importing.running import Import, Options
from api.importing.sources import open_sources
from models.article import Article
from models.database import Database

SAMPLE = Path(__file__).parent.parent / "sample"


@click.command("serve")
@click.option("--host", help="Listen at this address. Default: QUIET_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen at this port. Default: QUIET_PORT.")
@click.option(
    "--sample", is_flag=True, help="Load the sample articles first if the database has no articles."
)
def serve_command(host: str | None, port: int | None, sample: bool) -> None:
    """Serve GraphQL, and GraphiQL for browsers, at /graphql.

    An SQLite database is created and migrated as needed; for PostgreSQL run `quiet migrate` first.
    """
    settings = load_settings()
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    # A wrong database ends the command here with a sentence, not inside the server.
    with_database(settings, load_sample if sample else prepare_database)
    click.echo(f"Quiet Engine answers GraphQL at http://{settings.host}:{settings.port}/graphql", err=True)
    assert httptools and uvloop  # noqa: PT018 - uvicorn would quietly fall back to what is half as fast
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


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
