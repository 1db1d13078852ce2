"""Which parts of a new edition are which of the edition before, so that their identities stay. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count

LIKENESS = 0.6
"""How alike two texts must be (difflib's ratio, 0 to 1) to be taken for the same part, rewritten."""

COMPARED = 1500
"""How many characters of a text are compared; enough to tell, and quick."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section or question as far as matching looks at it; `key` is empty when it has none yet."""

    label: str
    body: str
    key: str = ""


def match_parts(before: Sequence[Part], after: Sequence[Part]) -> list[str]:
    """Return a key for each part of `after`: its own, else that of the part it continues, else "".

    In this order: same label and body, same label, same body, alike. Each key of `before` goes to one part.
    """
    keys = [part.key for part in after]
    free = {part.key: part for part in before if part.key not in set(keys)}
    for same in (same_all, same_label, same_body):
        pair_up(after, keys, free, same)
    pair_by_likeness(after, keys, free)
    return keys


def same_all(part: Part) -> object:
    """Return what two parts share that did not change."""
    return (part.label, part.body)


def same_label(part: Part) -> object:
    """Return what two parts share whose text was rewritten."""
    return part.label or None


def same_body(part: Part) -> object:
    """Return what two parts share whose heading was rewritten."""
    return part.body or None


def pair_up(
    after: Sequence[Part], keys: list[str], free: dict[str, Part], trait: Callable[[Part], object]
) -> None:
    """Give keys to parts with the same trait, in order where several share it."""
    for index, part in enumerate(after):
        if keys[index] or trait(part) is None:
            continue
        key = next((key for key, old in free.items() if trait(old) == trait(part)), "")
        if key:
            keys[index] = key
            del free[key]


def pair_by_likeness(after: Sequence[Part], keys: list[str], free: dict[str, Part]) -> None:
    """Give the remaining keys to the most alike of the remaining parts."""
    open_parts = [index for index, key in enumerate(keys) if not key]
    scores = [(likeness(old, after[index]), -index, key) for index in open_parts for key, old in free.items()]
    for score, negative, key in sorted(scores, reverse=True):
        if score >= LIKENESS and key in free and not keys[-negative]:
            keys[-negative] = key
            del free[key]


def likeness(old: Part, new: Part) -> float:
    """Return how alike two parts are, by their labels or by their bodies, whichever is more."""
    return max(ratio(old.label, new.label), ratio(old.body, new.body))


def ratio(left: str, right: str) -> float:
    """Return difflib's ratio of the beginnings of two texts, 0 where it cannot reach LIKENESS."""
    left, right = left[:COMPARED], right[:COMPARED]
    if not left or not right:
        return 0.0
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.real_quick_ratio() < LIKENESS or matcher.quick_ratio() < LIKENESS:
        return 0.0
    return matcher.ratio()


def name_new(
    keys: list[str], anchors: Sequence[str], derive: Callable[[str], str], taken: set[str]
) -> list[str]:
    """Return the keys with the empty ones filled: derived from the anchor, from `anchor-2` … where taken."""
    taken = taken | {key for key in keys if key}
    named = []
    for key, anchor in zip(keys, anchors, strict=True):
        named.append(key or next_free(anchor, derive, taken))
        taken.add(named[-1])
    return named


def next_free(anchor: str, derive: Callable[[str], str], taken: set[str]) -> str:
    """Return the first key derived from the anchor that is not taken."""
    candidates = (derive(anchor if number == 1 else f"{anchor}-{number}") for number in count(1))
    return next(key for key in candidates if key not in taken)
