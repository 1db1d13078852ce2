"""What a list is sorted by, and which part of it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_SIZE = 20
"""How many items a page has where nobody says how many."""

PAGE_SIZE, LARGEST_SIZE = 100, 1_000
"""How many items a page may have, and the most that this can be set to."""

Key = tuple[int | str, ...]
"""The values by which an item is sorted, as its cursor carries them."""


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by. Every column is NOT NULL and sorts alike on both databases."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: `size` items after or before a key, from the end if `backward`."""

    size: int
    after: Key | None = None
    before: Key | None = None
    offset: int = 0
    backward: bool = False
