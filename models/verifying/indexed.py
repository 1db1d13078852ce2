"""The search index: the passages of every edition are in it, and no others."""

from __future__ import annotations

from collections.abc import AsyncIterator

from models.database import Database
from models.dialect import SQLITE, Sql
from models.searching.analysis import ANALYSIS
from models.searching.passages import PLACES, QUESTIONS
from models.snapshot import Snapshot

EXPECTED = (
    f"SELECT e.id * {PLACES} AS id FROM edition e "
    f"UNION ALL SELECT s.edition_id * {PLACES} + s.position FROM section s "
    f"UNION ALL SELECT q.edition_id * {PLACES} + {QUESTIONS} + q.position FROM question q"
)


async def find_missing_passages(database: Database, snapshot: Snapshot) -> AsyncIterator[str]:
    """Yield editions of which passages are missing or too many; an index that is being made says so itself."""
    analyses = [row["analysis"] for row in await snapshot.read(Sql("SELECT analysis FROM search_index"))]
    if analyses != [ANALYSIS]:
        yield "The index is not complete, or of an older version."
        return
    indexed = f"SELECT {'rowid' if database.dialect is SQLITE else 'id'} AS id FROM passage"
    for what, one, other in (
        ("lacks a passage", EXPECTED, indexed),
        ("has a passage too many", indexed, EXPECTED),
    ):
        missing = f"SELECT * FROM ({one}) a EXCEPT SELECT * FROM ({other}) b"
        found = Sql(f"SELECT DISTINCT d.id / {PLACES} AS edition FROM ({missing}) d ORDER BY edition")
        async for rows in snapshot.stream(found):
            for row in rows:
                yield f"The index {what} of edition {row['edition']}."
