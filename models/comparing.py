"""The differences between two stored editions of an article: by field, section and question. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from models.link import LinkKind
from models.stored import StoredEdition, StoredLink, StoredQuestion, StoredSection


class DifferenceKind(StrEnum):
    """What became of a part from one edition to another."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Keyed(Protocol):
    """A part with a stable key."""

    key: str


Part = TypeVar("Part", bound=Keyed)


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field of an article that changed, with its values in the form of JSON."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class PartDifference(Generic[Part]):
    """A section or question that changed; `fields` names what of it."""

    kind: DifferenceKind
    before: Part | None
    after: Part | None
    fields: tuple[str, ...] = ()


SECTION_FIELDS = {
    "heading": "heading",
    "level": "level",
    "kind": "kind",
    "body": "body_markdown",
    "anchor": "anchor",
    "pros": "pros",
    "cons": "cons",
}
QUESTION_FIELDS = {"question": "question", "answer": "answer_markdown", "anchor": "anchor"}
"""What is compared of a part: the contract's name, and the attribute."""


def compare_fields(
    before: StoredEdition,
    after: StoredEdition,
    links_before: Sequence[StoredLink],
    links_after: Sequence[StoredLink],
) -> list[FieldDifference]:
    """Return the fields of the article itself that differ; what it wishes for search engines is loaded."""
    pairs = zip(describe(before, links_before).items(), describe(after, links_after).values(), strict=True)
    return [FieldDifference(name, old, new) for (name, old), new in pairs if old != new]


def describe(edition: StoredEdition, links: Sequence[StoredLink]) -> dict[str, object]:
    """Return the fields of an edition as JSON values, by the contract's names."""
    related = [link for link in links if link.kind is LinkKind.RELATED]
    return {
        "title": edition.title,
        "slug": edition.slug,
        "summary": edition.summary,
        "intro": edition.intro_markdown,
        "tags": [tag["name"] for tag in edition.tags],
        "authors": edition.authors,
        "images": [image.src for image in edition.images],
        "related": [{"label": link.label, "url": link.url, "article": link.target_id} for link in related],
        "seo": edition.seo,
    }


def compare_sections(
    before: Sequence[StoredSection], after: Sequence[StoredSection]
) -> list[PartDifference[StoredSection]]:
    """Return the sections that differ, in the order of `after`, those that are gone at the end."""
    return compare_parts(before, after, SECTION_FIELDS, ["" for _ in before], ["" for _ in after])


def compare_questions(
    before: Sequence[StoredQuestion],
    after: Sequence[StoredQuestion],
    sections_before: Sequence[StoredSection],
    sections_after: Sequence[StoredSection],
) -> list[PartDifference[StoredQuestion]]:
    """Return the questions that differ; one that stands in another section now has moved."""
    places = [place(question, sections_before) for question in before]
    return compare_parts(
        before, after, QUESTION_FIELDS, places, [place(question, sections_after) for question in after]
    )


def place(question: StoredQuestion, sections: Sequence[StoredSection]) -> str:
    """Return the key of the section that a question stands in, "" outside of all."""
    return "" if question.section is None else sections[question.section - 1].key


def compare_parts(
    before: Sequence[Part],
    after: Sequence[Part],
    fields: dict[str, str],
    places_before: Sequence[str],
    places_after: Sequence[str],
) -> list[PartDifference[Part]]:
    """Return the parts that differ, matched by key."""
    old = {part.key: part for part in before}
    new = {part.key: part for part in after}
    home = {part.key: spot for part, spot in zip(before, places_before, strict=True)}
    moved = find_moved([part.key for part in before], [part.key for part in after])
    moved |= {
        part.key
        for part, spot in zip(after, places_after, strict=True)
        if part.key in home and home[part.key] != spot
    }
    differences = [compare_part(old.get(part.key), part, fields, part.key in moved) for part in after]
    gone = [PartDifference(DifferenceKind.REMOVED, part, None) for part in before if part.key not in new]
    return [difference for difference in differences if difference] + gone


def compare_part(
    before: Part | None, after: Part, fields: dict[str, str], moved: bool
) -> PartDifference[Part] | None:
    """Return how a part differs from what it was, None where it does not."""
    if before is None:
        return PartDifference(DifferenceKind.ADDED, None, after)
    changed = tuple(
        n for n, attribute in fields.items() if getattr(before, attribute) != getattr(after, attribute)
    )
    if moved:
        changed = (*changed, "position")
    if not changed:
        return None
    kind = DifferenceKind.MOVED if changed == ("position",) else DifferenceKind.CHANGED
    return PartDifference(kind, before, after, changed)


def longest(chains: Iterable[list[str]]) -> list[str]:
    """Return the longest of the lists, an empty one where there is none."""
    best: list[str] = []
    for chain in chains:
        if len(chain) > len(best):
            best = chain
    return best


def find_moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the fewest of the keys in both lists that must move to turn one order into the other."""
    places = {key: index for index, key in enumerate(before)}
    common = [key for key in after if key in places]
    chains: list[list[str]] = []
    for key in common:
        stays = (chain for chain in chains if places[chain[-1]] < places[key])
        chains.append([*longest(stays), key])
    kept = set(longest(chains))
    return {key for key in common if key not in kept}
