"""What comes over a socket and is no request, or never becomes one, costs the server little and ends."""

from __future__ import annotations

import asyncio

import pytest

from api import connections
from tests.live import SECONDS, Live

HEAD = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
BODY = b'{"query": "{ __typename }"}'


async def exchange(live: Live, *pieces: bytes) -> bytes:
    """Return all that a connection says to these bytes until the server ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", live.port)
    try:
        async with asyncio.timeout(SECONDS):
            try:
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                return await reader.read()
            except ConnectionError:
                return b""
    finally:
        writer.transport.abort()


@pytest.mark.database
async def test_large_heads(live: Live) -> None:
    """Headers beyond the limit are refused whether they end or not, and however they are cut into pieces."""
    large = b"X: " + b"a" * (connections.MOST_HEAD_BYTES + 1)
    answer = await exchange(live, HEAD + large + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(connections.TOO_LARGE.encode())
    for endless in (b"X: " + b"a" * 99_997 + b"\r\n", b"a" * 100_000):
        answer = await exchange(live, HEAD + b"X: ", *[endless] * 100)
        assert not answer or answer.startswith(b"HTTP/1.1 400 ")
    many = b"".join(b"X-%d: a\r\n" % number for number in range(10_000))
    assert (await exchange(live, HEAD + many + b"\r\n")).startswith(b"HTTP/1.1 400 ")


@pytest.mark.database
async def test_requests_that_are_not_sent_to_their_end(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends nothing, half of a head or half of a body is let go, also after a request that was answered."""
    monkeypatch.setattr(connections, "BEGIN_SECONDS", 0.2)
    whole = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
    for pieces in ((b"",), (HEAD,), (HEAD + b"Content-Length: 9\r\n\r\n{",)):
        assert b" 200 " not in await exchange(live, *pieces)
    answer = await exchange(live, whole, HEAD)
    assert answer.count(b"HTTP/1.1 200 ") == 1
    assert not live.server.server_state.connections


@pytest.mark.database
async def test_requests_in_small_pieces(live: Live) -> None:
    """A request is answered however it is cut, and one behind a large body as well."""
    padding = b" " * 200_000
    large = HEAD + b"Content-Length: %d\r\n\r\n" % (len(BODY) + len(padding)) + padding + BODY
    last = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
    answer = await exchange(live, large + last[:10], *(bytes([byte]) for byte in last[10:]))
    assert answer.count(b"HTTP/1.1 200 ") == 2


@pytest.mark.database
async def test_no_redirect_to_a_host_that_a_client_names(live: Live) -> None:
    """An address with a slash at its end is not there; nothing leads to where the Host header says."""
    for path in (b"/graphql/", b"/changes/"):
        request = b"GET " + path + b" HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
        answer = await exchange(live, request)
        assert answer.startswith(b"HTTP/1.1 404 ")
        assert b"evil" not in answer
