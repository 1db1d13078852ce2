"""`GET /changes`: the change log as server-sent events, for those who follow without GraphQL.

Follows the HTML standard, section 9.2 (server-sent events): each event's id is the cursor of its change, so that a
client which reconnects with `Last-Event-ID` goes on where it was. Nothing is kept for a client that does not
read: it is the log that remembers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from api.auth import Authenticator
from api.change_feed import ChangeFeed, Followed
from api.graphql_reply import refuse
from api.graphql_request import JSON, Refusal
from api.issuer_keys import AuthenticationUnavailable
from models.access import Actor
from models.errors import ContentError, Unauthenticated, Unavailable
from schema.build import Answer

KNOWN = frozenset({"since", "after", "perspective", "locale", "site"})
HEARTBEAT = 15.0
"""How often a silent stream says that it is there, and its credential is checked again, in seconds."""

PATIENCE = 30.0
"""How long a client may leave what is sent to it unread, in seconds."""

STATUSES = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "REVISION_GONE": 410,
    "DATABASE_LOST": 503,
    "DATABASE_BUSY": 503,
}
START = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Authorization"),
    (b"x-accel-buffering", b"no"),
)


class ChangeStream:
    """Streams changes to at most `most` clients at a time."""

    def __init__(self, feed: ChangeFeed, authenticator: Authenticator, most: int) -> None:
        self._feed = feed
        self._authenticator = authenticator
        self._most = most
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        try:
            if scope["method"] != "GET":
                raise Refusal(405, "METHOD_NOT_ALLOWED", "Changes are served to GET.", {"Allow": "GET"})
            if self._count >= self._most:
                message = f"{self._most} clients follow already; try again later."
                raise Refusal(503, "TOO_MANY_STREAMS", message, {"Retry-After": "10"})
            self._count += 1
            try:
                await self._follow(scope, receive, send)
            finally:
                self._count -= 1
        except Refusal as refusal:
            await refuse(refusal, JSON).send(send)

    async def _follow(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what has happened and what happens until the client goes. Raises Refusal before the beginning."""
        headers, parameters = Headers(scope=scope), QueryParams(scope["query_string"])
        actor = await self._identify(headers)
        followed, start = read_parameters(parameters, headers)
        if not start:
            start = {"since": self._feed.service.database.head.revision}
        page = read_page(await self._read(followed, start, actor))
        await send({"type": "http.response.start", "status": 200, "headers": START})
        gone = asyncio.create_task(wait_for_end(receive))
        stream = Stream(self._feed, followed, actor, send)
        try:
            sending = asyncio.create_task(self._send(stream, page, start, headers))
            await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
            else:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        finally:
            gone.cancel()

    async def _read(self, followed: Followed, start: Mapping[str, Any], actor: Actor) -> Answer:
        try:
            return await self._feed.read(followed, start, actor)
        except ContentError as error:
            raise Refusal(STATUSES.get(error.code, 503), error.code, error.message) from None

    async def _send(self, stream: Stream, page: Any, start: Mapping[str, Any], headers: Headers) -> None:
        """Send pages until the client does not read, or what it asks is refused. It can always resume."""
        try:
            # With an id from the beginning, whoever reconnects misses nothing even if nothing was sent.
            await stream.send_text("retry: 1000\n" + (f"id: {page['cursor']}\n\n" if is_last(page) else "\n"))
            turn = None
            while True:
                start = await stream.send_page(page, start)
                if not page["hasMore"] and turn is not None:
                    await self._wait(stream, headers, turn)
                turn = self._feed.turn
                page = read_page(await self._read(stream.followed, start, stream.actor))
        except Refusal as refusal:
            error = orjson.dumps({"message": refusal.message, "code": refusal.code}).decode()
            await stream.send_text(f"event: error\ndata: {error}\n\n", more=False)
        except TimeoutError:
            # The client does not read; what it missed is in the log.
            return

    async def _wait(self, stream: Stream, headers: Headers, turn: int) -> None:
        """Wait for something to happen; now and then say that the stream is there, and see who follows.

        Raises Refusal.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        await self._feed.wait(turn, HEARTBEAT)
        if loop.time() - began >= HEARTBEAT:
            await stream.send_text(":\n\n")
            stream.actor = await self._identify(headers)

    async def _identify(self, headers: Headers) -> Actor:
        """Return who follows. Raises Refusal."""
        try:
            return await self._authenticator.identify(headers)
        except Unauthenticated as error:
            raise Refusal(401, error.code, error.message, {"WWW-Authenticate": "Bearer"}) from None
        except (Unavailable, AuthenticationUnavailable) as error:
            raise Refusal(503, error.code, error.message, {"Retry-After": "1"}) from None


def is_last(page: Any) -> bool:
    """Tell whether nothing had happened after the start when a page was read."""
    return not page["changes"] and not page["hasMore"]


class Stream:
    """What is sent to one client."""

    def __init__(self, feed: ChangeFeed, followed: Followed, actor: Actor, send: Send) -> None:
        self.followed = followed
        self.actor = actor
        self._feed = feed
        self._send = send

    async def send_page(self, page: Any, start: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send the changes of a page and return where to go on. Raises TimeoutError."""
        if not page["changes"]:
            return {"after": page["cursor"]} if page["hasMore"] else start
        await self.send_text("".join(map(write_event, page["changes"])))
        return {"after": page["changes"][-1]["cursor"]}

    async def send_text(self, text: str, *, more: bool = True) -> None:
        """Send a piece of the stream. Raises TimeoutError where the client does not read."""
        async with asyncio.timeout(PATIENCE):
            await self._send({"type": "http.response.body", "body": text.encode(), "more_body": more})


def write_event(change: Any) -> str:
    """Return the event of a change."""
    told = orjson.dumps(tell(change)).decode()
    return f"id: {change['cursor']}\nevent: change\ndata: {told}\n\n"


def tell(change: Any) -> dict[str, Any]:
    """Return what is told of a change besides its cursor; its site by its key."""
    told = {name: value for name, value in change.items() if name != "cursor"}
    return told | {"site": change["site"]["key"]}


def read_page(answer: Answer) -> Any:
    """Return the page of an answer. Raises Refusal."""
    if answer.data is None or answer.errors:
        error = answer.errors[0]
        code = str(error.get("extensions", {}).get("code", "INTERNAL_ERROR"))
        status = 500 if code == "INTERNAL_ERROR" else STATUSES.get(code, 400)
        raise Refusal(status, code, error["message"])
    return answer.data["changes"]


def read_parameters(parameters: QueryParams, headers: Headers) -> tuple[Followed, dict[str, Any]]:
    """Return what is followed and where it starts, nowhere where that is not said. Raises Refusal."""
    unknown = sorted(set(parameters) - KNOWN)
    if unknown:
        names = ", ".join(sorted(KNOWN))
        message = f"There is no parameter {unknown[0][:100]!r}; there are {names}."
        raise Refusal(400, "BAD_REQUEST", message)
    followed = Followed(
        parameters.get("perspective", "published").upper(),
        tuple(parameters.getlist("locale")) or None,
        tuple(parameters.getlist("site")) or None,
    )
    # A browser that reconnects sends the address as before: what it has heard since counts.
    after = headers.get("last-event-id") or parameters.get("after")
    if after:
        return followed, {"after": after}
    since = parameters.get("since")
    if since is None:
        return followed, {}
    if not (since.isascii() and since.isdigit() and len(since) <= 16):
        raise Refusal(400, "BAD_REQUEST", "since is a revision: a whole number.")
    return followed, {"since": int(since)}


async def wait_for_end(receive: Receive) -> None:
    """Return when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
