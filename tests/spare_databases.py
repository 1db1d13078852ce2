"""PostgreSQL databases that serve one test after the other, each time as empty as when they were migrated."""

from __future__ import annotations

from dataclasses import dataclass, field
from graphlib import TopologicalSorter

import asyncpg

from models.database import Address

KEPT = "aerich"
"""The table of migrations stays as it is."""

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
REFERENCES = """SELECT t.relname AS referring, r.relname AS referred FROM pg_constraint c
JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
WHERE c.contype = 'f' AND c.conrelid <> c.confrelid"""
SHAPE = "SELECT {} FROM (VALUES (1)) AS one".format(
    ", ".join(f"(SELECT count(*) FROM {name})" for name in ("pg_class", "pg_trigger", "pg_proc"))
)
OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
NUMBERS = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"


@dataclass(slots=True)
class SpareDatabases:
    """The databases that were made, those that nobody uses now, and how each of them is emptied."""

    addresses: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    _script: str = ""
    _shape: asyncpg.Record | None = None

    def take(self) -> str | None:
        """Return the address of a database that nobody uses, None where there is none."""
        return self.free.pop() if self.free else None

    async def add(self, address: str) -> None:
        """Take note of a new database, which was just migrated."""
        self.addresses.append(address)
        connection = await asyncpg.connect(**Address(address).server)
        try:
            self._script = await write_script(connection)
            self._shape = await connection.fetchrow(SHAPE)
        finally:
            await connection.close()

    async def give_back(self, address: str) -> None:
        """Empty a database and keep it for the next test, unless this one changed more than rows."""
        connection = await asyncpg.connect(**Address(address).server)
        try:
            await connection.execute(OTHERS)
            if await connection.fetchrow(SHAPE) == self._shape:
                await connection.execute(self._script)
                self.free.append(address)
        finally:
            await connection.close()


async def write_script(connection: asyncpg.Connection) -> str:
    """Return the statements that bring a database's rows to what they are now."""
    order = TopologicalSorter[str]({row["relname"]: () for row in await connection.fetch(TABLES)})
    for row in await connection.fetch(REFERENCES):
        order.add(row["referred"], row["referring"])
    tables = [table for table in order.static_order() if table != KEPT]
    script = [f'DELETE FROM "{table}"' for table in tables]
    for table in reversed(tables):
        rows = await connection.fetch(f'SELECT quote_literal(t::text) AS row FROM "{table}" t')
        script += [f'INSERT INTO "{table}" SELECT ({row["row"]}::"{table}").*' for row in rows]
    return "; ".join([*script, NUMBERS])
