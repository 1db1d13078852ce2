"""Making the search index anew: the same as the one that was written with the editions, whatever went before."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest

from models.compacting import compact, plan_compacting
from models.database import Database
from models.dialect import Sql
from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from models.migrating import migrate
from models.reindexing import needs_reindexing, reindex
from tests.client import TESTER, Client

KEY = {"sqlite": "rowid AS id", "postgres": "id"}


async def read_index(database: Database) -> list[list[tuple[Any, ...]]]:
    """Return all that is in the index."""
    key = KEY[database.dialect.name]
    statements = (
        f"SELECT {key}, title, heading, summary, body FROM passage ORDER BY 1",
        "SELECT word, language, term, passages FROM search_word ORDER BY 1, 2",
        "SELECT form, word FROM search_form ORDER BY 1, 2",
        "SELECT passages, analysis FROM search_index",
    )
    return [[tuple(row) for row in await database.read(Sql(statement))] for statement in statements]


async def fill(client: Client) -> None:
    """Save some editions, one of them superseded."""
    await client.save(
        ArticleDraft("en", "old", "Old title", sections=[SectionDraft("Part", 2, body="Text.")])
    )
    await client.save(ArticleDraft("en", "old", "New title", questions=[QuestionDraft("Why?", "Because.")]))
    await client.save(ArticleDraft("ja", "tower", "東京タワー"), publish=False)


async def test_the_same_again(client: Client) -> None:
    """What reindexing writes is what saving wrote."""
    await fill(client)
    written = await read_index(client.database)
    assert len(written[0]) == 5
    assert [done async for done in reindex(client.database)] == [(3, 3)]
    assert await read_index(client.database) == written
    assert not await needs_reindexing(client.database)


async def test_stopped_half_way(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was stopped is noticed, and migrating completes the index."""
    monkeypatch.setattr("models.reindexing.BATCH", 1)
    await fill(client)
    written = await read_index(client.database)
    async with aclosing(reindex(client.database)) as running:
        assert await anext(running) == (1, 3)
    await client.save(ArticleDraft("en", "meanwhile", "Saved meanwhile"))
    assert await needs_reindexing(client.database)
    assert await migrate(client.database) == []
    assert not await needs_reindexing(client.database)
    now = await read_index(client.database)
    assert len(now[0]) == 6
    assert [row for row in now[0] if row in written[0]] == written[0]


async def test_compacting_takes_passages_away(client: Client) -> None:
    """An edition that is removed takes its passages with it, and no other."""
    await fill(client)
    for title in ("Middle title", "Last title"):
        await client.save(ArticleDraft("en", "old", title))
    plan = await plan_compacting(client.database, client.database.head.moment, actor=TESTER)
    assert [number async for number in compact(client.database, plan, actor=TESTER)] == [1]
    titles = {row[1] for row in (await read_index(client.database))[0]}
    assert titles == {"old titl", "middl titl", "last titl", "東京 京タ タワ ワー 東 京 タ ワ ー"}


async def test_a_large_text(client: Client) -> None:
    """A text of many different words is stored whatever its size, and found by its first ones."""
    text = " ".join(f"w{number:x}ordinary{number}" for number in range(40_000))
    await client.save(ArticleDraft("en", "large", "Large", intro=text))
    reply = await client.ask('{ search(query: "w64ordinary100") { nodes { article { slug } } } }')
    assert reply.data["search"]["nodes"] == [{"article": {"slug": "large"}}]
