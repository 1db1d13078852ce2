"""What is recommended beside articles by tags and links, found by looking at each pair of articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

RECOMMENDED = "recommendations(first: 20) { article { id } reasons { kind tags { slug } } }"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of how many editions that share something the last ones count, and of how much of an article's the first."""

    newest: int = 100
    shared: int = 8
    links: int = 100


@dataclass(frozen=True, slots=True)
class Linked:
    """An edition: its article's id and site, the slugs of its tags, and the ids that its author named."""

    id: str
    site: str
    tags: tuple[str, ...]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a view shows, and all editions that were saved until then, in that order."""

    shown: Sequence[Linked]
    saved: Sequence[Linked]
    bounds: Bounds = Bounds()

    def find_last(self, shares: Callable[[Linked], bool]) -> list[Linked]:
        """Return what is shown of the last editions that share something."""
        last = [one for one in self.saved if shares(one)][-self.bounds.newest :]
        return [one for one in last if any(one is other for other in self.shown)]

    def find_tagged(self, tag: str) -> list[Linked]:
        """Return what is shown of the last editions that have a tag."""
        return self.find_last(lambda one: tag in one.tags)

    def find_linking(self, target: str) -> list[Linked]:
        """Return what is shown of the last editions that link to an article."""
        return self.find_last(lambda one: target in one.related)

    def find_reasons(self, one: Linked, other: Linked) -> list[dict[str, Any]]:
        """Return why one article is recommended beside another, leaving their texts aside."""
        reasons: list[dict[str, Any]] = []
        targets = list(dict.fromkeys(one.related))
        if other.id in targets[: self.bounds.links]:
            reasons.append({"kind": "NAMED", "tags": []})
        if one.site != other.site:
            return reasons
        tags = list(dict.fromkeys(one.tags))[: self.bounds.shared]
        shared = [{"slug": tag} for tag in tags if other in self.find_tagged(tag)]
        if shared:
            reasons.append({"kind": "TAG", "tags": shared})
        if other in self.find_linking(one.id):
            reasons.append({"kind": "LINK", "tags": []})
        through = {edition.id for edition in self.shown} - {one.id, other.id}
        if any(other in self.find_linking(t) for t in targets[: self.bounds.shared] if t in through):
            reasons.append({"kind": "SAME_LINK", "tags": []})
        return reasons


def check_recommendations(one: Linked, look: Look, found: Sequence[Any]) -> None:
    """Compare what is recommended beside an article with what is expected; of texts that what is told is possible."""
    shown = {edition.id: edition for edition in look.shown}
    ids = [recommendation["article"]["id"] for recommendation in found]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= set(shown) - {one.id}
    expected = {other.id: look.find_reasons(one, other) for other in look.shown if other.id != one.id}
    targets = list(dict.fromkeys(one.related))[: look.bounds.links]
    named = [other for other in targets if other in expected]
    assert ids[: len(named)] == named
    for recommendation in found:
        kinds = [reason["kind"] for reason in recommendation["reasons"]]
        other = shown[recommendation["article"]["id"]]
        assert kinds
        assert "TEXT" not in kinds or (kinds[-1] == "TEXT" and other.site == one.site)
        told = [reason for reason in recommendation["reasons"] if reason["kind"] != "TEXT"]
        assert told == expected.pop(other.id)
    assert len(ids) == 20 or not any(expected.values())
