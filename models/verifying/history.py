"""The numbered history: gapless, in order, each revision with what it changed, and a head at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator

from models.database import Database
from models.dialect import Sql
from models.moment import FOREVER
from models.snapshot import Snapshot

REVISIONS = Sql("SELECT number, moment FROM revision ORDER BY number")
CHANGES = Sql(
    "SELECT r.number, COUNT(c.id) AS changes, MIN(c.position) AS first, MAX(c.position) AS last "
    "FROM revision r LEFT JOIN change c ON c.revision_id = r.number GROUP BY r.number "
    "HAVING COUNT(c.id) = 0 OR MIN(c.position) <> 0 OR MAX(c.position) <> COUNT(c.id) - 1 ORDER BY r.number"
)


async def find_broken_history(_database: Database, snapshot: Snapshot) -> AsyncIterator[str]:
    """Yield revisions that are missing, that were committed before an earlier one, or that lack changes."""
    number, moment = 0, None
    async for rows in snapshot.stream(REVISIONS):
        for row in rows:
            if row["number"] != number + 1:
                yield f"Revision {number + 1} is missing; {row['number']} follows {number}."
            if moment is not None and row["moment"] < moment:
                yield f"Revision {row['number']} is of an earlier moment than the one before."
            number, moment = row["number"], row["moment"]
    async for rows in snapshot.stream(CHANGES):
        for row in rows:
            yield f"Revision {row['number']} has not all of its changes."


async def find_wrong_head(_database: Database, snapshot: Snapshot) -> AsyncIterator[str]:
    """Yield where the head is not the newest revision, or anything is of a later one."""
    heads = await snapshot.read(Sql("SELECT id, revision, moment, oldest FROM head"))
    if [row["id"] for row in heads] != [1]:
        yield f"There are {len(heads)} heads."
        return
    (head,) = heads
    newest = await snapshot.read(Sql("SELECT number, moment FROM revision ORDER BY number DESC LIMIT 1"))
    number, moment = (newest[0]["number"], newest[0]["moment"]) if newest else (0, head["moment"])
    if (head["revision"], head["moment"]) != (number, moment):
        yield f"The head is at revision {head['revision']}; the newest is {number}."
    if not 0 <= head["oldest"] <= head["revision"]:
        yield f"The oldest revision that can be read is {head['oldest']}, the newest {head['revision']}."
    for table in ("edition", "publication"):
        later = Sql(
            f"SELECT id FROM {table} WHERE since >= until OR since > ? OR (until > ? AND until < ?) ORDER BY id",
            (head["revision"], head["revision"], FOREVER),
        )
        async for rows in snapshot.stream(later):
            for row in rows:
                yield f"{table} {row['id']} is not of a range of revisions that exist."
