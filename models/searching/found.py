"""What a search found, and what is kept with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

SCORE_PARTS = 10_000
"""In how many parts of 1 scores are counted: who has as many answers as well."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found: its id, its score in parts, and the place of its best passage.

    `terms` is what is marked in its texts: terms, and phrases of them.
    """

    article_id: str
    relevance: int
    place: int
    terms: frozenset[str]

    @property
    def score(self) -> float:
        """Return the score, from 0 to 1."""
        return self.relevance / SCORE_PARTS


FOUND_BYTES, HIT_BYTES, FINISHED_BYTES = 2_000, 250, 250
"""What a search takes in memory, each of its hits, and each finished text besides its length."""


@dataclass(slots=True, eq=False)
class Found:
    """The hits, the best first, and what was searched for instead of words that nothing has.

    `finished` is JSON that was made of a hit, by what is shown of it and the hit's number.
    """

    hits: Sequence[Hit]
    corrections: dict[str, str] = field(default_factory=dict)
    finished: dict[tuple[Any, int], bytes] = field(default_factory=dict)
    grown: Callable[[int], None] | None = None

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return FOUND_BYTES + HIT_BYTES * len(self.hits)

    def keep(self, name: tuple[Any, int], text: bytes) -> None:
        """Keep what is shown of a hit."""
        self.finished[name] = text
        if self.grown is not None:
            self.grown(FINISHED_BYTES + len(text))
