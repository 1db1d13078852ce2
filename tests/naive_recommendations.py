"""What is recommended beside articles by tags and links, found by looking at each pair of articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

RECOMMENDED = "recommendations(first: 20) { article { id } reasons { kind tags { slug } } }"


@dataclass(frozen=True, slots=True)
class Linked:
    """An article that a view shows: its id and site, the slugs of its tags, and the ids that its author named."""

    id: str
    site: str
    tags: tuple[str, ...]
    related: tuple[str, ...]


def find_reasons(one: Linked, other: Linked, shown: set[str]) -> list[dict[str, Any]]:
    """Return why one article is recommended beside another, leaving their texts aside."""
    reasons: list[dict[str, Any]] = []
    if other.id in one.related:
        reasons.append({"kind": "NAMED", "tags": []})
    if one.site != other.site:
        return reasons
    tags = [{"slug": tag} for tag in dict.fromkeys(one.tags) if tag in other.tags]
    if tags:
        reasons.append({"kind": "TAG", "tags": tags})
    if one.id in other.related:
        reasons.append({"kind": "LINK", "tags": []})
    if (set(one.related) & set(other.related) & shown) - {one.id, other.id}:
        reasons.append({"kind": "SAME_LINK", "tags": []})
    return reasons


def check_recommendations(one: Linked, articles: Sequence[Linked], found: Sequence[Any]) -> None:
    """Compare what is recommended beside an article with what is expected; of texts that what is told is possible."""
    shown = {article.id for article in articles}
    ids = [recommendation["article"]["id"] for recommendation in found]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= shown - {one.id}
    expected = {other.id: find_reasons(one, other, shown) for other in articles if other.id != one.id}
    named = [other for other in dict.fromkeys(one.related) if other in expected]
    assert ids[: len(named)] == named
    for recommendation in found:
        kinds = [reason["kind"] for reason in recommendation["reasons"]]
        other = next(article for article in articles if article.id == recommendation["article"]["id"])
        assert kinds
        assert "TEXT" not in kinds or (kinds[-1] == "TEXT" and other.site == one.site)
        told = [reason for reason in recommendation["reasons"] if reason["kind"] != "TEXT"]
        assert told == expected.pop(other.id)
    assert len(ids) == 20 or not any(expected.values())
