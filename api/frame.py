"""What stands around each request: its id, the headers that every response has, and the last resort where one fails."""

from __future__ import annotations

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.connections import ABORT
from api.errors import write_unexpected
from api.graphiql.page import ENDPOINT
from api.hosts import Hosts
from api.observing.observer import Observer
from api.observing.seen import Seen, begin, current
from api.origins import Origins
from api.sending import Sending
from models.beginning import settle
from schema.errors import log_unexpected

INTERNAL = 1011
"""Why a WebSocket is closed that failed."""


class Frame:
    """Passes requests on (ASGI) and tells the observer of each.

    There is one such layer, as each takes time from answers that are kept. `hosts` are the names that are answered,
    `origins` those whose pages may ask; None where it does not matter, or where nobody else's may.
    """

    def __init__(
        self, app: ASGIApp, observer: Observer, hosts: Hosts | None = None, origins: Origins | None = None
    ) -> None:
        self._app = app
        self._observer = observer
        self._hosts = hosts
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to the head of its response."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        seen = begin(scope["headers"])
        # The endpoint sets all headers that its answers need.
        is_complete = scope["path"] == ENDPOINT

        more = () if self._origins is None else self._origins.describe(scope)
        sending = Sending(scope, send, seen, more, completes=not is_complete)
        token = current.set(seen)
        try:
            await self._pass(scope, receive, sending)
        # Whatever it is: the client is told an id, and the log has the rest.
        except Exception as error:  # noqa: BLE001
            await self._fail(scope, seen, error, sending)
        finally:
            self._observer.tell_request(scope, seen)
            current.reset(token)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let those in who come to the right place, and answer browsers that ask whether a page may."""
        if self._hosts is not None and not self._hosts.admit(scope):
            await self._hosts.refuse(scope, send)
        elif self._origins is not None and self._origins.is_asked_by(scope):
            await self._origins.permit(send)
        elif scope["path"] == ENDPOINT and scope["type"] == "http":
            # Where the router would lead it as well: that takes a tenth of the time of a short answer.
            await scope["app"].state.endpoint(scope, receive, send)
        else:
            # Starlette and what it uses expect a task.
            await settle()
            await self._app(scope, receive, send)

    async def _fail(self, scope: Scope, seen: Seen, error: Exception, send: Send) -> None:
        """Log an error that nobody expected, and end the response in one way or another."""
        identity = log_unexpected(error)
        self._observer.tallies.unexpected += 1
        if scope["type"] == "websocket":
            with suppress(Exception):  # it is closed already
                await send({"type": "websocket.close", "code": INTERNAL, "reason": "Internal error"})
        elif not seen.status:
            await write_unexpected(identity)(scope, no_more, send)
        elif abort := scope.get("extensions", {}).get(ABORT):
            # Cut off, so that nobody takes what there is of the response for all of it.
            abort()
        else:
            raise error


async def no_more() -> Message:
    """Receive nothing."""
    return {"type": "http.disconnect"}
