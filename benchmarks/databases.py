"""New databases for a measurement, gone afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg


@contextmanager
def new_sqlite(folder: Path) -> Iterator[str]:
    """Yield the address of a new SQLite database in a folder that goes by itself."""
    yield f"sqlite://{folder}/bench.sqlite3"


@contextmanager
def new_postgres(server: str) -> Iterator[str]:
    """Yield the address of a new database on a PostgreSQL server."""
    name = f"quiet_bench_{uuid4().hex[:8]}"
    asyncio.run(run_statement(server, f'CREATE DATABASE "{name}"'))
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        asyncio.run(run_statement(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def run_statement(server: str, statement: str) -> None:
    """Run a statement on a PostgreSQL server."""
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def find_version(server: str) -> str:
    """Return the version of a PostgreSQL server."""
    return await find_setting(server, "server_version")


async def find_setting(server: str, name: str) -> str:
    """Return a setting of a PostgreSQL server."""
    connection = await asyncpg.connect(server)
    try:
        return str(await connection.fetchval(f"SHOW {name}"))
    finally:
        await connection.close()
