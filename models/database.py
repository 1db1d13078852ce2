"""The database of this process: from its address to an open connection, one way to read, one to write.

Tortoise builds the tables, writes rows and runs transactions; reads of content are statements of our own
that go through `Database.read`, where they can be counted.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models.dialect import POSTGRES, SQLITE, Dialect, Sql
from models.errors import DatabaseNotReady, InvalidArgument
from models.head import CHANNEL, Head, PostgresHead, SqliteHead
from models.sqlite_memory import stop_counting
from models.trouble import find_trouble

MODULES = [
    "models.site",
    "models.article",
    "models.edition",
    "models.confirmation",
    "models.section",
    "models.question",
    "models.link",
    "models.publication",
    "models.revision",
    "models.import_run",
    "models.idempotency",
    "models.token",
    "models.preview",
    "models.follower",
    "models.webhook",
    "models.delivery",
    "aerich.models",
]

BUSY_MILLISECONDS = 10_000
"""How long a write waits for another process to finish its own."""

CLOSE_SECONDS = 2.0
"""How long a server may take to say farewell."""

OPTIONS = frozenset({"host", "port", "pool", "sslmode"})
"""What may stand behind the `?` of a PostgreSQL address: where, how many connections, and libpq's sslmode."""

Row = Any
"""A row of an answer, read by column name: a record of the driver."""

recorded: ContextVar[list[str] | None] = ContextVar("recorded", default=None)


@contextmanager
def record_statements() -> Iterator[list[str]]:
    """Collect the text of each statement that is read within this context, in order."""
    statements: list[str] = []
    token = recorded.set(statements)
    try:
        yield statements
    finally:
        recorded.reset(token)


class Address:
    """Where a database is: `sqlite://PATH` (relative) or `sqlite:///PATH`, or `postgres://USER:PASSWORD@HOST/NAME`.

    Raises InvalidArgument with a sentence on anything else.
    """

    def __init__(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        if scheme == "sqlite":
            self.dialect = SQLITE
            self._parse_sqlite(rest)
        elif scheme in {"postgres", "postgresql"}:
            self.dialect = POSTGRES
            self._parse_postgres(url)
        else:
            raise InvalidArgument(
                f"A database address begins with sqlite:// or postgres://, not with {scheme!r}."
            )

    def _parse_sqlite(self, path: str) -> None:
        if not path or path.startswith(":memory:"):
            raise InvalidArgument(
                "SQLite needs a file: sqlite://quiet.sqlite3 or sqlite:///var/lib/quiet.sqlite3."
            )
        self.path = Path(path)
        self.engine = "models.sqlite"
        self.credentials: dict[str, Any] = {
            "file_path": str(self.path),
            "journal_mode": "WAL",
            # FULL, not NORMAL: an acknowledged write survives a power cut.
            "synchronous": "FULL",
            "foreign_keys": "ON",
            "busy_timeout": BUSY_MILLISECONDS,
            "cache_size": -16_000,
        }

    def _parse_postgres(self, url: str) -> None:
        parts = urlsplit(url)
        name = unquote(parts.path.lstrip("/"))
        if not name:
            raise InvalidArgument("A PostgreSQL address names its database: postgres://user@host/quiet.")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        unknown = sorted(options.keys() - OPTIONS)
        if unknown:
            raise InvalidArgument(
                f"{unknown[0]!r} is no option of a PostgreSQL address; there are {', '.join(sorted(OPTIONS))}."
            )
        pool = options.get("pool", "10")
        if not (pool.isascii() and pool.isdigit() and int(pool) > 0):
            raise InvalidArgument("pool is the number of connections, from 1.")
        self.server: dict[str, Any] = {
            "host": options.get("host") or parts.hostname or "localhost",
            "port": parts.port or int(options.get("port", 5432)),
            "user": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "database": name,
            **({"ssl": options["sslmode"]} if "sslmode" in options else {}),
        }
        self.engine = "models.postgres"
        self.credentials = {
            **self.server,
            "minsize": 1,
            "maxsize": int(pool),
            "command_timeout": 30,
            # Of a new connection, where the network says nothing.
            "timeout": 5,
            "server_settings": {
                # Where this process hangs or is gone, the server does not go on for ever, nor keep what is locked.
                "statement_timeout": "60s",
                "idle_in_transaction_session_timeout": "60s",
            },
            # Tortoise's pool resets a connection after each statement, a second round trip. Nothing here
            # changes the state of a session, so there is nothing to reset.
            "reset": keep_connection,
        }

    def describe(self) -> str:
        """Return the address without its password, for people."""
        if self.dialect is SQLITE:
            return f"SQLite file {self.path}"
        return f"PostgreSQL database {self.server['database']} on {self.server['host']}:{self.server['port']}"

    def configuration(self) -> dict[str, Any]:
        """Return Tortoise's configuration for this address.

        The connection has its dialect's name because Tortoise keeps statements by connection name.
        """
        return {
            "connections": {
                self.dialect.name: {"engine": self.engine, "credentials": dict(self.credentials)}
            },
            "apps": {"models": {"models": MODULES, "default_connection": self.dialect.name}},
            "use_tz": True,
        }


def refuse_nul(parameters: Sequence[object]) -> None:
    """Raise InvalidArgument where a text holds NUL, which PostgreSQL cannot store and so never finds."""
    for parameter in parameters:
        if isinstance(parameter, list | tuple):
            refuse_nul(parameter)
        elif isinstance(parameter, str) and ("\0" in parameter or "\\u0000" in parameter):
            raise InvalidArgument("A text in the arguments holds a NUL character.")


async def keep_connection(_connection: object) -> None:
    """Hand a connection back to the pool as it is."""


class Database:
    """An open database with its head."""

    def __init__(self, address: Address, head: Head) -> None:
        self.address = address
        self.head = head

    @property
    def dialect(self) -> Dialect:
        """Return the dialect to write statements in."""
        return self.address.dialect

    @property
    def connection(self) -> BaseDBAsyncClient:
        """Return Tortoise's connection."""
        return get_connection(self.dialect.name)

    async def read(self, statement: Sql) -> Sequence[Row]:
        """Run one reading statement and return its rows."""
        statements = recorded.get()
        if statements is not None:
            statements.append(statement.text)
        refuse_nul(statement.parameters)
        text = self.dialect.final(statement.text)
        try:
            _, rows = await self.connection.execute_query(text, list(statement.parameters))
        except Exception as error:
            trouble = find_trouble(error)
            if trouble is None:
                raise
            raise trouble from error
        return rows

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[BaseDBAsyncClient]:
        """Open a transaction that writes; start no task inside. Raises Unavailable: DatabaseLost, DatabaseBusy …"""
        try:
            async with in_transaction(self.dialect.name) as connection:
                yield connection
        except Exception as error:
            trouble = find_trouble(error)
            if trouble is None:
                raise
            raise trouble from error

    async def announce(self, connection: BaseDBAsyncClient, revision: int, moment: int, oldest: int) -> None:
        """Tell other processes of a revision as soon as this transaction is committed.

        SQLite needs no word: its file says that it changed.
        """
        if self.dialect is POSTGRES:
            await connection.execute_query(
                f"SELECT pg_notify('{CHANNEL}', $1)", [f"{revision} {moment} {oldest}"]
            )


def check_folder(path: Path) -> None:
    """Raise DatabaseNotReady where a SQLite file cannot be opened because of the folder that it is in."""
    folder = path.parent
    if not folder.is_dir():
        raise DatabaseNotReady(f"There is no folder {folder} to keep the database in; make it first.")
    if not os.access(folder, os.W_OK) and not path.with_name(f"{path.name}-shm").exists():
        raise DatabaseNotReady(
            f"The folder {folder} cannot be written to. SQLite keeps two files beside the database while it is "
            "open: let this user write there, or serve a copy from another folder."
        )


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open the database at this address for the whole process, and close it at the end."""
    address = Address(url)
    head: Head
    if address.dialect is SQLITE:
        check_folder(address.path)
        stop_counting()
        head = SqliteHead(str(address.path))
    else:
        head = PostgresHead(address.server)
    # Tasks of the server do not inherit this task's context, hence the fallback for the whole process.
    await Tortoise.init(config=address.configuration(), _enable_global_fallback=True)
    try:
        # Tortoise connects at the first statement; the head of SQLite needs the file before.
        await get_connection(address.dialect.name).execute_query("SELECT 1")
        await head.open()
        yield Database(address, head)
    finally:
        for close in (head.close, Tortoise.close_connections):
            # Where the server says nothing any more, its connections are given up without a word.
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await close()
