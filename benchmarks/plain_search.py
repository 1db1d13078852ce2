"""What searching is compared with: `LIKE`, and each database's own full-text search as it is by default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.database import Database
from models.dialect import SQLITE, Sql

SECTIONS = "SELECT {join}(s.heading || ' ' || s.body_text{end}) FROM section s WHERE s.edition_id = e.id"
ANSWERS = "SELECT {join}(q.question || ' ' || q.answer_text{end}) FROM question q WHERE q.edition_id = e.id"
TEXTS = (
    "SELECT e.article_id, e.locale, e.title || ' ' || COALESCE(e.summary, '') || ' ' || e.intro_text || ' ' || "
    f"COALESCE(({SECTIONS}), '') || ' ' || COALESCE(({ANSWERS}), '') AS text FROM edition e"
)
SQLITE_TEXTS = TEXTS.format(join="group_concat", end="")
POSTGRES_TEXTS = TEXTS.format(join="string_agg", end=", ' '")
POSTGRES_WORDS = "to_tsvector('english', left(text, 300000))"
POSTGRES_FOUND = (
    "SELECT article_id FROM plain WHERE locale = ? AND words @@ plainto_tsquery('english', ?) "
    "ORDER BY ts_rank(words, plainto_tsquery('english', ?)) DESC LIMIT 10"
)
SQLITE_FOUND = (
    "SELECT article_id FROM plain_words WHERE locale = ? AND plain_words MATCH ? ORDER BY rank LIMIT 10"
)


async def write_plain(database: Database) -> None:
    """Make a table with a row and a text for each article, and the database's own index of it."""
    async with database.transaction() as connection:
        if database.dialect is SQLITE:
            await connection.execute_query(f"CREATE TABLE plain AS {SQLITE_TEXTS}")
            await connection.execute_query(
                "CREATE VIRTUAL TABLE plain_words USING fts5(article_id UNINDEXED, locale UNINDEXED, text)"
            )
            await connection.execute_query(
                "INSERT INTO plain_words SELECT article_id, locale, text FROM plain"
            )
            return
        await connection.execute_query(f"CREATE TABLE plain AS {POSTGRES_TEXTS}")
        await connection.execute_query(
            f"ALTER TABLE plain ADD words tsvector GENERATED ALWAYS AS ({POSTGRES_WORDS}) STORED"
        )
        await connection.execute_query("CREATE INDEX plain_words ON plain USING gin (words)")


async def find_like(database: Database, query: str, locale: str) -> list[str]:
    """Return the articles in which a query stands as it is, as a database finds them without any index."""
    like = "ILIKE" if database.dialect is not SQLITE else "LIKE"
    pattern = "%" + query.replace("%", "").replace("_", "") + "%"
    return ids(
        await database.read(
            Sql(
                f"SELECT article_id FROM plain WHERE locale = ? AND text {like} ? ORDER BY article_id LIMIT 10",
                (locale, pattern),
            )
        )
    )


async def find_by_default(database: Database, query: str, locale: str) -> list[str]:
    """Return what the database's own full-text search finds, by its own rank."""
    if database.dialect is not SQLITE:
        return ids(await database.read(Sql(POSTGRES_FOUND, (locale, query, query))))
    match = " ".join(f'"{word}"' for word in query.replace('"', " ").split())
    return ids(await database.read(Sql(SQLITE_FOUND, (locale, match)))) if match else []


def ids(rows: Sequence[Any]) -> list[str]:
    """Return the ids of articles in these rows."""
    return [row["article_id"] for row in rows]
