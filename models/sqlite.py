"""Our Tortoise engine for SQLite: one writer with `BEGIN IMMEDIATE`, and readers that never wait for it.

Tortoise's own engine has one connection, so that a transaction blocks every read, and begins transactions
deferred, which fails with "database is locked" when two processes first read and then write.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any, cast

import aiosqlite
from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from models.errors import DatabaseBusy
from models.statements import Watched

RETRY_SECONDS = 0.02
READING = ("SELECT", "WITH", "VALUES")


class WriteTransaction(Watched, SqliteTransactionWrapper):
    """A transaction that takes the write lock at its beginning."""

    async def begin(self) -> None:
        """Begin; waits for other writers as long as the busy timeout says."""
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise DatabaseBusy from error
            raise OperationalError(error) from error

    async def execute_script(self, query: str) -> None:
        """Run several statements inside this transaction.

        The driver's own way commits what is open first, which would leave half a migration behind.
        """
        for statement in split_statements(query):
            try:
                await self._connection.execute(statement)
            except sqlite3.Error as error:
                raise OperationalError(error) from error


class WriteContext(SqliteTransactionContext):
    """A transaction on the writer's connection, which leaves nothing behind however it ends.

    Tortoise's own keeps the lock for ever when a transaction cannot begin, and lets the next writer in while a
    commit that failed is still open.
    """

    async def __aenter__(self) -> TransactionalDBClient:
        """Wait for the other writers of this process, then begin."""
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            await self._leave()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return cast("TransactionalDBClient", self.connection)

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        """Commit, or roll back after an error, and let the next writer in."""
        try:
            if kind is not None and issubclass(kind, asyncio.CancelledError):
                await asyncio.shield(stop(self.connection._connection))
            await (self.connection.rollback() if kind else self.connection.commit())
        finally:
            get_connections().reset(self.token)
            await self._leave()

    async def _leave(self) -> None:
        driver: aiosqlite.Connection | None = self.connection._connection
        try:
            if driver is not None:
                # Comes after a beginning or an end that somebody gave up waiting for.
                await asyncio.shield(driver.rollback())
        finally:
            self._trxlock.release()


async def stop(connection: aiosqlite.Connection) -> None:
    """Interrupt what a connection does, and return when it has nothing more to do."""
    # Does nothing, in the thread in which the connection does everything else.
    free = asyncio.ensure_future(connection.set_trace_callback(None))  # type: ignore[arg-type]
    while not free.done():
        # Again and again: what waits in line has not begun yet, and would not notice.
        await connection.interrupt()
        await asyncio.wait({free}, timeout=RETRY_SECONDS)
    free.result()


def split_statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement
            statement = ""


class ReadWriteClient(SqliteClient):
    """A client with `readers` connections for reading besides Tortoise's own, which writes."""

    def __init__(self, file_path: str, *, readers: int = 3, **credentials: Any) -> None:
        super().__init__(file_path, **credentials)
        self._reader_count = readers
        self._readers: list[aiosqlite.Connection] = []
        self._idle: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._stopping: set[asyncio.Task[None]] = set()

    async def create_connection(self, with_db: bool) -> None:
        """Open the writer and the readers."""
        if self._connection:
            return
        await self._open_writer(with_db)
        for _ in range(self._reader_count):
            reader = await aiosqlite.connect(self.filename, isolation_level=None)
            reader.row_factory = sqlite3.Row
            await reader.execute(f"PRAGMA busy_timeout={self.pragmas['busy_timeout']}")
            await reader.execute("PRAGMA query_only=ON")
            self._readers.append(reader)
            self._idle.put_nowait(reader)

    async def _open_writer(self, with_db: bool) -> None:
        # Turning a new file to WAL does not wait for others as statements do; of two, one is refused at once.
        deadline = monotonic() + self.pragmas["busy_timeout"] / 1000
        while True:
            try:
                return await super().create_connection(with_db)
            except sqlite3.OperationalError as error:
                await super().close()
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                    raise
                await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        """Close all connections."""
        await asyncio.gather(*self._stopping, return_exceptions=True)
        self._idle = asyncio.Queue()
        while self._readers:
            await self._readers.pop().close()
        await super().close()

    def _in_transaction(self) -> TransactionContext:
        return WriteContext(WriteTransaction(self), self._lock)

    @translate_exceptions
    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, Sequence[dict[str, Any]]]:
        """Run a statement: one that reads on a reader, any other on the writer."""
        if not query.lstrip().upper().startswith(READING):
            return cast(
                "tuple[int, Sequence[dict[str, Any]]]", await SqliteClient.execute_query(self, query, values)
            )
        rows = await self._read(query, values)
        return len(rows), cast("Sequence[dict[str, Any]]", rows)

    async def _read(self, query: str, values: list[Any] | None) -> list[sqlite3.Row]:
        if not self._connection:
            await self.create_connection(with_db=True)
        reader = await self._idle.get()
        try:
            rows = list(await reader.execute_fetchall(query, values or []))
        except asyncio.CancelledError:
            # Without this the statement would run on, and the next one would wait for it.
            stopping = asyncio.create_task(self._free(reader, self._idle))
            self._stopping.add(stopping)
            stopping.add_done_callback(self._stopping.discard)
            raise
        except BaseException:
            self._idle.put_nowait(reader)
            raise
        self._idle.put_nowait(reader)
        return rows

    async def _free(self, reader: aiosqlite.Connection, idle: asyncio.Queue[aiosqlite.Connection]) -> None:
        """Let others have a reader again as soon as it has stopped what it did for somebody who gave up."""
        await stop(reader)
        idle.put_nowait(reader)


class WatchedClient(Watched, ReadWriteClient):
    """The same, and its statements are told to those who watch."""


client_class = WatchedClient
