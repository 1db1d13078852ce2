"""Who is told of everything, and counts, logs and traces it. There is one in each process.

A limit that refuses raises a Refusal, whose code is counted by itself. What else a limit has to tell, as the length of
its queue, goes into `gauges` or `counts` under its name.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter

from starlette.types import Scope

from api.observing.names import Names
from api.observing.seen import Seen, current
from api.observing.slow_log import SlowLog
from api.observing.tallies import Tallies
from api.observing.tracing import Tracing
from models.sqlite import READING
from models.statements import watching
from schema.subject import Subject

KEPT, SHARED, MADE = "kept", "shared", "made"
"""Where an answer came from: it was kept, somebody asked the same at that time, or it was made for this request."""

BEGUN = "begun"
"""A subscription was asked for; how it goes on is told by its events."""

OK, FAILED, REFUSED, ERROR, CANCELLED = "ok", "failed", "refused", "error", "cancelled"
"""What came of an operation: data alone, errors of execution, nothing as it was never begun, a fault of ours, or
nothing as nobody waited for it any more.
"""

DOORS = {
    "/graphql": "graphql",
    "/changes": "changes",
    "/sitemap.xml": "feeds",
    "/feed.atom": "feeds",
    "/feed.json": "feeds",
    "/llms.txt": "feeds",
    "/robots.txt": "feeds",
    "/livez": "health",
    "/readyz": "health",
    "/version": "health",
    "/metrics": "health",
}
LONGEST_PATH = 200

access = logging.getLogger("quiet.access")


class Observer:
    """Counts and logs; `slow_seconds` is from when on an operation is logged as slow, 0 for never."""

    def __init__(
        self,
        names: Names,
        *,
        logs_access: bool = False,
        slow_seconds: float = 0.0,
        tracing: Tracing | None = None,
    ) -> None:
        self.tallies = Tallies()
        self.tracing = tracing
        self.gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        """Further figures of this moment, by name: a sentence, and how to look."""
        self.counts: dict[str, tuple[str, Callable[[], float]]] = {}
        """Further counts, by name: a sentence, and how to look."""
        self._names = names
        self._logs_access = logs_access
        self._slow_seconds = slow_seconds
        self._slow = SlowLog()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hear of statements until the block ends, and send the last spans and lines then."""
        with watching(self.tell_statement):
            try:
                yield
            finally:
                self._slow.close()
                if self.tracing is not None:
                    await self.tracing.close()

    def tell_operation(self, seen: Seen, subject: Subject, outcome: str, seconds: float) -> None:
        """Take note of an operation that came to its end."""
        seen.subject, seen.outcome, seen.seconds = subject, outcome, seconds
        label = subject.label or self._names.label(subject, is_answered=outcome == OK)
        self.tallies.operations[label, subject.type, outcome, seen.cache] += 1
        self.tallies.durations[label, seen.cache].add(seconds)
        if self._slow_seconds and seconds >= self._slow_seconds:
            self._slow.tell(seconds, describe_operation(seen))

    def tell_subscription(self, seen: Seen | None, subject: Subject) -> None:
        """Take note of a subscription that is asked for."""
        if seen is not None:
            seen.subject, seen.outcome = subject, BEGUN
        label = self._names.label(subject, is_answered=False)
        self.tallies.operations[label, subject.type, BEGUN, ""] += 1

    def tell_request(self, scope: Scope, seen: Seen) -> None:
        """Take note of a request that came to its end."""
        path = scope["path"]
        door = DOORS.get(path, "other") if scope["type"] == "http" else "socket"
        self.tallies.requests[door, seen.status] += 1
        if seen.code:
            self.tallies.refusals[seen.code,] += 1
        if self._logs_access:
            self._log_access(scope, seen, logging.DEBUG if door == "health" else logging.INFO)

    def tell_statement(self, text: str, began: int, ended: int, has_failed: bool) -> None:
        """Take note of a statement that came to its end (`models.statements.Watcher`)."""
        kind = "read" if text.lstrip()[:6].upper().startswith(READING) else "write"
        self.tallies.statements[kind,].add((ended - began) / 1e9)
        if has_failed:
            self.tallies.failed_statements[kind,] += 1
        seen = current.get()
        if seen is not None:
            seen.statements += 1
        if self.tracing is not None:
            self.tracing.statement(text, began, ended, has_failed=has_failed)

    def _log_access(self, scope: Scope, seen: Seen, level: int) -> None:
        if not access.isEnabledFor(level):
            return
        # Never the query string, which holds documents and variables.
        path = scope["path"][:LONGEST_PATH]
        fields = {
            "method": scope.get("method", "WEBSOCKET"),
            "path": path,
            "status": seen.status,
            "duration_ms": to_milliseconds(perf_counter() - seen.began),
            **describe_operation(seen),
        }
        access.log(level, "%s %s %d", fields["method"], path, seen.status, extra=fields)


def describe_operation(seen: Seen) -> dict[str, object]:
    """Return what logs say of an operation: what it was, never with which variables, and what came of it."""
    fields: dict[str, object] = {}
    if seen.subject is not None:
        fields = {
            "operation": seen.subject.name or "",
            "operation_type": seen.subject.type,
            "document": seen.subject.hash,
            "outcome": seen.outcome,
            "cache": seen.cache,
            "operation_ms": to_milliseconds(seen.seconds),
            "statements": seen.statements,
        }
    if seen.code:
        fields["code"] = seen.code
    return fields


def to_milliseconds(seconds: float) -> float:
    """Return seconds in milliseconds, to the microsecond."""
    return round(seconds * 1000, 3)
