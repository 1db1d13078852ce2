"""Lists of articles: all that meet a filter, or those of them that a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from models.conditions import TRUE, Condition
from models.facets import count_articles_by, count_found_by
from models.listing import article_key, count_articles, find_articles, list_articles
from models.paging import Order, Window
from models.reading import Reader
from models.searching.finding import search
from models.searching.listing import FoundList, sort_found
from schema.article import show_article
from schema.connections import ArticleConnection, Page
from schema.filters import ArticleWhere, article_condition
from schema.ordering import ArticleOrder, key_types, read_order
from schema.paging import ListName, PageRequest, read_page


@dataclass(frozen=True, slots=True)
class Listing:
    """What of a list is asked for: a filter, what is searched for, an order."""

    where: ArticleWhere | None = None
    search: str | None = None
    order_by: list[ArticleOrder] | None = None

    @property
    def condition(self) -> Condition:
        """Return the filter."""
        return article_condition(self.where) if self.where else TRUE


async def read_articles(reader: Reader, listing: Listing, request: PageRequest) -> ArticleConnection:
    """Return a page of articles. Raises InvalidArgument or InvalidCursor."""
    orders = read_order(listing.order_by, is_search=listing.search is not None)
    searched = () if listing.search is None else (listing.search,)
    arguments = (listing.where, [(one.column, one.descending) for one in orders], *searched)
    name = ListName("articles", reader.view, arguments, key_types(orders))
    reader, window = await read_page(request, name, reader)
    if listing.search is None:
        return list_by(reader, name, listing.condition, orders, window)
    found = await search(reader, listing.search, listing.condition)
    return list_found(reader, name, await sort_found(reader, found, orders), window)


def list_by(
    reader: Reader, name: ListName, condition: Condition, orders: tuple[Order, ...], window: Window
) -> ArticleConnection:
    """Return a page of the articles that meet a condition, in an order."""
    return ArticleConnection(
        page=Page(
            reader,
            name,
            load=partial(list_articles, reader, condition, orders, window),
            count=partial(count_articles, reader, condition, orders),
            key=partial(article_key, orders=orders),
            show=show_article,
            find=partial(find_articles, reader, condition, orders, window),
        ),
        rank=count_articles_by(reader, condition, orders),
    )


def list_found(reader: Reader, name: ListName, listed: FoundList, window: Window) -> ArticleConnection:
    """Return a page of what was found."""
    return ArticleConnection(
        page=Page(
            reader,
            name,
            load=partial(listed.part, window),
            count=listed.count,
            key=listed.key,
            show=show_article,
        ),
        rank=count_found_by(reader, listed.ids),
    )
