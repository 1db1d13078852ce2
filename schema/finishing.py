"""What a plan makes of objects that root fields return: one function for each entry of a selection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from graphql import GraphQLObjectType
from graphql.execution.collect_fields import FieldDetails

from schema.projection import Projection
from schema.projector import DocumentProjections, ProjectingExecutor
from schema.selection import TYPENAME

Finish = Callable[[Any], Awaitable[Any]]
"""From what a resolver returned to what of it is selected, as orjson takes it."""

Named = tuple[tuple[str, Finish], ...]
"""What is selected, by key, in the order of the answer."""


@dataclass(frozen=True, slots=True)
class Selected:
    """Nodes of a document that select something of the objects of a type."""

    executor: ProjectingExecutor
    projections: DocumentProjections
    type: GraphQLObjectType
    details: list[FieldDetails]

    def entries(self) -> Iterator[tuple[str, str, list[FieldDetails]]]:
        """Yield key, field and nodes of each entry. Raises GraphQLError where a condition has no value."""
        fields = self.executor.collect_subfields(self.type, self.details).grouped_field_set
        yield from ((key, group[0].node.name.value, group) for key, group in fields.items())

    def of(self, type_name: str, details: list[FieldDetails]) -> Selected:
        """Return what nodes below select of the objects of a type."""
        type_ = self.executor.schema.type_map[type_name]
        assert isinstance(type_, GraphQLObjectType)
        return Selected(self.executor, self.projections, type_, details)

    def project(self) -> Projection | None:
        """Return the projection of what is selected, None where not all of it is plain."""
        return self.projections.find(self.executor, self.type, self.details)


Maker = Callable[[Selected, list[FieldDetails]], Finish | None]
"""From the nodes of a field, below what is selected, to what makes its value; None where it is not plain."""


def name_entries(selected: Selected, makers: Mapping[str, Maker], typename: Finish) -> Named | None:
    """Return what makes the value of each entry, None where one has no maker or is not plain."""
    entries = []
    for key, name, details in selected.entries():
        if name == TYPENAME:
            finish: Finish | None = typename
        else:
            finish = makers[name](selected, details) if name in makers else None
        if finish is None:
            return None
        entries.append((key, finish))
    return tuple(entries)


def plan_object(makers: Mapping[str, Maker], selected: Selected) -> Finish | None:
    """Return what writes an object of these fields."""
    entries = name_entries(selected, makers, partial(write_constant, selected.type.name))
    return None if entries is None else partial(write_object, entries)


async def write_object(entries: Named, value: Any) -> dict[str, Any]:
    """Return what is selected of an object."""
    return {key: await finish(value) for key, finish in entries}


async def write_constant(constant: str, _value: Any) -> str:
    """Return the same for every object."""
    return constant


async def write_items(columns: Named, page: Any) -> list[dict[str, Any]]:
    """Return what is selected of the items of a page, of which each column has one value."""
    keys = [key for key, _ in columns]
    values = [await finish(page) for _, finish in columns]
    return [dict(zip(keys, item, strict=True)) for item in zip(*values, strict=True)]


def always(finish: Finish) -> Maker:
    """Return the maker of a field that has the same function whatever is selected below."""
    return lambda _selected, _details: finish


def plan_page_info(selected: Selected, details: list[FieldDetails]) -> Finish | None:
    """Return what writes where a page stands."""
    projection = selected.of("PageInfo", details).project()
    return None if projection is None else partial(write_page_info, projection)


async def write_page_info(projection: Projection, page: Any) -> Any:
    """Return what is selected of where a page stands."""
    return projection.project(await page.info())


def join(fragments: Sequence[bytes]) -> orjson.Fragment:
    """Return finished JSON values as one list."""
    return orjson.Fragment(b"[" + b",".join(fragments) + b"]")


def show_all(fragments: Sequence[bytes]) -> list[orjson.Fragment]:
    """Return finished JSON values, each by itself."""
    return [orjson.Fragment(fragment) for fragment in fragments]
