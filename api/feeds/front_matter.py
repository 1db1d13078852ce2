"""The front matter of an article that is served as Markdown: what is known of it besides its text, as YAML.

The names are those that the importer reads (docs/import.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import yaml

from models import moment
from models.page import INDEXED, ArticlePage
from models.stored import StoredImage, StoredQuestion, StoredSection

WIDEST = 1_000_000
"""Longer than any line: YAML folds none of them."""


def write_front_matter(
    page: ArticlePage,
    sections: Sequence[StoredSection],
    questions: Sequence[StoredQuestion],
    related: Sequence[tuple[str, str | None]],
) -> str:
    """Return the front matter of an article, with its two fences."""
    article, edition = page.article, page.article.edition
    fields = {
        "title": " ".join(edition.title.split()),
        "description": " ".join((edition.summary or "").split()),
        "lang": article.locale,
        "slug": article.slug,
        "url": page.url,
        "canonical": page.canonical if page.canonical != page.url else None,
        "robots": page.robots if page.robots != INDEXED else None,
        "date": None if page.published_at is None else moment.to_text(page.published_at),
        "updated": moment.to_text(page.modified_at),
        "authors": edition.authors,
        "tags": [tag["name"] for tag in edition.tags],
        "image": [describe_image(image) for image in find_own_images(page, sections, questions)],
        "related": [keep_known({"title": label, "url": url}) for label, url in related],
    }
    written = yaml.safe_dump(keep_known(fields), allow_unicode=True, sort_keys=False, width=WIDEST)
    return f"---\n{written}---\n"


def find_own_images(
    page: ArticlePage, sections: Sequence[StoredSection], questions: Sequence[StoredQuestion]
) -> list[StoredImage]:
    """Return the pictures of the article as a whole: those that none of its texts shows."""
    shown = {image.src for section in sections for image in section.images}
    shown |= {image.src for question in questions for image in question.images}
    edition = page.article.edition
    return [
        image
        for image in edition.images
        if image.src not in shown and f'src="{escape(image.src)}"' not in edition.intro_html
    ]


def describe_image(image: StoredImage) -> dict[str, object]:
    """Return what is known of a picture."""
    return keep_known({"src": image.src, "alt": image.alt, "caption": image.caption})


def keep_known(fields: Mapping[str, object]) -> dict[str, object]:
    """Return fields without those that say nothing."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
