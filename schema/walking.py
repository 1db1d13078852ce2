"""What stands in a document: the fields below a field, and the values of arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    SelectionNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from schema.given import Given

Fragments = Mapping[str, FragmentDefinitionNode]


def walk_fields(node: FieldNode, fragments: Fragments) -> Iterator[FieldNode]:
    """Yield all fields below a field, those of each fragment once."""
    seen: set[str] = set()
    waiting: list[SelectionNode] = [*node.selection_set.selections] if node.selection_set else []
    while waiting:
        below = waiting.pop()
        if isinstance(below, FragmentSpreadNode):
            if below.name.value not in seen:
                seen.add(below.name.value)
                waiting.extend(fragments[below.name.value].selection_set.selections)
            continue
        assert isinstance(below, FieldNode | InlineFragmentNode)
        if isinstance(below, FieldNode):
            yield below
        if below.selection_set:
            waiting.extend(below.selection_set.selections)


def count_fields(node: FieldNode, fragments: Fragments) -> int:
    """Return how many fields stand below a field."""
    return sum(1 for _ in walk_fields(node, fragments))


def find_names(node: FieldNode, fragments: Fragments) -> Set[str]:
    """Return the names of the fields directly below a field."""
    names: set[str] = set()
    seen: set[str] = set()
    waiting: list[SelectionNode] = [*node.selection_set.selections] if node.selection_set else []
    while waiting:
        below = waiting.pop()
        if isinstance(below, FieldNode):
            names.add(below.name.value)
        elif isinstance(below, InlineFragmentNode):
            waiting.extend(below.selection_set.selections)
        elif isinstance(below, FragmentSpreadNode) and below.name.value not in seen:
            seen.add(below.name.value)
            waiting.extend(fragments[below.name.value].selection_set.selections)
    return names


def read_value(node: ValueNode, given: Given) -> Any:
    """Return a number, a switch, a text or a list as it is written; None for all else.

    A variable may have a value, or the node of its default.
    """
    match node:
        case VariableNode():
            value = given.get(node.name.value)
            return read_value(value, given) if isinstance(value, ValueNode) else value
        case IntValueNode():
            return int(node.value)
        case BooleanValueNode() | StringValueNode():
            return node.value
        case ListValueNode():
            return [None] * len(node.values)
    return None
