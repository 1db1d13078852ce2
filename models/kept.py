"""What was worked out from one span of the history, in memory until the next one: found lists, and JSON made of them.

Whoever asks for what is being worked out already waits for it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from models.schedule import Span
from models.shared import Shared


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
        self._making: dict[Hashable, Shared[Any]] = {}

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
        making = self._making.get(name)
        if making is None or making.is_abandoned:
            making = self._making[name] = Shared(self._make(span, name, make))
            making.task.add_done_callback(partial(self._end, name, making))
        made: Value = await making.wait()
        return made

    def _end(self, name: Hashable, making: Shared[Any], _task: object) -> None:
        if self._making.get(name) is making:
            del self._making[name]

    def _begin(self, span: Span) -> None:
        self._span = span
        self.size = 0
        for known in (self._values, self._sizes, self._making):
            known.clear()

    async def _make(self, span: Span, name: Hashable, make: Callable[[], Awaitable[Value]]) -> Value:
        value = await make()
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
