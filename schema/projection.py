"""Selections compiled: one Python function for each, made of the very resolvers that the contract has.

An object that is selected becomes one dictionary display, a call of a resolver for each of its entries; no
walk through types and nodes is left. What the resolvers return is what they return in any execution.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NoReturn

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from models.relation import RELATIONS, Columns, Relation
from schema.plain import FORMS, TEXTS, Parts
from schema.selection import TEXT, TYPENAME, Choice, Selection, find_resolver

Project = Callable[[Any], Any]

AS_THEY_ARE = frozenset({"ID", "String", "Int", "Boolean", "Locale", "Revision", "HTML", "Markdown", "URL"})
"""Leaf types whose values go into an answer as resolvers return them."""


class Projection:
    """A compiled selection; `loads` are the relations that it needs of an edition, with their columns."""

    def __init__(self, schema: GraphQLSchema, selection: Selection) -> None:
        self.loads = find_loads(selection.parts)
        self.project: Project = compile_selection(schema, selection)
        """From an object of the contract to what of it is selected. Raises what resolvers raise."""


def find_loads(parts: Parts) -> tuple[tuple[Relation, Columns], ...]:
    """Return the relations that are among these parts, with those of their columns that are."""
    columns = {
        name: relation.name_columns(part.removeprefix(f"{name}.") for part in parts)
        for name, relation in RELATIONS.items()
    }
    return tuple((relation, columns[name]) for name, relation in RELATIONS.items() if name in parts)


def compile_selection(schema: GraphQLSchema, selection: Selection) -> Project:
    """Return the function that makes a dictionary of an object."""
    type_ = schema.type_map[selection.type]
    assert isinstance(type_, GraphQLObjectType)
    expressions = Expressions(schema)
    entries = []
    for choice in selection.choices:
        if choice.field == TYPENAME:
            entries.append(f"{choice.key!r}: {selection.type!r}")
            continue
        field = type_.fields[choice.field]
        value = compile_text(selection, choice)
        if value is None:
            value = expressions.complete(field.type, choice.below, expressions.access(field, choice))
        entries.append(f"{choice.key!r}: {value}")
    # Nothing of a request gets in but response keys, and those only as literals.
    made: Project = eval(f"lambda it: {{{', '.join(entries)}}}", expressions.names)  # noqa: S307
    return made


def compile_text(selection: Selection, choice: Choice) -> str | None:
    """Return the expression for forms of a section's or question's text, None for all else.

    The one place where a resolver is not asked: it would make an object of all forms, six hundred of them for a
    list of twenty articles, of which one form is shown.
    """
    below = choice.below
    if below is None or below.type != TEXT or selection.type not in TEXTS:
        return None
    _, name = TEXTS[selection.type]
    entries = []
    for shown in below.choices:
        if shown.field not in FORMS:
            return None
        column = FORMS[shown.field].replace("*", name)
        entries.append(f"{shown.key!r}: (v if (v := it.stored.{column}) is not None else refuse())")
    return f"{{{', '.join(entries)}}}"


class Expressions:
    """The expressions of one selection: what they call stands among its `names`."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self.names: dict[str, Any] = {"refuse": refuse_null, "finish_now": finish_now}

    def name(self, kind: str, meant: Any = None) -> str:
        """Return a name that nothing else has, for what is meant, or for a value on its way."""
        name = f"{kind}{len(self.names)}"
        self.names[name] = meant
        return name

    def access(self, field: GraphQLField, choice: Choice) -> str:
        """Return the expression for a field's value of the object `it`."""
        resolve, attribute, is_coroutine = find_resolver(field)
        if resolve is None:
            return f"it.{attribute}"
        bound = partial(resolve, **dict(choice.arguments)) if choice.arguments else resolve
        call = f"{self.name('resolve', bound)}(it)"
        return f"finish_now({call})" if is_coroutine else call

    def complete(self, type_: GraphQLOutputType, below: Selection | None, value: str) -> str:
        """Return the expression that completes a resolver's value (GraphQL specification, section 6.4.3).

        It calls nothing for a value that is complete: most are, and there are thousands.
        """
        kept = self.name("value")
        if is_non_null_type(type_):
            finished = self._finish(type_.of_type, below, kept)
            return f"({finished} if ({kept} := {value}) is not None else refuse())"
        finished = self._finish(type_, below, kept)
        return value if finished == kept else f"(None if ({kept} := {value}) is None else {finished})"

    def _finish(self, type_: GraphQLOutputType, below: Selection | None, value: str) -> str:
        """Return the expression that completes a value that is not null."""
        if is_list_type(type_):
            item = self.name("item")
            return f"[{self.complete(type_.of_type, below, item)} for {item} in {value}]"
        if is_leaf_type(type_):
            as_it_is = type_.name in AS_THEY_ARE
            return value if as_it_is else f"{self.name('write', type_.coerce_output_value)}({value})"
        assert below is not None
        return f"{self.name('select', compile_selection(self._schema, below))}({value})"


def finish_now(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Return the result of a coroutine all of whose needs are in memory, so that it never waits."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("A plain field waits for something that it does not name.")


def refuse_null() -> NoReturn:
    """Raise TypeError: a value is null that must not be."""
    raise TypeError("A field that is never null is null.")
