"""An edition's relations: its sections, questions and links, of which those columns are read that are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from sys import getsizeof
from typing import Any

from models.dialect import NOT_READ
from models.stored import (
    LINK_COLUMNS,
    QUESTION_COLUMNS,
    SECTION_COLUMNS,
    StoredEdition,
    read_link,
    read_question,
    read_section,
)

Columns = int
"""Some columns of a relation, a bit for each."""

TEXTS = frozenset(
    {"body_markdown", "body_html", "body_text", "answer_markdown", "answer_html", "answer_text"}
)
LINK_TEXTS = frozenset({"label", "url"})


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """One kind of an edition's parts: where it is kept, in which order, and what makes a part of a row.

    `order` names the columns that parts are sorted by, which are always read, and `texts` those that take memory.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    order: tuple[str, ...]
    texts: frozenset[str]
    read: Callable[[list[Any]], Any]
    sort_key: Callable[[Any], Any] = field(init=False)

    def __post_init__(self) -> None:
        """Make the sort key."""
        object.__setattr__(self, "sort_key", attrgetter(*self.order))

    @property
    def everything(self) -> Columns:
        """Return all columns."""
        return (1 << len(self.columns)) - 1

    def name_columns(self, names: Iterable[str]) -> Columns:
        """Return the columns of these names, and those that parts are sorted by."""
        wanted = {*names, *self.order}
        return sum(1 << place for place, column in enumerate(self.columns) if column in wanted)

    def choose(self, columns: Columns) -> list[str]:
        """Return what to read, in the order in which it makes a part: these columns and nothing of the others."""
        return [name if columns >> place & 1 else NOT_READ for place, name in enumerate(self.columns)]

    @lru_cache(maxsize=1000)  # noqa: B019 - there are three relations, for ever
    def list_columns(self, columns: Columns) -> tuple[str, ...]:
        """Return the names of columns."""
        return tuple(name for place, name in enumerate(self.columns) if columns >> place & 1)

    def has(self, edition: StoredEdition, columns: Columns) -> bool:
        """Tell whether an edition has these columns of its parts."""
        return not columns & ~edition.loaded.get(self.name, 0) and getattr(edition, self.name) is not None

    def take(self, edition: StoredEdition, parts: list[Any], columns: Columns) -> tuple[str, ...]:
        """Put loaded columns of parts into an edition, and return the names of those that it did not have."""
        had = edition.loaded.get(self.name, 0)
        edition.loaded[self.name] = had | columns
        known: list[Any] | None = getattr(edition, self.name)
        new = self.list_columns(columns & ~had)
        if known is None:
            setattr(edition, self.name, parts)
        else:
            for old, part in zip(known, parts, strict=True):
                for column in new:
                    setattr(old, column, getattr(part, column))
        return new

    def measure(self, parts: Sequence[Any], columns: Iterable[str]) -> int:
        """Return how many bytes the texts in these columns take."""
        return measure(parts, [column for column in columns if column in self.texts])


def measure(parts: Sequence[Any], columns: Sequence[str]) -> int:
    """Return how many bytes the texts in these attributes take."""
    return sum(getsizeof(text) for part in parts for column in columns if (text := getattr(part, column)))


SECTIONS = Relation("sections", "section", SECTION_COLUMNS, ("position",), TEXTS, read_section)
QUESTIONS = Relation("questions", "question", QUESTION_COLUMNS, ("position",), TEXTS, read_question)
LINKS = Relation("links", "link", LINK_COLUMNS, ("kind", "position"), LINK_TEXTS, read_link)
RELATIONS = {relation.name: relation for relation in (SECTIONS, QUESTIONS, LINKS)}
