"""Which fields are plain: made of one edition and its publication alone, or of a page, whatever else the view shows.

A plain field's resolver waits for nothing but the parts of its edition that are named here, asks no database
once these are in memory, and needs no rights beyond seeing the article.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

Part = TypeVar("Part")
Parts = frozenset[str]
"""What must be in memory of an edition: its relations, as `sections`, and their columns, as `sections.heading`.

An article's own columns always are.
"""

NOTHING: Parts = frozenset()
Plain = Mapping[str, Parts]


def need(*parts: str) -> Parts:
    """Return these parts."""
    return frozenset(parts)


def name_fields(*names: str, **needing: Parts) -> Plain:
    """Return plain fields: those in `names` need no parts, the others the given ones."""
    return MappingProxyType({**dict.fromkeys(names, NOTHING), **needing})


def name_columns(relation: str, *names: str, **needing: Parts) -> Plain:
    """Return plain fields: those in `names` need the column of the relation that has their name."""
    return name_fields(**{name: need(f"{relation}.{name}") for name in names}, **needing)


FORMS: Mapping[str, str] = MappingProxyType(
    {"markdown": "*_markdown", "html": "*_html", "text": "*_text", "wordCount": "word_count"}
)
"""The column that each field of a text shows; the asterisk stands for the text's name."""

PLAIN: Mapping[str, Plain] = MappingProxyType(
    {
        "Article": name_fields(
            *("id", "slug", "path", "locale", "title", "summary", "intro", "images", "tags", "authors"),
            *("wordCount", "readingMinutes", "publishedAt", "createdAt", "updatedAt", "revision"),
            sections=need("sections", "sections.kind"),
            questions=need("questions"),
            related=need("links"),
            links=need("links"),
            tableOfContents=need("sections", "sections.level", "sections.heading", "sections.anchor"),
        ),
        "Section": name_columns(
            *("sections", "position", "level", "kind", "heading", "anchor", "images", "pros", "cons"),
            id=need("sections.key"),
            body=NOTHING,
            article=NOTHING,
            questions=need("questions", "questions.section"),
            links=need("links", "links.section"),
        ),
        "Question": name_columns(
            *("questions", "position", "anchor", "question"),
            id=need("questions.key"),
            answer=NOTHING,
            article=NOTHING,
            section=need("sections", "questions.section"),
        ),
        "RichText": name_fields(
            **{name: need(column) for name, column in FORMS.items()}, excerpt=need(FORMS["text"])
        ),
        "Image": name_fields("src", "alt", "caption", "width", "height"),
        "Link": name_columns("links", "label", "url"),
        "Tag": name_fields("id", "slug", "name"),
        "Heading": name_fields("level", "text", "anchor"),
        "PageInfo": name_fields("hasNextPage", "hasPreviousPage", "startCursor", "endCursor"),
    }
)
"""The plain fields of each type of the contract that has any."""

COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Section": {name: name for name in ("position", "level", "kind", "heading", "anchor")},
        "Question": {name: name for name in ("position", "anchor", "question")},
    }
)
"""The fields of each type of part that show a column as it is, and the column."""

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"Section": ("sections", "body"), "Question": ("questions", "answer")}
)
"""Where the text of a type's objects is: its relation, and the beginning of its columns' names."""


def require_loaded(parts: list[Part] | None) -> list[Part]:
    """Return parts that are in memory. Raises RuntimeError where they are not."""
    if parts is None:
        raise RuntimeError("A plain field needs parts of its edition that it does not name.")
    return parts


def locate_text(type_name: str, parts: Parts) -> Parts:
    """Return the columns that a text of an object of this type needs. An article's own are always there."""
    if type_name not in TEXTS:
        return NOTHING
    relation, name = TEXTS[type_name]
    return frozenset(f"{relation}.{part.replace('*', name)}" for part in parts)
