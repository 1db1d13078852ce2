"""Three-way merge of orders: of lists in which every item stands once. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def merge_orders(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """Return the order that holds what both sides did to the base's, None where they contradict each other.

    What one side left out is out. What one side added stands behind the item that it followed there,
    theirs before mine where both added at one place.
    """
    shared = merge_shared(base, mine, theirs)
    if shared is None:
        return None
    their_runs, my_runs = find_runs(base, theirs, shared), find_runs(base, mine, shared)
    merged = their_runs[None] + my_runs[None]
    for item in shared:
        merged += [item, *their_runs[item], *my_runs[item]]
    return merged


def merge_shared(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """Return the order of the items that both sides have, None where both changed it, differently."""
    my_order, their_order = restrict(mine, theirs), restrict(theirs, mine)
    base_order = restrict(restrict(base, mine), theirs)
    have_i_moved = restrict(my_order, base) != base_order
    have_they_moved = restrict(their_order, base) != base_order
    if my_order == their_order or (have_i_moved and not have_they_moved):
        return my_order
    if have_they_moved and not have_i_moved:
        return their_order
    return None


def find_runs(base: Sequence[str], side: Sequence[str], shared: Sequence[str]) -> dict[str | None, list[str]]:
    """Return what the side added behind each shared item, and before all of them under None."""
    runs: dict[str | None, list[str]] = {None: [], **{item: [] for item in shared}}
    old, place = set(base), None
    for item in side:
        if item in runs:
            place = item
        elif item not in old:
            runs[place].append(item)
    return runs


def restrict(items: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the items that are among the others."""
    kept = set(others)
    return [item for item in items if item in kept]
