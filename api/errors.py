"""The last resort: what goes wrong outside of GraphQL, in one shape and without the inside."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from schema.errors import INTERNAL_ERROR, describe_unexpected

CODES = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}


def answer_http_error(_request: Request, error: Exception) -> Response:
    """Return the response of an address or method that is not served."""
    assert isinstance(error, HTTPException)
    code = CODES.get(error.status_code, "HTTP_ERROR")
    return write_error(error.status_code, code, error.detail, dict(error.headers or {}))


def write_unexpected(identity: str) -> Response:
    """Return the response of a fault of ours that the log has under this id."""
    return write_error(500, INTERNAL_ERROR, describe_unexpected(identity), {}, id=identity)


def write_error(status: int, code: str, message: str, headers: dict[str, str], **more: Any) -> Response:
    """Return an error in the shape that GraphQL answers have."""
    body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": code, **more}}]})
    return Response(body, status, {"Cache-Control": "no-store", **headers}, media_type="application/json")
