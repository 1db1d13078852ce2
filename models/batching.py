"""Loads of one kind, gathered during a turn of the event loop and answered together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Batch(Generic[Key, Value]):
    """Turns requests for single keys into one call of `load` for all keys of the same turn.

    `load` gets distinct keys in the order of their first request and returns a value for each. A key that is
    being loaded already is not loaded twice, and with `remember` no key ever is. Each request has its own
    future, so that one that is cancelled takes nothing from the others; a call that nobody waits for any more is.
    """

    def __init__(
        self, load: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]], *, remember: bool = False
    ) -> None:
        self._load = load
        self._remember = remember
        self._known: dict[Key, Value] = {}
        self._next: list[Key] = []
        self._asked: dict[Key, list[asyncio.Future[Value]]] = {}
        self._running: dict[asyncio.Task[None], list[Key]] = {}

    def request(self, key: Key) -> asyncio.Future[Value]:
        """Return the future value of this key."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Value] = loop.create_future()
        if key in self._known:
            future.set_result(self._known[key])
            return future
        future.add_done_callback(self._leave)
        if key in self._asked:
            self._asked[key].append(future)
            return future
        self._asked[key] = [future]
        if not self._next:
            loop.call_soon(self._start)
        self._next.append(key)
        return future

    def request_all(self, keys: Sequence[Key]) -> list[asyncio.Future[Value]]:
        """Ask for keys whose values will be found elsewhere; return what to wait for, as few as will do."""
        waiting = [self.request(key) for key in keys if key in self._asked]
        new = [key for key in dict.fromkeys(keys) if key not in self._asked and key not in self._known]
        if new:
            # All that is asked for now is loaded together, so that the last one stands for all.
            waiting.append(self.request(new[-1]))
            for key in new[:-1]:
                self._asked[key] = []
                self._next.append(key)
        return waiting

    def _start(self) -> None:
        keys, self._next = self._next, []
        self._running[asyncio.create_task(self._run(keys))] = keys

    async def _run(self, keys: list[Key]) -> None:
        try:
            values = await self._load(keys)
        except asyncio.CancelledError:
            for future in self._finish(keys):
                future.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - whoever asked gets it
            for future in self._finish(keys):
                future.set_exception(error)
            return
        if self._remember:
            self._known.update(values)
        if self._running.pop(find_task(), None) is None:
            return
        for key in keys:
            for future in self._take([key]):
                future.set_result(values[key])

    def _finish(self, keys: Sequence[Key]) -> list[asyncio.Future[Value]]:
        """End the load that runs; return who still waits for it, nobody where it was given up before."""
        return self._take(keys) if self._running.pop(find_task(), None) is not None else []

    def _leave(self, future: asyncio.Future[Value]) -> None:
        """Cancel loads that nobody waits for any more."""
        if not future.cancelled():
            return
        for task, keys in list(self._running.items()):
            if all(other.done() for key in keys for other in self._asked[key]):
                # Whoever asks for the same from now on must not be cancelled with it.
                del self._running[task]
                self._take(keys)
                task.cancel()

    def _take(self, keys: Sequence[Key]) -> list[asyncio.Future[Value]]:
        """Return who still waits for these keys; whoever asks from now on is loaded for anew."""
        futures = [future for key in keys for future in self._asked.pop(key)]
        return [future for future in futures if not future.done()]


def find_task() -> asyncio.Task[Any]:
    """Return the task that runs now."""
    task = asyncio.current_task()
    assert task is not None
    return task
