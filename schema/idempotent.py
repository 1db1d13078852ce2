"""The @idempotent directive: a mutation that is sent again is answered with what the first one did."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
import strawberry
from graphql import GraphQLResolveInfo
from graphql.execution.values import get_argument_values, get_directive_values
from strawberry.directive import DirectiveLocation
from strawberry.types import Info

from models.access import Actor
from models.errors import InvalidArgument
from models.idempotency import Receipt, make_receipt
from schema.operation import Operation


@strawberry.directive(
    name="idempotent",
    locations=[DirectiveLocation.FIELD],
    description="On a mutation: sent again with the same key and arguments within 24 hours, it changes nothing "
    "and is answered with what the first one did. With other arguments it is an error.",
)
def idempotent_directive(
    key: Annotated[
        str,
        strawberry.argument(description="A random text of the client's, such as a UUID; at most 255 long."),
    ],
) -> None:
    """Is read by the mutation; never called."""


def read_receipt(info: GraphQLResolveInfo[Operation], actor: Actor) -> Receipt | None:
    """Return the receipt of a field with @idempotent, None of one without. Raises InvalidArgument."""
    node = info.field_nodes[0]
    directive = info.schema.get_directive("idempotent")
    assert directive is not None
    given = get_directive_values(directive, node, info.variable_values)
    if given is None:
        return None
    field = info.parent_type.fields[info.field_name]
    arguments = get_argument_values(field, node, info.variable_values)
    request = [info.field_name, arguments]
    return make_receipt(
        actor.name, given["key"], orjson.dumps(request, default=describe, option=orjson.OPT_SORT_KEYS)
    )


def refuse_key(info: Info[Operation, None]) -> None:
    """Raise InvalidArgument where an idempotency key is given: what is answered would have to be kept, secrets too."""
    if read_receipt(info._raw_info, info.context.reader.actor) is not None:
        raise InvalidArgument(
            "@idempotent does not go with tokens and webhooks: their secrets are told once."
        )


def describe(value: object) -> Any:
    """Return an argument's value that JSON has no form for as a text."""
    return repr(value)
