"""The verb that makes the search index anew: after an upgrade that analyses texts in another way, or when asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from models.database import Database
from models.dialect import Sql
from models.edition import Edition
from models.searching.analysis import ANALYSIS
from models.searching.index import index_editions, remove_passages, run
from models.storing import load_parts

BATCH = 100
TABLES = ("passage", "search_word", "search_form", "search_index")


async def needs_reindexing(database: Database) -> bool:
    """Tell whether the index was made by another version of the analysis, or not to its end."""
    rows = await database.read(Sql("SELECT analysis FROM search_index"))
    return [row["analysis"] for row in rows] != [ANALYSIS]


async def reindex(database: Database) -> AsyncGenerator[tuple[int, int], None]:
    """Make the index anew; yields after each batch how many editions are done, and of how many.

    Searches find less until it is done. When it is stopped, run it again.
    """
    async with database.transaction() as connection:
        for table in TABLES:
            await run(connection, Sql(f"DELETE FROM {table}"))
        await run(connection, Sql("INSERT INTO search_index (analysis, passages) VALUES (0, 0)"))
    rows = await database.read(Sql("SELECT id FROM edition ORDER BY id DESC"))
    for start in range(0, len(rows), BATCH):
        ids = [row["id"] for row in rows[start : start + BATCH]]
        async with database.transaction() as connection:
            editions = await Edition.filter(id__in=ids).using_db(connection)
            parts = await load_parts(connection, ids)
            # What was saved since the index was emptied is in it.
            await remove_passages(connection, ids)
            await index_editions(
                connection, [(one, parts[one.id].sections, parts[one.id].questions) for one in editions]
            )
        yield start + len(ids), len(rows)
    async with database.transaction() as connection:
        await run(connection, Sql("UPDATE search_index SET analysis = ?", (ANALYSIS,)))
