"""One transaction that fills an empty database, on either kind: all of it is there at the end, or nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aiosqlite
import asyncpg

from models.database import BUSY_MILLISECONDS, Address
from models.dialect import SQLITE
from models.head import CHANNEL

Values = Sequence[tuple[Any, ...]]
COLUMNS = """SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped"""


class Loading(Protocol):
    """The transaction; nobody else writes content meanwhile."""

    async def columns(self, table: str) -> set[str]:
        """Return the names of a table's columns; none where there is no such table."""

    async def is_empty(self, table: str) -> bool:
        """Tell whether a table has no rows."""

    async def head(self) -> int | None:
        """Return the revision at which the database stands, None where it has none."""

    async def run(self, statement: str) -> None:
        """Run a statement without parameters."""

    async def insert(self, table: str, columns: Sequence[str], rows: Values) -> None:
        """Add rows to a table."""

    async def number(self, table: str, key: str, last: int) -> None:
        """Let a table go on numbering its rows behind `last`."""


@asynccontextmanager
async def open_loading(address: Address) -> AsyncIterator[Loading]:
    """Begin the transaction, commit it at the end, or roll it back after an error."""
    opened = load_sqlite(address) if address.dialect is SQLITE else load_postgres(address)
    async with opened as loading:
        yield loading


class SqliteLoading:
    """A transaction of SQLite."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def columns(self, table: str) -> set[str]:
        """Return the names of a table's columns; none where there is no such table."""
        rows = await self._connection.execute_fetchall("SELECT name FROM pragma_table_info(?)", (table,))
        return {row[0] for row in rows}

    async def is_empty(self, table: str) -> bool:
        """Tell whether a table has no rows."""
        return not list(await self._connection.execute_fetchall(f'SELECT 1 FROM "{table}" LIMIT 1'))

    async def head(self) -> int | None:
        """Return the revision at which the database stands, None where it has none."""
        rows = list(await self._connection.execute_fetchall("SELECT revision FROM head"))
        return rows[0][0] if rows else None

    async def run(self, statement: str) -> None:
        """Run a statement without parameters."""
        await self._connection.execute(statement)

    async def insert(self, table: str, columns: Sequence[str], rows: Values) -> None:
        """Add rows to a table."""
        names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        await self._connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)

    async def number(self, table: str, key: str, last: int) -> None:
        """Let a table go on numbering its rows behind `last`."""
        del key
        await self._connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        await self._connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))


@asynccontextmanager
async def load_sqlite(address: Address) -> AsyncIterator[Loading]:
    """Begin a transaction of SQLite, as durable as all its others."""
    async with aiosqlite.connect(address.path, isolation_level=None) as connection:
        for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON", "synchronous=FULL"):
            await connection.execute(f"PRAGMA {pragma}")
        await connection.execute("BEGIN IMMEDIATE")
        try:
            yield SqliteLoading(connection)
        except BaseException:
            await connection.execute("ROLLBACK")
            raise
        await connection.execute("COMMIT")


class PostgresLoading:
    """A transaction of PostgreSQL."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def columns(self, table: str) -> set[str]:
        """Return the names of a table's columns; none where there is no such table."""
        return {row["attname"] for row in await self._connection.fetch(COLUMNS, f'"{table}"')}

    async def is_empty(self, table: str) -> bool:
        """Tell whether a table has no rows."""
        return await self._connection.fetchval(f'SELECT 1 FROM "{table}" LIMIT 1') is None

    async def head(self) -> int | None:
        """Return the revision at which the database stands, None where it has none."""
        revision: int | None = await self._connection.fetchval("SELECT revision FROM head FOR UPDATE")
        return revision

    async def run(self, statement: str) -> None:
        """Run a statement without parameters."""
        await self._connection.execute(statement)

    async def insert(self, table: str, columns: Sequence[str], rows: Values) -> None:
        """Add rows to a table."""
        await self._connection.copy_records_to_table(table, columns=columns, records=rows)

    async def number(self, table: str, key: str, last: int) -> None:
        """Let a table go on numbering its rows behind `last`."""
        text = "SELECT setval(pg_get_serial_sequence($1, $2), $3, true)"
        await self._connection.execute(text, f'"{table}"', key, last)


@asynccontextmanager
async def load_postgres(address: Address) -> AsyncIterator[Loading]:
    """Begin a transaction of PostgreSQL; other processes hear of it when it is committed."""
    connection = await asyncpg.connect(**address.server)
    try:
        async with connection.transaction():
            yield PostgresLoading(connection)
            row = await connection.fetchrow("SELECT revision, moment, oldest FROM head")
            if row is not None:
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, " ".join(map(str, row)))
        # Plans made from the figures of an empty database would be slow ones.
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
