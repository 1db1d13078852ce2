"""How long an operation is waited for: no longer than it may take, and only while whoever asked is there."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, MutableSet
from functools import partial
from typing import Any, TypeVar

from starlette.types import Scope

from api.connections import GONE, Leave
from api.graphql_request import Refusal
from models.beginning import begin
from models.shared import Shared

TIMEOUT = "TIMEOUT"
Value = TypeVar("Value")
Leaving = MutableSet[Leave]
"""What is called when a client goes."""


def find_leaving(scope: Scope) -> Leaving | None:
    """Return what is called when the client of a request goes, None where that is not known."""
    leaving: Leaving | None = scope.get("extensions", {}).get(GONE)
    return leaving


class Patience:
    """Waits for queries `seconds`, and for what changes something `change_seconds`; 0 is as long as it takes."""

    def __init__(self, seconds: float, change_seconds: float) -> None:
        self.seconds = seconds
        self._change_seconds = change_seconds
        self._changing: set[asyncio.Task[Any]] = set()

    def is_late(self, shared: Shared[Any]) -> bool:
        """Tell whether work goes on for so long already that whoever comes now had better begin anew."""
        if shared.is_abandoned:
            return True
        return 0 < self.seconds < asyncio.get_running_loop().time() - shared.begun

    async def wait(self, shared: Shared[Value], leaving: Leaving | None = None) -> Value:
        """Return what work comes to. Raises Refusal where it takes too long, or whoever asked is gone."""
        future = shared.join()
        timer = give_up_after(self.seconds, future)
        if leaving is None:
            try:
                return await future
            finally:
                if timer is not None:
                    timer.cancel()

        def leave() -> None:
            refuse(future, Refusal(400, "DISCONNECTED", "Whoever asked is gone."))

        leaving.add(leave)
        try:
            return await future
        finally:
            leaving.discard(leave)
            if timer is not None:
                timer.cancel()

    async def bound(self, work: Coroutine[Any, Any, Value]) -> Value:
        """Return what comes of something done for one who asks alone. Raises Refusal where it takes too long."""
        # What must be waited for is work of its own: to give up may itself take long where the database says nothing.
        done = begin(work)
        return await self.wait(done) if isinstance(done, Shared) else done

    async def finish(self, work: Coroutine[Any, Any, Value]) -> Value:
        """Return what comes of work that changes something: it is not cut off because whoever asked goes.

        Raises Refusal where it takes too long.
        """
        shared = Shared(work)
        self._changing.add(shared.task)
        shared.task.add_done_callback(self._changing.discard)
        ours, theirs = shared.join(), shared.join()
        # Both give up then, and with them the work ends.
        for future in (ours, theirs):
            timer = give_up_after(self._change_seconds, future, CHANGED)
            if timer is not None:
                future.add_done_callback(partial(cancel, timer))
        try:
            return await theirs
        except asyncio.CancelledError:
            # Until it has come to its end, it is one of those that whoever asked has.
            await asyncio.wait({shared.task})
            raise

    async def close(self) -> None:
        """Wait for the changes that nobody waits for any more."""
        await asyncio.gather(*self._changing, return_exceptions=True)


CHANGED = (
    " What was to be changed may have been changed or not; with @idempotent it can be sent again safely."
)


def give_up_after(
    seconds: float, future: asyncio.Future[Any], warning: str = ""
) -> asyncio.TimerHandle | None:
    """Give a future the error of an operation that takes too long after so many seconds, unless it is done."""
    if not seconds:
        return None
    return asyncio.get_running_loop().call_later(seconds, refuse_late, future, seconds, warning)


def refuse_late(future: asyncio.Future[Any], seconds: float, warning: str) -> None:
    """Give a future that is not done yet the error of an operation that takes longer than it may."""
    message = f"An operation may take {seconds:g} s, and this one took longer; it was given up.{warning}"
    refuse(future, Refusal(504, TIMEOUT, message))


def refuse(future: asyncio.Future[Any], refusal: Refusal) -> None:
    """Give a future that is not done yet an error."""
    if not future.done():
        future.set_exception(refusal)
        # Nobody may be there to look at it.
        future.exception()


def cancel(timer: asyncio.TimerHandle, _future: object) -> None:
    """Stop a timer when what it is for is done."""
    timer.cancel()
