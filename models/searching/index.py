"""The index in the database: written in the transaction that writes an edition, and gone when that is gone.

SQLite keeps passages in an FTS5 table, PostgreSQL in a table with a `tsvector`. Both get terms that are already
analysed, so that they find the same. Words are kept for what is typed with slips, or is not typed to its end yet.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from models.database import Row
from models.dialect import SQLITE, Dialect, Sql
from models.edition import Edition
from models.question import Question
from models.searching.passages import PLACES, Indexed, Passage, Word
from models.searching.spelling import find_forms, is_correctable
from models.section import Section

WEIGHTS = "ABCD"
MOST_PLACES = 30
"""How many places of a term PostgreSQL is told, which ranks by them and keeps 256 at the most."""

MOST_TSVECTOR = 600_000
"""How many bytes the terms of a passage may have in PostgreSQL, which takes a megabyte with all that it adds."""

ADD_WORD = (
    "INSERT INTO search_word (word, language, term, passages) VALUES (?, ?, ?, ?) ON CONFLICT (word, language) "
    "DO UPDATE SET passages = search_word.passages + excluded.passages"
)
Content = tuple[Edition, Sequence[Section], Sequence[Question]]

ADD_FORM = "INSERT INTO search_form (form, word) VALUES (?, ?) ON CONFLICT DO NOTHING"


async def index_editions(connection: BaseDBAsyncClient, contents: Sequence[Content]) -> None:
    """Write what is found of new editions, in the transaction of their rows."""
    indexed = await asyncio.to_thread(analyse, contents)
    await write_passages(connection, indexed.passages)
    await write_words(connection, indexed)
    await run(connection, Sql("UPDATE search_index SET passages = passages + ?", (len(indexed.passages),)))


def analyse(contents: Sequence[Content]) -> Indexed:
    """Return what is written for these editions."""
    indexed = Indexed()
    for edition, sections, questions in contents:
        indexed.add(edition, sections, questions)
    return indexed


async def run(connection: BaseDBAsyncClient, statement: Sql) -> Sequence[Row]:
    """Run a statement of a transaction and return its rows."""
    text = find_dialect(connection).final(statement.text)
    return (await connection.execute_query(text, list(statement.parameters)))[1]


async def run_many(connection: BaseDBAsyncClient, text: str, rows: list[list[object]]) -> None:
    """Run a statement for each of the rows."""
    if rows:
        await connection.execute_many(find_dialect(connection).final(text), rows)


def find_dialect(connection: BaseDBAsyncClient) -> Dialect:
    """Return the dialect that a transaction's statements are written in."""
    return Dialect(connection.capabilities.dialect)


async def write_passages(connection: BaseDBAsyncClient, passages: Sequence[Passage]) -> None:
    """Write the passages."""
    if find_dialect(connection) == SQLITE:
        text = "INSERT INTO passage (rowid, title, heading, summary, body) VALUES (?, ?, ?, ?, ?)"
        await run_many(connection, text, [[p.id, p.title, p.heading, p.summary, p.body] for p in passages])
        return
    text = (
        "INSERT INTO passage (id, edition_id, title, heading, summary, body, terms) "
        "VALUES (?, ?, ?, ?, ?, ?, CAST(CAST(? AS TEXT) AS TSVECTOR))"
    )
    rows = [[p.id, p.edition_id, p.title, p.heading, p.summary, p.body, write_vector(p)] for p in passages]
    await run_many(connection, text, list[list[object]](rows))


def write_vector(passage: Passage) -> str:
    """Return a passage's terms in PostgreSQL's form: each with a weight for each time that it occurs."""
    weights: dict[str, list[str]] = {}
    texts = (passage.title, passage.heading, passage.summary, passage.body)
    for weight, text in zip(WEIGHTS, texts, strict=True):
        for term, count in Counter(text.split()).items():
            places = weights.setdefault(term, [])
            places += [weight] * min(count, MOST_PLACES)
    written, size = [], 0
    for term, places in weights.items():
        written.append(f"'{term}':" + ",".join(f"{n}{weight}" for n, weight in enumerate(places, start=1)))
        size += len(term.encode()) + 2 * len(places)
        if size > MOST_TSVECTOR:
            break
    return " ".join(written)


async def write_words(connection: BaseDBAsyncClient, indexed: Indexed) -> None:
    """Count the words, and keep of those that are new the forms by which near ones are found."""
    # In one order everywhere, so that no two transactions wait for each other.
    words: list[Word] = sorted(indexed.counts)
    correctable = sorted({word for _, word in words if is_correctable(word)})
    known = find_dialect(connection).one_of("word", correctable)
    found = await run(connection, Sql("SELECT word FROM search_word WHERE") + known)
    rows: list[list[object]] = [
        [word, language, indexed.terms[language, word], indexed.counts[language, word]]
        for language, word in words
    ]
    await run_many(connection, ADD_WORD, rows)
    new = sorted(set(correctable) - {row["word"] for row in found})
    await run_many(connection, ADD_FORM, [[form, word] for word in new for form in sorted(find_forms(word))])


async def remove_passages(connection: BaseDBAsyncClient, edition_ids: Sequence[int]) -> None:
    """Take editions that stay out of the index; their words stay counted. Those that go take theirs with them."""
    dialect = find_dialect(connection)
    if dialect == SQLITE:
        span = f"p.rowid BETWEEN j.value * {PLACES} AND j.value * {PLACES} + {PLACES - 1}"
        ids = orjson.dumps(list(edition_ids)).decode()
        chosen = Sql(f"rowid IN (SELECT p.rowid FROM json_each(?) j JOIN passage p ON {span})", (ids,))
    else:
        chosen = dialect.one_of("edition_id", edition_ids)
    await run(connection, Sql("DELETE FROM passage WHERE") + chosen)
