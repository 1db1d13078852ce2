"""How well a passage answers a question: BM25F (Robertson, Zaragoza, Taylor 2004), on both databases the same. Pure.

The database finds candidates by its own measure; this one orders them, so that an article has the same place
whatever the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log

from models.searching.asking import Concept, Question
from models.searching.passages import PLACES, QUESTIONS, Passage

SATURATION = 2.0
USUAL_LENGTH = 50
LENGTH_COUNTS = 0.6
TITLE, OWN_TITLE, HEADING, SUMMARY, BODY = 1.2, 3.0, 2.5, 3.0, 1.5
RARITY_COUNTS = 1.2
"""The power of a word's rarity: above 1, so that a reader's how, do and my together do not outweigh what is meant."""

NAME, SECTION_NAME = 0.5, 0.4
"""How much it counts that what was asked is the very title of an article or a question, or the heading of a section."""

FURTHER, MOST_FURTHER = 0.1, 2
"""How much an article's other passages count beside its best one, and how many of them."""

MOST = (1 + NAME) * (1 + FURTHER * MOST_FURTHER)


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many passages there are, and how many have each term."""

    total: int
    counts: Mapping[str, int]

    def weigh(self, term: str) -> float:
        """Return the inverse document frequency of a term, which is never negative."""
        count = min(self.counts.get(term, 0), self.total)
        return log(1 + (self.total - count + 0.5) / (count + 0.5))

    def blurred(self) -> Rarity:
        """Return a rarity by two digits of each number, which one passage more hardly changes."""
        return Rarity(blur(self.total), {term: blur(count) for term, count in self.counts.items()})

    def counted(self, terms: Iterable[str], passages: Sequence[Passage]) -> Rarity:
        """Return a rarity with terms counted in these passages, which are all with them that somebody may see."""
        counts = dict.fromkeys(terms, 0)
        for passage in passages:
            for term in counts.keys() & set(chain(*passage.texts)):
                counts[term] += 1
        return Rarity(self.total, {**self.counts, **counts})


def blur(number: int) -> int:
    """Return a number rounded to two digits."""
    return int(float(f"{number:.1e}"))


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
        self._worth: dict[str, list[tuple[int, float]]] = {}
        most = 0.0
        for number, concept in enumerate(question.concepts):
            worths = weigh_terms(concept, rarity)
            most += max(worths.values(), default=0.0)
            for term, worth in worths.items():
                self._worth.setdefault(term, []).append((number, worth))
        self._most = most or 1.0

    def score(self, passage: Passage) -> Scored | None:
        """Return a passage's score; None where it has nothing of what is asked."""
        texts = passage.texts
        is_whole = passage.id % PLACES == 0
        length = (1 - LENGTH_COUNTS) + LENGTH_COUNTS * len(texts[3]) / USUAL_LENGTH
        title, heading = (OWN_TITLE, SUMMARY) if is_whole else (TITLE, HEADING)
        weights = dict.fromkeys(self._worth, 0.0)
        for weight, text in zip((title, heading, SUMMARY, BODY / length), texts, strict=True):
            for term in text:
                if term in weights:
                    weights[term] += weight
        got = self._sum_worths({t: w / (SATURATION + w) for t, w in weights.items() if w})
        if not got:
            return None
        name = self._compare_name(texts[0] if is_whole else texts[1])
        score = sum(got.values()) / self._most + (SECTION_NAME if is_section(passage) else NAME) * name
        return Scored(passage, score, frozenset(got))

    def _compare_name(self, name: Sequence[str]) -> float:
        """Return how much of a name was asked for, and how much of what was asked is in it, from 0 to 1 if the same."""
        # Single characters of scripts without spaces stand behind the pairs that they are of.
        terms = {term for term in name if len(term) > 1} or set(name)
        asked = {term: 1.0 for term in terms if term in self._worth}
        if not asked:
            return 0.0
        share = sum(self._sum_worths(asked).values()) / self._most
        return len(asked) / len(terms) * share * share

    def _sum_worths(self, shares: Mapping[str, float]) -> dict[int, float]:
        """Return by concept what the best of its terms are worth, of each of which there is a share."""
        got: dict[int, float] = {}
        for term, share in shares.items():
            for number, worth in self._worth[term]:
                got[number] = max(got.get(number, 0.0), worth * share)
        return got


def is_section(passage: Passage) -> bool:
    """Tell whether a passage is a section, neither the article itself nor a question."""
    return 0 < passage.id % PLACES < QUESTIONS


def weigh_terms(concept: Concept, rarity: Rarity) -> dict[str, float]:
    """Return what each term of a concept is worth: no other more than what was typed, if that is known at all.

    Where nothing that was typed is known, the others are worth the same, and no more than the most frequent one.
    """
    typed = [term for term, factor in concept.terms.items() if factor == 1.0 and rarity.counts.get(term)]
    worth = min(map(rarity.weigh, typed or concept.terms), default=0.0)
    return {
        term: min(worth, rarity.weigh(term)) ** RARITY_COUNTS * factor
        for term, factor in concept.terms.items()
    }


def sum_up(scored: Sequence[Scored]) -> float:
    """Return an article's score from those of its passages, the best first: from 0 to 1."""
    return (scored[0].score + FURTHER * sum(one.score for one in scored[1 : 1 + MOST_FURTHER])) / MOST
