"""Lists of live articles in memory: filtered and sorted once, and kept in order as articles change."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from models.conditions import Condition, Name
from models.live_publication import Lens, LivePublication
from models.paging import Key, Order, Window
from models.predicates import Predicate, compile_predicate
from models.traits import Counts, Ranked, Trait, adjust, count_values, rank_values

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

ENTRIES_OF_VALUE = 30
"""As many entries of a list take as much memory as a value that is counted."""

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
    name: Name
    condition: Condition = field(compare=False)


class LiveList:
    """The articles of a list in its order, each as the publication that is shown of it."""

    def __init__(self, wanted: Wanted) -> None:
        self._lens = wanted.lens
        self._meets: Predicate = compile_predicate(wanted.condition)
        self._values = [(VALUES[order.column], sorting(order)) for order in wanted.orders]
        self._items: list[LivePublication] = []
        self._counts: dict[Trait, Counts] = {}
        self._ranked: dict[Trait, tuple[Ranked, ...]] = {}

    def __len__(self) -> int:
        return len(self._items)

    @property
    def entries(self) -> int:
        """Return how many entries take as much memory as the list with all that is counted of it."""
        return len(self._items) + ENTRIES_OF_VALUE * sum(map(len, self._counts.values()))

    def rank(self, trait: Trait) -> tuple[Ranked, ...]:
        """Return the values of a trait with how many items have each, as `rank_values` does."""
        if trait not in self._counts:
            self._counts[trait] = count_values(trait, self._items)
        if trait not in self._ranked:
            self._ranked[trait] = rank_values(trait, self._counts[trait])
        return self._ranked[trait]

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
            self._adjust(old, -1)
        if new is not None and self._meets(new):
            place = bisect_left(self._items, self._sort_key(new), key=self._sort_key)
            self._items.insert(place, new)
            self._adjust(new, 1)

    def _adjust(self, item: LivePublication, by: int) -> None:
        self._ranked.clear()
        for trait, counts in self._counts.items():
            adjust(counts, trait, item, by)

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
