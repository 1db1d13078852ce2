"""The last resort: what goes wrong outside of GraphQL, in one shape and without the inside."""

from __future__ import annotations

import logging
from uuid import uuid4

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

logger = logging.getLogger("quiet.errors")

CODES = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}


def answer_http_error(_request: Request, error: Exception) -> Response:
    """Return the response of an address or method that is not served."""
    assert isinstance(error, HTTPException)
    code = CODES.get(error.status_code, "HTTP_ERROR")
    return write_error(error.status_code, code, error.detail, dict(error.headers or {}))


def answer_unexpected(_request: Request, error: Exception) -> Response:
    """Return the response of a fault of ours; the log has it under the id that the client is told."""
    identity = uuid4().hex
    logger.error("Unexpected error %s", identity, exc_info=error)
    message = f"Something went wrong on the server. The log has it under the id {identity}."
    return write_error(500, "INTERNAL_ERROR", message, {})


def write_error(status: int, code: str, message: str, headers: dict[str, str]) -> Response:
    """Return an error in the shape that GraphQL answers have."""
    body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": code}}]})
    return Response(body, status, headers, media_type="application/json")
