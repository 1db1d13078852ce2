"""GraphQL over WebSocket: the protocol graphql-transport-ws at /graphql, for subscriptions, queries and mutations.

Follows the GraphQL over WebSocket protocol. Whatever a client sends, a connection ends with a code and a reason;
what is wrong with one operation ends only that. A client that does not read is let go: nothing is kept for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.admission import admit, admit_again, find_address, name_follower
from api.auth import Authenticator
from api.event_stream import HEARTBEAT
from api.graphql_request import Asked, Limits, Refusal
from api.live_feed import LiveFeed
from api.live_pages import Event
from api.persisted import PersistedDocuments
from api.seats import Seat, Seats
from api.socket_messages import (
    ACK,
    BAD_REQUEST,
    EXISTS,
    FORBIDDEN,
    INIT_TIMEOUT,
    NO_PROTOCOL,
    PONG,
    PROTOCOL,
    TOO_BIG,
    TOO_MANY_INITS,
    TRY_AGAIN,
    UNAUTHORIZED,
    Closing,
    Message,
    read_message,
    write_complete,
    write_errors,
    write_next,
)
from models.access import Actor, Right
from models.errors import Unavailable
from schema.errors import INTERNAL_ERROR, describe_unexpected, log_unexpected
from schema.following import Refused

INIT_SECONDS = 10.0
"""How long a client may take to begin."""

IDLE_SECONDS = 600.0
"""How long a connection may be without operations."""

MESSAGES, BURST = 100.0, 500.0
"""How many messages of a client are taken in a second, and how many at once after a pause. The rest has to wait."""

PATIENCE = 15.0
"""How long a client may leave what is sent to it unread, in seconds."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an operation that is no subscription came to: its result, or the errors because of which it never began."""

    body: bytes
    errors: Any = None


Work = Coroutine[Any, Any, Answered | None]


@dataclass(frozen=True, slots=True)
class Means:
    """What connections use: the feed, who answers queries and mutations, who may come in, and how many."""

    feed: LiveFeed
    answer: Callable[[Asked, Actor, str], Work]
    """Answers an operation; None where it is a subscription. Raises Refusal."""

    documents: PersistedDocuments
    authenticator: Authenticator
    seats: Seats
    limits: Limits
    most_operations: int
    """How many operations one connection has at a time."""

    origins: frozenset[str]
    running: set[asyncio.Task[Answered | None]] = field(default_factory=set)

    async def finish(self, work: Work, beside: set[asyncio.Task[Answered | None]]) -> Answered | None:
        """Return what work comes to. It is told when nobody waits for it any more, and ends when it sees fit.

        A mutation is not cut off in the middle because a connection is. Until its end it is `beside` the other work
        of its connection.
        """
        task = asyncio.create_task(work)
        for tasks in (self.running, beside):
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        task.add_done_callback(take_notice)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.cancel()
            raise


def take_notice(task: asyncio.Task[Answered | None]) -> None:
    """Look at the error of a task that nobody may wait for any more."""
    if not task.cancelled():
        task.exception()


class GraphQLSocket:
    """Accepts connections (ASGI)."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold one connection to its end."""
        await receive()  # websocket.connect
        offers = PROTOCOL in scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL if offers else None})
        try:
            if not offers:
                raise Closing(NO_PROTOCOL, f"Subprotocol not acceptable: speak {PROTOCOL}.")
            check_origin(Headers(scope=scope), self._means.origins)
            with self._take_seat(scope) as seat:
                await Connection(self._means, seat, scope, receive, send).run()
        except Closing as closing:
            await send({"type": "websocket.close", "code": closing.code, "reason": closing.reason})
        except Gone:
            return

    async def close(self) -> None:
        """Wait for the operations that nobody waits for any more."""
        await asyncio.gather(*self._means.running, return_exceptions=True)

    def _take_seat(self, scope: Scope) -> Seat:
        try:
            # Until it is known who it is. A newcomer is not counted among those who follow from its address.
            return self._means.seats.take(f"new {find_address(scope)}")
        except Refusal as refusal:
            raise Closing(TRY_AGAIN, refusal.message) from None


class Pacing:
    """Tells how long to wait before the next message is taken."""

    def __init__(self) -> None:
        self._left = BURST
        self._seen = asyncio.get_running_loop().time()

    def count(self) -> float:
        """Count a message; return the seconds to wait."""
        now = asyncio.get_running_loop().time()
        self._left = min(BURST, self._left + (now - self._seen) * MESSAGES) - 1
        self._seen = now
        return max(0.0, -self._left / MESSAGES)


class Gone(Exception):
    """The client has closed the connection."""


class Connection:
    """One client's connection, from its beginning to its end."""

    def __init__(self, means: Means, seat: Seat, scope: Scope, receive: Receive, send: Send) -> None:
        self._means = means
        self._seat = seat
        self._address = find_address(scope)
        self._headers = Headers(scope=scope)
        self._receive = receive
        self._send = send
        self._actor: Actor | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._working: set[asyncio.Task[Answered | None]] = set()

    async def run(self) -> None:
        """Read and answer messages to the end. Raises Closing or Gone."""
        end: Closing | Gone | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._listen(tasks)
        except* (Closing, Gone) as group:
            end = first_of(group)
        if end is not None:
            raise end

    async def _listen(self, tasks: asyncio.TaskGroup) -> None:
        """Read messages, and look now and then whether the connection may go on. Raises Closing or Gone."""
        loop = asyncio.get_running_loop()
        busy, pacing = loop.time(), Pacing()
        due = busy + INIT_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(due):
                    message = await self._receive()
            except TimeoutError:
                pass
            else:
                was_known = self._actor is not None
                await self._take(message, tasks)
                await asyncio.sleep(pacing.count())
                if self._actor is not None and not was_known:
                    due = loop.time() + HEARTBEAT
            if self._operations:
                busy = loop.time()
            if loop.time() >= due:
                due = loop.time() + HEARTBEAT
                await self._check(idle=loop.time() - busy)

    async def _check(self, idle: float) -> None:
        """See whether the connection may go on. Raises Closing."""
        if self._actor is None:
            raise Closing(INIT_TIMEOUT, "Connection initialisation timeout")
        if idle > IDLE_SECONDS:
            raise Closing(1000, "The connection was idle.")
        await self._identify()

    async def _take(self, received: Mapping[str, Any], tasks: asyncio.TaskGroup) -> None:
        """Do what a message says. Raises Closing or Gone."""
        if received["type"] == "websocket.disconnect":
            raise Gone
        text = received.get("text")
        if text is None:
            raise Closing(BAD_REQUEST, "A message must be text, not bytes.")
        self._check_size(text)
        message = read_message(text)
        match message.type:
            case "connection_init":
                await self._begin(message)
            case "ping":
                await self._say(PONG)
            case "subscribe":
                await self._start(message, tasks)
            case "complete":
                operation = self._operations.pop(message.id, None)
                if operation is not None:
                    operation.cancel()

    def _check_size(self, text: str) -> None:
        may_edit = self._actor is not None and self._actor.may(Right.EDIT)
        limit = self._means.limits.of(may_edit=may_edit)
        if len(text) > limit or len(text.encode()) > limit:
            raise Closing(TOO_BIG, f"A message may have at most {limit} bytes.")

    async def _begin(self, message: Message) -> None:
        """Find out who it is, and acknowledge. Raises Closing."""
        if self._actor is not None:
            raise Closing(TOO_MANY_INITS, "Too many initialisation requests")
        credential = read_credential(message.payload)
        if credential is not None:
            self._headers = Headers({"authorization": credential})
        await self._identify()
        await self._say(ACK)

    async def _identify(self) -> None:
        """See who it is, now and again as long as the connection lasts. Raises Closing."""
        authenticator = self._means.authenticator
        try:
            if self._actor is not None:
                self._actor = await admit_again(authenticator, self._headers, self._actor)
                return
            actor = await admit(authenticator, self._headers)
            self._seat.move(name_follower(actor, self._address))
        except Refusal as refusal:
            code = FORBIDDEN if refusal.status in {401, 403} else TRY_AGAIN
            raise Closing(code, refusal.message) from None
        self._actor = actor

    async def _start(self, message: Message, tasks: asyncio.TaskGroup) -> None:
        """Begin an operation. Raises Closing."""
        if self._actor is None:
            raise Closing(UNAUTHORIZED, "Unauthorized: send connection_init first.")
        if message.id in self._operations:
            raise Closing(EXISTS, f"Subscriber for {message.id} already exists")
        # What a client gives up is counted as long as it goes on.
        if max(len(self._operations), len(self._working)) >= self._means.most_operations:
            words = f"A connection has at most {self._means.most_operations} operations at a time."
            await self._say(write_errors(message.id, [shape(words, "TOO_MANY_OPERATIONS")]))
            return
        assert message.asked is not None
        # A request would be looked at as well: what was revoked a moment ago changes nothing any more.
        await self._identify()
        work = self._operate(message.id, message.asked, self._actor)
        self._operations[message.id] = tasks.create_task(work)

    async def _operate(self, identity: str, asked: Asked, actor: Actor) -> None:
        """Execute an operation to its end, whatever happens; only what ends the connection is raised: Closing."""
        try:
            last = await self._answer(identity, asked, actor)
        except Refused as refused:
            last = write_errors(identity, refused.answer.errors)
        except Refusal as refusal:
            last = write_errors(identity, [shape(refusal.message, refusal.code)])
        except Unavailable as error:
            last = write_errors(identity, [shape(error.message, error.code)])
        except (Closing, Gone):
            raise
        # Whatever it is: the other operations of the connection go on.
        except Exception as error:  # noqa: BLE001
            name = log_unexpected(error)
            last = write_errors(identity, [shape(describe_unexpected(name), INTERNAL_ERROR, id=name)])
        # Before it is told: the client may use the id again at once.
        self._operations.pop(identity, None)
        await self._say(last)

    async def _answer(self, identity: str, asked: Asked, actor: Actor) -> str:
        """Send the results of an operation and return its last message. Raises Refused, Refusal or Unavailable."""
        answered = await self._means.finish(self._means.answer(asked, actor, self._address), self._working)
        if answered is None:
            await self._follow(identity, asked, actor)
        elif answered.errors:
            return write_errors(identity, answered.errors)
        else:
            await self._say(write_next(identity, answered.body.decode()))
        return write_complete(identity)

    async def _follow(self, identity: str, asked: Asked, actor: Actor) -> None:
        """Send the events of a subscription. Raises Refused, Refusal or Unavailable."""
        documents = self._means.documents
        request = asked.request(documents.find(asked, actor), may_change=False)
        place = await self._means.feed.follow(request, actor)
        documents.remember(asked)
        while True:
            for event in await place.advance(IDLE_SECONDS):
                await self._say(write_next(identity, event.framed(decode_body)))

    async def _say(self, text: str) -> None:
        """Send a message. Raises Closing where the client does not read, Gone where it is not there."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._send({"type": "websocket.send", "text": text})
        except TimeoutError:
            raise Closing(TRY_AGAIN, "Messages were not read; connect again and resume.") from None
        except OSError:
            raise Gone from None


def first_of(group: BaseExceptionGroup[Closing | Gone]) -> Closing | Gone:
    """Return one of the reasons why a connection ends."""
    first = group.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first


def decode_body(event: Event) -> str:
    """Return an event as text, as WebSocket frames carry it."""
    return event.body.whole.decode()


def shape(message: str, code: str, **more: str) -> dict[str, Any]:
    """Return an error of the response format."""
    return {"message": message, "extensions": {"code": code, **more}}


def read_credential(payload: Mapping[str, Any] | None) -> str | None:
    """Return the Authorization that the payload of connection_init brings, None where it brings none.

    Raises Closing.
    """
    named = [value for name, value in (payload or {}).items() if name.lower() == "authorization"]
    if not named or named == [None]:
        return None
    if len(named) > 1 or not isinstance(named[0], str) or not named[0].isascii():
        raise Closing(FORBIDDEN, 'The payload of connection_init must be like {"authorization": "Bearer …"}.')
    return named[0]


def check_origin(headers: Headers, allowed: frozenset[str]) -> None:
    """Raise Closing where a page of another origin connects; programs say none."""
    origin = headers.get("origin")
    if origin is None or "*" in allowed or origin in allowed:
        return
    if urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        raise Closing(FORBIDDEN, "Pages of this origin may not connect; QUIET_ORIGINS names those that may.")
