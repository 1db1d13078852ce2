"""How large a document may be, found in one walk before it is validated.

Each fragment is looked at once, however often it is spread, so that the walk itself takes no longer than the
document is. What it must keep small is what graphql-core does with a document: its rule for fields of the same
key compares each with each (OverlappingFieldsCanBeMerged).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

DEEPEST_FRAGMENTS = 50
"""How deep fragments may stand in each other, whatever the limits are: the walk goes down with them."""

NESTED = (dict, list)
"""What has values itself, of all that JSON has."""

DEEPEST_VALUES = 100
"""How deep the values of variables may stand in each other: whatever looks at them later goes down with them."""


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """What a document may have at the most."""

    tokens: int = 2_500
    depth: int = 20
    aliases: int = 200
    directives: int = 200
    fragments: int = 200
    operations: int = 50
    comparisons: int = 3_000
    characters: int = 65_536
    values: int = 2_000

    def check_text(self, text: str) -> None:
        """Raise DocumentTooLarge for a document that is too long to be read: that takes as long as its texts are."""
        if len(text) > self.characters:
            raise DocumentTooLarge("characters", self.characters)

    def check_variables(self, variables: Mapping[str, Any], *, counts: bool = True) -> None:
        """Raise DocumentTooLarge for variables that are nested too deeply, or have too many values if that `counts`."""
        found, depth, level = len(variables), 0, find_nested(variables.values())
        while level and depth < DEEPEST_VALUES and (found <= self.values or not counts):
            found, depth = found + sum(map(len, level)), depth + 1
            level = [value for held in level for value in find_nested(list_values(held))]
        if counts and found > self.values:
            raise DocumentTooLarge("values", self.values)
        if level and depth == DEEPEST_VALUES:
            raise DocumentTooLarge("levels", DEEPEST_VALUES)

    def check(self, document: DocumentNode) -> None:
        """Raise DocumentTooLarge for what a document has too much of."""
        measured = Measuring(document, self).measure()
        for limit in fields(measured):
            found, maximum = getattr(measured, limit.name), getattr(self, limit.name)
            if found > maximum:
                raise DocumentTooLarge(limit.name, maximum)


SENTENCES: Mapping[str, str] = {
    "tokens": "A document takes at most {} tokens.",
    "depth": "Fields stand at most {} deep in each other.",
    "nesting": "Fragments stand at most {} deep in each other.",
    "aliases": "A document takes at most {} aliases.",
    "directives": "A document takes at most {} directives.",
    "fragments": "A document takes at most {} fragments.",
    "operations": "A document takes at most {} operations.",
    "comparisons": "Too many fields have the same key at the same place, or too many fragments are spread there: "
    "validating them takes more than {} comparisons.",
    "characters": "A document takes at most {} characters; longer texts are given as variables.",
    "values": "Variables take at most {} values, those in lists and objects included.",
    "levels": "The values of variables stand at most {} deep in each other.",
}


def find_nested(values: Iterable[Any]) -> list[Any]:
    """Return those of some values that have values themselves."""
    return [value for value in values if isinstance(value, NESTED)]


def list_values(held: dict[str, Any] | list[Any]) -> Iterable[Any]:
    """Return what is in an object or a list."""
    return held.values() if isinstance(held, dict) else held


class DocumentTooLarge(GraphQLError):
    """A document has more of something than it may; `limit` names it."""

    def __init__(self, limit: str, maximum: int) -> None:
        super().__init__(SENTENCES[limit].format(maximum))
        self.limit = limit
        self.maximum = maximum


@dataclass(slots=True)
class Measured:
    """What a document has."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fragments: int = 0
    operations: int = 0
    comparisons: int = 0


@dataclass(slots=True)
class Flat:
    """What stands at one place, fragments included: how often each key, how many fields below each, how deep."""

    keys: Counter[str] = field(default_factory=Counter)
    below: Counter[str] = field(default_factory=Counter)
    fragments: set[str] = field(default_factory=set)
    depth: int = 0

    def add(self, other: Flat) -> int:
        """Take in what a fragment has; return how much work it was."""
        self.keys.update(other.keys)
        self.below.update(other.below)
        self.fragments |= other.fragments
        self.depth = max(self.depth, other.depth)
        return len(other.keys) + len(other.fragments)

    def comparisons(self) -> int:
        """Return about how many comparisons of fields it takes to validate what stands at this place."""
        pairs = sum((times - 1) * self.below[key] // 2 for key, times in self.keys.items() if times > 1)
        return pairs + len(self.fragments) * (len(self.fragments) - 1) // 4


class Measuring:
    """One walk through a document."""

    def __init__(self, document: DocumentNode, limits: DocumentLimits) -> None:
        self._limits = limits
        self._definitions = document.definitions
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._known: dict[str, Flat] = {}
        self._open: set[str] = set()
        self._measured = Measured(fragments=len(self._fragments))

    def measure(self) -> Measured:
        """Return what the document has; the walk ends where that is too much already. Raises DocumentTooLarge."""
        operations = [one for one in self._definitions if isinstance(one, OperationDefinitionNode)]
        self._measured.operations = len(operations)
        for name in ("fragments", "operations"):
            self._check(name)
        for definition in (*operations, *self._fragments.values()):
            self._count_directives(definition.directives or ())
            flat, _ = self._flatten(definition.selection_set)
            self._measured.depth = max(self._measured.depth, flat.depth)
        return self._measured

    def _check(self, name: str) -> None:
        maximum = getattr(self._limits, name)
        if getattr(self._measured, name) > maximum:
            raise DocumentTooLarge(name, maximum)

    def _count_directives(self, directives: Iterable[Any]) -> None:
        self._measured.directives += len(tuple(directives))
        self._check("directives")

    def _flatten(self, selection_set: SelectionSetNode) -> tuple[Flat, int]:
        """Return what stands at the place of a selection set, and how many fields all of it has."""
        flat, size = Flat(), 0
        for selection in selection_set.selections:
            size += self._take(flat, selection)
        self._measured.comparisons += flat.comparisons()
        self._check("comparisons")
        return flat, size

    def _take(self, flat: Flat, selection: SelectionNode) -> int:
        self._count_directives(selection.directives or ())
        if isinstance(selection, FieldNode):
            return self._take_field(flat, selection)
        if isinstance(selection, InlineFragmentNode):
            return sum(self._take(flat, one) for one in selection.selection_set.selections)
        assert isinstance(selection, FragmentSpreadNode)
        name = selection.name.value
        if name not in flat.fragments and name in self._fragments:
            flat.fragments.add(name)
            self._measured.comparisons += flat.add(self._find(name)) // 8
        return 1

    def _take_field(self, flat: Flat, node: FieldNode) -> int:
        if node.alias:
            self._measured.aliases += 1
            self._check("aliases")
        key = (node.alias or node.name).value
        size, depth = 1, 1
        if node.selection_set:
            below, count = self._flatten(node.selection_set)
            size, depth = size + count, depth + below.depth
        if depth > self._limits.depth:
            raise DocumentTooLarge("depth", self._limits.depth)
        flat.keys[key] += 1
        flat.below[key] += size
        flat.depth = max(flat.depth, depth)
        return size

    def _find(self, name: str) -> Flat:
        """Return what a fragment has; nothing where it contains itself, which validation tells."""
        if name in self._open:
            return Flat()
        if len(self._open) >= DEEPEST_FRAGMENTS:
            raise DocumentTooLarge("nesting", DEEPEST_FRAGMENTS)
        if name not in self._known:
            self._open.add(name)
            self._known[name] = self._flatten(self._fragments[name].selection_set)[0]
            self._open.discard(name)
        return self._known[name]
