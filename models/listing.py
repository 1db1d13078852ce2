"""Lists of articles and of questions through a view: filtered, sorted, and paged by key.

A page begins after the sort key of the item before it, not at a count, so that it costs the same anywhere
in the list; and its cursor names the revision, so that nothing moves between two pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from models.conditions import Condition, compile_condition, name_condition
from models.database import Row, refuse_nul
from models.dialect import Sql, join
from models.folding import fold
from models.live_list import Wanted
from models.live_publication import Lens, LivePublication
from models.paging import Key, Order, Window
from models.reading import ARTICLE_COLUMNS, Reader, StoredArticle
from models.stored import QUESTION_COLUMNS, StoredQuestion, read_question

Item = TypeVar("Item")


class ArticleField(StrEnum):
    """What articles can be sorted by."""

    PUBLISHED_AT = "p.published_at"
    UPDATED_AT = "e.saved_at"
    CREATED_AT = "a.created_at"
    TITLE = "e.title_folded"
    SLUG = "p.slug"


ARTICLE_VALUES: dict[str, Callable[[StoredArticle], int | str]] = {
    ArticleField.PUBLISHED_AT: lambda article: article.published_at,
    ArticleField.UPDATED_AT: lambda article: article.edition.saved_at,
    ArticleField.CREATED_AT: lambda article: article.created_at,
    ArticleField.TITLE: lambda article: fold(article.edition.title),
    ArticleField.SLUG: lambda article: article.slug,
    "p.article_id": lambda article: article.id,
}
TEXT_COLUMNS = frozenset({ArticleField.TITLE, ArticleField.SLUG, "p.article_id"})
NEWEST_FIRST = (Order(ArticleField.PUBLISHED_AT, descending=True),)


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """Items in the list's order, and whether there are others on either side."""

    items: list[Item]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """A question with the article that it stands in."""

    article: StoredArticle
    question: StoredQuestion


def article_order(orders: Sequence[Order]) -> tuple[Order, ...]:
    """Return the order with the tie-break that makes it total; newest first where none is given.

    The tie-break goes the way of what it follows, so that an index of both is read in its order, however many
    articles were published together.
    """
    given = orders or NEWEST_FIRST
    return (*given, Order("p.article_id", given[-1].descending))


QUESTION_ORDER = (*article_order(NEWEST_FIRST), Order("q.position"))


def article_key(article: StoredArticle, orders: Sequence[Order]) -> Key:
    """Return the sort key of an article in an order that `article_order` gave."""
    return tuple(ARTICLE_VALUES[order.column](article) for order in orders)


def question_key(found: FoundQuestion) -> Key:
    """Return the sort key of a question."""
    return (found.article.published_at, found.article.id, found.question.position)


async def list_articles(
    reader: Reader, condition: Condition, orders: Sequence[Order], window: Window
) -> Part[StoredArticle]:
    """Return a part of the articles that meet the condition; `orders` comes from `article_order`."""
    found = find_articles(reader, condition, orders, window)
    if found is not None:
        return Part(await reader.show(found.items), found.has_next, found.has_previous)
    where = [reader.serves(), compile_condition(condition, reader.database.dialect)]
    rows = await read_window(reader, reader.select(), where, orders, window)
    return cut([reader.read_article(row) for row in rows], window)


def find_articles(
    reader: Reader, condition: Condition, orders: Sequence[Order], window: Window
) -> Part[LivePublication] | None:
    """Return what `list_articles` returns as the live index has it; None where the database must be asked."""
    live = reader.live
    found = live.page(name_list(live.lens, condition, orders), window) if live else None
    if found is None:
        return None
    refuse_nul((window.after, window.before))
    return cut(found, window)


def name_list(lens: Lens, condition: Condition, orders: Sequence[Order]) -> Wanted:
    """Return the name by which the live index knows a list."""
    return Wanted(lens, tuple(orders), name_condition(condition), condition)


async def count_articles(reader: Reader, condition: Condition, orders: Sequence[Order]) -> int:
    """Return how many articles meet the condition; `orders` says which list is likely in memory."""
    live = reader.live
    found = live.count(name_list(live.lens, condition, orders)) if live else None
    return await count(reader, "", condition) if found is None else found


QUESTION_SELECTED = ", ".join(f"q.{column} AS question_{column}" for column in QUESTION_COLUMNS)
QUESTION_JOIN = "JOIN question q ON q.edition_id = e.id"


async def list_questions(reader: Reader, condition: Condition, window: Window) -> Part[FoundQuestion]:
    """Return a part of the questions that meet the condition: newest articles first, then reading order."""
    select = reader.select(f"{QUESTION_SELECTED}, {ARTICLE_COLUMNS}", QUESTION_JOIN)
    where = [reader.serves(), compile_condition(condition, reader.database.dialect)]
    rows = await read_window(reader, select, where, QUESTION_ORDER, window)
    return cut([read_found(reader, row) for row in rows], window)


def read_found(reader: Reader, row: Row) -> FoundQuestion:
    """Return the question and article that a row holds."""
    return FoundQuestion(reader.read_article(row), read_question(list(row)[: len(QUESTION_COLUMNS)]))


async def count_questions(reader: Reader, condition: Condition) -> int:
    """Return how many questions meet the condition."""
    return await count(reader, QUESTION_JOIN, condition)


async def count(reader: Reader, joins: str, condition: Condition) -> int:
    """Return how many rows of articles, joined with `joins`, the view shows and the condition admits."""
    where = [reader.serves(), compile_condition(condition, reader.database.dialect)]
    rows = await reader.database.read(reader.select("COUNT(*) AS total", joins) + join(" AND ", where))
    return int(rows[0]["total"])


async def read_window(
    reader: Reader, select: Sql, where: list[Sql], orders: Sequence[Order], window: Window
) -> Sequence[Row]:
    """Return the rows of a window in its direction, one more than asked for if there are more."""
    if window.after is not None:
        where.append(beyond(orders, window.after, backward=False))
    if window.before is not None:
        where.append(beyond(orders, window.before, backward=True))
    terms = (f"{o.column} {'DESC' if o.descending != window.backward else 'ASC'}" for o in orders)
    limit = Sql(f"ORDER BY {', '.join(terms)} LIMIT ? OFFSET ?", (window.size + 1, window.offset))
    return await reader.database.read(select + join(" AND ", where) + limit)


def beyond(orders: Sequence[Order], key: Key, *, backward: bool) -> Sql:
    """Return the condition that a row comes after `key` in the order, or before it if `backward`."""
    alternatives = []
    for index, order in enumerate(orders):
        equal = [Sql(f"{o.column} = ?", (value,)) for o, value in zip(orders[:index], key, strict=False)]
        sign = "<" if order.descending != backward else ">"
        step = Sql(f"{order.column} {sign} ?", (key[index],))
        alternatives.append(Sql("(") + join(" AND ", [*equal, step]) + Sql(")"))
    return Sql("(") + join(" OR ", alternatives) + Sql(")")


def cut(items: list[Item], window: Window) -> Part[Item]:
    """Return the window's items in the list's order, without the one that only showed there are more."""
    more = len(items) > window.size
    items = items[: window.size]
    if window.backward:
        items.reverse()
        return Part(items, has_next=window.before is not None, has_previous=more)
    skipped = window.after is not None or (window.offset > 0 and bool(items))
    return Part(items, has_next=more, has_previous=skipped)
