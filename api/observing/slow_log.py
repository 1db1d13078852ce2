"""The log of slow operations: so many lines a minute, and then one that says how many were left out.

When everything is slow, lines about it must not make it slower still, nor fill a disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextvars import Context
from time import monotonic

LINES = 60
"""How many operations are logged in a minute."""

MINUTE = 60.0

slow = logging.getLogger("quiet.slow")


class SlowLog:
    """Logs slow operations, as many as there may be lines."""

    def __init__(self) -> None:
        self._began = float("-inf")
        self._logged = 0
        self._left_out = 0
        self._longest = 0.0
        self._telling: asyncio.TimerHandle | None = None

    def tell(self, seconds: float, fields: Mapping[str, object]) -> None:
        """Log an operation with what there is to say of it, or count it where there were many."""
        now = monotonic()
        if now - self._began >= MINUTE:
            self.close()
            self._began, self._logged = now, 0
        if self._logged < LINES:
            self._logged += 1
            slow.warning("An operation took %.3f s.", seconds, extra=fields)
        else:
            self._leave_out(seconds, self._began + MINUTE - now)

    def _leave_out(self, seconds: float, remaining: float) -> None:
        self._left_out += 1
        self._longest = max(self._longest, seconds)
        if self._telling is None:
            # In a context of its own: the line is about no request.
            loop = asyncio.get_running_loop()
            self._telling = loop.call_later(remaining, self.close, context=Context())

    def close(self) -> None:
        """Say what was left out until now."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        if self._left_out:
            message = "%d more operations were slow within a minute, the longest with %.3f s."
            slow.warning(message, self._left_out, self._longest, extra={"left_out": self._left_out})
        self._left_out, self._longest = 0, 0.0
