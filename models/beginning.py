"""Work that is done at once as far as it does not have to wait, and goes on as a task only where it has to.

What is in memory needs no task of its own. Python has this since 3.12 (`asyncio.eager_task_factory`); here it is for
all versions, and without a task where there is nothing to wait for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any, Generic, TypeVar

from models.shared import Shared

Value = TypeVar("Value")


class Present:
    """What is so at this moment; nothing else runs while work is begun."""

    begins = False
    """Whether work is being done that has no task of its own yet."""


def begin(work: Coroutine[Any, Any, Value]) -> Value | Shared[Value]:
    """Do work as far as it goes without waiting: return what it comes to, or the rest of it. Raises what it raises.

    That far it runs in the task of whoever calls. What belongs to a task, as `asyncio.timeout` does, comes after
    `settle`.
    """
    begun = start(work)
    return Shared(begun) if isinstance(begun, Rest) else begun


def start(work: Coroutine[Any, Any, Value]) -> Value | Rest[Value]:
    """Do what `begin` does, also where there is no task at all; the rest has none yet."""
    before, Present.begins = Present.begins, True
    try:
        return Rest(work, work.send(None))
    except StopIteration as done:
        value: Value = done.value
        return value
    finally:
        Present.begins = before


async def settle() -> None:
    """Return in a task that runs nothing else: work that has only been begun goes on in its own."""
    if Present.begins:
        await asyncio.sleep(0)


class Rest(Coroutine[Any, Any, Value], Generic[Value]):
    """What is left of work that waits for something already."""

    def __init__(self, work: Coroutine[Any, Any, Value], awaited: Any) -> None:
        self._work = work
        self._awaited = awaited
        self._is_new = True
        self._mark(False)

    def _mark(self, is_taken: bool) -> None:
        """Say whether a task takes the future: it must not be taken while two wait for it that have none yet."""
        if self._awaited is not None:
            self._awaited._asyncio_future_blocking = is_taken

    def send(self, value: Any) -> Any:
        """Go on; at first, say what is waited for (called by the task)."""
        if self._is_new:
            self._is_new = False
            self._mark(True)
            return self._awaited
        return self._work.send(value)

    def throw(self, *error: Any) -> Any:
        """End with an error (called by the task); what is waited for is given up where no task does that."""
        if self._is_new and self._awaited is not None:
            self._awaited.cancel()
        self._is_new = False
        return self._work.throw(*error)

    def close(self) -> None:
        """End without a word."""
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Value]:
        """Go on within other work."""
        return self._work.__await__()
