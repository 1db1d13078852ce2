"""Facets as clients see them: what is counted, for whom, how long an answer holds, and what it costs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Any

import orjson
import pytest

from api.settings import Settings
from models.access import Role, anonymous_actor
from models.draft import ArticleDraft, SectionDraft, SectionKind
from models.errors import NotFound
from models.live_index import LiveIndex
from models.publishing import delete_articles, publish_articles, unpublish_articles
from schema.answer import Request
from tests.client import TESTER, Client, article_id, serve
from tests.editor import Editor

ALL = (
    "facets { tags { tag { slug name } count } authors { author count } years { year count } "
    "sites { site { key } count } locales { locale count } sectionKinds { kind count } }"
)
QUERY = "query($where: ArticleWhere) @view(%s) { articles(first: 1, where: $where) { " + ALL + " } }"


async def facets(client: Client, view: str = 'locales: ["en", "de"]', **where: Any) -> Any:
    """Return the facets of a list of articles."""
    return (await client.ask(QUERY % view, where=where)).data["articles"]["facets"]


def pairs(values: list[dict[str, Any]]) -> list[tuple[Any, int]]:
    """Return the values of a facet with their counts."""
    return [(next(v for k, v in value.items() if k != "count"), value["count"]) for value in values]


def article(slug: str, *tags: str, author: str = "Ada", **more: Any) -> ArticleDraft:
    """Return an article with tags."""
    return ArticleDraft("en", slug, slug.title(), tags=list(tags), authors=[author], **more)


async def test_the_order_of_values(client: Client) -> None:
    """The most frequent value comes first; of several with the same count that which sorts first without case."""
    await client.save(
        article("a", "zebra", "Öl", author="zoe"),
        article("b", "Apple", "öl", author="Ada"),
        article("c", "apple", "Zoo", author="ada"),
        article("d", "ÖL", author="Zoe"),
    )
    found = await facets(client)
    assert [(one["tag"]["name"], one["count"]) for one in found["tags"]] == [
        ("ÖL", 3),
        ("Apple", 2),
        ("zebra", 1),
        ("Zoo", 1),
    ]
    assert pairs(found["authors"]) == [("Ada", 1), ("ada", 1), ("Zoe", 1), ("zoe", 1)]


async def test_each_article_counts_once(client: Client) -> None:
    """An article with several sections of a kind, or an author named twice, counts once."""
    sections = [SectionDraft("A", 2, SectionKind.FAQ), SectionDraft("B", 2, SectionKind.FAQ)]
    await client.save(ArticleDraft("en", "a", "A", authors=["Ada", "Ada"], sections=sections))
    await client.save(ArticleDraft("de", "a", "A", authors=["Ada"]), key="a")
    found = await facets(client)
    assert pairs(found["authors"]) == [("Ada", 1)]
    assert pairs(found["locales"]) == [("en", 1)]
    assert pairs(found["sectionKinds"]) == [("FAQ", 1)]


async def test_all_conditions_count(client: Client) -> None:
    """A facet counts under the whole filter, its own field included."""
    await client.save(article("a", "sea", "moon"), article("b", "sea"), article("c", "moon"))
    found = await facets(client, tags={"some": {"eq": "sea"}})
    assert [(one["tag"]["slug"], one["count"]) for one in found["tags"]] == [("sea", 2), ("moon", 1)]


async def test_what_the_view_does_not_show_is_not_counted(client: Client) -> None:
    """Drafts, schedules, what was withdrawn or deleted, and what lies outside of one's scope count nothing."""
    previewer = await client.sign_in(Role.PREVIEWER)
    elsewhere = await client.sign_in(Role.PREVIEWER, locales=["de"])
    await client.save(article("live", "public"))
    await client.save(article("draft", "secret", author="Nobody"), publish=False)
    await client.save(article("soon", "planned"), publish=False)
    await publish_articles(client.database, [article_id("soon")], actor=TESTER, live_from=32503680000000)
    for who, view, tags in (
        (client, "locales: []", ["public"]),
        (previewer, "perspective: PUBLISHED", ["public"]),
        (previewer, "perspective: DRAFT", ["planned", "public", "secret"]),
        (previewer, 'at: "3500-01-01T00:00:00Z"', ["planned", "public"]),
        (elsewhere, "perspective: DRAFT", []),
        (elsewhere, "perspective: PUBLISHED", []),
    ):
        found = await facets(who, view)
        assert [one["tag"]["slug"] for one in found["tags"]] == tags, view
        assert (pairs(found["sites"]) == []) is (not tags)
    revision = client.database.head.revision
    await unpublish_articles(client.database, [article_id("live")], actor=TESTER)
    await delete_articles(client.database, [article_id("draft")], actor=TESTER)
    assert (await facets(client))["tags"] == []
    assert [one["tag"]["slug"] for one in (await facets(client, f"revision: {revision}"))["tags"]] == [
        "public"
    ]


async def test_what_was_never_published_has_no_year(client: Client) -> None:
    """Years are those of the first publication in UTC, or of the author's own date."""
    previewer = await client.sign_in(Role.PREVIEWER)
    new_year = 946_684_800_000
    await client.save(
        article("a", published_at=new_year),
        article("b", published_at=new_year - 1),
        article("c", published_at=-1),
    )
    await client.save(article("d"), publish=False)
    found = await facets(previewer, "perspective: DRAFT")
    assert pairs(found["years"]) == [(2000, 1), (1999, 1), (1969, 1)]


async def test_numbers_out_of_range_are_refused(client: Client) -> None:
    """A facet gives 0 to 500 values."""
    for field in ("tags", "authors", "years", "sites", "locales", "sectionKinds"):
        for first, codes in ((-1, ["INVALID_ARGUMENT"]), (0, []), (500, []), (501, ["INVALID_ARGUMENT"])):
            query = f"{{ articles {{ facets {{ {field}(first: {first}) {{ count }} }} }} }}"
            assert (await client.ask(query)).codes == codes


async def test_statements_do_not_grow(client: Client) -> None:
    """All facets of a list take one statement besides that of the sites, of however many articles; in memory none."""
    linked = [article(f"n{n}", f"tag {n}", author=f"Author {n}", intro="[There](/en/n0)") for n in range(60)]
    nested = ALL.replace("sectionKinds { kind count }", "")
    nested = f"{{ articles(first: 60) {{ nodes {{ linkedFrom {{ {nested} }} }} }} questions {{ {nested} }} }}"
    size, counts = client.service.library.limit, []
    for number in (2, 60):
        await client.save(*linked[:number])
        for limit in (0, size):
            client.forget(limit)
            await client.ask("{ sites { key } }")
            replies = [await client.ask(query) for query in (QUERY % "locales: []", nested)]
            counts.append([len(reply.statements) for reply in replies])
    assert counts[:2] == counts[2:] == [[2, 4], [0, 3]]


@pytest.fixture
async def keeping(settings: Settings) -> AsyncIterator[Client]:
    """A client of a service that keeps answers."""
    async with serve(replace(settings, response_cache_bytes=1_000_000)) as client:
        yield client


async def test_kept_answers_are_fresh(keeping: Client) -> None:
    """After each of random changes, kept facets and those in memory are what the database counts."""
    client, random = keeping, Random(3)
    queries = [
        QUERY.replace("($where: ArticleWhere)", "").replace(", where: $where", "") % 'locales: ["en"]',
        '{ articles(where: {tags: {some: {eq: "t1"}}}) { ' + ALL + " } }",
        '{ search(query: "common") { ' + ALL + " } }",
    ]
    await client.save(article("a0"))
    for _ in range(30):
        name = f"a{random.randrange(6)}"
        tags = [f"{random.choice('tT')}{n}" for n in random.sample(range(4), 2)]
        match random.choice(["save", "save", "draft", "unpublish"]):
            case "unpublish":
                with suppress(NotFound):  # it is not live
                    await unpublish_articles(client.database, [article_id("a0")], actor=TESTER)
            case verb:
                sections = [SectionDraft("S", 2, random.choice(list(SectionKind)))]
                draft = article(name, *tags, author=random.choice("xyz"), sections=sections, summary="common")
                await client.save(draft, publish=verb == "save")
        for query in queries:
            kept = (await client.ask(query)).data
            index, client.service.index = client.service.index, LiveIndex(client.database, 0)
            fresh = await client.service.ask(Request(query), anonymous_actor(may_read=True))
            client.service.index = index
            assert kept == orjson.loads(orjson.dumps(fresh.data))


async def test_answers_outlive_changes_of_other_lists(keeping: Client) -> None:
    """Facets of what is live are given again after a change that does not concern them."""
    client = keeping
    await client.save(article("a", "sea"), article("b", "moon"))
    query = '{ articles(where: {tags: {some: {eq: "sea"}}}) { ' + ALL + " } }"
    first = await client.ask(query)
    await client.save(article("b", "moon", author="Somebody else"))
    again = await client.ask(query)
    assert (again.data, len(again.statements)) == (first.data, 1)


async def test_a_mutation_shows_what_it_did(editor: Editor) -> None:
    """Facets in the payload's view and after it include what was just published."""
    await editor.create("A", tags=["new"], publish=True)
    found = await facets(editor.client)
    assert [one["tag"]["slug"] for one in found["tags"]] == ["new"]
