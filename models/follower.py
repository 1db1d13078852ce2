"""Followers: each reads on in the change log from the point that it remembers, in one process at a time.

A process holds a follower by a lease, which ends by itself when the process died. Leases are told by the
database's clock, so that machines need not agree on the time. Nothing here is content: no revision is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from models.changes import Point
from models.database import Database
from models.dialect import Sql
from models.fields import CodeField, JsonField
from models.moment import FOREVER
from models.table_model import TableModel


class Follower(TableModel):
    """Where a follower stands, None where it never stood anywhere, and which process holds it until when."""

    name = CodeField(max_length=100, primary_key=True)
    point: Any = JsonField(null=True)
    holder = CodeField(max_length=36, null=True)
    held_until = fields.BigIntField(default=0)

    class Meta:
        table = "follower"


class LeaseLost(Exception):
    """Another process may hold the follower by now; whatever this one was doing for it must stop."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A follower that this process holds, and the point at which it stands, None before its first."""

    point: Point | None


async def claim(
    database: Database, name: str, holder: str, seconds: float, *, begin: bool = True
) -> Claimed | None:
    """Hold a follower for some seconds, and return where it stands; None while another process holds it.

    A follower that was never heard of begins to exist, or is nobody's without `begin`. Raises DatabaseLost or
    DatabaseBusy.
    """
    clock = database.dialect.clock
    taken = Sql(
        f"SELECT 1 FROM follower WHERE name = ? AND holder <> ? AND held_until > {clock}", (name, holder)
    )
    if await database.read(taken):
        return None
    async with database.transaction() as connection:
        if begin:
            await run(
                connection,
                database,
                Sql(
                    "INSERT INTO follower (name, held_until) VALUES (?, 0) ON CONFLICT (name) DO NOTHING",
                    (name,),
                ),
            )
        take = Sql(
            f"UPDATE follower SET holder = ?, held_until = {clock} + CAST(? AS BIGINT) "
            f"WHERE name = ? AND (holder = ? OR held_until <= {clock})",
            (holder, int(1000 * seconds), name, holder),
        )
        if not await run(connection, database, take):
            return None
        row = await Follower.filter(name=name).using_db(connection).get()
        return Claimed(read_point(row.point))


async def renew(database: Database, holder: str, seconds: float) -> frozenset[str]:
    """Hold on for some more seconds to all that a process holds, and return the names of it.

    What nobody else took in the meantime is still held. Raises DatabaseLost or DatabaseBusy.
    """
    later = Sql(
        f"UPDATE follower SET held_until = {database.dialect.clock} + CAST(? AS BIGINT) WHERE holder = ?",
        (int(1000 * seconds), holder),
    )
    async with database.transaction() as connection:
        await run(connection, database, later)
        names = await Follower.filter(holder=holder).using_db(connection).values_list("name", flat=True)
    return frozenset(map(str, names))


async def store_point(database: Database, name: str, holder: str, before: Point | None, point: Point) -> None:
    """Remember how far a follower came that stood at `before`.

    Raises LeaseLost unless this process holds it and nobody moved it; DatabaseLost or DatabaseBusy.
    """
    async with database.transaction() as connection:
        if not await advance(connection, name, holder, before, point):
            raise LeaseLost(name)


async def advance(
    connection: BaseDBAsyncClient, name: str, holder: str, before: Point | None, point: Point
) -> bool:
    """Remember how far a follower came; tells False unless this process holds it and nobody moved it."""
    stood = {"point__isnull": True} if before is None else {"point": list(astuple(before))}
    own = Follower.filter(name=name, holder=holder, **stood).using_db(connection)
    return bool(await own.update(point=list(astuple(point))))


async def move_follower(connection: BaseDBAsyncClient, name: str, point: Point) -> None:
    """Let a follower go on from another point; whoever holds it takes note before it stores where it is."""
    await Follower.filter(name=name).using_db(connection).update(point=list(astuple(point)))


async def release(database: Database, holder: str) -> None:
    """Let go of all that a process holds, so that another one need not wait. Raises DatabaseLost or DatabaseBusy."""
    async with database.transaction() as connection:
        await Follower.filter(holder=holder).using_db(connection).update(holder=None, held_until=0)


async def find_point(database: Database, name: str) -> Point | None:
    """Return where a follower stands, None where it never stood anywhere."""
    return (await find_points(database, [name]))[name]


async def find_points(database: Database, names: Sequence[str]) -> dict[str, Point | None]:
    """Return where each of these followers stands, None where it never stood anywhere."""
    query = Sql("SELECT name, point FROM follower WHERE") + database.dialect.one_of("name", names)
    stored = Follower._meta.fields_map["point"].to_python_value
    found = {row["name"]: read_point(stored(row["point"])) for row in await database.read(query)}
    return {name: found.get(name) for name in names}


async def rewind(database: Database, point: Point) -> Point:
    """Return the point before which a follower at `point` has seen everything.

    A revision has the moment at which its verb began, and may have been committed after somebody looked at a later
    moment. What it had scheduled for in between is told again rather than never.
    """
    if point.position != FOREVER:
        return point
    rows = await database.read(Sql("SELECT moment FROM revision WHERE number = ?", (point.revision + 1,)))
    if not rows or rows[0]["moment"] > point.moment:
        return point
    return replace(point, moment=rows[0]["moment"], article_id="", locale="")


def read_point(stored: Any) -> Point | None:
    """Return a point as it was stored."""
    return None if stored is None else Point(*stored)


async def run(connection: BaseDBAsyncClient, database: Database, statement: Sql) -> int:
    """Run a statement that writes and return how many rows it touched."""
    text = database.dialect.final(statement.text)
    count, _ = await connection.execute_query(text, list(statement.parameters))
    return count
