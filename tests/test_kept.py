"""What is worked out from a span of the history: kept for it, made once for all who ask, within its bytes."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from weakref import ref

import pytest

from models.draft import ArticleDraft
from models.kept import Kept
from models.schedule import Span
from tests.client import Client

SEARCH = """query($words: String!, $first: Int = 2) { search(query: $words, first: $first) {
  totalCount didYouMean pageInfo { hasNextPage } nodes { score article { slug } fragments(words: 5) } } }"""
NOW, LATER = Span(1, 0, 10), Span(2, 0, 10)


class Sized:
    """A value that says what it takes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.grown: Callable[[int], None] | None = None

    def grow(self, size: int) -> None:
        """Tell that it takes so much more."""
        assert self.grown is not None
        self.grown(size)


def drafts(*names: str) -> list[ArticleDraft]:
    """Return articles about tides."""
    return [ArticleDraft("en", name, f"Tides {name}", intro="The sea rises. " * 9) for name in names]


@pytest.mark.database
async def test_searches_are_kept(client: Client) -> None:
    """A search that was made at this revision asks the database nothing; after a change it finds what is new."""
    await client.save(*drafts("a", "b"))
    first, second = await client.ask(SEARCH, words="tides"), await client.ask(SEARCH, words="tides")
    assert first.data == second.data
    assert first.data["search"]["totalCount"] == 2
    assert first.statements
    assert not second.statements
    await client.save(*drafts("c"))
    third = await client.ask(SEARCH, words="tides")
    assert third.data["search"]["totalCount"] == 3


@pytest.mark.database
async def test_kept_searches_are_of_one_view(client: Client) -> None:
    """Another query, filter or chain of locales is another search."""
    await client.save(*drafts("a", "b"))
    await client.ask(SEARCH, words="tides")
    asked = {
        'search(query: "sea")': 2,
        'search(query: "tides", where: { slug: { eq: "a" } })': 1,
        'search(query: "tides")': 2,
        'search(query: "tides -sea")': 0,
    }
    for field, count in asked.items():
        assert (await client.ask(f"{{ {field} {{ totalCount }} }}")).data["search"]["totalCount"] == count
    foreign = 'query @view(locales: ["de"]) { search(query: "tides") { totalCount } }'
    assert (await client.ask(foreign)).data["search"]["totalCount"] == 0


@pytest.mark.database
async def test_equal_searches_are_made_once(client: Client) -> None:
    """Ten clients who search for the same at the same time cost one search."""
    await client.save(*drafts("a", "b"))
    await client.ask("{ head }")
    replies = await asyncio.gather(*(client.ask(SEARCH, words="tides") for _ in range(10)))
    candidates = [text for reply in replies for text in reply.statements if "WITH found" in text]
    assert len(candidates) == 1
    assert len({str(reply.data) for reply in replies}) == 1


@pytest.mark.database
async def test_nothing_kept_is_the_same(client: Client) -> None:
    """Without memory the same is found, each time anew."""
    await client.save(*drafts("a", "b"))
    kept = [await client.ask(SEARCH, words="tids") for _ in range(2)]
    client.forget(0)
    fresh = [await client.ask(SEARCH, words="tids") for _ in range(2)]
    assert len({str(reply.data) for reply in (*kept, *fresh)}) == 1
    assert all(reply.statements for reply in fresh)


async def test_forgotten_values_go_at_once() -> None:
    """What is forgotten is out of memory without anybody looking for circles."""
    kept = Kept(100)

    async def make() -> Sized:
        return Sized(60)

    gc.disable()
    try:
        first = ref(await kept.find(NOW, "first", make))
        second = ref(await kept.find(NOW, "second", make))
        assert first() is None
        assert second() is not None
    finally:
        gc.enable()


@pytest.mark.database
async def test_pages_go_on_as_they_began(client: Client) -> None:
    """The second page of a search is one of the list that the first was of, however words have become rarer since."""
    query = """query($after: String) { search(query: "tides sea", first: 2, after: $after) {
      pageInfo { endCursor } nodes { article { slug } } } }"""
    await client.save(*drafts("a", "b", "c", "d"))
    whole = (await client.ask(query.replace("first: 2", "first: 9"))).data["search"]["nodes"]
    first = (await client.ask(query)).data["search"]
    await client.save(*drafts("e", "f"))
    second = await client.ask(query, after=first["pageInfo"]["endCursor"])
    assert second.data["search"]["nodes"] == whole[2:]
    assert not [text for text in second.statements if "WITH found" in text]


async def test_least_recently_used_is_forgotten() -> None:
    """What is kept stays within the limit as it grows, and what is larger is not kept."""
    kept = Kept(100)
    made: list[str] = []

    async def find(name: str, size: int, span: Span = NOW) -> Sized:
        async def make() -> Sized:
            made.append(name)
            return Sized(size)

        return await kept.find(span, name, make)

    await find("large", 101)
    first = await find("first", 40)
    await find("second", 40)
    assert await find("first", 40) is first
    first.grow(30)
    assert (len(kept), kept.size) == (1, 70)
    await find("second", 40)
    assert made == ["large", "first", "second", "second"]
    assert (len(kept), kept.size) == (1, 40)
    assert first.grown is None
    await find("second", 40, LATER)
    assert made[-1] == "second"
    assert (len(made), kept.size) == (5, 80)
    assert kept.recall(1, 9, "second") is not None
    assert kept.recall(1, 10, "second") is kept.recall(3, 0, "second") is None


async def test_what_was_begun_before_is_kept_as_such() -> None:
    """A value that was still being made when the history went on is one of the revision at which it was begun."""
    kept, go = Kept(100), asyncio.Event()

    async def make_slowly() -> Sized:
        await go.wait()
        return Sized(1)

    async def make() -> Sized:
        return Sized(2)

    slow = asyncio.create_task(kept.find(NOW, "it", make_slowly))
    await asyncio.sleep(0)
    assert (await kept.find(LATER, "it", make)).size == 2
    go.set()
    assert (await slow).size == 1
    assert (await kept.find(LATER, "it", make_slowly)).size == 2
    assert kept.recall(1, 0, "it").size == 1


async def test_failures_are_not_kept() -> None:
    """Whoever asks while a value fails gets the error, and the next one makes it anew."""
    kept = Kept(100)

    async def fail() -> Sized:
        await asyncio.sleep(0)
        raise OSError("away")

    async def make() -> Sized:
        return Sized(1)

    outcomes = await asyncio.gather(*(kept.find(NOW, "it", fail) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OSError] * 3
    assert (await kept.find(NOW, "it", make)).size == 1


async def test_whoever_gives_up_stops_nobody() -> None:
    """One who waits no longer takes nothing from the others."""
    kept, go = Kept(100), asyncio.Event()

    async def make() -> Sized:
        await go.wait()
        return Sized(1)

    first, second = (asyncio.create_task(kept.find(NOW, "it", make)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    go.set()
    assert (await second).size == 1
