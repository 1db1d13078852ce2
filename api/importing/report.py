"""What an import did: numbers that add up, and every notice with its file and line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from api.importing.source import Notice, Severity, SourceArticle
from models.composition import Composition
from models.editing import Action, Outcome
from models.link import LinkKind


@dataclass(slots=True)
class Report:
    """Counts of articles by what became of them, counts of their parts, and the notices.

    created + changed + unchanged + refused is the number of articles that were met.
    """

    actions: Counter[Action] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    published: int = 0
    revisions: list[int] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def add_notice(self, notice: Notice) -> None:
        """Take a notice; one that refuses an article counts it."""
        self.notices.append(notice)
        if notice.severity is Severity.REFUSED:
            self.actions[Action.REFUSED] += 1

    def add_outcome(self, article: SourceArticle, composition: Composition, outcome: Outcome) -> None:
        """Take what became of an article that was submitted."""
        if outcome.error is not None:
            error = outcome.error
            self.add_notice(Notice(Severity.REFUSED, article.file, article.line, error.code, error.message))
            return
        self.actions[outcome.action] += 1
        self.published += outcome.published
        self.parts["sections"] += len(composition.sections)
        self.parts["questions"] += len(composition.questions)
        self.parts["redirects"] += len(composition.draft.redirects)
        for link in composition.links:
            self.parts["related" if link.kind is LinkKind.RELATED else "links"] += 1
            self.parts["links to articles"] += link.target_id is not None

    @property
    def met(self) -> int:
        """Return how many articles were met."""
        return sum(self.actions.values())

    @property
    def refused(self) -> int:
        """Return how many articles were refused."""
        return self.actions[Action.REFUSED]

    def counts(self) -> dict[str, int]:
        """Return all numbers by name."""
        return {
            **{action.value: self.actions[action] for action in Action},
            "published": self.published,
            **dict(sorted(self.parts.items())),
        }
