"""Headers that every response carries, so that browsers do nothing with it that we did not mean."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.graphiql.page import ENDPOINT

DEFAULTS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
ENCODED = [(name.lower().encode(), value.encode()) for name, value in DEFAULTS.items()]


class SecurityHeaders:
    """Adds the headers that a response does not set itself, but to those of the endpoint, which sets all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to the head of its response."""
        if scope["type"] != "http" or scope["path"] == ENDPOINT:
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                missing = (header for header in ENCODED if header[0] not in given)
                message = {**message, "headers": [*message["headers"], *missing]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
