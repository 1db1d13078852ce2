"""Lists of live articles in memory: filtered and sorted once, and kept in order as articles change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from models.conditions import Condition
from models.live_publication import Lens, LivePublication
from models.paging import Key, Order, Window
from models.predicates import Predicate, compile_predicate

IDENTITY = "p.article_id"

VALUES: Mapping[str, Callable[[LivePublication], int | str]] = {
    "p.published_at": attrgetter("published_at"),
    "e.saved_at": attrgetter("saved_at"),
    "a.created_at": attrgetter("created_at"),
    "e.title_folded": attrgetter("title_folded"),
    "p.slug": attrgetter("slug"),
    IDENTITY: attrgetter("article_id"),
}
SortKey = tuple[Any, ...]
INVERTED = str.maketrans("0123456789abcdef", "fedcba9876543210")
"""Turns the digits of a UUID into one that sorts the other way round."""


class Descending:
    """A text that sorts before those that it is greater than."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __lt__(self, other: Descending) -> bool:
        return other.text < self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Descending) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list: seen through a lens, with a condition, in an order. `name` tells conditions from each other."""

    lens: Lens
    orders: tuple[Order, ...]
    name: str
    condition: Condition = field(compare=False)


class LiveList:
    """The articles of a list in its order, each as the publication that is shown of it."""

    def __init__(self, wanted: Wanted) -> None:
        self._lens = wanted.lens
        self._meets: Predicate = compile_predicate(wanted.condition)
        self._values = [(VALUES[order.column], sorting(order)) for order in wanted.orders]
        self._items: list[LivePublication] = []

    def __len__(self) -> int:
        return len(self._items)

    def fill(
        self,
        articles: Iterable[Sequence[LivePublication]],
        moment: int,
        defaults: Mapping[str, str],
    ) -> None:
        """Take what is shown of all these articles at a moment."""
        chosen = (self._lens.choose(publications, moment, defaults) for publications in articles)
        self._items = sorted((p for p in chosen if p is not None and self._meets(p)), key=self._sort_key)

    def replace(self, old: LivePublication | None, new: LivePublication | None) -> None:
        """Show `new` of an article instead of `old`."""
        if old is new:
            return
        if old is not None and self._meets(old):
            place = bisect_left(self._items, self._sort_key(old), key=self._sort_key)
            assert self._items[place] is old
            del self._items[place]
        if new is not None and self._meets(new):
            place = bisect_left(self._items, self._sort_key(new), key=self._sort_key)
            self._items.insert(place, new)

    def page(self, window: Window) -> list[LivePublication]:
        """Return the items of a window in its direction, one more than asked for if there are more."""
        low, high = 0, len(self._items)
        if window.after is not None:
            low = bisect_right(self._items, self._place(window.after), key=self._sort_key)
        if window.before is not None:
            high = bisect_left(self._items, self._place(window.before), key=self._sort_key)
        if window.backward:
            high -= window.offset
            return self._items[max(low, high - window.size - 1) : max(low, high)][::-1]
        low += window.offset
        return self._items[low : min(high, low + window.size + 1)]

    def _sort_key(self, publication: LivePublication) -> SortKey:
        return tuple(sort(get(publication)) for get, sort in self._values)

    def _place(self, key: Key) -> SortKey:
        """Return the sort key of a cursor's."""
        return tuple(sort(value) for value, (_, sort) in zip(key, self._values, strict=True))


def sorting(order: Order) -> Callable[[Any], Any]:
    """Return what turns the values of a column into such that sort in an order."""
    if not order.descending:
        return keep_as_is
    return invert_identity if order.column == IDENTITY else invert


def keep_as_is(value: int | str) -> int | str:
    """Return what sorts as a value does."""
    return value


def invert(value: int | str) -> Any:
    """Return what sorts the other way round."""
    return Descending(value) if isinstance(value, str) else -value


def invert_identity(value: str) -> str:
    """Return what sorts the other way round among ids: quicker than comparing objects of our own."""
    return value.translate(INVERTED)
