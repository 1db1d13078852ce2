"""From an answer to a response: its body, its status, and its headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLFormattedError
from starlette.types import Send

from api.graphql_request import GRAPHQL_JSON, JSON, Refusal
from api.headers import ENCODED, Header
from api.observing.seen import current
from api.sending import Sending, send_whole
from models.errors import DatabaseBusy, DatabaseFull, DatabaseLost, DatabaseReadOnly
from models.library import fit
from models.view import View
from schema.answer import Answer, describe_view

REVISION = b"content-revision"
EXTENSIONS = b',"extensions":'
PRIVATE: Header = (b"cache-control", b"private, no-store")
VARY: Header = (b"vary", b"Accept, Authorization")
UNAVAILABLE = frozenset(kind.code for kind in (DatabaseBusy, DatabaseFull, DatabaseLost, DatabaseReadOnly))
"""Codes of errors that are the server's, so that whoever stands between knows that it may ask another one."""

CONTENT_TYPES: Mapping[str, Header] = {
    name: (b"content-type", f"{name}; charset=utf-8".encode()) for name in (JSON, GRAPHQL_JSON)
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A response with its whole body."""

    status: int
    headers: tuple[Header, ...]
    body: bytes = b""

    async def send(self, send: Send) -> None:
        """Send the response, with the headers that every one carries."""
        headers = [*self.headers, *ENCODED]
        if self.status not in {204, 304}:
            headers.append((b"content-length", b"%d" % len(self.body)))
        if isinstance(send, Sending):
            await send.respond(self.status, headers, self.body)
        else:
            await send_whole(send, self.status, headers, self.body)


@dataclass(frozen=True, slots=True)
class Body:
    """The body of an answer; its last `tail` bytes tell the view and the price, all before them the content."""

    whole: bytes
    tail: int = 0
    price: int = 0

    @property
    def content(self) -> memoryview:
        """Return all but what tells the view."""
        return memoryview(self.whole)[: len(self.whole) - self.tail]

    def fitted(self) -> Body:
        """Return the same without the room that its writer kept for more."""
        return Body(fit(self.whole), self.tail, self.price)

    def seen_in(self, revision: int, moment: int) -> Body:
        """Return the same content as of another point of the history at which it is the same."""
        tail = EXTENSIONS + describe(View(revision, moment), self.price) + b"}"
        return Body(bytes(self.content) + tail, len(tail), self.price)


def describe(view: View, price: int) -> bytes:
    """Return what the extensions of an answer say: its view, and its price where that is known."""
    said: dict[str, object] = {"view": describe_view(view)}
    if price:
        said["cost"] = price
    return orjson.dumps(said)


def write_body(answer: Answer, cursor: str | None = None) -> Body:
    """Return the body of an answer: errors, data, and what it says of its view, and of its place in the change log."""
    body: dict[str, Any] = {}
    if answer.errors:
        body["errors"] = answer.errors
    if answer.executed:
        body["data"] = answer.data
    if answer.view is None:
        return Body(orjson.dumps(body))
    if cursor is not None:
        body["extensions"] = {"view": describe_view(answer.view), "cursor": cursor}
        return Body(orjson.dumps(body))
    extensions = describe(answer.view, answer.price)
    body["extensions"] = orjson.Fragment(extensions)
    return Body(orjson.dumps(body), len(EXTENSIONS) + len(extensions) + 1, answer.price)


def present(answer: Answer, body: Body, media_type: str, more: Iterable[Header] = ()) -> Reply:
    """Return the response of an answer (GraphQL over HTTP, section 6.4)."""
    headers = [CONTENT_TYPES[media_type], VARY, *more]
    if answer.view is not None:
        headers.append((REVISION, str(answer.view.revision).encode()))
    status = 200 if media_type == JSON or answer.data is not None else 400
    if answer.data is None and any(code_of(error) in UNAVAILABLE for error in answer.errors):
        status = 503
        headers.append((b"retry-after", b"1"))
    if answer.needs_change:
        status = 405
        headers.append((b"allow", b"POST"))
    return Reply(status, tuple(headers), body.whole)


def code_of(error: GraphQLFormattedError) -> object:
    """Return the code of an error."""
    return error.get("extensions", {}).get("code")


def refuse(refusal: Refusal, media_type: str) -> Reply:
    """Return the response of a request that is not answered; no cache keeps it, as it may be answered the next time."""
    seen = current.get()
    if seen is not None:
        seen.code = refusal.code
    error = {"message": refusal.message, "extensions": {"code": refusal.code}}
    named = ((name.lower().encode(), value.encode()) for name, value in refusal.headers.items())
    headers = (CONTENT_TYPES[media_type], VARY, PRIVATE, *named)
    return Reply(refusal.status, headers, orjson.dumps({"errors": [error]}))
