"""The doors through which an operation can come, and what it is answered: HTTP, WebSocket, event stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from benchmarks.load import Server
from benchmarks.promises.exchange import exchange, write

PROTOCOL = Subprotocol("graphql-transport-ws")
MOST_BYTES = 1 << 26
CLOSED = {(4400, "A message must be JSON."): "BAD_JSON"}


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered: the codes of the errors, each once, and whether there was data."""

    codes: frozenset[str]
    has_data: bool


Door = Callable[[Server, bytes], Said]


def read_answer(body: bytes) -> Said:
    """Return what an answer says."""
    answer = orjson.loads(body)
    errors = answer if isinstance(answer, list) else answer.get("errors", [])
    codes = frozenset(error["extensions"]["code"] for error in errors)
    return Said(codes, isinstance(answer, dict) and answer.get("data") is not None)


def send(server: Server, body: bytes, **headers: str) -> bytes:
    """Send a request and return the body of the answer, whatever its status."""
    named = {"Content-Type": "application/json", **headers}
    return exchange(server.port, write("POST", "/graphql", named, body)).content


def ask_by_http(server: Server, body: bytes) -> Said:
    """Ask by POST."""
    return read_answer(send(server, body))


def ask_for_price(server: Server, body: bytes) -> Said:
    """Ask what an operation would cost: everything that bounds it is looked at, nothing is executed."""
    return read_answer(send(server, body, **{"Quiet-Price-Only": "1"}))


def ask_by_stream(server: Server, body: bytes) -> Said:
    """Ask for an event stream."""
    answer = send(server, body, Accept="text/event-stream")
    if not answer.startswith(b"event: next\ndata: "):
        return read_answer(answer)
    return read_answer(answer.partition(b"data: ")[2].partition(b"\n")[0])


def name_close(closed: ConnectionClosed) -> str:
    """Return the code that a request is refused with by HTTP where a WebSocket is closed because of it."""
    frame = closed.rcvd
    if frame is None:
        return "closed without a word"
    return CLOSED.get((frame.code, frame.reason), f"closed {frame.code} {frame.reason}")


def ask_by_socket(server: Server, body: bytes) -> Said:
    """Ask on a WebSocket; where that is closed, the code of the close is what was said."""
    address = server.url("/graphql").replace("http", "ws", 1)
    asking = b'{"id":"1","type":"subscribe","payload":' + body + b"}"
    with connect(
        address, subprotocols=[PROTOCOL], compression=None, proxy=None, max_size=MOST_BYTES
    ) as socket:
        socket.send('{"type":"connection_init"}')
        socket.recv()
        try:
            socket.send(asking.decode())
            message = orjson.loads(socket.recv())
        except ConnectionClosed as closed:
            return Said(frozenset({name_close(closed)}), False)
    return read_answer(orjson.dumps(message["payload"]))


DOORS: Mapping[str, Door] = {
    "HTTP": ask_by_http,
    "WebSocket": ask_by_socket,
    "event stream": ask_by_stream,
}
