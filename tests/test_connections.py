"""What comes over a socket and is no request, or never becomes one, costs the server little and ends."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from api import connections
from api.settings import Settings
from models.draft import ArticleDraft, SectionDraft
from schema.answer import Answer
from schema.call import Call
from schema.service import Service
from tests.live import SECONDS, Live
from tests.serving import QUIET_SERVE, quiet_environment, serving

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


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: a\r\n", b"Host: a\r\nHOST: b\r\n"])
async def test_requests_name_one_host(hosts: bytes, live: Live) -> None:
    """A request that names no host, or several, is refused and told why; before HTTP/1.1 there was no need to."""
    answer = await exchange(live, b"GET /livez HTTP/1.1\r\n" + hosts + b"\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nx-content-type-options: nosniff\r\n" in head
    assert body == connections.ONE_HOST.encode()
    status = 400 if hosts else 200
    answer = await exchange(live, b"GET /livez HTTP/1.0\r\n" + hosts + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 %d " % status)


WISH = (
    b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


@pytest.mark.parametrize(
    "behind",
    [
        b"GET /livez HTTP/1.1\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET /graphql HTTP/1.1\r\nHost: a\r\n" + WISH,
    ],
)
@pytest.mark.parametrize("pause", [0.0, 0.02])
async def test_answers_come_in_order(
    behind: bytes, pause: float, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is refused behind a request that takes a while never takes the place of that one's answer."""
    service = live.client.service
    answer = type(service).answer

    async def take_long(self: Service, call: Call) -> Answer:
        await asyncio.sleep(0.1)
        return await answer(self, call)

    monkeypatch.setattr(type(service), "answer", take_long)
    whole = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
    reader, writer = await asyncio.open_connection("127.0.0.1", live.port)
    async with asyncio.timeout(SECONDS):
        for piece in (whole + whole, behind) if pause else (whole + whole + behind,):
            writer.write(piece)
            await asyncio.sleep(pause)
        said = await reader.read()
    writer.close()
    assert said.startswith(b"HTTP/1.1 200 ")
    assert (said.count(b"HTTP/1.1 "), said.count(b"HTTP/1.1 200 ")) == (2, 2)
    assert said.count(b"connection: close") == 1


async def test_what_is_no_request(live: Live) -> None:
    """What is no HTTP at all is refused in a sentence, with the headers of every response."""
    answer = await exchange(live, b"\x16\x03\x01 hello\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"\r\ncontent-security-policy: " in answer
    assert answer.endswith(b"Invalid HTTP request received.")


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


@pytest.mark.database
async def test_bodies_that_come_drop_by_drop(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body of which now and then a byte comes is not waited for; a large one that keeps coming is."""
    monkeypatch.setattr(connections, "BEGIN_SECONDS", 0.3)
    _, writer = await asyncio.open_connection("127.0.0.1", live.port)
    writer.write(HEAD + b"Content-Length: 100000\r\n\r\n")
    async with asyncio.timeout(SECONDS):
        while not writer.transport.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.02)
    reader, writer = await asyncio.open_connection("127.0.0.1", live.port)
    writer.write(HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % (200_000 + len(BODY)))
    for _ in range(20):
        writer.write(b" " * 10_000)
        await asyncio.sleep(0.05)
    writer.write(BODY)
    assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
    writer.close()


@pytest.mark.database
async def test_answers_that_nobody_reads(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for much and reads nothing is let go, and nothing is kept for it."""
    monkeypatch.setattr(connections, "BEGIN_SECONDS", 0.3)
    query = b'{"query": "{ __schema { types { name description fields { name description } } } }"}'
    request = HEAD + b"Content-Length: %d\r\n\r\n" % len(query) + query
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", live.port))
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(SECONDS):
                while live.server.server_state.connections or live.server.server_state.total_requests == 0:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(0.05):
                            await loop.sock_sendall(client, request)
                    await asyncio.sleep(0.01)
        assert not live.server.server_state.connections


@pytest.mark.database
async def test_pings_of_a_client_that_does_not_read(live: Live) -> None:
    """The answers to pings that nobody reads do not pile up: no more pings are taken."""
    async with live.ready() as connected:
        connected.connection.transport.pause_reading()
        ping = b"\x89\xfd\x00\x00\x00\x00" + b"x" * 125
        for _ in range(300):
            connected.connection.transport.write(ping * 1_000)
            await asyncio.sleep(0.001)
        (server,) = live.server.server_state.connections
        assert isinstance(server, connections.SocketConnection)
        assert server.transport.get_write_buffer_size() < 2_000_000
        connected.connection.transport.abort()


@pytest.mark.database
async def test_requests_on_their_way_when_the_server_goes(live: Live) -> None:
    """Busy connections are answered to the last request, whose answer says that it is the last; nobody is cut off."""
    request = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
    broken: list[str] = []

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", live.port)
        while True:
            writer.write(request)
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                broken.append(repr(error))
                return
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            assert await reader.readexactly(length)
            if b"connection: close" in head.lower():
                writer.close()
                return

    asking = [asyncio.create_task(ask()) for _ in range(32)]
    await asyncio.sleep(0.3)
    live.server.should_exit = True
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*asking)
    assert not broken


@pytest.mark.database
async def test_requests_one_behind_the_other(live: Live) -> None:
    """Requests that are sent before the first one is answered are answered in their order, HEAD without a body."""
    wanted = [(b"GET", b"a"), (b"HEAD", b"b"), (b"GET", b"c"), (b"GET", b"d")]
    requests = [
        b"%b /graphql?query=%%7B%b:__typename%%7D HTTP/1.1\r\nHost: a\r\nX-Request-Id: %b\r\n%b\r\n"
        % (method, name, name, b"Connection: close\r\n" if name == b"d" else b"")
        for method, name in wanted
    ]
    head, *answers = (await exchange(live, b"".join(requests))).split(b"HTTP/1.1 200 OK\r\n")
    assert head == b""
    assert [
        b"x-request-id: " + name in answer for (_, name), answer in zip(wanted, answers, strict=True)
    ] == [True] * 4
    bodies = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
    assert [b'"%b":"Query"' % name in body for (_, name), body in zip(wanted, bodies, strict=True)] == [
        True,
        False,
        True,
        True,
    ]
    assert bodies[1] == b""
    lengths = [int(answer.partition(b"content-length: ")[2].split()[0]) for answer in answers]
    assert lengths == [len(bodies[0])] * 4
    assert b"connection: close" in answers[3]


async def test_headers_of_several_lines_are_never_sent(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A header whose value has the end of a line in it ends in an error of the server, not in another header."""
    monkeypatch.setattr("api.graphql_reply.ENCODED", [(b"x-spoiled", b"a\r\nset-cookie: b")])
    last = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
    answer = await exchange(live, last)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"set-cookie" not in answer


ANSWERED = b'"__typename":"Query"'


@pytest.mark.database
@pytest.mark.parametrize("delimiter", [b"Content-Length: %d" % len(BODY), b"Transfer-Encoding: chunked"])
async def test_other_protocols_are_not_taken_up(live: Live, delimiter: bytes) -> None:
    """A request that would rather speak another protocol is answered as if it had not said so, its body included."""
    wish = b"Connection: upgrade\r\nUpgrade: h2c\r\n"
    chunked = delimiter.startswith(b"Transfer")
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY) if chunked else BODY
    first = HEAD + wish + delimiter + b"\r\n\r\n"
    get = b"GET /graphql?query={__typename} HTTP/1.1\r\nHost: a\r\n" + wish + b"\r\n"
    last = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
    for pieces in (
        [first + body + get + last],
        [first, body, get, last],
        [first, body[:9], body[9:] + get + last],
    ):
        answer = await exchange(live, *pieces)
        assert (answer.count(b"HTTP/1.1 200 "), answer.count(ANSWERED)) == (3, 3)


async def test_a_body_is_never_another_request(live: Live) -> None:
    """What a request with an `Upgrade` has as its body is read as that, however late it comes."""
    hidden = b"GET /graphql?query={__typename} HTTP/1.1\r\nHost: a\r\n\r\n"
    head = HEAD + b"Connection: upgrade\r\nUpgrade: foo\r\nContent-Length: %d\r\n\r\n" % len(hidden)
    last = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
    for pieces in ([head + hidden + last], [head, hidden, last]):
        answer = await exchange(live, *pieces)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert (answer.count(b"HTTP/1.1 "), answer.count(ANSWERED)) == (2, 1)


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: %d\r\n" % len(BODY),
        b"GET /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n",
        b"GET /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n",
    ],
)
async def test_handshakes_have_no_body(live: Live, request_: bytes) -> None:
    """A WebSocket that does not begin with a GET without a body is refused, and the connection ended."""
    assert (await exchange(live, request_ + WISH)).startswith(b"HTTP/1.1 400 ")


async def test_answers_are_read_to_their_end(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large answer is not cut off because nothing more is asked meanwhile; who reads nothing more is let go."""
    monkeypatch.setattr(connections, "BEGIN_SECONDS", 1.0)
    monkeypatch.setattr(connections, "LINGER", 0.2)
    live.server.config.timeout_keep_alive = 0
    request, length = await ask_for_much(live)
    for pause in (0.005, 4.0):
        reader, writer = await open_narrow(live.port)
        writer.write(request)
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(pause)
        read = 0
        with suppress(ConnectionError):
            async with asyncio.timeout(SECONDS):
                while read < length and (piece := await reader.read(length)):
                    read += len(piece)
                    await asyncio.sleep(0.005 if pause < 1 else 0)
        assert (read == length) is (pause < 1)
        writer.transport.abort()


async def ask_for_much(live: Live) -> tuple[bytes, int]:
    """Return a request whose answer is larger than what the kernel takes at once, and how long that is."""
    sections = [SectionDraft("Part", 2, body="Long text. " * 2_000)] * 5
    await live.client.save(*(ArticleDraft("en", f"a{n}", "A", sections=sections) for n in range(20)))
    query = "{ articles { nodes { sections { a: body { html } b: body { html } c: body { html } } } } }"
    content = (await live.client.ask(query)).content
    assert len(content) > 6_000_000
    body = b'{"query": "%b"}' % query.encode()
    return HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body, len(content)


async def open_narrow(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection that takes little at a time."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
    narrow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", port))
    return await asyncio.open_connection(sock=narrow, limit=8_192)


async def test_clients_that_go_between_answers(live: Live, settings: Settings, tmp_path: Path) -> None:
    """A client that goes while its requests stand one behind the other is no error of the server, as users run it."""
    request, _ = await ask_for_much(live)
    with serving(QUIET_SERVE, tmp_path, quiet_environment(settings)) as base:
        port = int(base.rpartition(":")[2])
        for count in (4, 8):
            _, writer = await open_narrow(port)
            writer.write(request * count)
            await asyncio.sleep(1.0)
            writer.transport.abort()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        writer.close()
    assert "rror" not in (tmp_path / "server.log").read_text()
