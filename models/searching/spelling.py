"""Words that are near each other: those that become the same when a letter is taken out of one, or of both. Pure.

After SymSpell (W. Garbe): what is kept of each word is a number for itself and for each form that lacks one letter,
so that the near words of any text are found by equality, without comparing it with all words there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

SHORTEST = 3
"""Words of fewer letters are not replaced: too many are near them. Of so many letters the first one must be right."""

LONG = 8
"""From so many letters on, two slips count as near."""


def is_correctable(word: str) -> bool:
    """Tell whether other words may be taken for a word."""
    return len(word) >= SHORTEST and word.isalpha()


def find_forms(word: str) -> set[int]:
    """Return the numbers of a word and of its forms that lack a letter."""
    forms = {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
    return {number_form(form) for form in forms}


def number_form(form: str) -> int:
    """Return a number for a form, the same everywhere; two forms hardly ever have the same."""
    return int.from_bytes(blake2b(form.encode(), digest_size=8).digest(), signed=True)


def choose_nearest(word: str, candidates: Iterable[str]) -> list[str]:
    """Return those of the candidates that are as near as the nearest, if that is near enough."""
    most = 2 if len(word) >= LONG else 1
    if len(word) == SHORTEST:
        candidates = [other for other in candidates if other[0] == word[0]]
    distances = {other: measure_distance(word, other) for other in candidates if other != word}
    nearest = min(distances.values(), default=most + 1)
    return sorted(other for other, distance in distances.items() if distance == nearest <= most)


def measure_distance(one: str, other: str) -> int:
    """Return how many letters must be put in, taken out, replaced, or swapped with the next (optimal alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, opposite in enumerate(other, start=1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
