"""The change log for many who follow it: they are woken together, and each page is read once for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.response_cache import digest_request
from models.access import Actor
from models.errors import ContentError
from models.schedule import Span
from models.view import present
from schema.build import Answer, Request, Service

DOCUMENT = """query Changes(
  $perspective: Perspective!, $locales: [Locale!], $since: Revision, $after: String, $where: ChangeWhere
) @view(perspective: $perspective, locales: $locales) {
  changes(since: $since, after: $after, where: $where, first: 100) {
    cursor
    hasMore
    changes {
      cursor
      revision
      at
      kind
      site { key }
      articleId
      locale
      article { id locale path title updatedAt }
    }
  }
}"""
LOOK_EVERY = 0.25
"""How often the feed looks by itself, in seconds: what another process did on the same SQLite file wakes nobody."""
MOST_PAGES = 1_000

logger = logging.getLogger("quiet.changes")


@dataclass(frozen=True, slots=True)
class Followed:
    """What somebody follows: the variables of the document besides its start."""

    perspective: str = "PUBLISHED"
    locales: tuple[str, ...] | None = None
    sites: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None

    def request(self, start: Mapping[str, Any]) -> Request:
        """Return the request for what comes after a start, `{"since": …}` or `{"after": …}`."""
        variables: dict[str, Any] = {"perspective": self.perspective, "locales": self.locales, **start}
        wanted = {"sites": self.sites, "kinds": self.kinds}
        variables["where"] = {name: listed for name, listed in wanted.items() if listed is not None}
        return Request(DOCUMENT, None, variables, may_change=False)


class ChangeFeed:
    """Reads pages of changes for followers, and tells them when there may be more."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.turn = 0
        """Grows whenever something may have happened."""
        self._span: Span | None = None
        self._pages: dict[bytes, asyncio.Task[Answer]] = {}
        self._moved = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def read(self, followed: Followed, start: Mapping[str, Any], actor: Actor) -> Answer:
        """Return what comes after a start. Who asks the same with the same rights shares one execution.

        Raises DatabaseLost.
        """
        request = followed.request(start)
        key = digest_request(request, actor)
        span = await self.service.find_span()
        if span != self._span or len(self._pages) >= MOST_PAGES:
            self._pages.clear()
            self._span = span
        if key is None:
            return await self.service.answer(request, actor)
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = asyncio.create_task(self.service.answer(request, actor))
        answer = await asyncio.shield(page)
        if answer.errors and self._pages.get(key) is page:
            del self._pages[key]
        return answer

    async def wait(self, turn: int, seconds: float) -> None:
        """Wait until something may have happened since a turn, at most so long."""
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())
        if turn == self.turn:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), seconds)

    async def _look(self) -> None:
        """Wake everybody at each revision and each scheduled moment."""
        database = self.service.database
        known: Span | None = None
        while True:
            try:
                span = await self.service.find_span()
            except ContentError as error:
                logger.warning("The change log cannot be read, trying again: %s", error)
                await asyncio.sleep(LOOK_EVERY)
                continue
            if span != known:
                known = span
                self.turn += 1
                self._moved.set()
                self._moved = asyncio.Event()
            left = (span.until - present(database)) / 1000
            await database.head.wait(max(0.001, min(LOOK_EVERY, left)))

    async def close(self) -> None:
        """Stop looking."""
        tasks = [task for task in (self._watch, *self._pages.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
