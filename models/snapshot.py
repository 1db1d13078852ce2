"""A database as it is at one revision, for as long as somebody reads: others go on writing and are not seen.

It has a connection and a read transaction of its own. Rows are streamed, so memory does not grow with the tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import aiosqlite
import asyncpg

from models.database import BUSY_MILLISECONDS, Address, Row
from models.dialect import POSTGRES, SQLITE, Dialect, Sql

BATCH = 100
"""How many rows are in memory at a time."""


class Snapshot(Protocol):
    """One moment of a database; statements are those of `models.dialect`."""

    dialect: Dialect

    async def read(self, statement: Sql) -> Sequence[Row]:
        """Run a reading statement and return all its rows."""

    def stream(self, statement: Sql) -> AsyncIterator[Sequence[Row]]:
        """Run a reading statement and yield its rows, some at a time."""


@asynccontextmanager
async def open_snapshot(address: Address) -> AsyncIterator[Snapshot]:
    """Hold on to the present state of the database at this address."""
    opened = open_sqlite(address) if address.dialect is SQLITE else open_postgres(address)
    async with opened as snapshot:
        yield snapshot


class SqliteSnapshot:
    """A read transaction of SQLite, which in WAL mode sees nothing that is committed after its first read."""

    dialect = SQLITE

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def read(self, statement: Sql) -> Sequence[Row]:
        """Run a reading statement and return all its rows."""
        return list(await self._connection.execute_fetchall(statement.text, statement.parameters))

    async def stream(self, statement: Sql) -> AsyncIterator[Sequence[Row]]:
        """Run a reading statement and yield its rows, some at a time."""
        async with self._connection.execute(statement.text, statement.parameters) as cursor:
            while rows := list(await cursor.fetchmany(BATCH)):
                yield rows


@asynccontextmanager
async def open_sqlite(address: Address) -> AsyncIterator[Snapshot]:
    """Hold on to the present state of an SQLite file."""
    async with aiosqlite.connect(address.path, isolation_level=None) as connection:
        connection.row_factory = sqlite3.Row
        await connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        await connection.execute("PRAGMA query_only=ON")
        await connection.execute("BEGIN")
        # The transaction begins with what is read first.
        await connection.execute_fetchall("SELECT COUNT(*) FROM sqlite_master")
        yield SqliteSnapshot(connection)
        await connection.execute("ROLLBACK")


class PostgresSnapshot:
    """A read-only transaction of PostgreSQL at the level REPEATABLE READ."""

    dialect = POSTGRES

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def read(self, statement: Sql) -> Sequence[Row]:
        """Run a reading statement and return all its rows."""
        rows: Sequence[Row] = await self._connection.fetch(
            self.dialect.final(statement.text), *statement.parameters
        )
        return rows

    async def stream(self, statement: Sql) -> AsyncIterator[Sequence[Row]]:
        """Run a reading statement and yield its rows, some at a time."""
        cursor = await self._connection.cursor(self.dialect.final(statement.text), *statement.parameters)
        while rows := await cursor.fetch(BATCH):
            yield rows


@asynccontextmanager
async def open_postgres(address: Address) -> AsyncIterator[Snapshot]:
    """Hold on to the present state of a PostgreSQL database; a replica will do."""
    connection = await asyncpg.connect(**address.server)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            # The snapshot is taken by the first statement.
            await connection.execute("SELECT 1")
            yield PostgresSnapshot(connection)
    finally:
        await connection.close()
