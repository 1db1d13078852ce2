"""What happens, for many who follow it: they are woken together, and what they follow is read once for all of them.

Who follows the same with the same rights shares a channel. A channel holds no queue: each follower asks for what
comes after its own position, and all who ask at the same position share one execution and its bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakSet, WeakValueDictionary, finalize

from graphql import GraphQLError

from api.graphql_request import Refusal
from api.live_pages import Event, Page, Shelf, write_page
from api.patience import Patience
from api.response_cache import digest_request
from models.access import Actor
from models.errors import Unavailable
from models.schedule import Span
from models.shared import Shared
from models.view import View, present
from schema.answer import Answer, Request
from schema.errors import present_error
from schema.following import Followed, Following, Refused
from schema.service import Service

LOOK_EVERY = 0.25
"""How often the feed looks by itself, in seconds: what another process did on the same SQLite file wakes nobody."""

LONGEST_PAUSE = 4.0
"""How long a follower waits at most before it reads again what it could not read, in seconds; at first `LOOK_EVERY`."""

MOST_BYTES = 67_108_864
"""How much all channels together keep of what was read since the last change."""

logger = logging.getLogger("quiet.live")


class Channel:
    """What all have in common who follow the same with the same rights."""

    def __init__(self, followed: Followed, actor: Actor, shelf: Shelf) -> None:
        self.followed = followed
        self.actor = actor
        self._shelf = shelf
        self._span: Span | None = None
        self._tip: str | None = None
        self._pages: dict[str, Page] = {}
        self._reading: dict[str, Shared[Page]] = {}
        finalize(self, shelf.clear, self._pages)

    def enter(self, span: Span, moment: int) -> None:
        """Go on in the span that the present lies in. A state whose reads are answered as before stays."""
        if span == self._span:
            return
        self._span, self._tip = span, None
        self._reading.clear()
        state = self._pages.get("") if self.followed.is_state else None
        if state is None or not state.renew(span, moment):
            self._shelf.clear(self._pages)

    def find(self, position: str) -> Page | None:
        """Return what comes after a position, None where it must be read."""
        return self._shelf.get(self._pages, self._name(position))

    def read(self, position: str, take: Callable[[], Coroutine[Any, Any, Page]]) -> Shared[Page]:
        """Return the reading of what comes after a position, which is one for all who ask meanwhile."""
        key = self._name(position)
        reading = self._reading.get(key)
        if reading is None or reading.is_abandoned:
            reading = self._reading[key] = Shared(take())
            reading.task.add_done_callback(partial(self._finish, key))
        return reading

    def _name(self, position: str) -> str:
        """Return what a page is kept under; of a state there is one for all."""
        return "" if self.followed.is_state else position

    def _finish(self, key: str, task: asyncio.Task[Page]) -> None:
        """Keep what was read, unless something happened meanwhile. What could not be read is read again."""
        has_failed = task.cancelled() or task.exception() is not None or task.result().has_errors
        reading = self._reading.get(key)
        if reading is not None and reading.task is task:
            del self._reading[key]
            if not has_failed:
                self._shelf.put(self._pages, key, task.result())

    def settle(self, end: str, view: View) -> str:
        """Return the one position for all who have heard everything up to the present.

        Within a span nothing begins or ends, so that it does not matter when in it they looked.
        """
        span = self._span
        if span is None or view.revision != span.revision or not span.since <= view.moment < span.until:
            return end
        if self._tip is None:
            self._tip = end
        return self._tip

    def tasks(self) -> list[asyncio.Task[Page]]:
        """Return what is being read."""
        return [reading.task for reading in self._reading.values()]


@dataclass(slots=True, eq=False, weakref_slot=True)
class Place:
    """Where one client stands in what it follows."""

    feed: LiveFeed
    channel: Channel
    position: str

    async def advance(self, seconds: float) -> tuple[Event, ...]:
        """Return what comes next, nothing where that does not happen in so many seconds. Raises Refused."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        pause = LOOK_EVERY
        while True:
            turn = self.feed.turn
            try:
                page = await self.feed.read(self.channel, self.position)
            except Unavailable as error:
                left = deadline - loop.time()
                if left <= 0:
                    return ()
                logger.warning("What happened cannot be read, trying again: %s", error)
                await asyncio.sleep(min(pause, left))
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            known, self.position = self.position, page.step.end
            if not page.step.more:
                self.position = self.channel.settle(page.step.end, page.step.view)
            events = page.events
            if self.channel.followed.is_state:
                events = tuple(event for event in events if event.position != known)
            if events:
                return events
            if page.step.more:
                continue
            if loop.time() >= deadline or not await self.feed.wait(turn, deadline - loop.time()):
                return ()


class LiveFeed:
    """Reads what happens for all who follow, and wakes them when something may have happened."""

    def __init__(self, service: Service, patience: Patience | None = None) -> None:
        self.service = service
        self._patience = patience or Patience(0, 0)
        self.turn = 0
        """Grows whenever something may have happened."""
        self.shelf = Shelf(MOST_BYTES)
        self.places: WeakSet[Place] = WeakSet()
        """Where all stand who follow now."""
        self._following = Following(service)
        self._channels: WeakValueDictionary[bytes, Channel] = WeakValueDictionary()
        self._moved = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def follow(self, request: Request, actor: Actor, resume: str | None = None) -> Place:
        """Return the place at which a subscription starts, after an event that was told before if `resume` names one.

        Raises Refused or Unavailable.
        """
        try:
            followed = await self._patience.bound(self._following.begin(request, actor, resume))
        except Refusal as refusal:
            raise self._end(refusal) from None
        key = digest_request(followed.identity, actor)
        channel = self._channels.get(key) if key else None
        if channel is None:
            channel = Channel(followed, actor, self.shelf)
            if key:
                self._channels[key] = channel
        position = followed.start
        if followed.start_view is not None:
            await self._enter(channel)
            position = channel.settle(position, followed.start_view)
        place = Place(self, channel, position)
        self.places.add(place)
        return place

    async def read(self, channel: Channel, position: str) -> Page:
        """Return what comes after a position. Raises Refused or Unavailable."""
        await self._enter(channel)
        page = channel.find(position)
        if page is None:
            reading = channel.read(position, lambda: self._read(channel, position))
            try:
                page = await self._patience.wait(reading)
            except Refusal as refusal:
                raise self._end(refusal) from None
        return page

    def _end(self, refusal: Refusal) -> Refused:
        """Return the end of a subscription whose events take too long."""
        error = GraphQLError(refusal.message)
        return Refused(Answer(None, (present_error(error, refusal.code),), None, executed=False))

    async def _enter(self, channel: Channel) -> None:
        channel.enter(await self.service.find_span(), present(self.service.database))

    async def _read(self, channel: Channel, position: str) -> Page:
        step = await self._following.take(channel.followed, channel.actor, position)
        return write_page(step, is_state=channel.followed.is_state)

    async def wait(self, turn: int, seconds: float) -> bool:
        """Wait until something may have happened since a turn, at most so long; tell whether it has."""
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())
        if turn == self.turn:
            with contextlib.suppress(TimeoutError):
                # Not wait_for, which in Python 3.11 forgets that it was cancelled when both happen at once.
                async with asyncio.timeout(seconds):
                    await self._moved.wait()
        return turn != self.turn

    async def _look(self) -> None:
        """Wake everybody at each revision and each scheduled moment."""
        database = self.service.database
        known: Span | None = None
        while True:
            try:
                span = await self.service.find_span()
            # Whatever it is: a watch that ended would leave everybody asleep.
            except Exception as error:  # noqa: BLE001
                logger.warning("The change log cannot be read, trying again: %r", error)
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
        """Stop looking and reading."""
        reading = [task for channel in list(self._channels.values()) for task in channel.tasks()]
        tasks = [task for task in (self._watch, *reading) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
