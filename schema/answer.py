"""A GraphQL request and its answer, as those who carry them know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLFormattedError

from models import moment
from models.live_view import Reads
from models.view import View
from schema.errors import present_error


@dataclass(frozen=True, slots=True)
class Request:
    """A GraphQL request (GraphQL over HTTP, section 4.1), already of the right types.

    `may_change` is false where it came in a way that must not change anything.
    """

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    may_change: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request came to. `executed` is false where it failed before its execution began.

    `price` is what it costs at the most, 0 where that is not known. `view` is what the operation saw; None where it
    never began. `needs_change` tells that it was refused because
    it would have changed something and must not, `is_repeatable` that the same request has the same answer as long
    as the content stays as it is.
    """

    data: dict[str, Any] | None
    errors: tuple[GraphQLFormattedError, ...]
    view: View | None
    executed: bool
    needs_change: bool = False
    is_repeatable: bool = False
    is_pinned: bool = False
    reads: Reads | None = None
    price: int = 0


def fail(error: Exception) -> Answer:
    """Return the answer of an operation that an error ended before its execution: it has no data, not even null."""
    wrapped = GraphQLError(str(error), original_error=error)
    return Answer(None, (present_error(wrapped),), None, executed=False)


def describe_view(view: View) -> dict[str, object]:
    """Return what an answer says of its view: a revision and moment at which it can be asked again."""
    return {"revision": view.revision, "at": moment.to_text(view.moment)}
