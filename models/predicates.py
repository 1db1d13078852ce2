"""Conditions as Python functions over live publications: the same answers as `models.conditions` has databases give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter, eq, ge, gt, le, lt
from typing import Any

from models import conditions
from models.conditions import Compare, Condition, Every, Not, Operator, Parts, Some, as_list

Predicate = Callable[[Any], bool]
Values = Mapping[str, Callable[[Any], Any]]
"""How to get the value of a column."""

OF_PUBLICATIONS: Values = {
    "p.article_id": attrgetter("article_id"),
    "p.slug": attrgetter("slug"),
    "p.published_at": attrgetter("published_at"),
    "s.key": attrgetter("site_key"),
    "e.slug_folded": attrgetter("slug_folded"),
    "e.title": attrgetter("title"),
    "e.title_folded": attrgetter("title_folded"),
    "e.saved_at": attrgetter("saved_at"),
}
OF_TAGS: Values = {"t.slug": str}
OF_AUTHORS: Values = {"u.value": str}

COMPARISONS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: eq,
    Operator.LESS: lt,
    Operator.LESS_OR_EQUAL: le,
    Operator.GREATER: gt,
    Operator.GREATER_OR_EQUAL: ge,
}


class NotInMemory(Exception):
    """The condition looks at something that only the database has."""


def compile_predicate(condition: Condition, values: Values = OF_PUBLICATIONS) -> Predicate:
    """Return the function that tells whether a live publication meets a condition. Raises NotInMemory."""
    match condition:
        case Compare():
            return compile_comparison(condition, values)
        case Every(inner):
            every = [compile_predicate(one, values) for one in inner]
            return every[0] if len(every) == 1 else lambda it: all(meets(it) for meets in every)
        case conditions.Any(inner):
            some = [compile_predicate(one, values) for one in inner]
            return lambda it: any(meets(it) for meets in some)
        case Not(negated):
            meets = compile_predicate(negated, values)
            return lambda it: not meets(it)
        case Some(Parts.TAGS, inner_condition):
            meets_tag = compile_predicate(inner_condition, OF_TAGS)
            return lambda it: any(map(meets_tag, it.tags))
        case Some(Parts.AUTHORS, inner_condition):
            meets_author = compile_predicate(inner_condition, OF_AUTHORS)
            return lambda it: any(map(meets_author, it.authors))
        case _:
            raise NotInMemory


def compile_comparison(comparison: Compare, values: Values) -> Predicate:
    """Return the function that makes a comparison. Raises NotInMemory."""
    field, value, operator = comparison.field, comparison.value, comparison.operator
    looks_inside = operator in {Operator.CONTAINS, Operator.STARTS_WITH}
    get = values.get((field.folded or field.column) if looks_inside else field.column)
    if get is None or field.is_nullable:
        raise NotInMemory
    match operator:
        case Operator.IN:
            among = frozenset(as_list(value))
            return lambda it: get(it) in among
        case Operator.NOT_IN:
            excluded = frozenset(as_list(value))
            return lambda it: get(it) not in excluded
        case Operator.NOT_EQUAL:
            return lambda it: bool(get(it) != value)
        case Operator.CONTAINS:
            part = field.fold(str(value))
            return lambda it: part in get(it)
        case Operator.STARTS_WITH:
            start = field.fold(str(value))
            return lambda it: bool(get(it).startswith(start))
        case _:
            compare = COMPARISONS[operator]
            return lambda it: compare(get(it), value)
