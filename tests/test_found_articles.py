"""Lists of articles that are searched for: the best first, or in any order, filtered and paged like any other list."""

from __future__ import annotations

from typing import Any

import pytest

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
