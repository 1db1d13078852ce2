"""Followers that cost next to nothing: a connection each, of which only the moments are kept when events arrive."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from time import perf_counter
from typing import cast

import orjson

from benchmarks.load import Server

AT_A_TIME = 50
PATIENCE = 60
SUBSCRIPTION = """subscription($since: Revision) {
  changes(since: $since) { cursor kind articleId article { id title path } } }"""
HANDSHAKE = b"""GET /graphql HTTP/1.1\r
Host: 127.0.0.1\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Protocol: graphql-transport-ws\r
\r
"""
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
EVENT = b"event: change\n"


class Follower(asyncio.Protocol, ABC):
    """A connection that follows the changes after a revision, and when each of them arrived."""

    opening = b""
    status = b""

    def __init__(self, since: int) -> None:
        self.arrivals: list[float] = []
        self.failure: str | None = None
        self.since = since
        self.begun = asyncio.get_running_loop().create_future()
        self.received = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for what is followed."""
        # That of uvloop is one only by what it can do.
        self.transport = cast("asyncio.Transport", transport)
        self.send(self.opening.replace(b"{since}", str(self.since).encode()))

    def data_received(self, data: bytes) -> None:
        """Take what has come: first the head of the answer, then events."""
        now = perf_counter()
        self.received += data
        if not self.begun.done():
            head, ended, rest = bytes(self.received).partition(b"\r\n\r\n")
            if not ended:
                return
            if self.status not in head.split(b"\r\n")[0]:
                self.fail(head.decode())
                return
            self.received[:] = rest
            self.begin()
        self.take(now)

    def connection_lost(self, _error: Exception | None) -> None:
        """Note that it ended before it was closed."""
        self.fail("The server closed the connection.")

    def fail(self, reason: str) -> None:
        """Keep the first reason for which nothing more will arrive."""
        self.failure = self.failure or reason
        if not self.begun.done():
            self.begun.set_exception(RuntimeError(reason))

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self.transport is not None
        self.transport.write(data)

    def begin(self) -> None:
        """Tell who waits that the head of the answer has come."""
        self.begun.set_result(None)

    @abstractmethod
    def take(self, now: float) -> None:
        """Take the events out of what was received."""


class SocketFollower(Follower):
    """A subscription by WebSocket (RFC 6455), with the protocol graphql-transport-ws."""

    opening = HANDSHAKE
    status = b" 101 "

    def begin(self) -> None:
        """Ask for the acknowledgement, behind which the subscription may come."""
        super().begin()
        self.send_message({"type": "connection_init"})

    def take(self, now: float) -> None:
        """Note each `next`; answer pings, subscribe when the connection is acknowledged."""
        for kind, payload in take_frames(self.received):
            if kind == PING:
                self.send(make_frame(PONG, payload))
            elif kind == TEXT and b'"next"' in payload and b'"errors"' not in payload:
                self.arrivals.append(now)
            elif kind == TEXT and b'"connection_ack"' in payload:
                asked = {"query": SUBSCRIPTION, "variables": {"since": self.since}}
                self.send_message({"type": "subscribe", "id": "1", "payload": asked})
            elif kind == TEXT and b'"ping"' in payload:
                self.send_message({"type": "pong"})
            elif kind != PONG:
                self.fail(repr(payload))

    def send_message(self, message: Mapping[str, object]) -> None:
        """Send a message of the protocol."""
        self.send(make_frame(TEXT, orjson.dumps(message)))


class StreamFollower(Follower):
    """A stream of server-sent events, `GET /changes`."""

    opening = b"GET /changes?since={since} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    status = b" 200 "

    def take(self, now: float) -> None:
        """Note each event; keep the end, which may be the beginning of one."""
        self.arrivals += [now] * self.received.count(EVENT)
        if b"event: error" in self.received:
            self.fail(self.received.decode())
        _, found, rest = self.received.rpartition(EVENT)
        self.received = (rest if found else self.received)[-len(EVENT) + 1 :]


def take_frames(received: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take whole frames out of what was received; yield the kind and the payload of each."""
    while len(received) >= 2:
        length, start = received[1], 2
        if length >= 126:
            start = 4 if length == 126 else 10
            length = int.from_bytes(received[2:start], "big")
        if len(received) < start + length:
            return
        yield received[0] & 15, bytes(received[start : start + length])
        del received[: start + length]


def make_frame(kind: int, payload: bytes) -> bytes:
    """Return a client's frame; its mask is zero, which leaves the payload as it is."""
    size = len(payload)
    length = bytes([128 | size]) if size < 126 else bytes([128 | 126]) + size.to_bytes(2, "big")
    return bytes([128 | kind]) + length + bytes(4) + payload


async def follow(server: Server, kind: type[Follower], count: int, since: int) -> list[Follower]:
    """Open so many connections, some at a time. Raises RuntimeError where the server does not let one in."""
    loop = asyncio.get_running_loop()
    followers: list[Follower] = []
    for first in range(0, count, AT_A_TIME):
        opening = [
            loop.create_connection(lambda: kind(since), "127.0.0.1", server.port)
            for _ in range(first, min(first + AT_A_TIME, count))
        ]
        opened = [follower for _, follower in await asyncio.gather(*opening)]
        await asyncio.wait_for(asyncio.gather(*(follower.begun for follower in opened)), PATIENCE)
        followers += opened
    return followers
