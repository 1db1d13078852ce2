"""Connections as uvicorn holds them, taught to part well: who follows is told that the server goes, and who does
not read what it is sent, or does not send what it began, is let go.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from weakref import ref

from httptools import HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from api.headers import ENCODED, Header
from api.rounds import Rounds
from api.sending import RESPOND

ABORT = "quiet.abort"
"""The extension of a scope that ends its connection at once, with whatever was not read yet."""

GONE = "quiet.gone"
"""The extension of a scope that holds what is called when its connection ends."""

Leave = Callable[[], None]

GOING_AWAY = 1001
FAREWELL = "The server goes away; connect again."
MOST_HEAD_BYTES = 65_536
"""How large the line and the headers of a request may be together."""

TOO_LARGE = f"The line and the headers of a request may have at most {MOST_HEAD_BYTES} bytes."

NO_HANDSHAKE = "A WebSocket begins with a GET that has no body."
ONE_HOST = "A request says once to which host it goes (RFC 9112, section 3.2)."

BEGIN_SECONDS = 20.0
"""How long a client may take to send the line and the headers of a request, and to send or read LEAST_BYTES more."""

LEAST_BYTES = 10_000
"""How much of a body must come, and of an answer be read, in so long at the least: who sends drop by drop is let go."""

DRAIN_SECONDS = 1.0
"""How long a connection without a request stays when the server goes: what is on its way is answered, as the last."""

LINGER = 1.0
"""How long a client may take to read the end of what it was sent, in seconds."""


class Departure:
    """Tells those who stream that the server goes away."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()

    def begin(self) -> None:
        """Let everybody know."""
        self.has_begun.set()


def find_departure(state: dict[str, Any]) -> Departure:
    """Return the departure in the state that the lifespan gave."""
    departure = state["departure"]
    assert isinstance(departure, Departure)
    return departure


class HttpConnection(HttpToolsProtocol):
    """An HTTP connection whose streams are told when the server goes away, and whose requests come to an end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head = 0
        self._is_in_head = self._is_in_body = False
        self._trouble = ""
        self._is_refused = False
        self._due: asyncio.TimerHandle | None = None
        self._received = 0
        self._reading: asyncio.TimerHandle | None = None
        self._drained: asyncio.TimerHandle | None = None
        self._leaving: set[Leave] = set()
        self._extensions: dict[str, Any] = {}
        self._piece = self._rest = b""
        self._answering: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more, and tell whoever works for the client."""
        self._stop_waiting()
        for timer in (self._reading, self._drained):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)
        if self._answering is not None:
            # uvicorn tells the last request alone, and this one may stand before it.
            self._answering.disconnected = True
        for leave in list(self._leaving):
            leave()

    def data_received(self, data: bytes) -> None:
        """Take a piece of requests; end the connection where one has too much in front of its body."""
        if self.transport.is_closing() or self._is_refused:
            return
        self._parse(data)
        if self._is_in_head:
            # The parser tells of a header when all of it is there: until then it is counted here, but for the piece
            # with the head's beginning, which may be the end of another request as well.
            self._head = 0 if self._head < 0 else self._head + len(data)
            if self._head > MOST_HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response(TOO_LARGE)
            if self._due is None:
                self._wait()
            return
        if not self._is_in_body:
            self._stop_waiting()
            return
        self._received += len(data)
        if self._due is None or self._received >= LEAST_BYTES:
            self._stop_waiting()
            self._wait()

    def on_message_begin(self) -> None:
        """Begin a request, which may end the connection."""
        super().on_message_begin()
        self._head, self._is_in_head = -1, True
        self._extensions = {ABORT: self.transport.abort, GONE: self._leaving}
        self.scope["extensions"] = self._extensions

    def on_headers_complete(self) -> None:
        """Answer a request whose head is as it should be. Raises ValueError, which the parser reports."""
        self._trouble = self._find_trouble()
        if self._trouble:
            raise ValueError(self._trouble)
        self._is_in_head, self._is_in_body = False, True
        super().on_headers_complete()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None:
            # The cycle leads to its scope, and the scope to this: nothing must wait for the collector.
            self._extensions[RESPOND] = partial(respond, ref(cycle))
            if self._drained is not None:
                cycle.keep_alive = False

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Begin to answer a request (called by uvicorn), without a task as long as it does not wait."""
        self._answering = cycle
        rounds: Rounds = self.app_state["rounds"]
        rounds.add(cycle.run_asgi(app), self.tasks)

    def on_message_complete(self) -> None:
        """End a request."""
        self._is_in_body = False
        super().on_message_complete()

    def _parse(self, data: bytes) -> None:
        rest = data
        while rest:
            self._piece, self._rest = rest, b""
            super().data_received(rest)
            rest = self._rest
        self._piece = b""

    def _find_trouble(self) -> str:
        """Return what is wrong with the head of a request, nothing where it is as it should be."""
        size, hosts = len(self.url), 0
        for name, value in self.headers:
            size += len(name) + len(value) + 4
            hosts += name == b"host"
        if size > MOST_HEAD_BYTES:
            return TOO_LARGE
        if hosts != 1 and (hosts or self.parser.get_http_version() == "1.1"):
            return ONE_HOST
        if self.parser.should_upgrade() and self._should_upgrade() and not self._is_handshake():
            return NO_HANDSHAKE
        return ""

    def _is_handshake(self) -> bool:
        """Tell whether a request that asks for a WebSocket is one that may get it (RFC 6455, section 4.1).

        Not before earlier ones on its connection are answered, which would be taken for messages.
        """
        is_first = self.cycle is None or self.cycle.response_complete
        return is_first and self.parser.get_method() == b"GET" and not self._find_delimiters()

    def _find_delimiters(self) -> list[tuple[bytes, bytes]]:
        """Return the headers that say where the body of a request ends; none where it has none."""
        return [
            (name, value)
            for name, value in self.headers
            if name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0"))
        ]

    def _unsupported_upgrade_warning(self) -> None:
        """Go on as if no other protocol had been asked for (called by uvicorn, RFC 9110, section 7.8).

        The parser takes all that comes behind such a head for the other protocol: a new one reads it, the body first.
        """
        upgrade = sys.exception()
        assert isinstance(upgrade, HttpParserUpgrade)
        rest = self._piece[upgrade.args[0] :]
        delimiters = self._find_delimiters()
        if not delimiters or self.cycle is None:
            self.parser, self._rest = make_parser(self), rest
            return
        self.cycle.more_body = self._is_in_body = True
        self.parser = make_parser(Continuation(self))
        self._rest = b"\r\n".join([b"POST / HTTP/1.1", *map(b": ".join, delimiters), b"", rest])

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, with what is wrong with it if that is known, and end the connection.

        Behind requests whose answers are still to come it ends with the last of these: whoever sends one request after
        the other takes what comes first for the answer to the first.
        """
        self._is_refused = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
            return
        body = (self._trouble or msg).encode()
        headers = [
            *ENCODED,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        self.transport.write(write_head(400, headers) + body)
        self.transport.close()

    def shutdown(self) -> None:
        """Say that the server goes away (called by uvicorn)."""
        find_departure(self.app_state).begin()
        if self.cycle is not None and not self.cycle.response_complete:
            super().shutdown()
        elif self._drained is None:
            # A request may be on its way already: a connection closed now would break it.
            self._unset_keepalive_if_required()
            self._drained = self.loop.call_later(DRAIN_SECONDS, self._finish)

    def pause_writing(self) -> None:
        """Let the client read, but not for ever (called by the transport)."""
        super().pause_writing()
        self._watch_reading()

    def resume_writing(self) -> None:
        """Go on (called by the transport)."""
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def timeout_keep_alive_handler(self) -> None:
        """End a connection on which nothing more is asked, once its answers are read (called by uvicorn)."""
        if self.transport.get_write_buffer_size() and not self.transport.is_closing():
            self._watch_reading()
            self.timeout_keep_alive_task = self.loop.call_later(
                max(1.0, self.timeout_keep_alive), self.timeout_keep_alive_handler
            )
            return
        super().timeout_keep_alive_handler()
        self.loop.call_later(LINGER, self.transport.abort)

    def _watch_reading(self) -> None:
        if self._reading is not None:
            return
        unread = self.transport.get_write_buffer_size()
        self._reading = self.loop.call_later(BEGIN_SECONDS, self._check_reading, unread)

    def _check_reading(self, unread: int) -> None:
        """End a connection whose client reads next to nothing."""
        self._reading = None
        left = self.transport.get_write_buffer_size()
        if left > max(0, unread - LEAST_BYTES):
            self.transport.abort()
        elif left:
            self._watch_reading()

    def _finish(self) -> None:
        """End a connection on which nothing came any more; one with a request ends with its answer."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self.cycle.keep_alive = False

    def _wait(self) -> None:
        self._received = 0
        self._due = self.loop.call_later(BEGIN_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _give_up(self) -> None:
        """End a connection whose client does not go on, unless it is the server that reads nothing at the moment."""
        if self.flow.read_paused:
            self._wait()
        else:
            self.transport.close()


def respond(held: ref[RequestResponseCycle], status: int, headers: Sequence[Header], body: bytes) -> bool:
    """Write the whole response of a cycle at once, and tell whether that could be done: not where nobody reads.

    uvicorn's own way takes two messages, and looks at each header by itself.
    """
    cycle = held()
    if cycle is None or cycle.disconnected:
        return True
    if cycle.transport.is_closing():
        cycle.disconnected = True
        return True
    if cycle.response_started or cycle.flow.write_paused:
        return False
    named = [*cycle.default_headers, *headers]
    if not cycle.keep_alive:
        named.append((b"connection", b"close"))
    head = write_head(status, named)
    if head.count(b"\n") != len(named) + 2 or head.count(b"\r") != len(named) + 2:
        raise RuntimeError("A header has more than one line.")
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    cycle.transport.writelines([head] if cycle.scope["method"] == "HEAD" else [head, body])
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
    return True


def write_head(status: int, headers: Sequence[Header]) -> bytes:
    """Return the status line and the headers of a response as they are sent."""
    return b"\r\n".join([STATUS_LINE[status][:-2], *map(b": ".join, headers), b"", b""])


def make_parser(protocol: object) -> HttpRequestParser:
    """Return a parser as uvicorn makes it, that tells a protocol what it finds."""
    parser = HttpRequestParser(protocol)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser


class Continuation:
    """Tells a connection what comes behind the head of a request, which is repeated to the parser and left out here."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection
        self._is_head = True
        self.on_body = connection.on_body
        self.on_message_complete = connection.on_message_complete

    def on_message_begin(self) -> None:
        """Tell of another request."""
        if not self._is_head:
            self._connection.on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Tell of its address."""
        if not self._is_head:
            self._connection.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Tell of one of its headers."""
        if not self._is_head:
            self._connection.on_header(name, value)

    def on_headers_complete(self) -> None:
        """Tell that it has no more of them."""
        if self._is_head:
            self._is_head = False
        else:
            self._connection.on_headers_complete()


class SocketConnection(WebSocketsSansIOProtocol):
    """A WebSocket connection that says why it ends, even to a client that does not read."""

    _is_held = False

    def pause_writing(self) -> None:
        """Take nothing more from a client that does not read: each ping would be answered (called by the transport)."""
        super().pause_writing()
        if not self.close_sent:
            self._is_held = True
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on (called by the transport)."""
        super().resume_writing()
        if self._is_held:
            self._is_held = False
            if not self.read_paused:
                self.transport.resume_reading()

    async def receive(self) -> Any:
        """Return the next message (ASGI)."""
        message = await super().receive()
        if self._is_held:
            self.transport.pause_reading()
        return message

    def shutdown(self) -> None:
        """Say that the server goes away (called by uvicorn)."""
        if not self.handshake_complete or self.close_sent:
            super().shutdown()
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": GOING_AWAY, "reason": FAREWELL})
        self.conn.send_close(GOING_AWAY, FAREWELL)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()
        self.loop.call_later(LINGER, self.transport.abort)

    async def send(self, message: Any) -> None:
        """Send a message (ASGI); a close does not wait until what came before was read."""
        if self.close_sent:
            raise ClientDisconnected
        if message["type"] != "websocket.close" or self.writable.is_set():
            await super().send(message)
            return
        self.writable.set()
        await super().send(message)
        self.loop.call_later(LINGER, self.transport.abort)
