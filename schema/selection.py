"""Selections of plain fields, read from a document: what of an object is asked for, arguments and all.

Two selections that ask for the same are equal, in whatever document and spelling they stand.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import Executor
from graphql.execution.values import get_argument_values
from strawberry.types.field import StrawberryField

from schema.plain import NOTHING, PLAIN, Parts, locate_text

Arguments = tuple[tuple[str, Any], ...]
TYPENAME = "__typename"
TEXT = "RichText"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a selection: the key in the answer, the field, its arguments, and what is selected below."""

    key: str
    field: str
    arguments: Arguments = ()
    below: Selection | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected of an object of a type."""

    type: str
    choices: tuple[Choice, ...]

    @property
    def parts(self) -> Parts:
        """Return the parts of the edition that all of it needs."""
        needed = NOTHING
        for choice in self.choices:
            needed |= PLAIN[self.type].get(choice.field, NOTHING)
            if choice.below is not None:
                below = choice.below.parts
                needed |= locate_text(self.type, below) if choice.below.type == TEXT else below
        return needed


def read_selection(
    executor: Executor[Any], type_: GraphQLObjectType, details: list[FieldDetails]
) -> Selection | None:
    """Return what these field nodes select of an object, or None where not all of it is plain.

    None, too, where it has errors: they are then found, and told, by the execution field by field.
    """
    if any(detail.fragment_variable_values is not None for detail in details):
        return None
    try:
        fields = executor.collect_subfields(type_, details).grouped_field_set
    except GraphQLError:  # @skip or @include of a variable that is null
        return None
    choices = []
    for key, group in fields.items():
        choice = read_choice(executor, type_, key, group)
        if choice is None:
            return None
        choices.append(choice)
    return Selection(type_.name, tuple(choices))


def read_choice(
    executor: Executor[Any], type_: GraphQLObjectType, key: str, group: list[FieldDetails]
) -> Choice | None:
    """Return one entry of a selection, None where it is not plain."""
    name = group[0].node.name.value
    if name == TYPENAME:
        return Choice(key, TYPENAME)
    if name not in PLAIN[type_.name]:
        return None
    field = type_.fields[name]
    arguments = read_arguments(executor, field, group[0])
    if arguments is None:
        return None
    named = get_named_type(field.type)
    if is_leaf_type(named):
        return Choice(key, name, arguments)
    if not isinstance(named, GraphQLObjectType) or named.name not in PLAIN:
        return None
    below = read_selection(executor, named, group)
    return None if below is None else Choice(key, name, arguments, below)


def read_arguments(executor: Executor[Any], field: GraphQLField, detail: FieldDetails) -> Arguments | None:
    """Return a field's arguments by the names that its resolver knows, None where they are wrong."""
    if not field.args:
        return ()
    try:
        given = get_argument_values(field, detail.node, executor.variable_values)
    except GraphQLError:
        return None
    names = {argument.out_name or name: name for name, argument in field.args.items()}
    python = {
        names.get(a.graphql_name or "", a.graphql_name or a.python_name): a.python_name
        for a in definition_of(field).arguments
    }
    return tuple((python.get(name, name), freeze(value)) for name, value in given.items())


def freeze(value: Any) -> Any:
    """Return an argument in a form that can be compared and kept."""
    return tuple(map(freeze, value)) if isinstance(value, list) else value


def definition_of(field: GraphQLField) -> StrawberryField:
    """Return Strawberry's definition of a field of the contract."""
    definition: StrawberryField = field.extensions["strawberry-definition"]
    return definition


Fragments = Mapping[str, FragmentDefinitionNode]


def find_variables(fragments: Fragments, nodes: Iterable[Node]) -> tuple[str, ...]:
    """Return the names of the variables that stand in nodes and in all fragments below them, sorted."""
    seen: set[str] = set()
    names: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, VariableNode):
            names.add(node.name.value)
        if isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            waiting.append(fragments[node.name.value])
        waiting.extend(children_of(node))
    return tuple(sorted(names))


def find_choosing_variables(fragments: Fragments, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """Return the names of the variables on which it depends what an operation selects.

    These are all but those that only stand in arguments of its root fields.
    """
    seen: set[str] = set()
    nodes: list[Node] = []
    waiting: list[Node] = [*operation.selection_set.selections]
    while waiting:
        node = waiting.pop()
        nodes.extend(getattr(node, "directives", None) or ())
        if isinstance(node, FieldNode):
            nodes.extend([node.selection_set] if node.selection_set else ())
        elif isinstance(node, InlineFragmentNode):
            waiting.extend(node.selection_set.selections)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            waiting.extend(fragments[node.name.value].selection_set.selections)
    return find_variables(fragments, nodes)


def children_of(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below a node."""
    for key in node.keys:
        value = getattr(node, key, None)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, list | tuple):
            yield from (item for item in value if isinstance(item, Node))


def find_resolver(field: GraphQLField) -> tuple[Callable[..., Any] | None, str, bool]:
    """Return a field's resolver, or None and the attribute that holds its value; and whether it is a coroutine."""
    definition = definition_of(field)
    if definition.base_resolver is None:
        return None, definition.python_name, False
    resolve: Callable[..., Any] = definition.base_resolver.wrapped_func  # type: ignore[assignment]
    return resolve, definition.python_name, inspect.iscoroutinefunction(resolve)
