"""How much one mutation takes."""

from __future__ import annotations

from collections.abc import Sequence

from models.errors import InvalidContent, LimitExceeded, Problem
from schema.inputs import read_id

MOST_ARTICLES = 100
MOST_IMPORTED = 500


def read_ids(ids: Sequence[str]) -> list[str]:
    """Return the articles that ids name. Raises InvalidContent or LimitExceeded."""
    if not ids:
        raise InvalidContent([Problem(("ids",), "Name at least one article.")])
    if len(ids) > MOST_ARTICLES:
        raise LimitExceeded(f"One mutation takes at most {MOST_ARTICLES} articles, not {len(ids)}.")
    return [read_id(text, "Article", "ids", str(index)) for index, text in enumerate(ids)]


def read_locales(locales: Sequence[str] | None) -> Sequence[str] | None:
    """Return the locales that are meant, None for all. Raises InvalidContent where none is named."""
    if locales is not None and not locales:
        raise InvalidContent([Problem(("locales",), "Name at least one locale, or leave them out for all.")])
    return locales
