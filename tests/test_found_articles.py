"""Lists of articles that are searched for: the best first, or in any order, filtered and paged like any other list."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from models.access import Role
from models.draft import ArticleDraft
from tests.client import Client

pytestmark = pytest.mark.database

LIST = """query($s: String, $first: Int, $last: Int, $after: String, $before: String, $offset: Int,
  $where: ArticleWhere, $orderBy: [ArticleOrder!], $revision: Revision) @view(revision: $revision) {
  articles(search: $s, first: $first, last: $last, after: $after, before: $before, offset: $offset, where: $where,
    orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage hasPreviousPage } edges { cursor node { slug } } facets { tags { count } } } }"""


@pytest.fixture
async def harbour(client: Client) -> Client:
    """Nine articles about boats, of which each says it more often than the one before, and one about bread."""
    boats = [
        ArticleDraft("en", f"b{n}", f"Harbour {n}", intro="boats " * (n + 1) + "and quays", tags=["Sea"])
        for n in range(9)
    ]
    await client.save(*boats, ArticleDraft("en", "bread", "Bread", intro="Flour and water."))
    return client


async def listed(client: Client, s: str | None, **variables: Any) -> Any:
    """Return a page."""
    return (await client.ask(LIST, s=s, **variables)).data["articles"]


def slugs(page: Any) -> list[str]:
    """Return the slugs of a page."""
    return [edge["node"]["slug"] for edge in page["edges"]]


async def test_relevance_is_the_order_of_searches(harbour: Client) -> None:
    """A list that is searched for has what the search has, in its order, its number, and its counts."""
    found = await harbour.ask(
        '{ search(query: "boats", first: 100) { totalCount nodes { article { slug } } } }'
    )
    expected = [node["article"]["slug"] for node in found.data["search"]["nodes"]]
    page = await listed(harbour, "boats")
    assert slugs(page) == expected
    assert page["totalCount"] == len(expected) == 9
    assert page["facets"]["tags"] == [{"count": 9}]
    assert slugs(await listed(harbour, "nothing")) == slugs(await listed(harbour, "")) == []
    assert (await listed(harbour, None))["totalCount"] == 10


async def test_filters_and_orders(harbour: Client) -> None:
    """A filter narrows what is found, and any order sorts it."""
    only = {"slug": {"in": ["b1", "b7", "bread"]}}
    assert set(slugs(await listed(harbour, "boats", where=only))) == {"b1", "b7"}
    by_slug = [{"field": "SLUG", "direction": "ASC"}]
    page = await listed(harbour, "boats", orderBy=by_slug, first=3)
    assert slugs(page) == ["b0", "b1", "b2"]
    assert page["totalCount"] == 9
    after = page["edges"][-1]["cursor"]
    assert slugs(await listed(harbour, "boats", orderBy=by_slug, first=3, after=after)) == ["b3", "b4", "b5"]


async def test_pages(harbour: Client) -> None:
    """Pages from the front, from the end, and by offset are parts of one list."""
    whole = slugs(await listed(harbour, "boats"))
    page = await listed(harbour, "boats", first=4)
    assert slugs(page) == whole[:4]
    assert page["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False}
    after = page["edges"][-1]["cursor"]
    second = await listed(harbour, "boats", first=4, after=after)
    assert slugs(second) == whole[4:8]
    assert second["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True}
    before = second["edges"][0]["cursor"]
    assert slugs(await listed(harbour, "boats", last=2, before=before)) == whole[2:4]
    assert slugs(await listed(harbour, "boats", last=2)) == whole[7:]
    assert slugs(await listed(harbour, "boats", first=2, offset=3)) == whole[3:5]
    assert slugs(await listed(harbour, "boats", first=2, offset=30)) == []
    assert (await harbour.ask(LIST, s="bread", first=1, after=after)).codes == ["INVALID_CURSOR"]
    assert (await harbour.ask(LIST, s=None, first=1, after=after)).codes == ["INVALID_CURSOR"]


async def test_pages_stay_at_their_revision(harbour: Client) -> None:
    """The next page is one of the list as it was, whatever was published since."""
    page = await listed(harbour, "boats", first=4)
    whole = slugs(await listed(harbour, "boats"))
    await harbour.save(ArticleDraft("en", "new", "Boats, boats, boats"))
    rest = await listed(harbour, "boats", first=10, after=page["edges"][-1]["cursor"])
    assert set(slugs(rest)) == set(whole[4:])
    assert "new" in slugs(await listed(harbour, "boats"))


async def test_statements_do_not_grow(harbour: Client) -> None:
    """A page of nine takes no more statements than one of two."""
    harbour.forget(0)
    small, large = await harbour.ask(LIST, s="boats", first=2), await harbour.ask(LIST, s="boats", first=9)
    assert len(large.data["articles"]["edges"]) == 9
    assert len(large.statements) == len(small.statements) <= 8


async def test_relevance_is_an_order_like_any_other(harbour: Client) -> None:
    """RELEVANCE alone is the order of searches, with the same cursors; ASC has the best last."""
    by_relevance = [{"field": "RELEVANCE"}]
    whole = slugs(await listed(harbour, "boats"))
    page = await listed(harbour, "boats", orderBy=by_relevance, first=4)
    assert slugs(page) == whole[:4]
    after = page["edges"][-1]["cursor"]
    assert slugs(await listed(harbour, "boats", after=after)) == whole[4:]
    ascending = [{"field": "RELEVANCE", "direction": "ASC"}]
    assert slugs(await listed(harbour, "boats", orderBy=ascending)) == whole[::-1]
    assert (await harbour.ask(LIST, s="boats", orderBy=ascending, after=after)).codes == ["INVALID_CURSOR"]


async def test_relevance_takes_a_search(harbour: Client) -> None:
    """Where nothing is searched for, nothing is relevant: the error says what is missing."""
    for order in ([{"field": "RELEVANCE"}], [{"field": "SLUG"}, {"field": "RELEVANCE", "direction": "ASC"}]):
        reply = await harbour.ask(LIST, s=None, orderBy=order)
        assert reply.codes == ["INVALID_ARGUMENT"]
        assert "`search`" in reply.message
    twice = [{"field": "RELEVANCE"}, {"field": "RELEVANCE", "direction": "ASC"}]
    assert (await harbour.ask(LIST, s="boats", orderBy=twice)).codes == ["INVALID_ARGUMENT"]


VIEWED = """query($s: String, $first: Int, $last: Int, $after: String, $before: String, $where: ArticleWhere,
  $orderBy: [ArticleOrder!], $revision: Revision, $perspective: Perspective!)
  @view(revision: $revision, perspective: $perspective) {
  articles(search: $s, first: $first, last: $last, after: $after, before: $before, where: $where, orderBy: $orderBy) {
    totalCount edges { cursor node { id title slug } } } }"""
SCORED = """query($s: String!, $revision: Revision, $perspective: Perspective!)
  @view(revision: $revision, perspective: $perspective) {
  search(query: $s, first: 100) { nodes { score article { id title slug } } } }"""
VALUES = {
    "RELEVANCE": lambda node: node["score"],
    "TITLE": lambda node: node["article"]["title"].lower(),
    "SLUG": lambda node: node["article"]["slug"],
}


async def test_relevance_among_other_orders(client: Client) -> None:
    """In every view, wherever RELEVANCE stands, pages from both ends are parts of what was found, so sorted."""
    texts = ["boats", "boats boats", "boats and quays", "quays"]
    drafts = [
        ArticleDraft("en", f"s{n}", f"Harbour {n % 3}", intro=texts[n % len(texts)], tags=["Sea"])
        for n in range(13)
    ]
    await client.save(*drafts)
    await client.save(ArticleDraft("en", "s0", "Harbour 1", intro="boats boats boats"), key="s0")
    await client.save(ArticleDraft("en", "s1", "Harbour 2", intro="boats"), publish=False, key="s1")
    editor = await client.sign_in(Role.EDITOR)
    revision = client.database.head.revision
    views: list[dict[str, Any]] = [
        {"perspective": "PUBLISHED"},
        {"perspective": "PUBLISHED", "revision": revision - 2},
        {"perspective": "DRAFT"},
    ]
    fields = [one for count in (1, 2, 3) for one in permutations(VALUES, count) if "RELEVANCE" in one]
    ties = 0
    for view in views:
        given = {"s": "boats", **view}
        found = (await editor.ask(SCORED, **given)).data["search"]["nodes"]
        ties += len(found) - len({node["score"] for node in found})
        for number, names in enumerate(fields):
            order = [
                {"field": name, "direction": "ASC" if (number + place) % 2 else "DESC"}
                for place, name in enumerate(names)
            ]
            # Sorts are stable: those of the last field first, after that of what breaks all ties.
            expected = list(found)
            for one in reversed(order):
                expected.sort(key=VALUES[one["field"]], reverse=one["direction"] == "DESC")
            whole = [node["article"]["slug"] for node in expected]
            for forward in (True, False):
                assert await walk(editor, {**given, "orderBy": order}, forward=forward) == whole
    assert ties > 5


async def walk(client: Client, given: dict[str, Any], *, forward: bool) -> list[str]:
    """Return the slugs of all pages of three, from the front or from the end, in the order of the list."""
    found: list[str] = []
    size, beyond, end = ("first", "after", -1) if forward else ("last", "before", 0)
    cursor = None
    while True:
        page = (await client.ask(VIEWED, **given, **{size: 3, beyond: cursor})).data["articles"]
        found = found + slugs(page) if forward else slugs(page) + found
        if len(page["edges"]) < 3:
            assert len(found) == page["totalCount"]
            return found
        cursor = page["edges"][end]["cursor"]
