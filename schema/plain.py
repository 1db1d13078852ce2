"""Which fields are plain: made of one edition and its publication alone, whatever else the view shows.

A plain field's resolver waits for nothing but the parts of its edition that are named here, asks no database
once these are in memory, and needs no rights beyond seeing the article.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Parts = frozenset[str]
"""Names of an edition's relations that must be in memory."""

NOTHING: Parts = frozenset()
SECTIONS: Parts = frozenset({"sections"})
QUESTIONS: Parts = frozenset({"questions"})
LINKS: Parts = frozenset({"links"})


def name_fields(*names: str, **needing: Parts) -> Mapping[str, Parts]:
    """Return plain fields: those in `names` need no parts, the others the given ones."""
    return MappingProxyType({**dict.fromkeys(names, NOTHING), **needing})


PLAIN: Mapping[str, Mapping[str, Parts]] = MappingProxyType(
    {
        "Article": name_fields(
            *("id", "slug", "path", "locale", "title", "summary", "intro", "images", "tags", "authors"),
            *("wordCount", "readingMinutes", "publishedAt", "createdAt", "updatedAt", "revision"),
            sections=SECTIONS,
            questions=QUESTIONS,
            related=LINKS,
            links=LINKS,
            tableOfContents=SECTIONS,
        ),
        "Section": name_fields(
            *("id", "position", "level", "kind", "heading", "anchor", "body", "images", "pros", "cons"),
            "article",
            questions=QUESTIONS,
            links=LINKS,
        ),
        "Question": name_fields(
            *("id", "position", "anchor", "question", "answer", "article"), section=SECTIONS
        ),
        "RichText": name_fields("markdown", "html", "text", "wordCount", "excerpt"),
        "Image": name_fields("src", "alt", "caption", "width", "height"),
        "Link": name_fields("label", "url"),
        "Tag": name_fields("id", "slug", "name"),
        "Heading": name_fields("level", "text", "anchor"),
    }
)
"""The plain fields of each type of the contract that has any."""
