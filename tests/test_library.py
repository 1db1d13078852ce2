"""The library: editions in memory, loaded once, bounded by bytes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from api.settings import Settings
from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from models.library import Library
from models.live_index import PUBLICATION_BYTES
from tests.client import Client, serve

QUERY = "{ articles { nodes { title sections { heading questions { question } } links { url } } } }"


def drafts(number: int) -> list[ArticleDraft]:
    """Return articles with a section, a question and a link each."""
    section = SectionDraft(
        "Why?", body="See [there](/en/article-0).", questions=[QuestionDraft("Really?", "Yes.")]
    )
    return [ArticleDraft("en", f"article-{n}", f"Article {n}", sections=[section]) for n in range(number)]


async def test_parts_are_read_once(client: Client) -> None:
    """The second reading of the same articles asks the database nothing."""
    await client.save(*drafts(5))
    first = await client.ask(QUERY)
    second = await client.ask(QUERY)
    assert (len(first.statements), len(second.statements)) == (6, 0)
    assert first.data == second.data


async def test_statements_do_not_grow_with_the_list(client: Client) -> None:
    """A list of 100 articles takes no more statements than one of 20: at most six with everything."""
    await client.save(*drafts(100))
    query = (
        "query($first: Int!) { articles(first: $first) { totalCount nodes { title "
        "sections { heading body { html } } questions { question answer { html } } "
        "related { label article { title } } links { article { title } } } } }"
    )
    await client.ask("{ head }")
    client.service.library = Library(client.database, 1 << 26)
    small = await client.ask(query, first=20)
    client.service.library = Library(client.database, 1 << 26)
    large = await client.ask(query, first=100)
    assert len(small.data["articles"]["nodes"]) == 20
    assert len(large.data["articles"]["nodes"]) == 100
    assert len(large.statements) <= len(small.statements) <= 6


async def test_concurrent_requests_share_a_load(client: Client) -> None:
    """Requests at the same time for the same edition do not each load its sections."""
    await client.save(*drafts(1))
    replies = await asyncio.gather(*(client.ask(QUERY) for _ in range(10)))
    loads = [text for reply in replies for text in reply.statements if " FROM section " in text]
    assert 1 <= len(loads) < 10
    assert len({str(reply.data) for reply in replies}) == 1


async def test_no_memory_still_answers(client: Client) -> None:
    """With no room at all every request is answered from the database, and nothing is kept."""
    await client.save(*drafts(3))
    client.forget(0)
    library = client.service.library
    first, second = await client.ask(QUERY), await client.ask(QUERY)
    assert first.data == second.data
    assert len(second.statements) == 4
    assert (len(library), library.size) == (0, 0)


async def test_least_recently_used_is_evicted(client: Client) -> None:
    """The library stays within its bytes however much is read."""
    await client.save(*drafts(50))
    client.service.library = library = Library(client.database, 20_000)
    reply = await client.ask(QUERY.replace("articles", "articles(first: 50)", 1))
    assert len(reply.data["articles"]["nodes"]) == 50
    assert 0 < library.size <= 20_000


async def test_the_index_counts(settings: Settings) -> None:
    """Editions and the index of what is live take no more together than the setting allows."""
    async with serve(replace(settings, library_bytes=100_000)) as client:
        await client.save(*drafts(40))
        await client.ask("query { articles(first: 100) { nodes { title } } }")
        await client.ask("query { articles(first: 100) { nodes { title sections { body { html } } } } }")
        library, index = client.service.library, client.service.index
        assert index.size >= 40 * PUBLICATION_BYTES
        assert 0 < library.size <= library.limit - index.size
