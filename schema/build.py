"""The schema put together, and printed as its contract."""

from __future__ import annotations

from functools import cache

import strawberry
from graphql import GraphQLSchema, Undefined, print_schema
from strawberry.schema.config import StrawberryConfig

from schema.failures import ERRORS
from schema.idempotent import idempotent_directive
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription
from schema.view import view_directive


@cache
def build_schema() -> strawberry.Schema:
    """Return the schema, which is one for the process: nothing of it changes."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=ERRORS,
        directives=[view_directive, idempotent_directive],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    drop_null_defaults(core_schema(schema))
    return schema


def drop_null_defaults(schema: GraphQLSchema) -> None:
    """Turn arguments with null as their default into arguments without one.

    Python's `= None` says that an argument may be left out; in the contract nullability says it already.
    """
    fields = (field for t in schema.type_map.values() for field in getattr(t, "fields", {}).values())
    holders = [*fields, *schema.directives]
    for argument in (argument for holder in holders for argument in getattr(holder, "args", {}).values()):
        if argument.default_value is None:
            argument.default_value = Undefined


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """Return graphql-core's schema that Strawberry built; documents are executed on it directly.

    Strawberry's own execution parses and validates each request anew and has no place for our caches.
    """
    return schema._schema


def print_contract() -> str:
    """Return the schema as SDL."""
    return print_schema(core_schema(build_schema())) + "\n"
