"""Random queries over the contract: nested selections with aliases, fragments, arguments, variables and views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

LEFT_OUT = {"tokens"}
DEEPEST = 5
OFTEN = {
    "Query": ("article", "article", "articles", "articles", "articles", "questions"),
    "ArticleConnection": ("nodes", "nodes", "nodes"),
    "Article": ("sections", "questions", "related", "title", "intro"),
}
"""Fields that are drawn more often than others of their type."""

KINDS = ["PROSE", "PROS_AND_CONS", "FAQ", "KEY_INSIGHTS"]
CHAINS = ['"de"', '["de", "en"]', '["fr"]', '["en"]']
ORDERS = ["{ field: TITLE }", "{ field: PUBLISHED_AT, direction: DESC }", "{ field: SLUG, direction: DESC }"]


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to ask for."""

    ids: Sequence[str]
    slugs: Sequence[str]
    paths: Sequence[str]
    revisions: Sequence[int]
    moments: Sequence[str]


@dataclass(slots=True)
class Document:
    """A document as it grows: its fragments, and its variables with their types and values."""

    fragments: list[str] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


class Writer:
    """Writes one random document; the same random numbers give the same one."""

    def __init__(self, schema: GraphQLSchema, known: Known, random: Random) -> None:
        self.schema = schema
        self.known = known
        self.random = random
        self.document = Document()

    def write(self) -> tuple[str, dict[str, Any]]:
        """Return a document and its variables."""
        assert self.schema.query_type is not None
        body = self.write_selection(self.schema.query_type, 0)
        variables = ", ".join(f"${name}: {type_}" for name, type_ in self.document.types.items())
        header = f"query Random{f'({variables})' if variables else ''} {self.write_view()} "
        return header + body + "\n".join(["", *self.document.fragments]), self.document.values

    def write_view(self) -> str:
        """Return a view pinned to a revision and moment, so that it shows the same whenever it is asked."""
        parts = [f"revision: {self.random.choice(self.known.revisions)}"]
        parts.append(f"at: {orjson.dumps(self.random.choice(self.known.moments)).decode()}")
        if self.random.random() < 0.4:
            parts.append("perspective: DRAFT")
        if self.random.random() < 0.4:
            parts.append(f"locales: {self.random.choice(CHAINS)}")
        return f"@view({', '.join(parts)})"

    def write_selection(self, type_: GraphQLNamedType, depth: int) -> str:
        """Return a selection set of a type, with at least one field."""
        if isinstance(type_, GraphQLInterfaceType):
            names = self.random.sample(["Article", "Section", "Question", "Site", "Tag"], 3)
            inner = " ".join(f"... on {name} {self.select_of(name, depth)}" for name in names)
            return f"{{ __typename {inner} }}"
        assert isinstance(type_, GraphQLObjectType)
        fields = [self.write_field(type_, depth) for _ in range(self.random.randint(1, 4))]
        return f"{{ {' '.join(filter(None, fields)) or '__typename'} }}"

    def select_of(self, name: str, depth: int) -> str:
        """Return a selection set of the type with this name."""
        return self.write_selection(self.schema.type_map[name], depth + 1)

    def write_field(self, type_: GraphQLObjectType, depth: int) -> str:
        """Return a field of a type, plain or in some wrapping; empty where the depth forbids."""
        if self.random.random() < 0.05:
            return "__typename"
        name = self.random.choice(
            [*(n for n in type_.fields if n not in LEFT_OUT), *OFTEN.get(type_.name, ())]
        )
        definition = type_.fields[name]
        named = get_named_type(definition.type)
        if not is_leaf_type(named) and depth >= DEEPEST:
            return ""
        text = self.name_uniquely(name) + self.write_arguments(name, definition) + self.write_condition()
        if not is_leaf_type(named):
            text += " " + self.write_selection(named, depth + 1)
        return self.wrap(text, type_)

    def name_uniquely(self, name: str) -> str:
        """Return a field under an alias of its own, so that no two of a selection can differ in arguments."""
        return f"k{self.random.randrange(10**9)}: {name}"

    def wrap(self, text: str, type_: GraphQLObjectType) -> str:
        """Return a field, perhaps within a fragment."""
        choice = self.random.random()
        if choice < 0.15:
            return f"... on {type_.name} {{ {text} }}"
        if choice < 0.25:
            name = f"F{len(self.document.fragments)}_{self.random.randrange(10**6)}"
            self.document.fragments.append(f"fragment {name} on {type_.name} {{ {text} }}")
            return f"...{name}"
        return f"... {{ {text} }}" if choice < 0.3 else text

    def write_condition(self) -> str:
        """Return a directive that skips or includes, or nothing."""
        if self.random.random() > 0.15:
            return ""
        name = self.random.choice(["skip", "include"])
        value = self.random.random() < 0.5
        if self.random.random() < 0.5:
            return f" @{name}(if: {str(value).lower()})"
        return f" @{name}(if: {self.declare('Boolean!', value)})"

    def declare(self, type_: str, value: Any) -> str:
        """Return a new variable of a type that has a value."""
        name = f"v{len(self.document.types)}"
        self.document.types[name], self.document.values[name] = type_, value
        return f"${name}"

    def write_arguments(self, name: str, definition: GraphQLField) -> str:
        """Return some of a field's arguments; all that it needs are among them."""
        given = []
        for argument in definition.args:
            value = self.choose(name, argument)
            if value is not None:
                given.append(f"{argument}: {value}")
        return f"({', '.join(given)})" if given else ""

    def choose(self, name: str, argument: str) -> str | None:
        """Return a value for an argument, None to leave it out."""
        random, known = self.random, self.known
        if argument == "id":
            return orjson.dumps(random.choice(known.ids)).decode()
        if argument == "ids":
            return orjson.dumps(random.sample(known.ids, 3)).decode()
        if argument == "by":
            return self.choose_article()
        if argument == "from":
            return str(random.choice(known.revisions))
        if argument == "words":
            return self.perhaps_variable("Int!", random.choice([1, 3, 40, 500] * 10 + [0]))
        if argument == "first":
            return self.perhaps_variable("Int!", random.choice([0, 1, 3, 5]))
        if argument == "kinds" and random.random() < 0.5:
            return f"[{', '.join(random.sample(KINDS, 2))}]" if random.random() < 0.5 else "null"
        if argument == "orderBy" and random.random() < 0.5:
            return f"[{random.choice(ORDERS)}]" if name == "articles" else None
        return None

    def perhaps_variable(self, type_: str, value: Any) -> str:
        """Return a value, as it is or as a variable."""
        return self.declare(type_, value) if self.random.random() < 0.4 else str(value)

    def choose_article(self) -> str:
        """Return a way to name an article."""
        field_, values = self.random.choice([("slug", self.known.slugs), ("path", self.known.paths)])
        return f"{{ {field_}: {orjson.dumps(self.random.choice(values)).decode()} }}"
