"""What was worked out from one span of the history, in memory until the next one: found lists, and JSON made of them.

Whoever asks for what is being worked out already waits for it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from models.schedule import Span


class Keepable(Protocol):
    """Something that says what it takes, and tells `grown`, while it is kept, how many bytes more it takes."""

    grown: Callable[[int], None] | None

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""


Value = TypeVar("Value", bound=Keepable)


class Kept:
    """Values by name, the least recently used forgotten when all take more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.size = 0
        self._limit = limit
        self._span: Span | None = None
        self._values: OrderedDict[Hashable, Keepable] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self._making: dict[Hashable, asyncio.Task[Any]] = {}

    def __len__(self) -> int:
        return len(self._values)

    async def find(self, span: Span, name: Hashable, make: Callable[[], Awaitable[Value]]) -> Value:
        """Return the value of a name in a span, made now unless it is known. Raises what `make` raises."""
        if span != self._span:
            self._begin(span)
        known = self._values.get(name)
        if known is not None:
            self._values.move_to_end(name)
            return cast(Value, known)
        task = self._making.get(name)
        if task is None:
            task = self._making[name] = asyncio.ensure_future(self._make(span, name, make))
            # Whoever waited may have given up; an error is then nobody's.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        made: Value = await asyncio.shield(task)
        return made

    def _begin(self, span: Span) -> None:
        self._span = span
        self.size = 0
        for known in (self._values, self._sizes, self._making):
            known.clear()

    async def _make(self, span: Span, name: Hashable, make: Callable[[], Awaitable[Value]]) -> Value:
        try:
            value = await make()
        finally:
            if self._span == span:
                self._making.pop(name, None)
        if self._span == span and value.size <= self._limit:
            self._values[name] = value
            self._sizes[name] = 0
            value.grown = partial(self._grow, name, value)
            self._grow(name, value, value.size)
        return value

    def _grow(self, name: Hashable, value: Keepable, size: int) -> None:
        if self._values.get(name) is not value:
            return
        self._sizes[name] += size
        self.size += size
        while self.size > self._limit:
            oldest, _ = self._values.popitem(last=False)
            self.size -= self._sizes.pop(oldest)
