"""What is seen of one request while it is answered: it is told in logs, traces and metrics when it is done.

Whatever is logged meanwhile carries its id, also from tasks that were begun for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from itertools import count
from secrets import token_hex
from time import perf_counter

from schema.subject import Subject

REQUEST_ID = b"x-request-id"
TRACE_PARENT = b"traceparent"
TRACE_STATE = b"tracestate"
TOLD = frozenset({REQUEST_ID, TRACE_PARENT, TRACE_STATE})

WELL_FORMED = re.compile(rb"[A-Za-z0-9._~+/=:-]{1,128}")
"""A request id that may be repeated: nothing of it can end a line or a header."""

PARENT = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
"""A `traceparent` header of version 00 (W3C Trace Context, section 3.2)."""

_PROCESS = token_hex(8)
_NUMBERS = count(1)


class Seen:
    """A request, or an operation that came by WebSocket; empty what is not known of it.

    `parent` and `state` are the W3C trace context that it came with, `cache` and `outcome` what came of its operation,
    `code` why it was refused, `seconds` how long the operation took.
    """

    # Of the class as long as nothing is known: a request that is answered from memory sets few of them.
    trace: str = ""
    parent: str = ""
    state: str = ""
    status: int = 0
    subject: Subject | None = None
    cache: str = ""
    outcome: str = ""
    code: str = ""
    seconds: float = 0.0
    statements: int = 0

    def __init__(self, identity: str, began: float) -> None:
        self.id = identity
        self.began = began


current: ContextVar[Seen | None] = ContextVar("seen", default=None)
"""What is being answered where this code runs."""


def begin(headers: Iterable[tuple[bytes, bytes]]) -> Seen:
    """Return what is seen of a request with these headers at its beginning.

    Its id is the one it names, if that may be repeated; its trace the one that it belongs to.
    """
    seen = Seen("", perf_counter())
    # Most requests have none of these.
    told = {name: value for name, value in headers if name in TOLD}
    if told:
        take(seen, told)
    if not seen.id:
        seen.id = make_id()
    return seen


def take(seen: Seen, told: Mapping[bytes, bytes]) -> None:
    """Take over what headers say of the request and its trace, as far as it is well formed."""
    named = told.get(REQUEST_ID, b"")
    if WELL_FORMED.fullmatch(named):
        seen.id = named.decode()
    parent = PARENT.fullmatch(told.get(TRACE_PARENT, b""))
    if parent:
        seen.parent, seen.trace = parent[0].decode(), parent[1].decode()
        seen.state = told.get(TRACE_STATE, b"").decode("latin-1")[:512]


def begin_within(around: Seen | None) -> Seen:
    """Return what is seen of an operation on a connection: an id of its own, in the same trace."""
    seen = Seen(make_id(), perf_counter())
    if around is not None:
        seen.trace, seen.parent, seen.state = around.trace, around.parent, around.state
    return seen


def make_id() -> str:
    """Return an id that no other request has: it names the process and counts."""
    return f"{_PROCESS}{next(_NUMBERS):x}"
