"""Plans: operations whose root fields are articles, lists of them and searches, all plain, answered in one go.

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

from schema.article_plan import plan_article, plan_articles
from schema.finishing import Finish, Selected
from schema.operation import Operation
from schema.projector import DocumentProjections, ProjectingExecutor
from schema.search_plan import plan_search
from schema.selection import definition_of, find_variables

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

    def bind(self, variables: VariableValues) -> BoundField:
        """Return the field with the arguments that these variables give. Raises GraphQLError where they are wrong."""
        return BoundField(self.key, self.resolve, self.read(variables), self.finish)


@dataclass(frozen=True, slots=True)
class BoundField:
    """A root field whose arguments are known. It has nothing of the document, which may be forgotten before it."""

    key: str
    resolve: Callable[..., Awaitable[Any]]
    arguments: Mapping[str, Any]
    finish: Finish

    async def execute(self, context: Context) -> Any:
        """Return the field's value as orjson takes it. Raises what the resolver raises."""
        return await self.finish(await self.resolve(None, info=context, **self.arguments))


@dataclass(frozen=True, slots=True)
class Plan:
    """How an operation is answered, whatever the arguments of its root fields are."""

    fields: tuple[RootField, ...]

    def bind(self, variables: VariableValues) -> BoundPlan | None:
        """Return the plan with the arguments that these variables give, None where they are wrong."""
        try:
            return BoundPlan(tuple(field.bind(variables) for field in self.fields))
        except (GraphQLError, TypeError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class BoundPlan:
    """A plan whose arguments are known."""

    fields: tuple[BoundField, ...]

    async def execute(self, operation: Operation) -> dict[str, Any] | None:
        """Return the data, or None where something failed: then it must be executed field by field."""
        context = Context(operation)
        try:
            if len(self.fields) == 1:
                (field,) = self.fields
                return {field.key: await field.execute(context)}
            values = await gather(*(field.execute(context) for field in self.fields))
        except Exception:  # noqa: BLE001 - it comes again, at its place
            return None
        return {field.key: value for field, value in zip(self.fields, values, strict=True)}


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
    finish = FINISHES[type_.name](Selected(executor, projections, type_, group))
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


FINISHES = {
    "Article": plan_article,
    "ArticleConnection": plan_articles,
    "SearchConnection": plan_search,
}
"""What plans the root fields of each type that has plans."""
