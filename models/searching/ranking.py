"""How well a passage answers a question: BM25F (Robertson, Zaragoza, Taylor 2004), on both databases the same. Pure.

The database finds candidates by its own measure; this one orders them, so that an article has the same place
whatever the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from models.searching.asking import Question
from models.searching.passages import PLACES, Passage

SATURATION = 1.2
USUAL_LENGTH = 100
LENGTH_COUNTS = 0.6
TITLE, OWN_TITLE, HEADING, SUMMARY, BODY = 1.2, 3.0, 3.0, 1.5, 1.0
FURTHER = 0.15
"""How much an article's other passages count beside its best one."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many passages there are, and how many have each term."""

    total: int
    counts: Mapping[str, int]

    def weigh(self, term: str) -> float:
        """Return the inverse document frequency of a term, which is never negative."""
        count = min(self.counts.get(term, 0), self.total)
        return log(1 + (self.total - count + 0.5) / (count + 0.5))


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage with its score, and which of the concepts it has."""

    passage: Passage
    score: float
    found: frozenset[int]

    @property
    def place(self) -> int:
        """Return the passage's place in its edition."""
        return self.passage.id % PLACES


class Ranking:
    """What passages are scored by: what each term is worth, and to which of a question's concepts."""

    def __init__(self, question: Question, rarity: Rarity) -> None:
        self._question = question
        self._worth: dict[str, list[tuple[int, float]]] = {}
        most = 0.0
        for number, concept in enumerate(question.concepts):
            worths = {term: rarity.weigh(term) * factor for term, factor in concept.terms.items()}
            most += max(worths.values(), default=0.0)
            for term, worth in worths.items():
                self._worth.setdefault(term, []).append((number, worth))
        self._most = most or 1.0

    def score(self, passage: Passage) -> Scored | None:
        """Return a passage's score; None where it has nothing of what is asked, or something that it must not."""
        texts = [text.split() for text in (passage.title, passage.heading, passage.summary, passage.body)]
        if not meets(self._question, texts):
            return None
        is_whole = passage.id % PLACES == 0
        length = (1 - LENGTH_COUNTS) + LENGTH_COUNTS * len(texts[3]) / USUAL_LENGTH
        title, heading = (OWN_TITLE, SUMMARY) if is_whole else (TITLE, HEADING)
        weights = dict.fromkeys(self._worth, 0.0)
        for weight, text in zip((title, heading, SUMMARY, BODY / length), texts, strict=True):
            for term in text:
                if term in weights:
                    weights[term] += weight
        got: dict[int, float] = {}
        for term, weight in weights.items():
            if weight:
                for number, worth in self._worth[term]:
                    got[number] = max(got.get(number, 0.0), worth * weight / (SATURATION + weight))
        return Scored(passage, sum(got.values()) / self._most, frozenset(got)) if got else None


def meets(question: Question, texts: Sequence[Sequence[str]]) -> bool:
    """Tell whether texts have the phrases that they must have and none of those that they must not."""
    if not question.phrases and not question.excluded:
        return True
    lines = [f" {' '.join(text)} " for text in texts]

    def stands(forms: Sequence[tuple[str, ...]]) -> bool:
        return any(f" {' '.join(form)} " in line for form in forms for line in lines)

    return all(map(stands, question.phrases)) and not any(map(stands, question.excluded))


def sum_up(scored: Sequence[Scored]) -> float:
    """Return an article's score from those of its passages, the best first."""
    return scored[0].score + FURTHER * sum(one.score for one in scored[1:3])
