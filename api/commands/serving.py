"""`quiet serve`: the server."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import Any

import click
import httptools
import uvicorn
import uvloop
from starlette.applications import Starlette

from api.app import create_app
from api.commands.running import load_settings, with_database
from api.connections import HttpConnection, SocketConnection
from api.observing.logs import configure_logs
from api.observing.tracing import TelemetryMissing, require_telemetry
from api.persisted import ManifestError, read_manifest
from api.settings import Settings
from models.database import Database
from models.preparing import prepare_database

GRACE_SECONDS = 5
"""How long requests that are being answered may take when the server goes; who follows is told at once."""

PING_SECONDS, PONG_SECONDS = 20.0, 40.0
"""How often a WebSocket client is asked whether it is there, and how long its answer may take."""

logger = logging.getLogger("quiet.start")


@click.command("serve")
@click.option("--host", help="Listen at this address. Default: QUIET_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen at this port. Default: QUIET_PORT.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes serve; one for each core is the most that helps.",
)
@click.option(
    "--sample", is_flag=True, help="Load the sample articles first if the database has no articles."
)
def serve_command(host: str | None, port: int | None, workers: int, sample: bool) -> None:
    """Serve GraphQL, and GraphiQL for browsers, at /graphql.

    Each process keeps editions and answers in memory, and follows what others change.
    An SQLite database is created and migrated as needed; for PostgreSQL run `quiet migrate` first.
    """
    settings = load_settings()
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    # A wrong database ends the command here with a sentence, not inside the server.
    with_database(settings, find_sample() if sample else prepare_database)
    check_documents(settings)
    check_redis(settings)
    check_traces(settings)
    configure_logs(settings)
    tell_address(settings)
    assert httptools and uvloop  # noqa: PT018 - uvicorn would quietly fall back to what is half as fast
    with sharing(settings) if workers > 1 else nullcontext():
        uvicorn.run(
            create_app(settings) if workers == 1 else "api.commands.serving:create_worker",
            factory=workers > 1,
            workers=workers,
            host=settings.host,
            port=settings.port,
            **connection_options(settings),
        )


def find_sample() -> Callable[[Database], Awaitable[None]]:
    """Return what loads the sample; all that reads articles is imported for it, and takes a while."""
    load: Callable[[Database], Awaitable[None]] = import_module("api.commands.sampling").load_sample
    return load


def tell_address(settings: Settings) -> None:
    """Say where the server answers; where programs read the log, as an entry of it."""
    sentence = f"Quiet Engine answers GraphQL at http://{settings.host}:{settings.port}/graphql"
    if settings.log_format == "console":
        click.echo(sentence, err=True)
    else:
        logger.info(sentence)


@contextmanager
def sharing(settings: Settings) -> Iterator[None]:
    """Have a folder in which processes find each other, until the block ends."""
    if settings.worker_folder is not None:
        yield
        return
    with TemporaryDirectory(prefix="quiet-") as folder:
        # The processes are begun anew, and read the environment.
        os.environ["QUIET_WORKER_FOLDER"] = folder
        yield


def connection_options(settings: Settings) -> dict[str, Any]:
    """Return what uvicorn is told about connections."""
    return {
        "loop": "uvloop",
        "http": HttpConnection,
        "ws": SocketConnection,
        # The largest message of anybody; the socket itself looks who may send as much.
        "ws_max_size": max(settings.body_bytes, settings.edit_body_bytes),
        "ws_ping_interval": PING_SECONDS,
        "ws_ping_timeout": PONG_SECONDS,
        # Each connection would keep windows of its own to compress with, and each event be compressed for each.
        "ws_per_message_deflate": False,
        "server_header": False,
        "forwarded_allow_ips": settings.proxies,
        "log_level": "warning",
        "log_config": None,
        "access_log": False,
        "timeout_graceful_shutdown": GRACE_SECONDS,
    }


def check_documents(settings: Settings) -> None:
    """End the command where the manifest of trusted documents cannot be read."""
    try:
        texts = read_manifest(settings.documents) if settings.documents else {}
    except ManifestError as error:
        raise click.ClickException(str(error)) from error
    if settings.documents_only and not texts:
        raise click.ClickException("QUIET_DOCUMENTS_ONLY is on, but QUIET_DOCUMENTS names no documents.")


def check_traces(settings: Settings) -> None:
    """End the command where traces are wanted and cannot be made."""
    try:
        if settings.traces:
            require_telemetry()
    except TelemetryMissing as error:
        raise click.ClickException(str(error)) from error


def check_redis(settings: Settings) -> None:
    """End the command where processes are to count together, but cannot."""
    if settings.redis and find_spec("redis") is None:
        raise click.ClickException("QUIET_REDIS needs the package redis: pip install 'quiet-engine[redis]'.")


def create_worker() -> Starlette:
    """Return the service of one of several processes, by the settings of the environment."""
    settings = load_settings()
    configure_logs(settings)
    return create_app(settings)
