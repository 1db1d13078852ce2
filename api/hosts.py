"""Under which names the server answers, so that no page reaches it under a name of its own (DNS rebinding)."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import Scope, Send

from api.graphql_reply import refuse
from api.graphql_request import JSON, Refusal
from api.health import PATHS

UNKNOWN = Refusal(
    421, "HOST_UNKNOWN", "This server does not answer under this name; QUIET_HOSTS says under which."
)
"""It does not say which: who does not know a name is not to learn it (RFC 9110, section 15.5.20)."""


class Hosts:
    """Admits requests that name one of these hosts. `*.example.org` stands for all below example.org."""

    def __init__(self, names: Iterable[str]) -> None:
        names = frozenset(names)
        self._names = frozenset(name for name in names if not name.startswith("*"))
        self._endings = tuple(name[1:] for name in names if name.startswith("*"))

    def admit(self, scope: Scope) -> bool:
        """Tell whether a request comes to the right place. Those who watch the server know it by its address."""
        if scope["path"] in PATHS:
            return True
        named = [value for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1:
            return False
        host = read_name(named[0].decode("latin-1"))
        return host in self._names or (bool(self._endings) and host.endswith(self._endings))

    async def refuse(self, scope: Scope, send: Send) -> None:
        """Answer a request that came to the wrong place."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": UNKNOWN.message})
        else:
            await refuse(UNKNOWN, JSON).send(send)


def read_name(host: str) -> str:
    """Return the name of a Host header, without its port, in lower case."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and (port.isdigit() or not port) and not host.endswith("]") else host.lower()
