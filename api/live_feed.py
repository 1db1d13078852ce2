"""What happens, for many who follow it: they are woken together, and what they follow is read once for all of them.

Who follows the same with the same rights shares a channel. A channel holds no queue: each follower asks for what
comes after its own position, and all who ask at the same position share one execution and its bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from weakref import WeakValueDictionary

from api.graphql_reply import Body, write_body
from api.response_cache import digest_request
from models.access import Actor
from models.errors import Unavailable
from models.schedule import Span
from models.view import View, present
from schema.build import Answer, Request, Service
from schema.following import Followed, Following, Refused, Step

LOOK_EVERY = 0.25
"""How often the feed looks by itself, in seconds: what another process did on the same SQLite file wakes nobody."""

LONGEST_PAUSE = 4.0
"""How long a follower waits at most before it reads again what it could not read, in seconds; at first `LOOK_EVERY`."""

MOST_BYTES = 16_777_216
"""How much a channel keeps of what was read since the last change."""

Frame = TypeVar("Frame")

logger = logging.getLogger("quiet.live")


@dataclass(slots=True)
class Event:
    """Something to tell all who follow a channel, and the position after it; frames are kept for all of them."""

    answer: Answer
    body: Body
    position: str
    _frames: dict[Callable[[Event], object], object] = field(default_factory=dict)

    def framed(self, write: Callable[[Event], Frame]) -> Frame:
        """Return the event as a door writes it, written once."""
        frame = self._frames.get(write)
        if frame is None:
            frame = self._frames[write] = write(self)
        return frame  # type: ignore[return-value] # the writer is the key


@dataclass(frozen=True, slots=True)
class Page:
    """A step of a channel, ready to be told."""

    events: tuple[Event, ...]
    step: Step

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return sum(len(event.body.whole) for event in self.events)


class Channel:
    """What all have in common who follow the same with the same rights."""

    def __init__(self, followed: Followed, actor: Actor) -> None:
        self.followed = followed
        self.actor = actor
        self.size = 0
        self._span: Span | None = None
        self._tip: str | None = None
        self._pages: dict[str, asyncio.Task[Page]] = {}

    def enter(self, span: Span, moment: int) -> None:
        """Go on in the span that the present lies in. A state whose reads are answered as before stays."""
        if span == self._span and self.size <= MOST_BYTES:
            return
        kept = self._keep_state(span, moment) if self.followed.is_state else None
        self._span, self._tip, self.size = span, None, 0
        self._pages.clear()
        if kept is not None:
            self._pages[""] = kept

    def _keep_state(self, span: Span, moment: int) -> asyncio.Task[Page] | None:
        """Return the state that is still true in another span, as seen from there."""
        task = self._pages.get("")
        if task is None or not task.done() or task.cancelled() or task.exception():
            return None
        page = task.result()
        if page.step.reads is None or not page.step.reads.hold_in(span):
            return None
        for event in page.events:
            event.body = event.body.seen_in(span.revision, moment)
            event._frames.clear()
        return task

    def find(self, position: str, read: Callable[[], asyncio.Task[Page]]) -> asyncio.Task[Page]:
        """Return the reading of what comes after a position; of a state there is one for all."""
        key = "" if self.followed.is_state else position
        page = self._pages.get(key)
        if page is None or page.cancelled():
            page = self._pages[key] = read()
        return page

    def forget(self, page: asyncio.Task[Page]) -> None:
        """Read again what could not be read."""
        self._pages = {key: kept for key, kept in self._pages.items() if kept is not page}

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
        return list(self._pages.values())


@dataclass(slots=True)
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

    def __init__(self, service: Service) -> None:
        self.service = service
        self.turn = 0
        """Grows whenever something may have happened."""
        self._following = Following(service)
        self._channels: WeakValueDictionary[bytes, Channel] = WeakValueDictionary()
        self._moved = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def follow(self, request: Request, actor: Actor, resume: str | None = None) -> Place:
        """Return the place at which a subscription starts, after an event that was told before if `resume` names one.

        Raises Refused or Unavailable.
        """
        followed = await self._following.begin(request, actor, resume)
        key = digest_request(followed.identity, actor)
        channel = self._channels.get(key) if key else None
        if channel is None:
            channel = Channel(followed, actor)
            if key:
                self._channels[key] = channel
        position = followed.start
        if followed.start_view is not None:
            await self._enter(channel)
            position = channel.settle(position, followed.start_view)
        return Place(self, channel, position)

    async def read(self, channel: Channel, position: str) -> Page:
        """Return what comes after a position. Raises Refused or Unavailable."""
        await self._enter(channel)
        task = channel.find(position, lambda: asyncio.create_task(self._read(channel, position)))
        try:
            page = await asyncio.shield(task)
        except (Refused, Unavailable):
            channel.forget(task)
            raise
        if any(event.answer.errors for event in page.events):
            channel.forget(task)
        return page

    async def _enter(self, channel: Channel) -> None:
        channel.enter(await self.service.find_span(), present(self.service.database))

    async def _read(self, channel: Channel, position: str) -> Page:
        step = await self._following.take(channel.followed, channel.actor, position)
        is_state = channel.followed.is_state
        events = tuple(
            Event(h.answer, write_body(h.answer, cursor=None if is_state else h.position), h.position)
            for h in step.happenings
        )
        page = Page(events, step)
        channel.size += page.size
        return page

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
