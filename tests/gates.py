"""Gates in a database at which another process that writes is held, so that it can be killed just there."""

from __future__ import annotations

import asyncio
import sqlite3
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

import asyncpg

from models.database import Address
from models.dialect import SQLITE

LOCK = 4_410_992
LOOKS = 20
"""How many looks in a row must find SQLite's write lock taken; a process at a gate keeps it for ever."""

FOR_EVER = (
    "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)"
)
FUNCTION = f"""CREATE OR REPLACE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN NEW; END $$"""
WAITING = """FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE locktype = 'advisory' AND NOT granted AND d.datname = current_database()"""


@dataclass(frozen=True, slots=True)
class Gate:
    """The rows that are not let through: `event` on `table` where `condition` holds of the NEW row."""

    event: str
    table: str
    condition: str

    def trigger(self, action: str) -> str:
        """Return the statement that makes the gate."""
        rows = "FOR EACH ROW WHEN" if self.condition else "FOR EACH ROW"
        condition = f"({self.condition})" if self.condition else ""
        return f"CREATE TRIGGER gate BEFORE {self.event} ON {self.table} {rows} {condition} {action}"


IsReached = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def closed_gate(address: str, gate: Gate) -> AsyncIterator[IsReached]:
    """Keep a gate closed; give a function that tells whether somebody stands before it.

    Who stands there must be killed before the end, at which the gate is taken away.
    """
    place = Address(address)
    closed = closed_in_sqlite if place.dialect is SQLITE else closed_in_postgres
    async with closed(place, gate) as is_reached:
        yield is_reached


@asynccontextmanager
async def closed_in_sqlite(place: Address, gate: Gate) -> AsyncIterator[IsReached]:
    """A trigger that counts without end inside of the transaction of whoever comes."""
    with closing(sqlite3.connect(place.path, isolation_level=None, timeout=30)) as connection:
        connection.execute(gate.trigger(f"BEGIN {FOR_EVER}; END"))
        with closing(sqlite3.connect(place.path, isolation_level=None, timeout=0)) as looking:

            async def is_reached() -> bool:
                for _ in range(LOOKS):
                    if not is_locked(looking):
                        return False
                    await asyncio.sleep(0.01)
                return True

            yield is_reached
        connection.execute("DROP TRIGGER gate")


def is_locked(connection: sqlite3.Connection) -> bool:
    """Tell whether another connection is in a transaction that writes."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    connection.execute("ROLLBACK")
    return False


@asynccontextmanager
async def closed_in_postgres(place: Address, gate: Gate) -> AsyncIterator[IsReached]:
    """A trigger that waits for a lock that this process has."""
    connection = await asyncpg.connect(**place.server)
    try:
        await connection.execute(FUNCTION)
        await connection.execute(gate.trigger("EXECUTE FUNCTION gate()"))
        await connection.execute(f"SELECT pg_advisory_lock({LOCK})")

        async def is_reached() -> bool:
            return bool(await connection.fetchval(f"SELECT count(*) {WAITING}"))

        yield is_reached
        # The server would not notice before its statement ends that nobody is there any more.
        await connection.execute(f"SELECT pg_terminate_backend(pid) {WAITING}")
        await connection.execute(f"SELECT pg_advisory_unlock({LOCK})")
        await connection.execute(f"DROP TRIGGER gate ON {gate.table}")
    finally:
        await connection.close()


async def kill_at(process: Process, is_reached: IsReached) -> None:
    """Kill a process as soon as it is where it shall be, and return when it is dead.

    Fails with what the process printed where it ends by itself.
    """
    try:
        while not await is_reached():
            if process.returncode is not None:
                printed = [text.decode() for text in await process.communicate()]
                raise AssertionError(
                    f"The process ended with {process.returncode} before the gate: {printed}"
                )
            await asyncio.sleep(0.01)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
