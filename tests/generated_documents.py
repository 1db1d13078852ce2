"""Query documents that hypothesis-graphql generates over the committed contract, with values that find something.

Of an id, a slug or a moment only a number is drawn; `tests.dressing` puts in what there is then.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from graphql import (
    DocumentNode,
    GraphQLArgument,
    GraphQLInputField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    NameNode,
    ObjectFieldNode,
    StringValueNode,
    ValueNode,
    build_schema,
)
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

T = TypeVar("T")

CONTRACT = (Path(__file__).parent.parent / "schema" / "schema.graphql").read_text()
ARGUMENTS = {
    "first": "Count",
    "last": "Count",
    "offset": "Offset",
    "words": "Words",
    "after": "Cursor",
    "before": "Cursor",
    "by": "Naming",
}
"""Arguments whose values say more than their types; a text that is called `site` is a site's key."""

ROOTS = [
    *[("articles",)] * 4,
    *[("article",)] * 3,
    ("questions",),
    *[("search",)] * 2,
    ("nodes",),
    ("node", "tags"),
    ("article", "articles", "sites"),
    ("article", "articles", "questions", "node", "nodes", "tags", "sites", "changes", "head"),
]
"""The root fields that a document may have; tokens come and go without a revision."""

MARK = "@"


def known(kind: str) -> st.SearchStrategy[ValueNode]:
    """Return the strategy of what stands for one of the things of a kind that there are."""
    return st.integers(0, 60).map(lambda number: StringValueNode(value=f"{MARK}{kind} {number}"))


def naming(field: str, kind: str) -> st.SearchStrategy[ValueNode]:
    """Return the strategy of a way to name an article."""
    name = NameNode(value=field)
    return known(kind).map(lambda value: nodes.Object([ObjectFieldNode(name=name, value=value)]))


def numbers(*values: int) -> st.SearchStrategy[ValueNode]:
    """Return the strategy of one of some numbers."""
    return st.sampled_from(values).map(nodes.Int)


VALUES: dict[str, st.SearchStrategy[ValueNode]] = {
    "ID": known("id"),
    "ArticleId": known("article"),
    "String": known("text"),
    "SiteKey": known("site"),
    "Cursor": known("cursor"),
    "DateTime": known("moment"),
    "Revision": known("revision"),
    "Locale": st.sampled_from(["en", "de", "pt-BR"]).map(nodes.String),
    "Naming": st.one_of(
        naming("id", "article"), naming("id", "article"), naming("slug", "slug"), naming("path", "path")
    ),
    "Count": numbers(*[1, 2, 3, 5, 20] * 8, 0, 101),
    "Offset": numbers(0, 0, 1, 2, 30),
    "Words": numbers(*[1, 3, 40, 500] * 8, 0),
}


def retyped_contract() -> GraphQLSchema:
    """Return the contract in which arguments have the types by which their values are drawn."""
    schema = build_schema(CONTRACT)
    for value in schema.type_map["IDFilter"].fields.values():  # type: ignore[attr-defined]
        value.type = with_name(value.type, "ArticleId")
    for name, value in inputs(schema):
        is_site = name == "site" and "String" in str(value.type) and "Filter" not in str(value.type)
        scalar = "SiteKey" if is_site else ARGUMENTS.get(name)
        if scalar:
            value.type = with_name(value.type, scalar)
    return schema


def inputs(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLArgument | GraphQLInputField]]:
    """Yield every argument and every field of an input object with its name."""
    for type_ in schema.type_map.values():
        for name, field in getattr(type_, "fields", {}).items():
            if isinstance(field, GraphQLInputField):
                yield name, field
            yield from getattr(field, "args", {}).items()


def with_name(type_: Any, name: str) -> Any:
    """Return a type with another name at its core."""
    if isinstance(type_, GraphQLNonNull | GraphQLList):
        return type(type_)(with_name(type_.of_type, name))
    return GraphQLScalarType(name)


@cache
def documents() -> st.SearchStrategy[DocumentNode]:
    """Return the strategy of documents."""
    contract = retyped_contract()
    return st.one_of(
        [queries(contract, fields=roots, custom_scalars=VALUES, print_ast=keep) for roots in ROOTS]
    )


def keep(document: DocumentNode) -> DocumentNode:
    """Return a document as it is, not as text."""
    return document


def draw(strategy: st.SearchStrategy[T], count: int, number: int) -> list[T]:
    """Return so many examples of a strategy, always the same for the same number."""
    drawn: list[T] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: T) -> None:
        drawn.append(example)

    collect()
    return drawn
