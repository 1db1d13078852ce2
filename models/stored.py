"""Editions and their parts as they are read: plain objects made from rows, shared by all operations.

Nobody changes them but the library, which fills in an edition's relations, and those of their columns that
somebody has asked for; others are None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from models.database import Database
from models.dialect import Sql
from models.draft import SectionKind
from models.link import LinkKind

Seo = Mapping[str, Any]
"""What an author wished for search engines, as it was written."""


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
    """An edition as it is read; each relation, and `seo`, is None until it is asked for.

    `loaded` tells the columns of each relation that have been read, `fragments` is finished JSON of the edition.
    """

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
    seo: Seo | None = None
    loaded: dict[str, int] = field(default_factory=dict)
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
    fallbacks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Locales, each with those that stand in for it, in the order in which they were written."""


EDITION_COLUMNS = (
    "e.id, e.article_id, e.locale AS edition_locale, e.since, e.saved_at, e.title, e.slug AS edition_slug, "
    "e.summary, e.intro_markdown, e.intro_html, e.intro_text, e.intro_words, e.tags, e.authors, e.images, "
    "e.word_count, e.reading_minutes, e.rendered"
)
"""An edition's own columns in the order of its fields."""


SECTION_COLUMNS = (
    *("key", "position", "level", "kind", "heading", "anchor", "body_markdown", "body_html", "body_text"),
    *("word_count", "images", "pros", "cons"),
)
QUESTION_COLUMNS = (
    *("key", "position", "section", "anchor", "question", "answer_markdown", "answer_html", "answer_text"),
    *("word_count", "images"),
)
LINK_COLUMNS = ("kind", "position", "section", "label", "url", "target_id")
"""The columns of each kind of part in the order of its fields: rows are read by place, which is quicker."""

SECTION_KINDS = {kind.value: kind for kind in SectionKind}
LINK_KINDS = {kind.value: kind for kind in LinkKind}


def read_images(text: str | None) -> Any:
    """Return the pictures that a JSON column holds, None where it was not read."""
    if text is None or text == "[]":
        return None if text is None else []
    return [
        StoredImage(i["src"], i["alt"], i["caption"], i["width"], i["height"]) for i in orjson.loads(text)
    ]


def read_list(text: str | None) -> Any:
    """Return the list that a JSON column holds, None where it was not read."""
    if text is None or text == "[]":
        return None if text is None else []
    return orjson.loads(text)


def read_edition(values: Sequence[Any]) -> StoredEdition:
    """Return the edition whose EDITION_COLUMNS have these values."""
    *fields, tags, authors, images, words, minutes, rendered = values
    lists = (read_list(tags), read_list(authors), read_images(images))
    known = (*fields, *lists, words, minutes, rendered)
    return StoredEdition(*known)


def read_section(values: list[Any]) -> StoredSection:
    """Return the section whose SECTION_COLUMNS have these values, which are changed."""
    values[3] = SECTION_KINDS.get(values[3])
    values[-3:] = read_images(values[-3]), read_list(values[-2]), read_list(values[-1])
    return StoredSection(*values)


def read_question(values: list[Any]) -> StoredQuestion:
    """Return the question whose QUESTION_COLUMNS have these values, which are changed."""
    if values[-1] is not None:
        values[-1] = read_images(values[-1])
    return StoredQuestion(*values)


def read_link(values: list[Any]) -> StoredLink:
    """Return the link whose LINK_COLUMNS have these values, which are changed."""
    values[0] = LINK_KINDS[values[0]]
    return StoredLink(*values)


async def load_sites(database: Database) -> tuple[StoredSite, ...]:
    """Return all sites, sorted by key."""
    rows = await database.read(
        Sql("SELECT id, key, name, url, default_locale, locales, fallbacks FROM site ORDER BY key")
    )
    return tuple(
        StoredSite(
            id=row["id"],
            key=row["key"],
            name=row["name"],
            url=row["url"],
            default_locale=row["default_locale"],
            locales=tuple(orjson.loads(row["locales"])),
            fallbacks=read_fallbacks(row["fallbacks"]),
        )
        for row in rows
    )


def read_fallbacks(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the fallbacks that a JSON column holds."""
    if text == "[]":
        return ()
    return tuple((fallback["locale"], tuple(fallback["to"])) for fallback in orjson.loads(text))
