"""Random pages while others publish, rename and delete: together they are the list that the first page is of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.draft import ArticleDraft
from models.editing import SiteDraft, save_articles
from models.errors import ContentError
from models.identity import derive_article_id
from models.publishing import delete_articles, publish_articles, unpublish_articles
from tests.content import DAY
from tests.random_articles import SITES, WRITER, RandomArticles, Stored, store, submit
from tests.random_filters import EXAMPLES, QUESTION, filters, orders

KEYS = 7
STRANGERS = 3
"""How many keys there are of which no article is stored when paging begins."""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database]
properties = settings(
    derandomize=True,
    deadline=None,
    max_examples=max(1, EXAMPLES // 3),
    suppress_health_check=[HealthCheck.too_slow],
)

NODES = {
    "articles": "id locale title slug publishedAt updatedAt tags { slug } sections { id heading }",
    "questions": "id question article { id locale title publishedAt }",
}
QUERY = """query(
  $begin: Boolean!, $first: Int, $after: String, $last: Int, $before: String, $offset: Int,
  $where: {kind}Where{declared}) {view} {{
  page: {name}(first: $first, after: $after, last: $last, before: $before, offset: $offset, where: $where{order}) {{
    totalCount edges {{ cursor node {{ {node} }} }}
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}
  whole: {name}(first: 100, where: $where{order}) @include(if: $begin) {{ nodes {{ {node} }} }} }}"""
VIEWS = [
    "",
    '@view(locales: ["de"])',
    '@view(locales: ["de", "en"])',
    "@view(perspective: DRAFT)",
    '@view(perspective: DRAFT, locales: ["en", "de"])',
]


@dataclass(frozen=True, slots=True)
class Step:
    """A page in either direction from the one before, and what others do before it is read."""

    size: int
    backward: bool
    offset: int
    deeds: list[tuple[str, int, int]]


deeds = st.tuples(
    st.sampled_from(["save", "publish", "unpublish", "delete", "schedule", "wait"]),
    st.integers(0, 2 * (KEYS + STRANGERS) - 1),
    st.integers(0, 3),
)
steps = st.lists(
    st.builds(
        Step,
        st.one_of(st.integers(1, 3), st.integers(0, 9)),
        st.integers(0, 3).map(lambda number: number == 0),
        st.sampled_from([0, 0, 0, 1, 2, 20]),
        st.lists(deeds, max_size=4),
    ),
    min_size=2,
    max_size=8,
)
views = st.sampled_from(VIEWS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stored(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stored]:
    """Random articles in a database."""
    async with store(RandomArticles(0, KEYS), tmp_path_factory.mktemp("random")) as stored:
        yield stored


@dataclass(slots=True)
class Others:
    """What others do meanwhile; what is refused is not done."""

    stored: Stored

    def place(self, number: int) -> tuple[SiteDraft, str]:
        """Return the site and key that a number means."""
        return list(SITES.values())[number % 2], f"k{number // 2}"

    async def restore(self) -> None:
        """Let everything be as it was at first, but for what happened meanwhile."""
        for number in range(2 * KEYS, 2 * (KEYS + STRANGERS)):
            await self.do("delete", number, 0)
        for site in SITES.values():
            await self.save(site, self.stored.articles.last_drafts(site))

    async def save(
        self, site: SiteDraft, drafts: Sequence[tuple[str, ArticleDraft]], publish: bool = True
    ) -> None:
        """Save drafts of a site, and publish them if asked."""
        submissions = [submit(site, key, draft) for key, draft in drafts]
        database = self.stored.client.database
        await save_articles(database, submissions, actor=WRITER, sites=[site], publish=publish)

    async def do(self, verb: str, number: int, variant: int) -> None:
        """Do something to an article."""
        site, key = self.place(number)
        ids = [derive_article_id(site.key, key)]
        database, clock = self.stored.client.database, self.stored.clock
        clock.now += 1
        with suppress(ContentError):
            match verb:
                case "save":
                    title = ["A", "Twin", "z", "ß"][variant]
                    draft = ArticleDraft(["en", "de"][variant % 2], f"new{variant}{key}", title)
                    await self.save(site, [(key, draft)], publish=variant < 3)
                case "publish":
                    await publish_articles(database, ids, actor=WRITER)
                case "unpublish":
                    await unpublish_articles(database, ids, actor=WRITER)
                case "delete":
                    await delete_articles(database, ids, actor=WRITER)
                case "schedule":
                    start = clock.now + variant * DAY
                    await publish_articles(
                        database, ids, actor=WRITER, live_from=start, live_until=start + DAY
                    )
                case _:
                    clock.now += variant * DAY


@dataclass(slots=True)
class Pager:
    """Reads page after page of one list, and holds each against the list that the first page was of.

    The page before stands from `start` to `end` of that list.
    """

    stored: Stored
    query: str
    variables: dict[str, Any]
    whole: list[Any] = field(default_factory=list)
    start: int = 0
    end: int = 0
    first_cursor: str | None = None
    last_cursor: str | None = None

    async def read(self, step: Step) -> None:
        """Read a page and compare it."""
        begin = self.first_cursor is None  # without a cursor, nothing says where the page before was read
        arguments = self.arguments(step)
        reply = await self.stored.client.ask(self.query, begin=begin, **self.variables, **arguments)
        if begin:
            self.whole = reply.data["whole"]["nodes"]
        start, end = self.place(step, len(self.whole))
        page = reply.data["page"]
        assert [edge["node"] for edge in page["edges"]] == self.whole[start:end]
        assert page["totalCount"] == len(self.whole)
        if page["edges"]:
            self.start, self.end = start, end
            self.turn(page)

    def arguments(self, step: Step) -> dict[str, Any]:
        """Return the paging arguments of a step."""
        if step.backward:
            return {"last": step.size, "before": self.first_cursor}
        return {"first": step.size, "after": self.last_cursor, "offset": step.offset}

    def place(self, step: Step, count: int) -> tuple[int, int]:
        """Return where the page of a step begins and ends in the list."""
        if step.backward:
            end = count if self.first_cursor is None else self.start
            return max(0, end - step.size), end
        start = min(self.end + step.offset, count)
        return start, min(start + step.size, count)

    def turn(self, page: Any) -> None:
        """Check what a page with items says of itself, and keep its cursors."""
        info = page["pageInfo"]
        assert info["hasNextPage"] is (self.end < len(self.whole))
        assert info["hasPreviousPage"] is (self.start > 0)
        self.first_cursor, self.last_cursor = info["startCursor"], info["endCursor"]
        cursors = [edge["cursor"] for edge in page["edges"]]
        assert [cursors[0], cursors[-1]] == [self.first_cursor, self.last_cursor]


async def read_pages(
    stored: Stored, name: str, view: str, plan: Sequence[Step], where: Any, order: Any
) -> None:
    """Read pages by a plan while others do what it says."""
    others = Others(stored)
    await others.restore()
    ordered = name == "articles"
    query = QUERY.format(
        name=name,
        kind="Article" if ordered else "Question",
        declared=", $order: [ArticleOrder!]" if ordered else "",
        order=", orderBy: $order" if ordered else "",
        node=NODES[name],
        view=view,
    )
    pager = Pager(stored, query, {"where": where, **({"order": order} if ordered else {})})
    for number, step in enumerate(plan):
        for deed in step.deeds if number else ():
            await others.do(*deed)
        await pager.read(step)


@properties
@given(steps, views, st.none() | filters, orders)
async def test_articles(
    stored: Stored, plan: list[Step], view: str, where: Any, order: list[tuple[str, bool]]
) -> None:
    """Pages of articles, forwards and backwards, are pieces of one list, whatever happens meanwhile."""
    directions = [{"field": name, "direction": "DESC" if down else "ASC"} for name, down in order]
    await read_pages(stored, "articles", view, plan, where, directions)


@properties
@given(steps, views, st.none() | QUESTION)
async def test_questions(stored: Stored, plan: list[Step], view: str, where: Any) -> None:
    """Pages of questions, forwards and backwards, are pieces of one list, whatever happens meanwhile."""
    await read_pages(stored, "questions", view, plan, where, None)
