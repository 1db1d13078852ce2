"""Dresses generated documents: with values that exist, views, variables, aliases, fragments, conditions.

hypothesis-graphql draws fields and arguments; the forms in which a client may write the same are added here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    get_named_type,
    is_required_argument,
    print_ast,
    value_from_ast_untyped,
)

from tests.generated_documents import MARK

CHAINS = [["de"], ["de", "en"], ["fr"], ["en"], ["en", "de"]]
FALLING_BACK = [["de-AT"], ["fr"], ["fr", "de"]]
"""Locales that a view names, and such as others stand in for."""

EXCLUSIVE = [{"first", "after"}, {"last", "before"}, {"first", "offset"}, {"since"}]
"""Arguments that say where a page begins: those of one set go together, those of two do not."""

PAGING = set().union(*EXCLUSIVE)
CURSORS = {"after", "before"}
"""Arguments that are left out mostly: the cursor of one list is an error in another."""

CONTENT = {
    "ArticleConnection": [
        "nodes { id title }",
        "nodes { path sections { heading } }",
        "edges { node { title } }",
    ],
    "Article": [
        "id title",
        "path",
        "sections { id heading body { html } }",
        "questions { id question }",
        "related { label }",
    ],
    "Section": ["id", "heading body { text }"],
    "Question": ["id question", "article { path }"],
    "SearchConnection": [
        "nodes { score fragments article { title } part { __typename } }",
        "edges { node { article { path } part { ... on Section { heading } ... on Question { question } } } }",
        "totalCount pageInfo { hasNextPage }",
    ],
    "SearchHit": ["article { id }", "fragments(words: 6)"],
    "QuestionConnection": ["nodes { question answer { html } }"],
}
"""What is asked for besides what was drawn, so that answers show content: half of what is drawn shows none."""


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to ask for, by the kinds of `tests.generated_documents`.

    `marks` are texts of which at least one is in every answer that shows a part of an article.
    """

    things: Mapping[str, Sequence[Any]]
    marks: frozenset[bytes]

    def find(self, kind: str, number: int) -> Any:
        """Return the thing of a kind that a number means."""
        things = self.things[kind]
        return things[number % len(things)]

    def is_shown_in(self, answer: bytes) -> bool:
        """Tell whether an answer shows something of an article."""
        return any(mark in answer for mark in self.marks)


@dataclass(slots=True)
class Dresser:
    """Writes one document in one of its forms; the same random numbers give the same one."""

    schema: GraphQLSchema
    known: Known
    random: Random
    fragments: list[str] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def write(self, parts: Sequence[DocumentNode]) -> tuple[str, dict[str, Any]]:
        """Return one document of all parts, and its variables."""
        assert self.schema.query_type is not None
        body = ""
        for part in parts:
            (operation,) = part.definitions
            assert isinstance(operation, OperationDefinitionNode)
            body += self.write_all(operation.selection_set.selections, self.schema.query_type, alias=True)
        view = self.write_view()
        variables = ", ".join(f"${name}: {type_}" for name, type_ in self.types.items())
        header = f"query Generated{f'({variables})' if variables else ''} {view}"
        return "\n".join([f"{header} {{ {body} }}", *self.fragments]), self.values

    def often(self, chance: float) -> bool:
        """Tell whether something happens that does with this chance."""
        return self.random.random() < chance

    def write_view(self) -> str:
        """Return the directive that says what the operation sees; often there is none."""
        said = []
        if self.often(0.3):
            said.append("perspective: DRAFT")
        if self.often(0.3):
            falls_back = self.often(0.3)
            chain = self.random.choice(FALLING_BACK if falls_back else CHAINS)
            said.append(f"locales: {self.perhaps_variable('[Locale!]', chain)}")
            said += ["fallback: true"] if falls_back else []
        for name, type_, kind in (("revision", "Revision", "revision"), ("at", "DateTime", "moment")):
            if self.often(0.25):
                value = self.random.choice(self.known.things[kind])
                said.append(f"{name}: {self.perhaps_variable(type_, value)}")
        return f"@view({', '.join(said)})" if said else ""

    def write_all(self, selections: Sequence[SelectionNode], type_: Any, *, alias: bool = False) -> str:
        """Return selections on a type."""
        return " ".join(self.write_one(selection, type_, alias=alias) for selection in selections) + " "

    def write_one(self, selection: SelectionNode, type_: Any, *, alias: bool) -> str:
        """Return one selection on a type."""
        if isinstance(selection, InlineFragmentNode):
            assert selection.type_condition is not None
            name = selection.type_condition.name.value
            inner = self.write_all(selection.selection_set.selections, self.schema.type_map[name])
            return f"... on {name} {{ {inner} }}"
        assert isinstance(selection, FieldNode)
        written = self.write_field(selection, type_, alias=alias)
        return self.wrap(written, type_.name) if isinstance(type_, GraphQLObjectType) else written

    def write_field(self, node: FieldNode, type_: Any, *, alias: bool) -> str:
        """Return a field, perhaps in two halves that must be merged again."""
        name = node.name.value
        text = f"{node.alias.value}: {name}" if node.alias else name
        if alias or self.often(0.15):
            text = f"k{self.random.randrange(10**9)}: {name}"
        if name == "__typename" or not hasattr(type_, "fields"):
            return text
        definition = type_.fields[name]
        text += self.write_arguments(node.arguments or (), definition)
        if node.selection_set is None:
            return text + self.write_condition()
        inner = get_named_type(definition.type)
        return " ".join(
            f"{text}{self.write_condition()} {{ {self.write_all(half, inner)} {self.write_more(inner.name)}}}"
            for half in self.halve(node.selection_set)
        )

    def halve(self, selected: SelectionSetNode) -> list[Sequence[SelectionNode]]:
        """Return selections as they are or in two halves."""
        selections = selected.selections
        if len(selections) < 2 or not self.often(0.15):
            return [selections]
        return [selections[: len(selections) // 2], selections[len(selections) // 2 :]]

    def write_more(self, name: str) -> str:
        """Return more fields of the type with this name, or nothing."""
        more = "__typename " if self.often(0.1) else ""
        if name in CONTENT and self.often(0.7):
            first, *others = self.random.choice(CONTENT[name]).split(" ", 1)
            more += f"k{self.random.randrange(10**9)}: {first} {' '.join(others)} "
        return more

    def wrap(self, text: str, name: str) -> str:
        """Return a field of the type with this name, perhaps within a fragment."""
        choice = self.random.random()
        if choice < 0.1:
            return f"... on {name} {{ {text} }}"
        if choice < 0.2:
            fragment = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {fragment} on {name} {{ {text} }}")
            return f"...{fragment}{self.write_condition()}"
        return f"...{self.write_condition()} {{ {text} }}" if choice < 0.25 else text

    def write_condition(self) -> str:
        """Return a directive that skips or includes, or nothing."""
        if not self.often(0.1):
            return ""
        name, value = self.random.choice(["skip", "include"]), self.often(0.5)
        return f" @{name}(if: {self.perhaps_variable('Boolean!', value)})"

    def perhaps_variable(self, type_: str, value: Any) -> str:
        """Return a value as it is or as a new variable of a type."""
        if self.often(0.6):
            return orjson.dumps(value).decode()
        name = f"v{len(self.types)}"
        self.types[name], self.values[name] = type_, value
        return f"${name}"

    def write_arguments(self, arguments: Sequence[ArgumentNode], definition: Any) -> str:
        """Return some of a field's arguments; all that it needs are among them."""
        together = self.random.choice(EXCLUSIVE)
        written = []
        for argument in arguments:
            name, declared = argument.name.value, definition.args[argument.name.value]
            allowed = name not in PAGING or name in together
            chance = 0.1 if name in CURSORS else 0.5
            if is_required_argument(declared) or (allowed and self.often(chance)):
                written.append(f"{name}: {self.write_value(argument.value, str(declared.type))}")
        return f"({', '.join(written)})" if written else ""

    def write_value(self, node: ValueNode, type_: str) -> str:
        """Return a value with all that it stands for, as it is or as a variable."""
        full = self.resolve(node)
        return print_ast(full) if self.often(0.7) else self.declare(type_, value_from_ast_untyped(full))

    def declare(self, type_: str, value: Any) -> str:
        """Return a new variable of a type that has a value."""
        name = f"v{len(self.types)}"
        self.types[name], self.values[name] = type_, value
        return f"${name}"

    def resolve(self, node: ValueNode) -> ValueNode:
        """Return a value in which what is known stands for numbers."""
        if isinstance(node, ListValueNode):
            # Long lists order by one field twice, or name conditions that nothing meets.
            most = self.random.choice([1, 1, 2, 10])
            return ListValueNode(values=tuple(self.resolve(value) for value in node.values[:most]))
        if isinstance(node, ObjectValueNode):
            return ObjectValueNode(
                fields=tuple(self.resolve_field(f) for f in node.fields if self.is_kept(f))
            )
        if isinstance(node, StringValueNode) and node.value.startswith(MARK):
            kind, number = node.value.removeprefix(MARK).split()
            return as_node(self.known.find(kind, int(number)))
        return node

    def is_kept(self, node: ObjectFieldNode) -> bool:
        """Tell whether a field of an input object is written: null is an error in most of them."""
        return not isinstance(node.value, NullValueNode) or self.often(0.05)

    def resolve_field(self, node: ObjectFieldNode) -> ObjectFieldNode:
        """Return a field of an input object in which what is known stands for numbers."""
        return ObjectFieldNode(name=node.name, value=self.resolve(node.value))


def as_node(value: str | int | None) -> ValueNode:
    """Return a text, a number or nothing as GraphQL writes it."""
    if value is None:
        return NullValueNode()
    return IntValueNode(value=str(value)) if isinstance(value, int) else StringValueNode(value=value)
