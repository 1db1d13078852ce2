"""Selections compiled: one Python function for each, made of the very resolvers that the contract has.

An object that is selected becomes one dictionary display, a call of a resolver for each of its entries; no
walk through types and nodes is left. What the resolvers return is what they return in any execution.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from schema.plain import Parts
from schema.selection import TYPENAME, Choice, Selection, find_resolver

Project = Callable[[Any], Any]

AS_THEY_ARE = frozenset({"ID", "String", "Int", "Boolean", "Locale", "Revision", "HTML", "Markdown", "URL"})
"""Leaf types whose values go into an answer as resolvers return them."""


class Projection:
    """A compiled selection; `parts` are what it needs of an edition."""

    def __init__(self, schema: GraphQLSchema, selection: Selection) -> None:
        self.parts: Parts = selection.parts
        self.project: Project = compile_selection(schema, selection)
        """From an object of the contract to what of it is selected. Raises what resolvers raise."""


def compile_selection(schema: GraphQLSchema, selection: Selection) -> Project:
    """Return the function that makes a dictionary of an object."""
    type_ = schema.type_map[selection.type]
    assert isinstance(type_, GraphQLObjectType)
    names: dict[str, Any] = {"typename": selection.type}
    entries = []
    for index, choice in enumerate(selection.choices):
        if choice.field == TYPENAME:
            entries.append(f"{choice.key!r}: typename")
            continue
        field = type_.fields[choice.field]
        value = compile_access(field, choice, index, names)
        finish = compile_value(schema, field.type, choice.below)
        if finish is not None:
            names[f"finish{index}"] = finish
            value = f"finish{index}({value})"
        entries.append(f"{choice.key!r}: {value}")
    # Nothing of a request gets in but response keys, and those only as literals.
    made: Project = eval(f"lambda it: {{{', '.join(entries)}}}", names)  # noqa: S307
    return made


def compile_access(field: GraphQLField, choice: Choice, index: int, names: dict[str, Any]) -> str:
    """Return the expression for a field's value of the object `it`; what it calls is put among `names`."""
    resolve, attribute, is_coroutine = find_resolver(field)
    if resolve is None:
        return f"it.{attribute}"
    names[f"resolve{index}"] = partial(resolve, **dict(choice.arguments)) if choice.arguments else resolve
    call = f"resolve{index}(it)"
    if not is_coroutine:
        return call
    names["finish_now"] = finish_now
    return f"finish_now({call})"


def finish_now(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return the result of a coroutine all of whose needs are in memory, so that it never waits."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("A plain field waits for something that it does not name.")


def compile_value(schema: GraphQLSchema, type_: GraphQLOutputType, below: Selection | None) -> Project | None:
    """Return what completes a resolver's value (GraphQL specification, section 6.4.3); None where it is complete."""
    if is_non_null_type(type_):
        return require(compile_inner(schema, type_.of_type, below))
    finish = compile_inner(schema, type_, below)
    return None if finish is None else lambda value: None if value is None else finish(value)


def compile_inner(schema: GraphQLSchema, type_: GraphQLOutputType, below: Selection | None) -> Project | None:
    """Return what completes a value that is not null."""
    if is_list_type(type_):
        finish = compile_value(schema, type_.of_type, below)
        return list if finish is None else lambda values: [finish(value) for value in values]
    if is_leaf_type(type_):
        return write_leaf(type_)
    assert below is not None
    return compile_selection(schema, below)


def write_leaf(type_: GraphQLLeafType) -> Project | None:
    """Return what writes a leaf's value; None where it is written as it is."""
    return None if type_.name in AS_THEY_ARE else type_.coerce_output_value


def require(finish: Project | None) -> Project:
    """Return what completes a value that must not be null."""
    if finish is None:
        return refuse_null

    def complete(value: Any) -> Any:
        return finish(refuse_null(value))

    return complete


def refuse_null(value: Any) -> Any:
    """Return a value; raises TypeError where it is null."""
    if value is None:
        raise TypeError("A field that is never null is null.")
    return value
