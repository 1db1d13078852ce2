"""Whether pages of other origins may ask from a browser, by the Fetch standard's protocol (CORS).

Nothing here knows cookies, so that a page shows a credential itself or is nobody; `Access-Control-Allow-Credentials`
is never sent.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import Scope, Send

from api.graphql_reply import Reply
from api.headers import Header
from api.health import PATHS

ANY = "*"
METHODS = "GET, HEAD, POST"
ASKED = (
    "Authorization, Content-Type, If-None-Match, Last-Event-ID, Quiet-Price-Only, X-Request-ID, "
    "traceparent, tracestate"
)
"""The headers of requests that mean something here."""

SHOWN = "Content-Revision, ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
"""The headers of responses that pages may read."""

VARY: Header = (b"vary", b"Origin")
EXPOSED: Header = (b"access-control-expose-headers", SHOWN.encode())
PERMISSION: tuple[Header, ...] = (
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", ASKED.encode()),
    (b"access-control-max-age", b"7200"),
    (b"vary", b"Access-Control-Request-Method"),
)


class Origins:
    """Tells browsers that pages of these origins may read answers; `*` is every page there is."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(name.encode() for name in names)
        self._is_any = ANY.encode() in self._names

    def describe(self, scope: Scope) -> tuple[Header, ...]:
        """Return what the response to a request says of origins.

        Where only some may ask, it says so to all, as caches give it to others.
        """
        if scope["path"] in PATHS:
            return ()
        if self._is_any:
            return ((b"access-control-allow-origin", b"*"), EXPOSED)
        origin = find_origin(scope)
        if origin is None or origin not in self._names:
            return (VARY,)
        return ((b"access-control-allow-origin", origin), EXPOSED, VARY)

    def is_asked_by(self, scope: Scope) -> bool:
        """Tell whether a browser asks here whether a page of one of these origins may send a request."""
        if scope["type"] != "http" or scope["method"] != "OPTIONS" or scope["path"] in PATHS:
            return False
        origin = find_origin(scope)
        asks = any(name == b"access-control-request-method" for name, _ in scope["headers"])
        return asks and origin is not None and (self._is_any or origin in self._names)

    async def permit(self, send: Send) -> None:
        """Answer that it may, wherever it leads: what is there is said when it is asked for."""
        await Reply(204, PERMISSION).send(send)


def find_origin(scope: Scope) -> bytes | None:
    """Return the origin of the page that sends a request, None where it is no page."""
    named = [value.lower() for name, value in scope["headers"] if name == b"origin"]
    return named[0] if len(named) == 1 else None
