"""What was read for many: events ready to be told, in pages that are kept as long as there is room for all of them.

Who follows what is not known here, nor when a page is of no use any more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from sys import getsizeof
from typing import TypeVar

import orjson

from api.graphql_reply import Body, write_body
from api.response_cache import READ_BYTES
from models.schedule import Span
from schema.answer import Answer
from schema.following import Happening, Step

PAGE_BYTES = 2_000
EVENT_BYTES = 1_000
"""What a page takes besides its events, and what an event takes besides its texts."""

Frame = TypeVar("Frame")


class Weight:
    """About how many bytes a page takes; whoever keeps the page is told when that grows."""

    __slots__ = ("keeper", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self.keeper: Shelf | None = None

    def add(self, size: int) -> None:
        """Take so many bytes more, or less."""
        self.size += size
        if self.keeper is not None:
            self.keeper.grow(size)


@dataclass(slots=True)
class Event:
    """Something to tell all who follow a channel, and the position after it; frames are kept for all of them.

    `outline` is the answer without its data, which the body has: kept as objects it would take far more room.
    """

    outline: Answer
    body: Body
    position: str
    weight: Weight
    _frames: dict[Callable[[Event], object], object] = field(default_factory=dict)

    @property
    def errors(self) -> bool:
        """Tell whether anything is wrong with the answer."""
        return bool(self.outline.errors)

    @property
    def answer(self) -> Answer:
        """Return the answer, its data as it was written."""
        return replace(self.outline, data=orjson.loads(self.body.whole)["data"])

    def framed(self, write: Callable[[Event], Frame]) -> Frame:
        """Return the event as a door writes it, written once."""
        frame = self._frames.get(write)
        if frame is None:
            frame = self._frames[write] = write(self)
            self.weight.add(getsizeof(frame))
        return frame  # type: ignore[return-value] # the writer is the key

    def renew(self, revision: int, moment: int) -> None:
        """Say the same as of another point of the history."""
        self.body = self.body.seen_in(revision, moment)
        self.weight.add(-sum(map(getsizeof, self._frames.values())))
        self._frames.clear()


@dataclass(eq=False, frozen=True, slots=True)
class Page:
    """A step of a channel, ready to be told; the happenings of `step` are its events."""

    events: tuple[Event, ...]
    step: Step
    weight: Weight

    @property
    def has_errors(self) -> bool:
        """Tell whether any event has errors."""
        return any(event.errors for event in self.events)

    def renew(self, span: Span, moment: int) -> bool:
        """Tell whether a state is true in another span as well, and say it as of a moment of that then."""
        if self.step.reads is None or not self.step.reads.hold_in(span):
            return False
        for event in self.events:
            event.renew(span.revision, moment)
        return True


def write_page(step: Step, *, is_state: bool) -> Page:
    """Return a step ready to be told. A change tells its cursor, a state has none."""
    weight = Weight(PAGE_BYTES + READ_BYTES * (len(step.reads) if step.reads else 0))
    events = tuple(write_event(happening, weight, is_state=is_state) for happening in step.happenings)
    return Page(events, replace(step, happenings=()), weight)


def write_event(happening: Happening, weight: Weight, *, is_state: bool) -> Event:
    """Return a happening ready to be told, its own weight added."""
    cursor = None if is_state else happening.position
    body = write_body(happening.answer, cursor).fitted()
    weight.add(EVENT_BYTES + len(body.whole))
    return Event(replace(happening.answer, data=None), body, happening.position, weight)


class Shelf:
    """Keeps the pages of all channels; those unused for longest are dropped when they take more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._homes: OrderedDict[Page, tuple[dict[str, Page], str]] = OrderedDict()

    def put(self, home: dict[str, Page], key: str, page: Page) -> None:
        """Keep a page under a key of its home as long as there is room."""
        home[key] = page
        self._homes[page] = home, key
        page.weight.keeper = self
        self.grow(page.weight.size)

    def get(self, home: dict[str, Page], key: str) -> Page | None:
        """Return the page under a key, which is used by that, None where there is none."""
        page = home.get(key)
        if page is not None:
            self._homes.move_to_end(page)
        return page

    def grow(self, size: int) -> None:
        """Have so many bytes more, and drop what there is no room for."""
        self.size += size
        while self.size > self.limit:
            self._drop(next(iter(self._homes)))

    def clear(self, home: dict[str, Page]) -> None:
        """Drop all pages of a home."""
        for page in list(home.values()):
            self._drop(page)

    def _drop(self, page: Page) -> None:
        home, key = self._homes.pop(page)
        del home[key]
        page.weight.keeper = None
        self.size -= page.weight.size
