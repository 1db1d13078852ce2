"""Server-sent events (HTML standard, section 9.2): one way to follow, for `GET /changes` and for GraphQL over SSE.

Each event's id is the position after it, so that a client which reconnects with `Last-Event-ID` goes on where it
was. Nothing is kept for a client that does not read: it is the log that remembers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from api.connections import ABORT, LINGER, Departure
from api.graphql_request import Refusal
from api.headers import ENCODED
from api.live_feed import Place
from api.live_pages import Event
from schema.answer import Answer
from schema.following import Refused

HEARTBEAT = 15.0
"""How often a silent stream says that it is there, in seconds, and whoever follows must show that it may still."""

PATIENCE = 30.0
"""How long a client may leave what is sent to it unread, in seconds."""

Recheck = Callable[[], Awaitable[object]]
"""Sees whether whoever follows still may. Raises Refusal."""

PIECE_BYTES = 32_768

RETRY = "retry: 1000\n"
START = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept, Authorization"),
    (b"x-accel-buffering", b"no"),
    *ENCODED,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How a door writes an event, and the end of a stream because of an error.

    Unless it `tells_errors`, an event with errors is such an end: whoever comes again is told it anew.
    """

    event: Callable[[Event], bytes]
    end: Callable[[Answer | Refusal], bytes]
    tells_errors: bool

    def find_end(self, events: Sequence[Event]) -> int:
        """Return how many events are told before the stream ends, or all of them."""
        failed = (place for place, event in enumerate(events) if event.errors)
        return len(events) if self.tells_errors else next(failed, len(events))


class EventStream:
    """What is sent to one client."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._abort: Callable[[], None] | None = scope.get("extensions", {}).get(ABORT)

    async def run(self, place: Place, wording: Wording, recheck: Recheck, departure: Departure) -> None:
        """Send what has happened and what happens until the client goes, or the server."""
        await self._send({"type": "http.response.start", "status": 200, "headers": START})
        gone = asyncio.create_task(wait_for_end(self._receive))
        leaving = asyncio.create_task(departure.has_begun.wait())
        sending = asyncio.create_task(self._tell(place, wording, recheck))
        try:
            await asyncio.wait((sending, gone, leaving), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
                return
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            if leaving.done():
                await self._write(RETRY.encode() + b"\n", LINGER, more=False)
        except TimeoutError:
            # The client does not read; what it missed is in the log.
            if self._abort is not None:
                self._abort()
                await gone
        finally:
            gone.cancel()
            leaving.cancel()

    async def _tell(self, place: Place, wording: Wording, recheck: Recheck) -> None:
        """Send pages until the client does not read, or what it asks is refused. Raises TimeoutError."""
        # With an id from the beginning, whoever reconnects misses nothing even if nothing was sent.
        await self._write(RETRY.encode() + write_id(place))
        loop = asyncio.get_running_loop()
        due = loop.time() + HEARTBEAT
        try:
            while True:
                events = await place.advance(max(0.0, due - loop.time()))
                end = wording.find_end(events)
                for piece in gather_pieces(event.framed(wording.event) for event in events[:end]):
                    await self._write(piece)
                if end < len(events):
                    raise Refused(events[end].answer)
                if loop.time() >= due:
                    due = loop.time() + HEARTBEAT
                    await recheck()
                    if not events:
                        await self._write(b":\n" + write_id(place))
        except Refused as refused:
            await self._write(wording.end(refused.answer), more=False)
        except Refusal as refusal:
            await self._write(wording.end(refusal), more=False)

    async def _write(self, text: bytes, seconds: float = 0.0, *, more: bool = True) -> None:
        """Send a piece of the stream. Raises TimeoutError where the client does not read."""
        async with asyncio.timeout(seconds or PATIENCE):
            await self._send({"type": "http.response.body", "body": text, "more_body": more})


def gather_pieces(frames: Iterable[bytes]) -> Iterator[bytes]:
    """Yield frames in pieces large enough to send; what comes after one waits until a client has read some of it."""
    gathered: list[bytes] = []
    size = 0
    for frame in frames:
        gathered.append(frame)
        size += len(frame)
        if size >= PIECE_BYTES:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


def write_id(place: Place) -> bytes:
    """Return an event that tells only where the client stands; browsers remember it, and show nothing."""
    return f"id: {place.position}\n\n".encode() if place.position else b"\n"


async def wait_for_end(receive: Receive) -> None:
    """Return when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
