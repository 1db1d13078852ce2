"""Who watches statements: each is told with its text when it is done, never with its parameters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import time_ns
from typing import Any, TypeVar

from models.beginning import settle

T = TypeVar("T")

Watcher = Callable[[str, int, int, bool], None]
"""Takes the text of a statement, when it began and ended in nanoseconds of the epoch, and whether it failed."""

_watchers: list[Watcher] = []


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Tell `watcher` of each statement of this process until the block ends."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


async def watch(text: str, run: Callable[[], Awaitable[T]]) -> T:
    """Return what a statement comes to, and tell of it."""
    # Drivers measure time within a task.
    await settle()
    if not _watchers:
        return await run()
    began = time_ns()
    has_failed = True
    try:
        result = await run()
        has_failed = False
    finally:
        ended = time_ns()
        for watcher in _watchers:
            watcher(text, began, ended, has_failed)
    return result


class Watched:
    """Goes before a Tortoise client's class; its statements are told."""

    async def execute_query(self, query: str, values: list[Any] | None = None) -> Any:
        """Run a statement."""
        return await watch(query, partial(super().execute_query, query, values))  # type: ignore[misc]

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Run a statement and return its rows as dictionaries."""
        _, rows = await self.execute_query(query, values)
        return [dict(row) for row in rows]

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        """Insert a row."""
        return await watch(query, partial(super().execute_insert, query, values))  # type: ignore[misc]

    async def execute_many(self, query: str, values: list[Any]) -> None:
        """Run a statement for each of several lists of values."""
        await watch(query, partial(super().execute_many, query, values))  # type: ignore[misc]
