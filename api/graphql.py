"""GraphQL over HTTP: from a request's bytes to a GraphQL request, and from an answer to a response.

Follows the GraphQL over HTTP specification (working draft): media types, status codes, GET and POST. Limits
come before parsing; nothing a client sends may raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from starlette.datastructures import Headers, QueryParams
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from api.auth import Authenticator
from api.issuer_keys import FETCH_EVERY, AuthenticationUnavailable
from api.response_cache import ResponseCache, digest_request, make_tag, matches
from models.access import Actor, Right
from models.errors import ContentError, Unauthenticated, Unavailable
from models.schedule import Schedule, Span
from schema.build import Answer, Request, Service, describe_view

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
REVISION = "Content-Revision"
VARY = "Accept, Authorization"
ALLOWED = "GET, HEAD, POST, OPTIONS"
KNOWN_KEYS = frozenset({"query", "operationName", "variables", "extensions"})
CHALLENGE = 'Bearer realm="Quiet Engine"'
REJECTED = f'{CHALLENGE}, error="invalid_token"'
"""What a credential must be, and that one was rejected (RFC 6750, section 3)."""


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """A request that is no GraphQL request; becomes a response with this status."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asking:
    """A request, who sends it, and the digest of both."""

    request: Request
    actor: Actor
    digest: bytes


class GraphQLEndpoint:
    """Answers GraphQL requests; `body_bytes` bounds what is read of one, `edit_body_bytes` for who may edit."""

    def __init__(
        self,
        service: Service,
        authenticator: Authenticator,
        cache: ResponseCache,
        body_bytes: int,
        edit_body_bytes: int,
    ) -> None:
        self._cache = cache
        self._schedule = Schedule(service.database)
        self._service = service
        self._authenticator = authenticator
        self._body_bytes = body_bytes
        self._edit_body_bytes = max(body_bytes, edit_body_bytes)

    async def respond(self, http: HttpRequest) -> Response:
        """Return the response to a request."""
        if http.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ALLOWED})
        response = await self._answer(http)
        if "authorization" in http.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    async def _answer(self, http: HttpRequest) -> Response:
        media_type = choose_media_type(http.headers)
        try:
            if media_type is None:
                raise Refusal(406, "NOT_ACCEPTABLE", f"Answers are {GRAPHQL_JSON} or {JSON}.")
            actor = await self._identify(http.headers)
            limit = self._edit_body_bytes if actor.may(Right.EDIT) else self._body_bytes
            request = await read_request(http, limit)
        except Refusal as refusal:
            return refuse(refusal, media_type or JSON)
        window = await self._find_span()
        digest = digest_request(request, actor) if window else None
        if window is None or digest is None:
            return present(await self._service.answer(request, actor), media_type)
        return await self._answer_from_memory(http, Asking(request, actor, digest), media_type, window)

    async def _answer_from_memory(
        self, http: HttpRequest, asking: Asking, media_type: str, window: Span
    ) -> Response:
        """Return an answer that was kept in this window; else a new one, which is kept if it can be repeated."""
        digest = asking.digest
        caching: dict[str, str] = {}
        if http.method != "POST":
            caching = {"ETag": make_tag(digest, window), "Cache-Control": "no-cache"}
        if caching and matches(caching["ETag"], http.headers.get("if-none-match", "")):
            return Response(status_code=304, headers={**caching, "Vary": VARY})
        kept = self._cache.get(digest, window)
        if kept is not None:
            headers = {REVISION: str(kept.revision), **caching}
            return write(kept.body, 200, media_type, headers)
        answer = await self._service.answer(asking.request, asking.actor)
        response = present(answer, media_type)
        if answer.is_repeatable and answer.view and self._schedule.is_current(window):
            self._cache.put(digest, window, bytes(response.body), answer.view.revision)
            response.headers.update(caching)
        return response

    async def _find_span(self) -> Span | None:
        """Return the window of the schedule; None where answers are not kept, or the database cannot tell."""
        if not self._cache.limit:
            return None
        try:
            return await self._schedule.find_span()
        except ContentError:
            return None

    async def _identify(self, headers: Headers) -> Actor:
        """Return who asks; credentials come by header alone, never in an address, which ends up in logs."""
        try:
            actor = await self._authenticator.identify(headers)
        except Unauthenticated as error:
            raise Refusal(401, error.code, error.message, {"WWW-Authenticate": REJECTED}) from None
        except Unavailable as error:
            raise Refusal(503, error.code, error.message, {"Retry-After": "1"}) from None
        except AuthenticationUnavailable as error:
            wait = {"Retry-After": f"{FETCH_EVERY:.0f}"}
            raise Refusal(503, error.code, error.message, wait) from None
        if not actor.rights:
            message = "This service answers only requests that carry a token."
            raise Refusal(401, Unauthenticated.code, message, {"WWW-Authenticate": CHALLENGE})
        return actor


def choose_media_type(headers: Headers) -> str | None:
    """Return the media type of the answer by the Accept header, None where neither of ours is accepted.

    A client that says nothing gets application/json, as the specification asks for until 2025 clients are gone.
    """
    accepted = headers.get("accept", "").lower()
    if not accepted.strip():
        return JSON
    weights: dict[str, float] = {}
    for entry in accepted.split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        weights[name] = read_weight(parameters)
    wildcard = max(weights.get("application/*", 0.0), weights.get("*/*", 0.0))
    graphql, json = weights.get(GRAPHQL_JSON, 0.0), weights.get(JSON, wildcard)
    if max(graphql, json) <= 0:
        return None
    return GRAPHQL_JSON if graphql >= json else JSON


def read_weight(parameters: list[str]) -> float:
    """Return the q parameter of an Accept entry, 1 where there is none, 0 where it is nonsense."""
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


async def read_request(http: HttpRequest, limit: int) -> Request:
    """Return the GraphQL request of an HTTP request whose body has at most `limit` bytes. Raises Refusal."""
    if http.method in {"GET", "HEAD"}:
        return replace(read_query_string(http.query_params), may_change=False)
    if http.method != "POST":
        raise Refusal(405, "METHOD_NOT_ALLOWED", "GraphQL is served to GET and POST.", {"Allow": ALLOWED})
    content_type = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != JSON:
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", f"The body must be {JSON}, not {content_type!r}.")
    if http.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, "UNSUPPORTED_ENCODING", "The body must not be compressed.")
    return read_body(await read_bytes(http, limit))


async def read_bytes(http: HttpRequest, limit: int) -> bytes:
    """Return the body of a request. Raises Refusal as soon as it is known to be too large."""
    length = http.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > limit:
        raise too_large(limit)
    body = bytearray()
    try:
        async for piece in http.stream():
            body += piece
            if len(body) > limit:
                raise too_large(limit)
    except ClientDisconnect:
        raise Refusal(400, "DISCONNECTED", "The body was not sent to its end.") from None
    return bytes(body)


def too_large(limit: int) -> Refusal:
    """Return the refusal of a body with more than `limit` bytes."""
    return Refusal(413, "BODY_TOO_LARGE", f"The body may have at most {limit} bytes.")


def read_query_string(parameters: QueryParams) -> Request:
    """Return the request of a GET. Raises Refusal."""
    fields: dict[str, Any] = {key: value for key, value in parameters.items() if key in KNOWN_KEYS}
    for key in ("variables", "extensions"):
        if fields.get(key):
            fields[key] = decode_json(fields[key].encode("utf-8", "surrogateescape"), key)
        else:
            fields.pop(key, None)
    return read_fields(fields)


def read_body(body: bytes) -> Request:
    """Return the request of a POST body. Raises Refusal."""
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


def read_fields(fields: dict[str, Any]) -> Request:
    """Return the request with these parameters, each of its type. Raises Refusal."""
    unknown = sorted(set(fields) - KNOWN_KEYS)
    if unknown:
        raise Refusal(400, "BAD_REQUEST", f"Unknown key in the request: {unknown[0][:100]!r}.")
    query = expect(fields, "query", str, "a string")
    if not query:
        raise Refusal(400, "BAD_REQUEST", "The request has no query.")
    expect(fields, "extensions", dict, "an object")
    return Request(
        query,
        expect(fields, "operationName", str, "a string") or None,
        expect(fields, "variables", dict, "an object"),
    )


def expect(fields: dict[str, Any], name: str, kind: type, words: str) -> Any:
    """Return a parameter that is of its type or null. Raises Refusal."""
    value = fields.get(name)
    if value is not None and not isinstance(value, kind):
        raise Refusal(400, "BAD_REQUEST", f"{name} must be {words}.")
    return value


def present(answer: Answer, media_type: str) -> Response:
    """Return the response of an answer (GraphQL over HTTP, section 6.4)."""
    body: dict[str, Any] = {}
    if answer.errors:
        body["errors"] = answer.errors
    if answer.executed:
        body["data"] = answer.data
    headers: dict[str, str] = {}
    if answer.view is not None:
        body["extensions"] = {"view": describe_view(answer.view)}
        headers[REVISION] = str(answer.view.revision)
    status = 200 if media_type == JSON or answer.data is not None else 400
    if answer.needs_change:
        status, headers["Allow"] = 405, "POST"
    return write(orjson.dumps(body), status, media_type, headers)


def refuse(refusal: Refusal, media_type: str) -> Response:
    """Return the response of a request that could not be read."""
    error = {"message": refusal.message, "extensions": {"code": refusal.code}}
    return write(orjson.dumps({"errors": [error]}), refusal.status, media_type, refusal.headers)


def write(body: bytes, status: int, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return a JSON response."""
    return Response(body, status, {**headers, "Content-Type": f"{media_type}; charset=utf-8", "Vary": VARY})
