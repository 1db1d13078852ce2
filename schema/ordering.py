"""One grammar for sorting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

import strawberry

from models.errors import InvalidArgument
from models.listing import ARTICLE_VALUES, TEXT_COLUMNS, ArticleField, article_order
from models.paging import Order
from models.searching.listing import RELEVANCE, found_order


@strawberry.enum(description="Which way to sort.")
class OrderDirection(Enum):
    """A direction."""

    ASC = strawberry.enum_value("asc", description="Smallest, earliest or first in the alphabet first.")
    DESC = strawberry.enum_value("desc", description="Largest, latest or last in the alphabet first.")


@strawberry.enum(description="What articles can be sorted by.")
class ArticleOrderField(Enum):
    """A field to sort by."""

    PUBLISHED_AT = strawberry.enum_value("p", description="When the article was first published.")
    UPDATED_AT = strawberry.enum_value("u", description="When its edition was saved.")
    CREATED_AT = strawberry.enum_value("c", description="When the article came into being.")
    TITLE = strawberry.enum_value(
        "t", description="The title without regard to case, by Unicode code points."
    )
    SLUG = strawberry.enum_value("s", description="The slug, by Unicode code points.")
    RELEVANCE = strawberry.enum_value(
        "r",
        description="How well the article answers what `search` looks for, as `SearchHit.score` tells: the best first "
        "where the direction is DESC. An error without `search`.",
    )


@strawberry.input(description="A field to sort by, and which way. Ties are broken by id.")
class ArticleOrder:
    """A field and a direction."""

    field: ArticleOrderField = strawberry.field(description="What to sort by.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="Which way to sort."
    )


COLUMNS: Mapping[ArticleOrderField, str] = {
    **{one: ArticleField[one.name] for one in ArticleOrderField if one.name in ArticleField.__members__},
    ArticleOrderField.RELEVANCE: RELEVANCE,
}


def read_order(orders: list[ArticleOrder] | None, *, is_search: bool = False) -> tuple[Order, ...]:
    """Return the total order that a client asks for, of articles or of those that a search finds.

    Raises InvalidArgument where a field stands twice, or RELEVANCE where nothing is searched for.
    """
    columns = [COLUMNS[order.field] for order in orders or []]
    if len(set(columns)) < len(columns):
        raise InvalidArgument("orderBy names each field once.")
    if RELEVANCE in columns and not is_search:
        raise InvalidArgument("orderBy takes RELEVANCE only where `search` says what is looked for.")
    descending = [order.direction is OrderDirection.DESC for order in orders or []]
    given = [Order(column, down) for column, down in zip(columns, descending, strict=True)]
    return found_order(given) if is_search else article_order(given)


def key_types(orders: Sequence[Order]) -> tuple[type, ...]:
    """Return the types of the sort key's parts."""
    assert all(order.column == RELEVANCE or order.column in ARTICLE_VALUES for order in orders)
    return tuple(str if order.column in TEXT_COLUMNS else int for order in orders)
