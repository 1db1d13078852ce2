"""Connections as uvicorn holds them, taught to part well: who follows is told that the server goes, and who does
not read what it is sent is let go.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

ABORT = "quiet.abort"
"""The extension of a scope that ends its connection at once, with whatever was not read yet."""

GOING_AWAY = 1001
FAREWELL = "The server goes away; connect again."
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
    """An HTTP connection whose streams are told when the server goes away."""

    def on_message_begin(self) -> None:
        """Begin a request, which may end the connection."""
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: self.transport.abort}  # type: ignore[dict-item] # ours

    def shutdown(self) -> None:
        """Say that the server goes away (called by uvicorn)."""
        find_departure(self.app_state).begin()
        super().shutdown()


class SocketConnection(WebSocketsSansIOProtocol):
    """A WebSocket connection that says why it ends, even to a client that does not read."""

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
