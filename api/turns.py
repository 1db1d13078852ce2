"""Whose turn it is: so many operations are executed at a time, a few wait in line, and the rest is sent away at once.

An operation more at a time makes all of them slower and none faster; one that is sent away may ask another process.
Operations that are answered from memory are over before the next one is looked at. What bounds them is the time that
one round of the event loop takes.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any, TypeVar

from api.graphql_request import Refusal

OVERLOADED = "OVERLOADED"
LONGEST_WAIT = 2.0
"""How long an operation stands in line at the most, in seconds."""

ROUND = 0.02
"""From how many seconds on those who come in a round of the event loop stand in line until the next one."""

Value = TypeVar("Value")
Turn = asyncio.Future[None]


class Turns:
    """Turns for `most` operations at a time, 0 for all; `most_waiting` stand in line, clients one after the other."""

    def __init__(self, most: int, most_waiting: int) -> None:
        self._most = most
        self._free = most
        self._most_waiting = most_waiting
        self._lines: OrderedDict[str, deque[Turn]] = OrderedDict()
        self._round_ends = 0.0
        self.waiting = 0

    def check(self, client: str) -> None:
        """See whether an operation of a client would be let in, before anything is done for it. Raises Refusal."""
        if self._most and self.waiting >= self._most_waiting and not self._is_open():
            longest = max(map(len, self._lines.values()), default=0)
            if len(self._lines.get(client, ())) + 1 >= longest:
                raise self._refuse()

    async def run(self, client: str, work: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        """Do the work when it is its client's turn. Raises Refusal where too many stand in line, or for too long."""
        if not self._most:
            return await work()
        if self._is_open():
            self._free -= 1
        else:
            await self._stand_in_line(client)
        try:
            return await work()
        finally:
            self._pass_on()

    def _is_open(self) -> bool:
        """Tell whether an operation may begin at once."""
        if not self._free or self._lines:
            return False
        if not self._round_ends:
            self._round_ends = monotonic() + ROUND
            asyncio.get_running_loop().call_soon(self._end_round)
            return True
        return monotonic() < self._round_ends

    def _end_round(self) -> None:
        """Let those in who came when the round had taken too long."""
        self._round_ends = 0.0
        while self._free and self._lines:
            self._free -= 1
            self._pass_on()

    async def _stand_in_line(self, client: str) -> None:
        self.check(client)
        if self.waiting >= self._most_waiting:
            self._send_away()
        loop = asyncio.get_running_loop()
        turn: Turn = loop.create_future()
        self._lines.setdefault(client, deque()).append(turn)
        self.waiting += 1
        timer = loop.call_later(LONGEST_WAIT, self._leave, client, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()
            else:
                self._remove(client, turn)
            raise
        finally:
            timer.cancel()

    def _leave(self, client: str, turn: Turn) -> None:
        if not turn.done():
            self._remove(client, turn)
            turn.set_exception(self._refuse())

    def _send_away(self) -> None:
        """Send away the last one of the client that has the most in line: another one has fewer."""
        client = max(self._lines, key=lambda name: len(self._lines[name]))
        turn = self._lines[client][-1]
        self._remove(client, turn)
        turn.set_exception(self._refuse())

    def _remove(self, client: str, turn: Turn) -> None:
        line = self._lines.get(client)
        if line is not None and turn in line:
            line.remove(turn)
            self.waiting -= 1
            if not line:
                del self._lines[client]

    def _pass_on(self) -> None:
        """Give a turn to the next client in line who is still there."""
        while self._lines:
            client, line = self._lines.popitem(last=False)
            turn = line.popleft()
            self.waiting -= 1
            if line:
                self._lines[client] = line
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _refuse(self) -> Refusal:
        message = (
            f"The server is busy: {self._most} operations are executed at a time, and {self._most_waiting} may wait. "
            "Try again."
        )
        return Refusal(503, OVERLOADED, message, {"Retry-After": "1"})
