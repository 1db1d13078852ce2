"""A real HTTP server that keeps what it is sent, and answers as a test wants it to."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Told:
    """What to answer; with `pause` the body comes in pieces with so many seconds between."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    pause: float = 0.0


class Receiver:
    """What a server received; `answer` says what to each request, 200 where nothing is said."""

    def __init__(self, answer: Callable[[Received], Told] | None = None) -> None:
        self.answer = answer or (lambda _: Told())
        self.received: list[Received] = []
        self.port = 0
        self._coming: Queue[Received] = Queue()

    @property
    def address(self) -> str:
        """Return where it is, without encryption."""
        return f"http://127.0.0.1:{self.port}"

    def take(self, seconds: float = 20.0) -> Received:
        """Return the next request that was not taken yet; waits for it."""
        try:
            return self._coming.get(timeout=seconds)
        except Empty:
            raise AssertionError(f"no request within {seconds:g} s; before: {self.received}") from None

    def add(self, request: Received) -> Told:
        """Keep a request and return what to answer."""
        self.received.append(request)
        told = self.answer(request)
        self._coming.put(request)
        return told


@contextmanager
def receiving(
    answer: Callable[[Received], Told] | None = None, encryption: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """Run a server on a free port of this machine until the block ends."""
    receiver = Receiver(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            """Answer one request, whatever its method."""
            try:
                self.raw_requestline = self.rfile.readline(65537)
            except OSError:  # no handshake
                self.raw_requestline = b""
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            named = {name.lower(): value for name, value in self.headers.items()}
            told = receiver.add(Received(self.command, self.path, named, body, time.monotonic()))
            try:
                self._tell(told)
            except OSError:  # the sender is gone
                self.close_connection = True

        def _tell(self, told: Told) -> None:
            time.sleep(told.wait)
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(told.body)))
            self.end_headers()
            for start in range(0, len(told.body), 1024 if told.pause else max(1, len(told.body))):
                self.wfile.write(told.body[start : start + 1024] if told.pause else told.body)
                self.wfile.flush()
                time.sleep(told.pause)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    if encryption is not None:
        # The handshake is made at the first byte, in the connection's own thread.
        server.socket = encryption.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
