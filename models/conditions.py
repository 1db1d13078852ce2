"""Conditions on articles and questions as data, and their statement. Names are closed: no text of a client
ever becomes part of a statement, only its parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.dialect import Dialect, Sql, join
from models.folding import fold, lower


class Operator(StrEnum):
    """How a field is compared."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    IN = "in"
    NOT_IN = "not in"
    CONTAINS = "contains"
    STARTS_WITH = "starts with"


@dataclass(frozen=True, slots=True)
class Field:
    """Something that can be compared: its column, and the column with its case folded where it is text.

    `fold` is how that column was folded; a nullable column equals no text.
    """

    column: str
    folded: str | None = None
    fold: Callable[[str], str] = fold
    is_nullable: bool = False


ARTICLE_ID = Field("p.article_id")
SITE_KEY = Field("s.key", "s.key")
SLUG = Field("p.slug", "e.slug_folded")
TITLE = Field("e.title", "e.title_folded")
PUBLISHED_AT = Field("p.published_at")
UPDATED_AT = Field("e.saved_at")
TAG = Field("t.slug", "t.slug", lower)
AUTHOR = Field("u.value")
SECTION_KIND = Field("c.kind")
HEADING = Field("c.heading", "c.heading_folded", is_nullable=True)
QUESTION = Field("q.question", "q.question_folded")


@dataclass(frozen=True, slots=True)
class Compare:
    """A field compared with a value, or with a list of values."""

    field: Field
    operator: Operator
    value: object


@dataclass(frozen=True, slots=True)
class Every:
    """All of the conditions hold; with none of them, true."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of the conditions holds; with none of them, false."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition


class Parts(StrEnum):
    """Tables whose rows belong to an edition, with the alias that their fields use; authors stand in the edition."""

    AUTHORS = "authors u"
    TAGS = "tag t"
    SECTIONS = "section c"
    QUESTIONS = "question q"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the edition's parts meets the condition."""

    parts: Parts
    condition: Condition


Condition = Compare | Every | Any | Not | Some

TRUE = Every(())

Name = tuple[object, ...]
"""What tells conditions from each other, and is compared faster than they are."""


def name_condition(condition: Condition) -> Name:
    """Return the name of a condition: two that have the same are the same."""
    match condition:
        case Compare(field, operator, value):
            return field.column, operator.value, tuple(value) if isinstance(value, list) else value
        case Every(conditions):
            return ("every", *map(name_condition, conditions))
        case Any(conditions):
            return ("any", *map(name_condition, conditions))
        case Not(inner):
            return "not", name_condition(inner)
        case Some(parts, inner):
            return "some", parts.value, name_condition(inner)


def compile_condition(condition: Condition, dialect: Dialect) -> Sql:
    """Return the condition as a piece of a statement over the aliases p, e, s (and q for questions)."""
    match condition:
        case Compare():
            return compile_comparison(condition, dialect)
        case Every(conditions):
            return compile_all(" AND ", "1 = 1", conditions, dialect)
        case Any(conditions):
            return compile_all(" OR ", "1 = 0", conditions, dialect)
        case Not(inner):
            return Sql("NOT (") + compile_condition(inner, dialect) + Sql(")")
        case Some(Parts.AUTHORS, inner):
            listed = Sql(f"EXISTS (SELECT 1 FROM {dialect.list_texts('e.authors', 'u')} WHERE")
            return listed + compile_condition(inner, dialect) + Sql(")")
        case Some(parts, inner):
            alias = parts.split()[1]
            head = Sql(f"EXISTS (SELECT 1 FROM {parts} WHERE {alias}.edition_id = e.id AND")
            return head + compile_condition(inner, dialect) + Sql(")")


def compile_all(separator: str, empty: str, conditions: Sequence[Condition], dialect: Dialect) -> Sql:
    """Return the conditions joined, or `empty` where there are none."""
    if not conditions:
        return Sql(empty)
    pieces = [compile_condition(condition, dialect) for condition in conditions]
    return Sql("(") + join(separator, pieces) + Sql(")")


def compile_comparison(comparison: Compare, dialect: Dialect) -> Sql:
    """Return a comparison; those that look into text fold case on both sides."""
    field, value = comparison.field, comparison.value
    match comparison.operator:
        case Operator.IN:
            return dialect.one_of(field.column, as_list(value))
        case Operator.NOT_IN:
            return unequal(field, Sql("NOT (") + dialect.one_of(field.column, as_list(value)) + Sql(")"))
        case Operator.NOT_EQUAL:
            return unequal(field, Sql(f"{field.column} <> ?", (value,)))
        case Operator.CONTAINS:
            return dialect.contains(field.folded or field.column, field.fold(str(value)))
        case Operator.STARTS_WITH:
            return dialect.starts_with(field.folded or field.column, field.fold(str(value)))
        case operator:
            return Sql(f"{field.column} {operator} ?", (value,))


def unequal(field: Field, comparison: Sql) -> Sql:
    """Return the comparison so that it holds of NULL too, of which databases say neither yes nor no."""
    if not field.is_nullable:
        return comparison
    return Sql(f"({field.column} IS NULL OR") + comparison + Sql(")")


def as_list(value: object) -> list[object]:
    """Return the values of a comparison with a list."""
    assert isinstance(value, list | tuple)
    return list(value)
