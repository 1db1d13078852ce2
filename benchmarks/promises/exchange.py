"""A request as bytes, on a connection of its own, and the answer to it: even where the client does everything wrong."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse

SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; its status is 0 where the connection ended without one."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


def write(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Return the bytes of a request; what the headers say of its length and host is sent, even where it is wrong."""
    given = {name.lower() for name in headers}
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if "host" not in given:
        lines.append("host: 127.0.0.1")
    if "content-length" not in given and (body or method == "POST"):
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1") + body


def exchange(port: int, request: bytes, *, ends: bool = False) -> Response:
    """Send the bytes of a request, and nothing more where it `ends`; return what is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        # The server may answer and close before it has read everything.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
            if ends:
                connection.shutdown(socket.SHUT_WR)
        try:
            response = HTTPResponse(connection, method=request.partition(b" ")[0].decode())
            response.begin()
            return Response(response.status, dict(response.getheaders()), response.read())
        except (HTTPException, ConnectionResetError):
            return Response()
