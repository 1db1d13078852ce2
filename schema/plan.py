"""Plans: operations whose root fields are articles and lists of articles, all of it plain, answered in one go.

A plan calls the root fields' own resolvers and lets the projector write what they return, from finished JSON
where memory has it. Anything else, and whatever fails, is left to the execution field by field.
"""

from __future__ import annotations

import inspect
from asyncio import gather
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)
from graphql.execution.collect_fields import FieldDetails, collect_fields
from graphql.execution.executor import Executor
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.arguments import convert_arguments

from models.reading import Reader, StoredArticle
from schema.article import Article
from schema.connections import ArticleConnection, Page
from schema.operation import Operation
from schema.projection import Projection
from schema.projector import (
    DocumentProjections,
    ProjectingExecutor,
    find_missing,
    name_fragment,
    project_part,
)
from schema.selection import TYPENAME, definition_of, find_variables

Finish = Callable[[Any], Awaitable[Any]]
Groups = Mapping[str, list[FieldDetails]]
NO_VARIABLES = VariableValues({}, {})


@dataclass(frozen=True, slots=True)
class Context:
    """What resolvers of root fields use of Strawberry's Info."""

    context: Operation


@dataclass(frozen=True, slots=True)
class RootField:
    """A root field: its key in the answer, its resolver, what reads its arguments, and what completes its value."""

    key: str
    resolve: Callable[..., Awaitable[Any]]
    read: Callable[[VariableValues], Mapping[str, Any]]
    finish: Finish

    async def execute(self, context: Context, arguments: Mapping[str, Any]) -> Any:
        """Return the field's value as orjson takes it. Raises what the resolver raises."""
        return await self.finish(await self.resolve(None, info=context, **arguments))


@dataclass(frozen=True, slots=True)
class Plan:
    """How an operation is answered, whatever the arguments of its root fields are."""

    fields: tuple[RootField, ...]

    def bind(self, variables: VariableValues) -> BoundPlan | None:
        """Return the plan with the arguments that these variables give, None where they are wrong."""
        try:
            return BoundPlan(tuple((field, field.read(variables)) for field in self.fields))
        except (GraphQLError, TypeError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class BoundPlan:
    """A plan whose arguments are known."""

    fields: tuple[tuple[RootField, Mapping[str, Any]], ...]

    async def execute(self, operation: Operation) -> dict[str, Any] | None:
        """Return the data, or None where something failed: then it must be executed field by field."""
        context = Context(operation)
        try:
            if len(self.fields) == 1:
                ((field, arguments),) = self.fields
                return {field.key: await field.execute(context, arguments)}
            values = await gather(*(field.execute(context, arguments) for field, arguments in self.fields))
        except Exception:  # noqa: BLE001 - it comes again, at its place
            return None
        return {field.key: value for (field, _), value in zip(self.fields, values, strict=True)}


def make_plan(executor: ProjectingExecutor, projections: DocumentProjections) -> Plan | None:
    """Return the plan of the operation that an executor was built for, None where not all of it is plain."""
    root = executor.schema.query_type
    assert root is not None
    groups = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, root, executor.operation, False
    ).grouped_field_set
    fields = [make_root_field(executor, projections, key, group) for key, group in groups.items()]
    return Plan(tuple(f for f in fields if f)) if fields and all(fields) else None


def make_root_field(
    executor: ProjectingExecutor, projections: DocumentProjections, key: str, group: list[FieldDetails]
) -> RootField | None:
    """Return how a root field is answered, None where it is not plain."""
    root = executor.schema.query_type
    assert root is not None
    field = root.fields.get(group[0].node.name.value)
    type_ = get_named_type(field.type) if field else None
    if field is None or not isinstance(type_, GraphQLObjectType) or type_.name not in FINISHES:
        return None
    finish = FINISHES[type_.name](executor, projections, type_, group)
    if finish is None:
        return None
    definition = definition_of(field)
    assert definition.base_resolver is not None
    resolve = definition.base_resolver.wrapped_func
    assert inspect.iscoroutinefunction(resolve)
    node = group[0].node
    try:
        if find_variables({}, node.arguments or ()):
            read = partial(read_node_arguments, executor.schema, field, node)
            return RootField(key, resolve, read, finish)
        arguments = read_node_arguments(executor.schema, field, node, NO_VARIABLES)
    except (GraphQLError, TypeError, ValueError):
        return None
    return RootField(key, resolve, lambda _variables: arguments, finish)


def read_arguments(executor: Executor[Any], field: GraphQLField, detail: FieldDetails) -> dict[str, Any]:
    """Return a field's arguments as its resolver takes them. Raises GraphQLError where these are wrong."""
    return read_node_arguments(executor.schema, field, detail.node, executor.variable_values)


def read_node_arguments(
    schema: GraphQLSchema, field: GraphQLField, node: FieldNode, variables: VariableValues
) -> dict[str, Any]:
    """Return the arguments of a field's node as its resolver takes them. Raises GraphQLError where these are wrong."""
    given = get_argument_values(field, node, variables)
    converter = schema._strawberry_schema.schema_converter  # type: ignore[attr-defined]
    return convert_arguments(
        given,
        definition_of(field).arguments,
        scalar_registry=converter.scalar_registry,
        config=converter.config,
    )


def plan_article(
    executor: ProjectingExecutor,
    projections: DocumentProjections,
    type_: GraphQLObjectType,
    group: list[FieldDetails],
) -> Finish | None:
    """Return what writes one article or null."""
    projection = projections.find(executor, type_, group)
    return None if projection is None else partial(write_article, projection)


async def write_article(projection: Projection, article: Article | None) -> orjson.Fragment | None:
    """Return an article as finished JSON."""
    if article is None:
        return None
    missing = find_missing(projection, article)
    if missing:
        await gather(*missing)
    return orjson.Fragment(project_part(projection, article.stored, article.reader.library, article))


@dataclass(frozen=True, slots=True)
class ConnectionPlan:
    """What is selected of a page of articles: entries in their order, each a function of the page."""

    entries: tuple[tuple[str, Callable[[Page[StoredArticle]], Awaitable[Any]]], ...]

    async def write(self, connection: ArticleConnection) -> dict[str, Any]:
        """Return what is selected of a page."""
        return {key: await entry(connection.page) for key, entry in self.entries}


def plan_connection(
    executor: ProjectingExecutor,
    projections: DocumentProjections,
    type_: GraphQLObjectType,
    group: list[FieldDetails],
) -> Finish | None:
    """Return what writes a page of articles: its nodes, its total, or whether there are more."""
    entries: list[tuple[str, Callable[[Any], Awaitable[Any]]]] = []
    for key, below in executor.collect_subfields(type_, group).grouped_field_set.items():
        name = below[0].node.name.value
        if name == "totalCount":
            entries.append((key, count_page))
        elif name == TYPENAME:
            entries.append((key, partial(write_constant, type_.name)))
        elif name == "nodes":
            article = executor.schema.type_map["Article"]
            assert isinstance(article, GraphQLObjectType)
            projection = projections.find(executor, article, below)
            if projection is None:
                return None
            entries.append((key, partial(write_nodes, projection)))
        else:
            return None
    return ConnectionPlan(tuple(entries)).write


async def write_constant(value: str, _page: Page[StoredArticle]) -> str:
    """Return the same for every page."""
    return value


async def count_page(page: Page[StoredArticle]) -> int:
    """Return how long the whole list is."""
    return await page.count()


async def write_nodes(projection: Projection, page: Page[StoredArticle]) -> orjson.Fragment:
    """Return the articles of a page as finished JSON, from memory as far as it has them."""
    reader = page.reader
    found = page.find() if page.find else None
    if found is not None:
        key = partial(name_fragment, projection, None)
        known = reader.library.fragments(found.items, key)
        if known is not None:
            return join(known)
        stored = await reader.show(found.items)
    else:
        stored = (await page.part()).items
    return join(await project_all(projection, reader, stored))


async def project_all(projection: Projection, reader: Reader, stored: list[StoredArticle]) -> list[bytes]:
    """Return articles as finished JSON."""
    articles = [Article(stored=one, reader=reader) for one in stored]
    lacking = [
        one.edition for one in stored if name_fragment(projection, None, one) not in one.edition.fragments
    ]
    library = reader.library
    missing = [load for r, columns in projection.loads for load in library.load(lacking, r, columns)]
    if missing:
        await gather(*missing)
    return [project_part(projection, a.stored, library, a) for a in articles]


def join(fragments: list[bytes]) -> orjson.Fragment:
    """Return finished JSON values as one list."""
    return orjson.Fragment(b"[" + b",".join(fragments) + b"]")


FINISHES = {"Article": plan_article, "ArticleConnection": plan_connection}
"""What plans the root fields of each type that has plans."""
