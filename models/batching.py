"""Loads of one kind, gathered during a turn of the event loop and answered together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Batch(Generic[Key, Value]):
    """Turns requests for single keys into one call of `load` for all keys of the same turn.

    `load` gets distinct keys in the order of their first request and returns a value for each. A key that is
    being loaded already is not loaded twice, and with `remember` no key ever is. Each request has its own
    future, so that one that is cancelled takes nothing from the others.
    """

    def __init__(
        self, load: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]], *, remember: bool = False
    ) -> None:
        self._load = load
        self._remember = remember
        self._known: dict[Key, Value] = {}
        self._next: list[Key] = []
        self._asked: dict[Key, list[asyncio.Future[Value]]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def request(self, key: Key) -> asyncio.Future[Value]:
        """Return the future value of this key."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Value] = loop.create_future()
        if key in self._known:
            future.set_result(self._known[key])
            return future
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
        task = asyncio.create_task(self._run(keys))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, keys: list[Key]) -> None:
        try:
            values = await self._load(keys)
        except asyncio.CancelledError:
            for future in self._take(keys):
                future.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - whoever asked gets it
            for future in self._take(keys):
                future.set_exception(error)
            return
        if self._remember:
            self._known.update(values)
        for key in keys:
            for future in self._take([key]):
                future.set_result(values[key])

    def _take(self, keys: Sequence[Key]) -> list[asyncio.Future[Value]]:
        """Return who still waits for these keys; whoever asks from now on is loaded for anew."""
        futures = [future for key in keys for future in self._asked.pop(key)]
        return [future for future in futures if not future.done()]
