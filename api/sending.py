"""How responses are sent: piece by piece as ASGI has it, or a whole one at once where its connection can."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.types import Message, Scope, Send

from api.headers import ENCODED, Header
from api.observing.seen import REQUEST_ID, Seen

RESPOND = "quiet.respond"
"""The extension of a scope that writes a whole response at once, and tells whether it did: the client may not read."""

Respond = Callable[[int, Sequence[Header], bytes], bool]

SWITCHING = 101


class Sending:
    """Sends the response to one request, with its id and `more` headers, and takes note of its status.

    Where it `completes`, responses get the headers that every one has and that they lack.
    """

    def __init__(
        self, scope: Scope, send: Send, seen: Seen, more: Sequence[Header] = (), *, completes: bool = True
    ) -> None:
        self._send = send
        self._seen = seen
        self._named = ((REQUEST_ID, seen.id.encode()), *more)
        self._completes = completes
        self._respond: Respond | None = (scope.get("extensions") or {}).get(RESPOND)

    async def __call__(self, message: Message) -> None:
        """Send a message (ASGI), and add to the head of a response."""
        kind = message["type"]
        if kind == "http.response.start":
            self._seen.status = message["status"]
            headers = [*message["headers"], *self._named]
            message["headers"] = complete(headers) if self._completes else headers
        elif kind == "websocket.accept":
            self._seen.status = SWITCHING
            message["headers"] = [*message.get("headers", ()), self._named[0]]
        await self._send(message)

    async def respond(self, status: int, headers: Sequence[Header], body: bytes) -> None:
        """Send a whole response that has all headers but those that are added here."""
        if self._respond is not None and self._respond(status, (*headers, *self._named), body):
            self._seen.status = status
            return
        await send_whole(self, status, headers, body)


async def send_whole(send: Send, status: int, headers: Sequence[Header], body: bytes) -> None:
    """Send a whole response in two messages (ASGI)."""
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})


def complete(headers: list[Header]) -> list[Header]:
    """Return the headers of a response with those that it lacks."""
    given = {name.lower() for name, _ in headers}
    return headers + [header for header in ENCODED if header[0] not in given]
