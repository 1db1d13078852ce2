"""One grammar for sorting."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import strawberry

from models.errors import InvalidArgument
from models.listing import ARTICLE_VALUES, TEXT_COLUMNS, ArticleField, article_order
from models.paging import Order


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


@strawberry.input(description="A field to sort by, and which way. Ties are broken by id.")
class ArticleOrder:
    """A field and a direction."""

    field: ArticleOrderField = strawberry.field(description="What to sort by.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="Which way to sort."
    )


def read_order(orders: list[ArticleOrder] | None) -> tuple[Order, ...]:
    """Return the total order that a client asks for. Raises InvalidArgument where a field stands twice."""
    columns = [ArticleField[order.field.name] for order in orders or []]
    if len(set(columns)) < len(columns):
        raise InvalidArgument("orderBy names each field once.")
    descending = [order.direction is OrderDirection.DESC for order in orders or []]
    return article_order([Order(c, down) for c, down in zip(columns, descending, strict=True)])


def key_types(orders: Sequence[Order]) -> tuple[type, ...]:
    """Return the types of the sort key's parts."""
    assert all(order.column in ARTICLE_VALUES for order in orders)
    return tuple(str if order.column in TEXT_COLUMNS else int for order in orders)
