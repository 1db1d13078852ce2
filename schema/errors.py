"""Errors as clients see them: one shape, a stable code, and nothing of the inside."""

from __future__ import annotations

import logging
from typing import Any
from uuid import uuid4

from graphql import GraphQLError, GraphQLFormattedError

from models.errors import ContentError, InvalidContent
from schema.price import TooCostly

logger = logging.getLogger("quiet.errors")

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE"
BAD_USER_INPUT = "BAD_USER_INPUT"
INTERNAL_ERROR = "INTERNAL_ERROR"


def present_error(error: GraphQLError, code: str | None = None) -> GraphQLFormattedError:
    """Return an error as the response carries it.

    `code` is given for errors found before execution. During execution errors of content keep their own
    code; what the client's variables caused is BAD_USER_INPUT; anything else is masked and logged.
    """
    original = error.original_error
    if isinstance(original, ContentError):
        return shape(error, original.message, original.code, details(original))
    if code is not None or (original is None or isinstance(original, GraphQLError)):
        return shape(error, error.message, code or BAD_USER_INPUT, {})
    return mask(error)


def mask(error: GraphQLError) -> GraphQLFormattedError:
    """Log an unexpected error under an id and return what may be told of it."""
    identity = log_unexpected(error.original_error or error)
    return shape(error, describe_unexpected(identity), INTERNAL_ERROR, {"id": identity})


def log_unexpected(error: BaseException) -> str:
    """Log an unexpected error with its traceback, and return the id under which the log has it."""
    identity = uuid4().hex
    logger.error("Unexpected error %s", identity, exc_info=error, extra={"error_id": identity})
    return identity


def describe_unexpected(identity: str) -> str:
    """Return what a client may be told of an unexpected error."""
    return f"Something went wrong on the server. The log has it under the id {identity}."


def details(error: ContentError) -> dict[str, Any]:
    """Return what an error tells besides its message."""
    if isinstance(error, InvalidContent):
        return {"problems": [{"path": list(p.path), "message": p.message} for p in error.problems]}
    if isinstance(error, TooCostly):
        return {"cost": error.cost, "maximum": error.maximum}
    return {}


def shape(error: GraphQLError, message: str, code: str, extra: dict[str, Any]) -> GraphQLFormattedError:
    """Return the response's form of an error (GraphQL specification, section 7.1.2)."""
    formatted: GraphQLFormattedError = {"message": message}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    formatted["extensions"] = {"code": code, **extra}
    return formatted
