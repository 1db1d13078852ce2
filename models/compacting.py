"""The verb that removes old history: superseded drafts and closed publications, up to a moment.

What the site shows at that moment and later stays as it is: every view of the newest revision of then, and of
any later one. Views of older revisions are refused from the first step on, so nobody sees a half of one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from models.access import Actor, Right
from models.database import Database, Row
from models.dialect import Sql
from models.edition import Edition
from models.errors import InvalidArgument
from models.publication import Publication
from models.revision import write

BATCH = 200
"""How many editions are removed in one transaction, so that writers wait for moments only."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The oldest revision that stays readable, and the ids of publications that go."""

    oldest: int
    publications: tuple[int, ...]


async def plan_compacting(database: Database, before: int, *, actor: Actor) -> Plan:
    """Return what compacting up to a moment would do. Raises Forbidden, or InvalidArgument for a future moment."""
    actor.require_everywhere(Right.ADMINISTER)
    database.head.look()
    if before > database.head.moment:
        raise InvalidArgument(
            "History can be compacted up to a moment of the past, not after the last change."
        )
    rows = await database.read(
        Sql("SELECT COALESCE(MAX(number), 0) AS number FROM revision WHERE moment <= ?", (before,))
    )
    oldest = max(rows[0]["number"], database.head.oldest)
    closed = await database.read(
        Sql(
            "SELECT p.id, p.article_id, p.site_id, p.locale, p.slug, p.since, p.live_from, p.live_until, "
            "r.moment AS closed, p.live_from <= r.moment AS lived "
            "FROM publication p JOIN revision r ON r.number = p.until "
            "WHERE p.until <= ? ORDER BY p.since, p.id",
            (oldest,),
        )
    )
    kept = find_kept(closed)
    return Plan(oldest, tuple(row["id"] for row in closed if row["id"] not in kept))


def find_kept(closed: Iterable[Row]) -> set[int]:
    """Return those of the closed publications that later views still need.

    The last one that lived under an address, by which the address finds its article; and the earliest of each
    article and locale, which knows when it was first published.
    """
    addresses: dict[tuple[str, str, str], tuple[int, int, int]] = {}
    firsts: dict[tuple[str, str], tuple[bool, int, int]] = {}
    for row in closed:
        if row["lived"]:
            address = (row["site_id"], row["locale"], row["slug"])
            last = (min(row["live_until"], row["closed"]), row["since"], row["id"])
            addresses[address] = max(last, addresses.get(address, last))
        pair = (row["article_id"], row["locale"])
        first = (not row["lived"], row["live_from"], row["id"])
        firsts[pair] = min(first, firsts.get(pair, first))
    return {*(number for _, _, number in addresses.values()), *(number for _, _, number in firsts.values())}


async def count_removable(database: Database, plan: Plan) -> int:
    """Return how many editions a plan removes."""
    rows = await database.read(
        Sql("SELECT COUNT(*) AS total FROM edition e WHERE") + removable(database, plan)
    )
    return int(rows[0]["total"])


def removable(database: Database, plan: Plan) -> Sql:
    """Return the condition that edition `e` goes: superseded by then, and of no publication that stays."""
    used = Sql("NOT EXISTS (SELECT 1 FROM publication p WHERE p.edition_id = e.id AND NOT (")
    return (
        Sql("e.until <= ? AND", (plan.oldest,))
        + used
        + database.dialect.one_of("p.id", plan.publications)
        + Sql("))")
    )


async def compact(database: Database, plan: Plan, *, actor: Actor) -> AsyncIterator[int]:
    """Carry out a plan; yields after each batch how many editions it removed. Raises Forbidden.

    The first step makes older revisions unreadable. When it is stopped after that, run it again.
    """
    actor.require_everywhere(Right.ADMINISTER)
    async with write(database, actor=actor, verb="compact") as writing:
        if plan.oldest > writing.oldest:
            writing.oldest = plan.oldest
            writing.record_compacting()
    for start in range(0, len(plan.publications), BATCH):
        async with database.transaction() as connection:
            ids = plan.publications[start : start + BATCH]
            await Publication.filter(id__in=ids).using_db(connection).delete()
    condition = removable(database, Plan(plan.oldest, ()))
    rows = await database.read(Sql("SELECT e.id FROM edition e WHERE") + condition + Sql("ORDER BY e.id"))
    for start in range(0, len(rows), BATCH):
        batch = [row["id"] for row in rows[start : start + BATCH]]
        async with database.transaction() as connection:
            await Edition.filter(id__in=batch).using_db(connection).delete()
        yield len(batch)
