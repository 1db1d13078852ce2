"""Lists of the articles that a search finds: the best first, or in any other order."""

from __future__ import annotations

from asyncio import gather
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from models.dialect import Sql
from models.listing import Part
from models.live_list import IDENTITY, VALUES, sorting
from models.paging import Key, Order, Window
from models.reading import Reader, StoredArticle
from models.searching.found import Found

RELEVANCE = "relevance"
"""What stands for a column where a list is sorted by how well articles answer."""

BEST_FIRST = (Order(RELEVANCE, descending=True), Order(IDENTITY))
"""The order of what a search found."""


def found_order(orders: Sequence[Order]) -> tuple[Order, ...]:
    """Return the total order of what a search found; the best first where none is given. Ties go as in searches."""
    return (*orders, Order(IDENTITY)) if orders else BEST_FIRST


@dataclass(eq=False)
class FoundList:
    """The articles of a search by their sort keys, in an order of `found_order`: a key ends with an article's id."""

    reader: Reader
    orders: Sequence[Order]
    keys: Sequence[Key]

    @cached_property
    def ids(self) -> Sequence[str]:
        """Return the ids of the articles in their order."""
        return [str(key[-1]) for key in self.keys]

    @cached_property
    def _by_id(self) -> dict[str, Key]:
        return dict(zip(self.ids, self.keys, strict=True))

    def key(self, article: StoredArticle) -> Key:
        """Return the sort key of an article in this list."""
        return self._by_id[article.id]

    async def part(self, window: Window) -> Part[StoredArticle]:
        """Return the articles of a window."""
        low, high = self._bound(window)
        if window.backward:
            start, end = max(low, high - window.size), high
        else:
            start = min(high, low + window.offset)
            end = min(high, start + window.size)
        shown = await gather(*(self.reader.article(article_id) for article_id in self.ids[start:end]))
        items = [article for article in shown if article is not None]
        return Part(items, has_next=end < len(self.keys), has_previous=start > 0)

    async def count(self) -> int:
        """Return how many articles the list has."""
        return len(self.keys)

    def _bound(self, window: Window) -> tuple[int, int]:
        low, high = 0, len(self.keys)
        place = placing(self.orders)
        if window.after is not None:
            low = bisect_right(self.keys, place(window.after), key=place)
        if window.before is not None:
            high = max(low, bisect_left(self.keys, place(window.before), key=place))
        return low, high


async def sort_found(reader: Reader, found: Found, orders: tuple[Order, ...]) -> FoundList:
    """Return what a search found in an order of `found_order`, with one statement at the most."""
    if orders == BEST_FIRST:
        return FoundList(reader, orders, [(hit.relevance, hit.article_id) for hit in found.hits])
    relevance = {hit.article_id: hit.relevance for hit in found.hits}
    columns = [order.column for order in orders if order.column != RELEVANCE]
    keys = await read_values(reader, list(relevance), columns)
    if len(columns) < len(orders):
        place = [order.column for order in orders].index(RELEVANCE)
        keys = [(*key[:place], relevance[str(key[-1])], *key[place:]) for key in keys]
    return FoundList(reader, orders, sorted(keys, key=placing(orders)))


async def read_values(reader: Reader, ids: Sequence[str], columns: Sequence[str]) -> Sequence[Key]:
    """Return the values of columns of the articles with these ids that the view shows."""
    live = reader.live
    if live is not None:
        shown = filter(None, map(live.find_shown, ids))
        return [tuple(VALUES[column](one) for column in columns) for one in shown]
    one_of = reader.database.dialect.one_of("p.article_id", ids)
    statement = reader.select(", ".join(columns)) + one_of + Sql("AND") + reader.serves()
    return [tuple(row) for row in await reader.database.read(statement)]


def placing(orders: Sequence[Order]) -> Callable[[Key], tuple[Any, ...]]:
    """Return what turns sort keys into such that sort in an order."""
    ways = [sorting(order) for order in orders]
    return lambda key: tuple(way(value) for way, value in zip(ways, key, strict=True))
