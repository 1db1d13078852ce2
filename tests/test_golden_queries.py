"""Golden queries: each `queries/NAME.graphql` is asked, and what comes back and what was read is compared.

`NAME.json` is the data, byte for byte the same from both databases; `NAME.sql` the statements that SQLite
read for it with an empty library. QUIET_TEST_UPDATE=1 writes both anew; the diff is then what to review.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    Node,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)

from models.access import Role
from models.live_index import LiveIndex
from schema.build import build_schema, core_schema
from tests.client import Client, Reply
from tests.databases import DIALECT

FOLDER = Path(__file__).parent / "queries"
QUERIES = sorted(path.stem for path in FOLDER.glob("*.graphql"))
UPDATE = os.environ.get("QUIET_TEST_UPDATE") == "1"

FACT = re.compile("(statements|variables|role): ")

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, slots=True)
class Golden:
    """A golden query: its text, and what its comments say."""

    name: str
    text: str
    sentence: str
    statements: int
    variables: dict[str, Any]
    role: str | None

    def path(self, suffix: str) -> Path:
        """Return the file beside the query that has this suffix."""
        return FOLDER / f"{self.name}.{suffix}"


def read_golden(name: str) -> Golden:
    """Read a golden query; its comments are a sentence and facts: statements, and perhaps variables and role."""
    text = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
    comments = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
    values = dict(line.split(": ", 1) for line in comments if FACT.match(line))
    sentence = " ".join(line for line in comments if not FACT.match(line))
    variables = orjson.loads(values.get("variables", "{}"))
    return Golden(name, text, sentence, int(values["statements"]), look_up(variables), values.get("role"))


def look_up(value: Any) -> Any:
    """Return variables with each `@NAME.path.to.value` replaced by that value of another golden answer."""
    if isinstance(value, dict):
        return {key: look_up(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [look_up(inner) for inner in value]
    if not (isinstance(value, str) and value.startswith("@")):
        return value
    name, *steps = value[1:].split(".")
    found = orjson.loads((FOLDER / f"{name}.json").read_bytes())
    for step in steps:
        found = found[int(step) if step.isdigit() else step]
    return found


def lay_out(statements: list[str]) -> str:
    """Return statements as text that shows well in a diff: one clause a line, a blank line between them."""
    clause = r" (?=(?:FROM|JOIN|WHERE|AND|GROUP BY|ORDER BY|LIMIT)\b)"
    return "".join(re.sub(clause, "\n  ", " ".join(s.split())) + ";\n\n" for s in statements)


def pretty(data: object) -> bytes:
    """Return data as indented JSON."""
    return orjson.dumps(data, option=orjson.OPT_INDENT_2) + b"\n"


def write(golden: Golden, reply: Reply) -> None:
    """Make this reply the golden one."""
    golden.path("json").write_bytes(pretty(reply.data))
    if DIALECT == "sqlite":
        golden.path("sql").write_text(lay_out(reply.statements), encoding="utf-8")


async def ask(client: Client, golden: Golden) -> Reply:
    """Send a golden query, with a token of its role if it has one."""
    if golden.role is not None:
        client = await client.sign_in(Role(golden.role))
    return await client.ask(golden.text, **golden.variables)


async def ask_cold(client: Client, golden: Golden) -> Reply:
    """Send a golden query while nothing is in memory, neither editions nor what is live."""
    client.forget()
    index, client.service.index = client.service.index, LiveIndex(client.database, 0)
    try:
        return await ask(client, golden)
    finally:
        client.service.index = index


@pytest.mark.parametrize("name", QUERIES)
async def test_from_memory(name: str, reading: Client) -> None:
    """What is in memory changes no answer, and spares statements."""
    golden = read_golden(name)
    for _ in range(3):
        reply = await ask(reading, golden)
        assert pretty(reply.data) == golden.path("json").read_bytes()
    assert len(reply.statements) <= golden.statements


@pytest.mark.parametrize("name", QUERIES)
async def test_golden(name: str, reading: Client) -> None:
    """A golden query has the answer, the statements and the number of statements that its files hold."""
    golden = read_golden(name)
    reply = await ask_cold(reading, golden)
    if UPDATE:
        write(golden, reply)
    expected = golden.path("json").read_bytes()
    assert pretty(reply.data) == expected
    # The bytes on the wire: the same fields in the same order and spelling, whatever the database.
    assert b'"data":' + orjson.dumps(orjson.loads(expected)) + b"," in reply.content
    assert len(reply.statements) == golden.statements, lay_out(reply.statements)
    if DIALECT == "sqlite":
        # Root fields run side by side, so the order of their statements is not fixed.
        found = lay_out(reply.statements).split("\n\n")
        assert sorted(found) == sorted(golden.path("sql").read_text(encoding="utf-8").split("\n\n"))


@pytest.mark.parametrize("name", QUERIES)
async def test_answers_are_the_same_from_memory(name: str, reading: Client) -> None:
    """A golden query has the same answer, byte for byte, when the library holds all that it needs."""
    golden = read_golden(name)
    first = await ask(reading, golden)
    second = await ask(reading, golden)
    assert first.content == second.content
    assert pretty(second.data) == golden.path("json").read_bytes()


async def test_every_query_says_what_it_shows() -> None:
    """Each golden query opens with a sentence, and there are no answers without their query."""
    assert [name for name in QUERIES if not read_golden(name).sentence.endswith(".")] == []
    assert {path.stem for path in FOLDER.iterdir()} == set(QUERIES)


class Coverage(Visitor):
    """Collects which elements of the contract a document uses, as `Type.field(argument)` and the like."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.used: set[str] = set()

    def enter_field(self, *_: object) -> None:
        """Note a field of a type."""
        self.used.add(f"{self.info.get_parent_type()}.{self.field_name()}")

    def enter_argument(self, node: Any, *_: object) -> None:
        """Note an argument of a field or directive."""
        directive = self.info.get_directive()
        holder = f"@{directive.name}" if directive else f"{self.info.get_parent_type()}.{self.field_name()}"
        self.used.add(f"{holder}({node.name.value})")

    def enter_object_field(self, node: Any, *_: object) -> None:
        """Note a field of an input."""
        self.used.add(f"{self.inputs()}.{node.name.value}")

    def enter_enum_value(self, node: Any, *_: object) -> None:
        """Note a value of an enum."""
        self.used.add(f"{get_named_type(self.info.get_input_type())}.{node.value}")

    def field_name(self) -> str:
        """Return the name of the field that is being visited."""
        definition = self.info.get_field_def()
        names = getattr(self.info.get_parent_type(), "fields", {})
        return next((name for name, field in names.items() if field is definition), "__typename")

    def inputs(self) -> str:
        """Return the name of the input type that is being visited."""
        return str(get_named_type(self.info.get_parent_input_type()))


def used_elements(schema: GraphQLSchema) -> set[str]:
    """Return what all golden queries use of the contract."""
    used: set[str] = set()
    for name in QUERIES:
        info = TypeInfo(schema)
        coverage = Coverage(info)
        document: Node = parse(read_golden(name).text)
        visit(document, TypeInfoVisitor(info, coverage))
        used |= coverage.used
    return used


def name_elements(schema: GraphQLSchema) -> Iterator[str]:
    """Yield what the contract offers that a document can use."""
    for type_ in readable_types(schema):
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}"
                yield from name_arguments(f"{type_.name}.{name}", field.args)
        elif isinstance(type_, GraphQLInputObjectType):
            yield from (f"{type_.name}.{name}" for name in type_.fields)
        elif isinstance(type_, GraphQLEnumType):
            yield from (f"{type_.name}.{name}" for name in type_.values)
    for directive in schema.directives:
        if directive.name in {"view", "skip", "include"}:
            yield from name_arguments(f"@{directive.name}", directive.args)


ONLY_ANSWERED = ("PublicationState", "DifferenceKind", "BrokenLinkReason", "RecommendationKind", "RouteKind")
"""Enums that no argument takes."""


def readable_types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    """Yield the types that a query can meet; tokens and webhooks, which have tests of their own, are left out."""
    assert schema.query_type is not None
    seen: set[str] = {"Token", "Role", "Webhook", "DeliveryConnection", *ONLY_ANSWERED}
    waiting: list[GraphQLNamedType] = [schema.query_type]
    while waiting:
        type_ = waiting.pop()
        if type_.name in seen:
            continue
        seen.add(type_.name)
        yield type_
        for field in getattr(type_, "fields", {}).values():
            waiting += [get_named_type(field.type)]
            waiting += [get_named_type(argument.type) for argument in getattr(field, "args", {}).values()]


def name_arguments(holder: str, arguments: dict[str, GraphQLArgument]) -> Iterator[str]:
    """Yield the names of arguments."""
    yield from (f"{holder}({name})" for name in arguments)


async def test_golden_queries_use_everything() -> None:
    """Every field, argument, filter, operator and enum value of the contract stands in a golden query."""
    schema = core_schema(build_schema())
    assert set(name_elements(schema)) - used_elements(schema) == {"Query.tokens", "Query.webhooks"}
