"""Editions and their parts as they are read: plain objects made from rows, shared by all operations.

Nobody changes them but the library, which fills in an edition's relations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from models.database import Database, Row
from models.dialect import Sql
from models.draft import SectionKind
from models.link import LinkKind


@dataclass(slots=True, eq=False)
class StoredImage:
    """A picture of an edition."""

    src: str
    alt: str
    caption: str | None
    width: int | None
    height: int | None


@dataclass(slots=True, eq=False)
class StoredSection:
    """A section of an edition as it is read."""

    key: str
    position: int
    level: int
    kind: SectionKind
    heading: str | None
    anchor: str
    body_markdown: str
    body_html: str
    body_text: str
    word_count: int
    images: list[StoredImage]
    pros: list[str]
    cons: list[str]


@dataclass(slots=True, eq=False)
class StoredQuestion:
    """A question of an edition as it is read."""

    key: str
    position: int
    section: int | None
    anchor: str
    question: str
    answer_markdown: str
    answer_html: str
    answer_text: str
    word_count: int
    images: list[StoredImage]


@dataclass(slots=True, eq=False)
class StoredLink:
    """A link of an edition as it is read."""

    kind: LinkKind
    position: int
    section: int | None
    label: str
    url: str | None
    target_id: str | None


@dataclass(slots=True, eq=False)
class StoredEdition:
    """An edition as it is read; each relation is None until it is asked for. `fragments` are finished JSON of it."""

    id: int
    article_id: str
    locale: str
    since: int
    saved_at: int
    title: str
    slug: str
    summary: str | None
    intro_markdown: str
    intro_html: str
    intro_text: str
    intro_words: int
    tags: list[dict[str, str]]
    authors: list[str]
    images: list[StoredImage]
    word_count: int
    reading_minutes: int
    rendered: int
    sections: list[StoredSection] | None = None
    questions: list[StoredQuestion] | None = None
    links: list[StoredLink] | None = None
    fragments: dict[tuple[Any, ...], bytes] = field(default_factory=dict)
    size: int = field(default=0)


@dataclass(frozen=True, slots=True)
class StoredSite:
    """A site as it is read."""

    id: str
    key: str
    name: str
    url: str | None
    default_locale: str
    locales: tuple[str, ...]


EDITION_COLUMNS = (
    "e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, "
    "e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, "
    "e.word_count, e.reading_minutes, e.rendered"
)


def read_images(text: str) -> list[StoredImage]:
    """Return the pictures that a JSON column holds."""
    if text == "[]":
        return []
    return [
        StoredImage(i["src"], i["alt"], i["caption"], i["width"], i["height"]) for i in orjson.loads(text)
    ]


def read_list(text: str) -> list[Any]:
    """Return the list that a JSON column holds."""
    return [] if text == "[]" else list(orjson.loads(text))


def read_edition(row: Row) -> StoredEdition:
    """Return the edition that a row with EDITION_COLUMNS holds."""
    return StoredEdition(
        id=row["id"],
        article_id=row["article_id"],
        locale=row["edition_locale"],
        since=row["since"],
        saved_at=row["saved_at"],
        title=row["title"],
        slug=row["edition_slug"],
        summary=row["summary"],
        intro_markdown=row["intro_markdown"],
        intro_html=row["intro_html"],
        intro_text=row["intro_text"],
        intro_words=row["intro_words"],
        tags=read_list(row["tags"]),
        authors=read_list(row["authors"]),
        images=read_images(row["images"]),
        word_count=row["word_count"],
        reading_minutes=row["reading_minutes"],
        rendered=row["rendered"],
    )


def read_section(row: Row) -> StoredSection:
    """Return the section that a row holds."""
    return StoredSection(
        key=row["key"],
        position=row["position"],
        level=row["level"],
        kind=SectionKind(row["kind"]),
        heading=row["heading"],
        anchor=row["anchor"],
        body_markdown=row["body_markdown"],
        body_html=row["body_html"],
        body_text=row["body_text"],
        word_count=row["word_count"],
        images=read_images(row["images"]),
        pros=read_list(row["pros"]),
        cons=read_list(row["cons"]),
    )


def read_question(row: Row) -> StoredQuestion:
    """Return the question that a row holds."""
    return StoredQuestion(
        key=row["key"],
        position=row["position"],
        section=row["section"],
        anchor=row["anchor"],
        question=row["question"],
        answer_markdown=row["answer_markdown"],
        answer_html=row["answer_html"],
        answer_text=row["answer_text"],
        word_count=row["word_count"],
        images=read_images(row["images"]),
    )


def read_link(row: Row) -> StoredLink:
    """Return the link that a row holds."""
    return StoredLink(
        kind=LinkKind(row["kind"]),
        position=row["position"],
        section=row["section"],
        label=row["label"],
        url=row["url"],
        target_id=row["target_id"],
    )


async def load_sites(database: Database) -> tuple[StoredSite, ...]:
    """Return all sites, sorted by key."""
    rows = await database.read(
        Sql("SELECT id, key, name, url, default_locale, locales FROM site ORDER BY key")
    )
    return tuple(
        StoredSite(
            id=row["id"],
            key=row["key"],
            name=row["name"],
            url=row["url"],
            default_locale=row["default_locale"],
            locales=tuple(orjson.loads(row["locales"])),
        )
        for row in rows
    )
