"""Requests that come in one round of the event loop are begun one after the other, in one go.

A task for each would take longer than what a kept answer takes: only what has to wait gets one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import copy_context
from typing import Any

from models.beginning import Rest, start

Work = Coroutine[Any, Any, None]
Tasks = set[asyncio.Task[None]]


class Rounds:
    """Begins work when all that this round of the event loop brings is there, and keeps the tasks of what is left."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Work, Tasks]] = []

    def add(self, work: Work, tasks: Tasks) -> None:
        """Begin work soon, which raises nothing; what is left of it is among the tasks until it is over."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._begin)
        self._waiting.append((work, tasks))

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        waiting, self._waiting = self._waiting, []
        for work, tasks in waiting:
            # Of its own, as a task has it: the rest goes on in it.
            context = copy_context()
            try:
                begun = context.run(start, work)
            except Exception as error:  # noqa: BLE001 - the others are to be begun; a task's would be told as well
                loop.call_exception_handler(
                    {"message": "Work failed that raises nothing", "exception": error}
                )
                continue
            if isinstance(begun, Rest):
                task = loop.create_task(begun, context=context)
                tasks.add(task)
                task.add_done_callback(tasks.discard)
