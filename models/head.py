"""The newest revision, kept in memory and exact, so that an operation need not ask for it.

On SQLite a look reads where SQLite notes each commit, and asks only when another connection has committed since the
last one. On PostgreSQL a connection of its own listens for commits of other processes,
and looks by itself every second in case a notification was lost. On a replica nobody may listen, and it only looks.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections import OrderedDict
from typing import Any

import asyncpg

from models.beginning import settle
from models.errors import RevisionGone, RevisionNotReached, RevisionUnknown
from models.trouble import find_trouble
from models.wal_index import Header, find_header

CHANNEL = "quiet_head"
STATEMENT = "SELECT revision, moment, oldest FROM head WHERE id = 1"
LOOK_EVERY = 1.0
MOST_MOMENTS = 10_000

logger = logging.getLogger("quiet.head")


class Head:
    """The position of the change log: `revision` and the moment of its commit; `oldest` can still be read."""

    def __init__(self) -> None:
        self.revision = 0
        self.moment = 0
        self.oldest = 0
        self.moments: OrderedDict[int, int] = OrderedDict()
        """When some of the latest revisions were committed, as far as this process saw it."""
        self._moved = asyncio.Event()

    def look(self) -> None:
        """Bring the position up to date where that costs no waiting."""

    def check(self, revision: int) -> None:
        """Raise RevisionUnknown or RevisionGone where a revision cannot be read yet, or any more."""
        if revision > self.revision:
            raise RevisionUnknown(f"Revision {revision} does not exist; the newest is {self.revision}.")
        if revision < self.oldest:
            raise RevisionGone(revision, self.oldest)

    def advance(self, revision: int, moment: int, oldest: int) -> None:
        """Take a newer position; an older one is ignored."""
        if revision > self.revision:
            self.revision, self.moment, self.oldest = revision, moment, oldest
            self.moments[revision] = moment
            if len(self.moments) > MOST_MOMENTS:
                self.moments.popitem(last=False)
            self._moved.set()
            self._moved = asyncio.Event()

    async def reach(self, revision: int, seconds: float) -> None:
        """Wait until the position is at `revision` or later; raises RevisionNotReached after `seconds`."""
        if self.revision >= revision:
            return
        await settle()
        try:
            async with asyncio.timeout(seconds):
                while self.revision < revision:
                    await self.wait(0.02)
        except TimeoutError:
            message = f"Revision {revision} was not reached within {seconds:g} s; this process is at {self.revision}."
            raise RevisionNotReached(message) from None

    async def wait(self, seconds: float) -> None:
        """Wait until the position moves, at most so long, and look."""
        with contextlib.suppress(TimeoutError):
            # Not wait_for, which in Python 3.11 forgets that it was cancelled when both happen at once.
            async with asyncio.timeout(seconds):
                await self._moved.wait()
        self.look()

    async def open(self) -> None:
        """Read the position and begin to follow it."""

    async def close(self) -> None:
        """Stop following."""


class SqliteHead(Head):
    """Follows a SQLite file through a connection of its own, used on the event loop's thread.

    Its statements read one page that is in memory; they take some microseconds, less than handing them to another
    thread would. Where SQLite's own note of commits cannot be read, `PRAGMA data_version` tells of them, once in each
    round of the event loop: whatever is asked in that round had arrived before.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._header: Header | None = None
        self._noted = b""
        self._seen = -1
        self._has_looked = False

    async def open(self) -> None:
        """Open the connection and read the position."""
        self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA query_only=ON")
        self.look()
        self._header = find_header(self._path)

    def look(self) -> None:
        """Read the position again if any connection has committed since the last look."""
        if self._header is not None:
            noted = self._header.raw
            if noted != self._noted:
                self._read()
                # As it was before: what is committed meanwhile is read at the next look.
                self._noted = noted
        elif not self._has_looked:
            self._read()
            self._has_looked = True
            asyncio.get_running_loop().call_soon(self._look_again)

    def _read(self) -> None:
        """Read the position if any connection has committed since it was read. Raises Unavailable."""
        assert self._connection is not None
        try:
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            row = self._connection.execute(STATEMENT).fetchone() if version != self._seen else None
        except sqlite3.OperationalError as error:
            trouble = find_trouble(error)
            if trouble is not None:
                raise trouble from error
            return  # no table before the first migration
        self._seen = version
        if row is not None:
            self.advance(*row)

    def _look_again(self) -> None:
        self._has_looked = False

    async def close(self) -> None:
        """Close the connection."""
        # The memory that it is in may go with the connection.
        self._header = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PostgresHead(Head):
    """Follows a PostgreSQL database by LISTEN on a connection of its own, and looks by itself besides.

    On a replica it looks only, until that is promoted: there PostgreSQL lets nobody listen.
    """

    def __init__(self, credentials: dict[str, Any]) -> None:
        super().__init__()
        self._credentials = credentials
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._listens = False
        self._follower: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Read the position and start to listen."""
        await self._connect()
        self._follower = asyncio.create_task(self._follow())

    async def _connect(self) -> None:
        self._connection, self._listens = await asyncpg.connect(**self._credentials), False
        await self._read()

    def _hear(self, _connection: object, _process: int, _channel: str, payload: object) -> None:
        revision, moment, oldest = str(payload).split()
        self.advance(int(revision), int(moment), int(oldest))

    async def _read(self) -> None:
        assert self._connection is not None
        if not self._listens and not await self._connection.fetchval("SELECT pg_is_in_recovery()"):
            await self._connection.add_listener(CHANNEL, self._hear)
            self._listens = True
        if await self._connection.fetchval("SELECT to_regclass('head')") is not None:
            row = await self._connection.fetchrow(STATEMENT)
            if row is not None:
                self.advance(row["revision"], row["moment"], row["oldest"])

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                if self._connection is None or self._connection.is_closed():
                    await self._connect()
                else:
                    await self._read()
            # Whatever it is: a follower that ended would leave this process behind for ever.
            except Exception as error:  # noqa: BLE001
                logger.warning("Lost sight of the head revision, trying again: %s", type(error).__name__)
                await self._hang_up()

    async def _hang_up(self) -> None:
        """Give a connection up that may be broken."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def close(self) -> None:
        """Stop listening."""
        if self._follower is not None:
            self._follower.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._follower
        if self._connection is not None:
            await self._connection.close()
