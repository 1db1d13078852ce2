"""Why an article is recommended beside another, and which of several is recommended first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import nlargest
from math import log2
from typing import NamedTuple

from models.stored import StoredEdition


class ReasonKind(StrEnum):
    """Why an article is recommended, in the order in which reasons are told."""

    NAMED = "named"
    TAG = "tag"
    LINK = "link"
    SAME_LINK = "same link"
    TEXT = "text"


KINDS = tuple(ReasonKind)
WEIGHTS = {ReasonKind.TAG: 1.0, ReasonKind.LINK: 1.0, ReasonKind.SAME_LINK: 0.5, ReasonKind.TEXT: 2.0}
"""How much a reason counts that is as strong as can be. What the author named comes first anyway."""

MOST = 20
"""How many articles are recommended beside one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An article beside which others are recommended: its id, its site's, and the edition that the view shows."""

    article_id: str
    site_id: str
    edition: StoredEdition


class Candidate(NamedTuple):
    """An article that a view shows, with what sorts it among others that are recommended as much."""

    article_id: str
    published_at: int


class Evidence(NamedTuple):
    """A reason to recommend an article, and how strong it is, from 0 to 1; for TAG, the slug of the tag."""

    candidate: Candidate
    kind: ReasonKind
    strength: float
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason to recommend an article, with the slugs of the tags that are shared."""

    kind: ReasonKind
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An article that is recommended, and why."""

    article_id: str
    reasons: tuple[Reason, ...]


@dataclass(slots=True, eq=False)
class Recommendations:
    """What is recommended beside an article, the best first; and what is told how much memory it takes."""

    items: Sequence[Recommendation]
    grown: Callable[[int], None] | None = None

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return 500 + 400 * len(self.items)


@dataclass(slots=True)
class Case:
    """What speaks for one candidate: how strong the reasons of each kind are together, and the slugs of shared tags."""

    candidate: Candidate
    strengths: dict[ReasonKind, float] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)

    def add(self, one: Evidence) -> None:
        """Take in a reason; those of a kind come in the same order always, so that their sum is the same."""
        self.strengths[one.kind] = self.strengths.get(one.kind, 0.0) + one.strength
        if one.kind is ReasonKind.TAG:
            self.shared.append(one.tag)

    def weigh(self) -> float:
        """Return how much the candidate is recommended."""
        return sum(
            WEIGHTS[kind] * min(1.0, self.strengths[kind]) for kind in WEIGHTS if kind in self.strengths
        )

    def tell(self) -> Iterable[Reason]:
        """Yield the reasons in the order of their kinds."""
        for kind in KINDS:
            if kind in self.strengths:
                yield Reason(kind, tuple(self.shared) if kind is ReasonKind.TAG else ())


def value_rarity(count: int) -> float:
    """Return how much it says that articles share what so many have, from 0 to 1."""
    return 1 / log2(1 + max(1, count))


def recommend(
    subject: Subject, named: Sequence[str], evidence: Iterable[Evidence]
) -> Sequence[Recommendation]:
    """Return what is recommended: what the author named, in that order, then what there is most evidence for.

    Of two with the same evidence the newer one comes first. Never the article itself, and each once. Evidence of
    shared tags comes in the order in which these are told.
    """
    cases: dict[str, Case] = {}
    for one in evidence:
        case = cases.get(one.candidate.article_id)
        if case is None:
            case = cases[one.candidate.article_id] = Case(one.candidate)
        case.add(one)
    cases.pop(subject.article_id, None)
    order = {article_id: place for place, article_id in enumerate(dict.fromkeys(named))}

    def rank(case: Case) -> tuple[int, float, int, str]:
        one = case.candidate
        place = order.get(one.article_id, len(order))
        return -place, case.weigh(), one.published_at, one.article_id

    best = nlargest(MOST, cases.values(), key=rank)
    return [Recommendation(it.candidate.article_id, tuple(it.tell())) for it in best]
