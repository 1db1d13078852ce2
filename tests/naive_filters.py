"""What filters and orders say, so plainly that it can be seen to be right: one article after the other."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from operator import eq, ge, gt, le, lt
from typing import Any

from models import moment
from models.draft import SectionKind
from models.folding import fold
from schema.node import encode_id
from tests.random_articles import Shown

Where = dict[str, Any]


def meets(where: Where, article: Shown) -> bool:
    """Tell whether an article meets all conditions of a filter."""
    return all(meets_part(name, value, article) for name, value in where.items())


def meets_part(name: str, value: Any, article: Shown) -> bool:
    """Tell whether an article meets one field of a filter."""
    match name:
        case "and":
            return all(meets(inner, article) for inner in value)
        case "or":
            return any(meets(inner, article) for inner in value)
        case "not":
            return not meets(value, article)
        case "publishedAt" | "updatedAt":
            return compares_moment(
                value, article.published_at if name == "publishedAt" else article.updated_at
            )
        case "tags" | "authors" | "sections" | "questions":
            return meets_parts(name, value, article)
    texts = {
        "id": encode_id("Article", article.id),
        "site": article.site,
        "slug": article.draft.slug,
        "title": article.draft.title,
    }
    return compares(value, texts[name])


def meets_parts(name: str, value: Any, article: Shown) -> bool:
    """Tell whether the tags, authors, sections or questions of an article are as a filter wants them."""
    if name == "tags":
        return quantifies(value, lambda where: [compares(where, tag, lower) for tag in article.tags])
    if name == "authors":
        return quantifies(value, lambda where: [compares(where, one) for one in article.draft.authors])
    if name == "sections":
        sections = article.draft.sections
        return quantifies(value, lambda where: [meets_section(where, s.kind, s.heading) for s in sections])
    texts = list(article.questions)
    return quantifies(value, lambda where: [meets_question(where, text, article.site) for text in texts])


def quantifies(value: Where, each: Callable[[Where], list[bool]]) -> bool:
    """Tell whether some, every or none of an article's parts meet conditions."""
    by_name: dict[str, Callable[[list[bool]], bool]] = {
        "some": any,
        "every": all,
        "none": lambda met: not any(met),
    }
    return all(by_name[name](each(inner)) for name, inner in value.items())


def meets_section(where: Where, kind: SectionKind, heading: str | None) -> bool:
    """Tell whether a section meets conditions."""
    meets_kind = "kind" not in where or kind.name in where["kind"]
    return meets_kind and compares(where.get("heading", {}), heading)


def meets_question(where: Where, text: str, site: str) -> bool:
    """Tell whether a question meets conditions."""
    return compares(where.get("question", {}), text) and compares(where.get("site", {}), site)


def lower(text: str) -> str:
    """Return a text in the case of tags' slugs."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())


def compares(where: Where, text: str | None, caseless: Callable[[str], str] = fold) -> bool:
    """Tell whether a text meets operators; one that is missing equals none, and contains the empty text."""
    return all(compares_with(name, value, text, caseless) for name, value in where.items())


def compares_with(name: str, value: Any, text: str | None, caseless: Callable[[str], str]) -> bool:
    """Tell whether a text meets one operator."""
    match name:
        case "eq":
            return bool(text == value)
        case "ne":
            return bool(text != value)
        case "in":
            return bool(text in value)
        case "notIn":
            return bool(text not in value)
        case "contains":
            return caseless(value) in caseless(text or "")
        case _:
            return caseless(text or "").startswith(caseless(value))


def compares_moment(where: Where, at: int) -> bool:
    """Tell whether a moment meets operators."""
    values = {name: moment.from_text(value) for name, value in where.items()}
    by_name = {"eq": eq, "lt": lt, "lte": le, "gt": gt, "gte": ge}
    return all(by_name[name](at, value) for name, value in values.items())


ORDERS: dict[str, Callable[[Shown], Any]] = {
    "PUBLISHED_AT": lambda article: article.published_at,
    "UPDATED_AT": lambda article: article.updated_at,
    "CREATED_AT": lambda article: article.created_at,
    "TITLE": lambda article: fold(article.draft.title),
    "SLUG": lambda article: article.draft.slug,
}


def arrange(articles: Iterable[Shown], order: list[tuple[str, bool]]) -> list[Shown]:
    """Return articles in an order; `True` sorts downwards. Ties are broken by id, the way of the last order."""
    order = order or [("PUBLISHED_AT", True)]
    arranged = sorted(articles, key=lambda article: article.id, reverse=order[-1][1])
    for name, descending in reversed(order):
        arranged.sort(key=ORDERS[name], reverse=descending)
    return arranged
