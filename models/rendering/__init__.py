"""Markdown to what is stored of it: safe HTML, plain text, words, links and pictures.

It is pure (no database, no files, no clock): the same Markdown gives the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.rendering.anchors import Anchors
from models.rendering.decorating import decorate
from models.rendering.markdown import tidy, to_raw_html
from models.rendering.nesting import DEEPEST, flatten
from models.rendering.reading import Hyperlink, Picture, read, read_ids
from models.rendering.sanitising import sanitise
from models.rendering.words import count_words, reading_minutes

__all__ = [
    "RENDERER",
    "Anchors",
    "Hyperlink",
    "Picture",
    "Rendered",
    "author_ids",
    "count_words",
    "plain_text",
    "reading_minutes",
    "render",
]

RENDERER = 1
"""The version stored with each edition; it is raised when the output for some text changes."""

NESTING = ("<blockquote", "<li", "<em>", "<strong>", "<del>")
MOST_REPAIRS = 5

WRITTEN_ID = re.compile(r"\bid\b|\bname\b|\{", re.IGNORECASE)
MARKED_UP = re.compile(r"[\\`*_\[\]<>&~!:^\n]|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One Markdown text as it is stored: safe HTML and everything that can be read from it."""

    html: str
    text: str
    word_count: int
    links: tuple[Hyperlink, ...]
    images: tuple[Picture, ...]


def render(markdown: str, anchors: Anchors, prefix: str = "") -> Rendered:
    """Return a body rendered; its ids are taken from `anchors` and its footnotes' ids start with `prefix`.

    Any text whatever is rendered, none raises, and the HTML is the sanitiser's own output.
    """
    plain, is_sanitised = _well_formed(markdown)
    html = decorate(plain, anchors, prefix)
    if html is not plain or not is_sanitised:
        html = sanitise(html)
    text, links, images = read(html)
    return Rendered(html, text, count_words(text), links, images)


def author_ids(markdown: str) -> list[str]:
    """Return the ids that an author wrote on HTML elements and headings, in order, as `render` meets them."""
    if WRITTEN_ID.search(markdown) is None:
        return []
    return read_ids(_well_formed(markdown)[0])


def plain_text(markdown: str) -> str:
    """Return inline Markdown (a heading or question) as plain text on one line."""
    line = " ".join(tidy(markdown).split())
    if MARKED_UP.search(line) is None:
        return line
    # A full stop in front keeps `1. Title` or `- Title` from becoming a list and still lets emphasis begin.
    return " ".join(read(sanitise(flatten(to_raw_html(f".{line}"))))[0].removeprefix(".").split())


def _well_formed(markdown: str) -> tuple[str, bool]:
    """Return HTML whose elements nest as they are written, and whether the sanitiser would keep it as it is."""
    raw = to_raw_html(markdown)
    if "<" not in markdown and "{" not in markdown:
        return (raw if sum(map(raw.count, NESTING)) <= DEEPEST else flatten(raw)), False
    flat = flatten(raw)
    html = tidy(sanitise(flat))
    for _ in range(MOST_REPAIRS):
        if html == flat:
            return html, True
        flat, html = html, sanitise(html)
    return html, False
