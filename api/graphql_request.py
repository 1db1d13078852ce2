"""From a request's bytes to a GraphQL request, by the GraphQL over HTTP specification (working draft).

Limits come before parsing; nothing a client sends may raise anything but a Refusal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from schema.answer import Request

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"
ALLOWED = "GET, HEAD, POST, OPTIONS"
KNOWN_KEYS = frozenset({"query", "operationName", "variables", "extensions", "documentId"})

WEIGHT = re.compile(r"0(?:\.[0-9]*)?|1(?:\.0*)?")
"""A weight in an Accept header (RFC 9110, section 12.4.2), with however many digits."""

HeaderMap = Mapping[bytes, bytes]
"""Headers by their names in lower case, as ASGI brings them."""

LISTS = frozenset({b"accept", b"if-none-match"})
"""Headers that are lists, of those that are read here."""


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """A request that is not answered; becomes a response with this status."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes are read of a request, and of one of somebody who may edit."""

    body_bytes: int
    edit_body_bytes: int

    def of(self, *, may_edit: bool) -> int:
        """Return the limit for a sender."""
        return self.edit_body_bytes if may_edit else self.body_bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says: a document's text or the hash of one, or both, and what to execute of it."""

    query: str | None
    hash: str | None = None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None

    def request(self, query: str, *, may_change: bool) -> Request:
        """Return the request to execute this document."""
        return Request(query, self.operation_name, self.variables, may_change)


def read_headers(scope: Scope) -> HeaderMap:
    """Return the headers of a request; lines of one that is a list are one (RFC 9110, section 5.3)."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if len(headers) < len(scope["headers"]):
        for listed in LISTS & headers.keys():
            headers[listed] = b", ".join(value for name, value in scope["headers"] if name == listed)
    return headers


def choose_media_type(accept: bytes) -> str | None:
    """Return the media type of the answer by the Accept header, None where none of ours is accepted.

    A client that merely mentions event streams, as urql does with each query, gets JSON.
    A client that says nothing gets application/json, as the specification asks for until 2025 clients are gone.
    """
    accepted = accept.decode("latin-1").lower()
    if not accepted.strip():
        return JSON
    weights = read_weights(accepted)
    wildcard = max(weights.get("application/*", 0.0), weights.get("*/*", 0.0))
    graphql, json = weights.get(GRAPHQL_JSON, 0.0), weights.get(JSON, wildcard)
    if max(graphql, json) < weights.get(EVENT_STREAM, 0.0):
        return EVENT_STREAM
    if max(graphql, json) <= 0:
        # Whoever takes anything but application/json takes the other one.
        return GRAPHQL_JSON if wildcard > 0 and GRAPHQL_JSON not in weights else None
    return GRAPHQL_JSON if graphql >= json else JSON


def accepts_stream(accept: bytes) -> bool:
    """Tell whether an Accept header allows an event stream."""
    return read_weights(accept.decode("latin-1").lower()).get(EVENT_STREAM, 0.0) > 0


def read_weights(accepted: str) -> dict[str, float]:
    """Return the weight of each media type that an Accept header names."""
    weights: dict[str, float] = {}
    for entry in accepted.split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        weights[name] = read_weight(parameters)
    return weights


def read_weight(parameters: list[str]) -> float:
    """Return the q parameter of an Accept entry, 1 where there is none, 0 where it is nonsense."""
    for parameter in parameters:
        if parameter.startswith("q="):
            return float(parameter[2:]) if WEIGHT.fullmatch(parameter[2:]) else 0.0
    return 1.0


def check_content(headers: HeaderMap, limit: int) -> None:
    """Raise Refusal where a POST brings something else than JSON, or says that it brings too much of it."""
    content_type = headers.get(b"content-type", b"")
    if content_type != JSON.encode():
        check_content_type(content_type.decode("latin-1"))
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        accepted = {"Accept-Encoding": "identity"}
        raise Refusal(415, "UNSUPPORTED_ENCODING", "The body must not be compressed.", accepted)
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length[:20]) > limit:
        raise too_large(limit)


def check_content_type(content_type: str) -> None:
    """Raise Refusal where a media type is not JSON, or says that its text is not UTF-8 (RFC 9110, section 8.3.1)."""
    name, *parameters = (part.strip() for part in content_type.lower().split(";"))
    accepted = f"{JSON} in UTF-8"
    if name != JSON:
        raise Refusal(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            f"The body must be {accepted}, not {name!r}.",
            {"Accept-Post": JSON},
        )
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")]
    if any(charset not in {"utf-8", "utf8"} for charset in charsets):
        message = f"The body must be {accepted}, not in {charsets[0]!r}."
        raise Refusal(415, "UNSUPPORTED_CHARSET", message, {"Accept-Post": JSON})


async def read_bytes(receive: Receive, limit: int) -> bytes:
    """Return the body of a request. Raises Refusal as soon as it is too large, or where it is not sent to its end."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "DISCONNECTED", "The body was not sent to its end.")
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        if not message.get("more_body", False):
            return b"".join([*pieces, piece]) if pieces else piece
        pieces.append(piece)


def too_large(limit: int) -> Refusal:
    """Return the refusal of a body with more than `limit` bytes."""
    return Refusal(413, "BODY_TOO_LARGE", f"The body may have at most {limit} bytes.")


def read_pairs(text: bytes) -> list[tuple[str, str]]:
    """Return the names and values of a query string. Raises Refusal where it is not UTF-8."""
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Refusal(400, "BAD_REQUEST", "The query string is not percent-encoded UTF-8.") from None


def read_query_string(text: bytes) -> Asked:
    """Return what a GET asks. Raises Refusal."""
    fields: dict[str, Any] = {}
    for key, value in read_pairs(text):
        if key in fields:
            raise Refusal(400, "BAD_REQUEST", f"{key} stands more than once in the query string.")
        if key in KNOWN_KEYS:
            fields[key] = value
    for key in ("variables", "extensions"):
        if fields.get(key):
            fields[key] = decode_json(fields[key].encode(), key)
        else:
            fields.pop(key, None)
    return read_fields(fields)


def read_body(body: bytes) -> Asked:
    """Return what a POST asks. Raises Refusal."""
    fields = decode_json(body, "body")
    if isinstance(fields, list):
        raise Refusal(400, "BATCH_REFUSED", "Batches are not served; send one request at a time.")
    if not isinstance(fields, dict):
        raise Refusal(400, "BAD_REQUEST", "The body must be a JSON object with a query.")
    return read_fields(fields)


def decode_json(data: bytes, name: str) -> Any:
    """Return the value of JSON text. Raises Refusal."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "BAD_JSON", f"The {name} is not JSON: {error}.") from None


def read_fields(fields: dict[str, Any]) -> Asked:
    """Return what these parameters ask, each of its type. Raises Refusal."""
    unknown = sorted(set(fields) - KNOWN_KEYS)
    if unknown:
        raise Refusal(400, "BAD_REQUEST", f"Unknown key in the request: {unknown[0][:100]!r}.")
    query = expect(fields, "query", str, "a string") or None
    named = read_hash(fields)
    if query is None and named is None:
        raise Refusal(400, "BAD_REQUEST", "The request has no query.")
    return Asked(
        query,
        named,
        expect(fields, "operationName", str, "a string") or None,
        expect(fields, "variables", dict, "an object"),
    )


def read_hash(fields: dict[str, Any]) -> str | None:
    """Return the hash by which a document is asked for, None where it is not. Raises Refusal.

    `documentId` is the GraphQL over HTTP specification's way (appendix A), `extensions.persistedQuery` that of
    Apollo's automatic persisted queries.
    """
    named = expect(fields, "documentId", str, "a string")
    if named:
        return str(named).removeprefix("sha256:")
    extensions = expect(fields, "extensions", dict, "an object") or {}
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise Refusal(400, "BAD_REQUEST", "extensions.persistedQuery must be an object with version 1.")
    digest = expect(persisted, "sha256Hash", str, "a string")
    if not digest:
        raise Refusal(400, "BAD_REQUEST", "extensions.persistedQuery has no sha256Hash.")
    return str(digest)


def expect(fields: dict[str, Any], name: str, kind: type, words: str) -> Any:
    """Return a parameter that is of its type or null. Raises Refusal."""
    value = fields.get(name)
    if value is not None and not isinstance(value, kind):
        raise Refusal(400, "BAD_REQUEST", f"{name} must be {words}.")
    return value
