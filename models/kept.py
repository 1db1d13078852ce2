"""What was worked out from one span of the history, in memory: found lists, and JSON made of them.

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


Name = tuple[int, Hashable]
"""A revision, and what a value is called."""

Value = TypeVar("Value", bound=Keepable)


class Kept:
    """Values by name and revision, the least recently used forgotten when all take more than `limit` bytes.

    What was true of a revision stays so: a list that is paged at it goes on as it began.
    """

    def __init__(self, limit: int) -> None:
        self.size = 0
        self._limit = limit
        self._values: OrderedDict[Name, tuple[Span, Keepable]] = OrderedDict()
        self._sizes: dict[Name, int] = {}
        self._making: dict[tuple[Span, Hashable], Shared[Any]] = {}

    def __len__(self) -> int:
        return len(self._values)

    def recall(self, revision: int, moment: int, name: Hashable) -> Any:
        """Return the value of a name as it was at a revision and moment, None where that is not known any more."""
        span, value = self._values.get((revision, name), (None, None))
        if span is None or not span.since <= moment < span.until:
            return None
        self._values.move_to_end((revision, name))
        return value

    async def find(self, span: Span, name: Hashable, make: Callable[[], Awaitable[Value]]) -> Value:
        """Return the value of a name in a span, made now unless it is known. Raises what `make` raises."""
        known_span, known = self._values.get((span.revision, name), (None, None))
        if known_span == span:
            self._values.move_to_end((span.revision, name))
            return cast(Value, known)
        making = self._making.get((span, name))
        if making is None or making.is_abandoned:
            making = self._making[span, name] = Shared(self._make(span, name, make))
            making.task.add_done_callback(partial(self._end, (span, name), making))
        made: Value = await making.wait()
        return made

    def _end(self, key: tuple[Span, Hashable], making: Shared[Any], _task: object) -> None:
        if self._making.get(key) is making:
            del self._making[key]

    async def _make(self, span: Span, name: Hashable, make: Callable[[], Awaitable[Value]]) -> Value:
        value = await make()
        if value.size <= self._limit:
            key = (span.revision, name)
            self._forget(key)
            self._values[key] = span, value
            self._sizes[key] = 0
            value.grown = partial(self._grow, key)
            self._grow(key, value.size)
        return value

    def _grow(self, key: Name, size: int) -> None:
        self._sizes[key] += size
        self.size += size
        while self.size > self._limit:
            self._forget(next(iter(self._values)))

    def _forget(self, key: Name) -> None:
        _, value = self._values.pop(key, (None, None))
        if value is not None:
            self.size -= self._sizes.pop(key)
            # Somebody may still have it, and its name may be another's by then.
            value.grown = None
