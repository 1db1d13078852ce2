"""Work that several wait for together. Who gives up takes nothing from the others; the last one ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Shared(Generic[Value]):
    """A task that ends when it is done, or when the last one who waits for it has given up."""

    def __init__(self, work: Coroutine[Any, Any, Value]) -> None:
        self.task = asyncio.create_task(work)
        self.begun = self.task.get_loop().time()
        self.is_abandoned = False
        """Whether it was cancelled: whoever comes now begins anew."""
        self._waiting: set[asyncio.Future[Value]] = set()
        self.task.add_done_callback(self._tell)

    def join(self) -> asyncio.Future[Value]:
        """Return a future of one's own; cancelling it, or giving it an error, is giving up."""
        future: asyncio.Future[Value] = self.task.get_loop().create_future()
        self._waiting.add(future)
        if self.task.done():
            self._tell(self.task)
        else:
            future.add_done_callback(self._leave)
        return future

    async def wait(self) -> Value:
        """Return what the work comes to. Raises what it raises."""
        return await self.join()

    def _leave(self, future: asyncio.Future[Value]) -> None:
        self._waiting.discard(future)
        if not self._waiting and not self.task.done():
            self.is_abandoned = True
            self.task.cancel()

    def _tell(self, task: asyncio.Task[Value]) -> None:
        """Pass on what the work came to. Where nobody waits any more an error is nobody's."""
        waiting, self._waiting = self._waiting, set()
        error = None if task.cancelled() else task.exception()
        for future in waiting:
            if future.done():
                continue
            if task.cancelled():
                future.cancel()
            elif error is not None:
                future.set_exception(error)
                # Whoever waited may be cancelled at the same time, and then does not look at it.
                future.exception()
            else:
                future.set_result(task.result())
