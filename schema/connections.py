"""The two lists: articles and questions. A page is read once, when any of its fields is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import strawberry

from models.facets import Rank
from models.listing import FoundQuestion, Part
from models.live_publication import LivePublication
from models.paging import Key
from models.reading import Reader, StoredArticle
from schema.facets import ArticleFacets, FacetCounts, QuestionFacets
from schema.link import LazyArticle
from schema.paging import ListName, PageInfo, page_info
from schema.question import Question

if TYPE_CHECKING:
    from schema.article import Article

Item = TypeVar("Item")


@dataclass(slots=True, eq=False)
class Page(Generic[Item]):
    """A page that is read at most once, and a count that is made only when asked for."""

    reader: Reader
    name: ListName
    load: Callable[[], Awaitable[Part[Item]]]
    count: Callable[[], Awaitable[int]]
    key: Callable[[Item], Key]
    show: Callable[[Reader, Item], Any]
    """Makes what the contract shows of an item. Articles have pages of articles, so that this module knows none."""
    find: Callable[[], Part[LivePublication] | None] | None = None
    """Finds the items without their editions where all of that is in memory."""
    loading: asyncio.Future[Part[Item]] | None = None

    async def part(self) -> Part[Item]:
        """Return the items of the page."""
        if self.loading is None:
            self.loading = asyncio.ensure_future(self.load())
        return await self.loading

    def cursor(self, item: Item) -> str:
        """Return an item's cursor, which carries the revision."""
        self.reader.reads.give_up()
        return self.name.cursor(self.reader.view, self.key(item))

    async def info(self) -> PageInfo:
        """Return where the page stands."""
        part = await self.part()
        cursors = [partial(self.cursor, item) for item in part.items]
        return page_info(cursors, has_next=part.has_next, has_previous=part.has_previous)


@strawberry.type(description="An article in a list, with its place.")
class ArticleEdge:
    """An article with its cursor."""

    cursor: str = strawberry.field(description="The place of the article in this list, at this revision.")
    node: LazyArticle = strawberry.field(description="The article.")


@strawberry.type(description="A page of articles.")
class ArticleConnection:
    """A page of articles."""

    page: strawberry.Private[Page[StoredArticle]]
    rank: strawberry.Private[Rank]

    @strawberry.field(description="The articles of the page, each with its cursor.")
    async def edges(self) -> list[ArticleEdge]:
        """Return the edges."""
        part = await self.page.part()
        return [ArticleEdge(cursor=self.page.cursor(item), node=self.show(item)) for item in part.items]

    @strawberry.field(description="The articles of the page.")
    async def nodes(self) -> list[LazyArticle]:
        """Return the articles."""
        return [self.show(item) for item in (await self.page.part()).items]

    @strawberry.field(description="Where the page stands in the list.")
    async def page_info(self) -> PageInfo:
        """Return where the page stands."""
        return await self.page.info()

    @strawberry.field(description="How many articles the whole list has. Counted only when asked for.")
    async def total_count(self) -> int:
        """Return the number of articles."""
        return await self.page.count()

    @strawberry.field(
        description="How many articles of the whole list have each tag, author, year and so on. Counted only when "
        "asked for, under all conditions of the list."
    )
    def facets(self) -> ArticleFacets:
        """Return what counts the list."""
        return ArticleFacets(counts=FacetCounts(self.page.reader, self.rank))

    def show(self, item: StoredArticle) -> Article:
        """Return the contract's article."""
        article: Article = self.page.show(self.page.reader, item)
        return article


@strawberry.type(description="A question in a list, with its place.")
class QuestionEdge:
    """A question with its cursor."""

    cursor: str = strawberry.field(description="The place of the question in this list, at this revision.")
    node: Question = strawberry.field(description="The question.")


@strawberry.type(description="A page of questions.")
class QuestionConnection:
    """A page of questions."""

    page: strawberry.Private[Page[FoundQuestion]]
    rank: strawberry.Private[Rank]

    @strawberry.field(description="The questions of the page, each with its cursor.")
    async def edges(self) -> list[QuestionEdge]:
        """Return the edges."""
        part = await self.page.part()
        return [QuestionEdge(cursor=self.page.cursor(item), node=self.show(item)) for item in part.items]

    @strawberry.field(description="The questions of the page.")
    async def nodes(self) -> list[Question]:
        """Return the questions."""
        return [self.show(item) for item in (await self.page.part()).items]

    @strawberry.field(description="Where the page stands in the list.")
    async def page_info(self) -> PageInfo:
        """Return where the page stands."""
        return await self.page.info()

    @strawberry.field(description="How many questions the whole list has. Counted only when asked for.")
    async def total_count(self) -> int:
        """Return the number of questions."""
        return await self.page.count()

    @strawberry.field(
        description="How many questions of the whole list stand in articles with each tag, author, year and so on. "
        "Counted only when asked for, under all conditions of the list."
    )
    def facets(self) -> QuestionFacets:
        """Return what counts the list."""
        return QuestionFacets(counts=FacetCounts(self.page.reader, self.rank))

    def show(self, item: FoundQuestion) -> Question:
        """Return the contract's question."""
        question: Question = self.page.show(self.page.reader, item)
        return question
