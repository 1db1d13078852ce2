"""An article before it is stored, as plain data that editing, import and export share.

A draft holds only what an author wrote; everything derivable is computed by `models.composition`.
It knows no database and no file format.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from slugify import slugify

from models.errors import InvalidContent, Problem


class SectionKind(StrEnum):
    """What part a section plays in its article; the values are what the database stores."""

    PROSE = "prose"
    KEY_INSIGHTS = "key_insights"
    IMAGE_GALLERY = "image_gallery"
    FAQ = "faq"
    RELATED = "related"
    PROS_AND_CONS = "pros_and_cons"
    FINAL_THOUGHTS = "final_thoughts"


@dataclass(slots=True)
class QuestionDraft:
    """A question with its answer in Markdown; `key` is its identity from an earlier edition."""

    question: str
    answer: str = ""
    anchor: str | None = None
    key: str | None = None


@dataclass(slots=True)
class SectionDraft:
    """A heading and the Markdown up to the next heading of whatever level.

    `heading` is plain text, `anchor` the author's own id when there is one, `key` the section's
    identity from an earlier edition when the author names it.
    """

    heading: str | None = None
    level: int = 2
    kind: SectionKind = SectionKind.PROSE
    body: str = ""
    anchor: str | None = None
    questions: list[QuestionDraft] = field(default_factory=list)
    pros: list[str] = field(default_factory=list)
    cons: list[str] = field(default_factory=list)
    key: str | None = None


@dataclass(slots=True)
class LinkDraft:
    """What the author names as related: a label, and an address or one of our articles' ids."""

    label: str
    url: str | None = None
    article_id: str | None = None


@dataclass(slots=True)
class ImageDraft:
    """A picture that belongs to the article as a whole, such as its card or cover."""

    src: str
    alt: str = ""
    caption: str | None = None


@dataclass(slots=True)
class ArticleDraft:
    """One article in one locale.

    `questions` are those that stand outside of every section. `redirects` are addresses (`/old/address`) at which the
    article could be found before. `published_at` is the author's own
    date in milliseconds since 1970 (UTC). `seo` and `front_matter` hold JSON values.
    """

    locale: str
    slug: str
    title: str
    summary: str | None = None
    intro: str = ""
    sections: list[SectionDraft] = field(default_factory=list)
    questions: list[QuestionDraft] = field(default_factory=list)
    related: list[LinkDraft] = field(default_factory=list)
    images: list[ImageDraft] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    redirects: list[str] = field(default_factory=list)
    published_at: int | None = None
    seo: dict[str, object] = field(default_factory=dict)
    front_matter: dict[str, object] = field(default_factory=dict)


LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{4,8})*")
LONGEST = {
    "locale": 35,
    "key": 500,
    "slug": 500,
    "title": 1000,
    "heading": 2000,
    "question": 5000,
    "tag": 200,
    "author": 200,
    "address": 2000,
}


@lru_cache(1_000)
def normalise_locale(tag: str) -> str:
    """Return a language tag in BCP 47's recommended case: `pt-br` → `pt-BR`, `ZH_hans` → `zh-Hans`.

    Raises InvalidContent where the tag is not of BCP 47's language-script-region-variant form
    (RFC 5646 section 2.1.1 gives the case conventions).
    """
    first, *rest = tag.replace("_", "-").split("-")
    parts = [first.lower()]
    for part in rest:
        if len(part) == 4 and part.isalpha():
            parts.append(part.title())
        elif len(part) == 2 and part.isalpha():
            parts.append(part.upper())
        else:
            parts.append(part.lower())
    normal = "-".join(parts)
    if not LOCALE.fullmatch(normal) or len(normal) > LONGEST["locale"]:
        raise InvalidContent([Problem(("locale",), explain_tag(tag))])
    return normal


def explain_tag(tag: object) -> str:
    """Return a sentence about what is no locale, perhaps one of the other tags that BCP 47 has."""
    return (
        f"{tag!r} is no tag of language, script, region and variants such as pt-BR: only these are supported."
    )


def normalise_slug(text: str) -> str:
    """Return the slug without outer slashes and white space, in Unicode's composed form."""
    return unicodedata.normalize("NFC", text.strip().strip("/"))


def name_tag(name: str) -> str:
    """Return a tag's slug, empty where its name has neither letters nor digits."""
    return slugify(name, allow_unicode=True)[: LONGEST["tag"]]


def normalise_text(text: str) -> str:
    """Return a text without outer white space, in Unicode's composed form."""
    return unicodedata.normalize("NFC", text.strip())
