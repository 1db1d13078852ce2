"""Selections compiled: one Python function for each, made of the very resolvers that the contract has.

An object that is selected becomes one dictionary display, a call of a resolver for each of its entries; no
walk through types and nodes is left. What the resolvers return is what they return in any execution.
What shows a column of a section or question as it is needs none (`schema.plain`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
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
from models.stored import StoredEdition
from schema.node import encode_id
from schema.plain import COLUMNS, FORMS, TEXTS, Parts, require_loaded
from schema.selection import TEXT, TYPENAME, Choice, Selection, find_resolver

Project = Callable[[Any], Any]

AS_THEY_ARE = frozenset({"ID", "String", "Int", "Boolean", "Locale", "Revision", "HTML", "Markdown", "URL"})
"""Leaf types whose values go into an answer as resolvers return them."""


LISTS: Mapping[str, Callable[[StoredEdition], Any]] = {
    "sections": lambda edition: require_loaded(edition.sections),
    "questions": lambda edition: require_loaded(edition.questions),
}
"""The parts of an edition by the fields that list all of them."""


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
        value = compile_text(selection, choice, "it.stored") or expressions.list_parts(selection, choice)
        if value is None:
            field = type_.fields[choice.field]
            value = expressions.complete(field.type, choice.below, expressions.access(field, choice))
        entries.append(f"{choice.key!r}: {value}")
    # Nothing of a request gets in but response keys, and those only as literals.
    made: Project = eval(f"lambda it: {{{', '.join(entries)}}}", expressions.names)  # noqa: S307
    return made


def compile_text(selection: Selection, choice: Choice, part: str) -> str | None:
    """Return the expression for forms of the text of a section or question, `part` of its edition, None for all else.

    No resolver is asked: it would make an object of all forms, six hundred of them for a list of twenty articles,
    of which one form is shown.
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
        entries.append(f"{shown.key!r}: (v if (v := {part}.{column}) is not None else refuse())")
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

    def list_parts(self, selection: Selection, choice: Choice) -> str | None:
        """Return the expression for all sections or questions of an article of which only columns are shown.

        None for all else. No object of the contract is made of them, and no resolver asked, as for their texts.
        """
        below = choice.below
        if selection.type != "Article" or choice.field not in LISTS or choice.arguments or below is None:
            return None
        entries = [(shown.key, self.show_column(below, shown)) for shown in below.choices]
        if not all(value for _, value in entries):
            return None
        written = ", ".join(f"{key!r}: {value}" for key, value in entries)
        return f"[{{{written}}} for part in {self.name('list', LISTS[choice.field])}(it.stored.edition)]"

    def show_column(self, selection: Selection, choice: Choice) -> str | None:
        """Return the expression for what shows a column of `part`, None for all else."""
        match choice.field:
            case "__typename":
                return repr(selection.type)
            case "id":
                return f"{self.name('encode', encode_id)}({selection.type!r}, part.key)"
        column = COLUMNS[selection.type].get(choice.field)
        if column is None:
            return compile_text(selection, choice, "part")
        type_ = self._schema.type_map[selection.type]
        assert isinstance(type_, GraphQLObjectType)
        return self.complete(type_.fields[choice.field].type, None, f"part.{column}")

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
