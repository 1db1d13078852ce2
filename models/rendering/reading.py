"""What a reader finds in rendered HTML: its plain text, its links, its pictures.

It reads only the sanitiser's output, whose form is fixed, and so needs no HTML parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from models.rendering.elements import BLOCKS, CELLS

TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s[^\s=>"/]+="[^"]*")*+)>')
ATTRIBUTE = re.compile(r'\s([^\s=>"/]+)="([^"]*)"')

WATCHED = frozenset({"a", "figcaption", "figure", "img", "pre", "sup"})

# Stands for a line break until white space is normalised; it can occur in no text.
BREAK = "\x00"


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """A link that leads out of its text: its plain text and its address as written."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a body; its caption is its figure's, else its title attribute."""

    src: str
    alt: str
    caption: str | None
    width: int | None
    height: int | None


def read(html: str) -> tuple[str, tuple[Hyperlink, ...], tuple[Picture, ...]]:
    """Return the plain text, the links and the pictures of sanitised HTML, in document order.

    Blocks stand on lines of their own; footnote numbers and alternative texts are no part of the text.
    """
    reading = _Reading()
    first, *rest = TAG.split(html)
    reading.text(first)
    pieces = iter(rest)
    for end, name, attributes, text in zip(pieces, pieces, pieces, pieces, strict=True):
        if name in BLOCKS:
            reading.out.append(BREAK)
        elif name in CELLS:
            reading.out.append(" ")
        if name in WATCHED:
            reading.tag(end == "/", name, attributes)
        if text:
            reading.text(text)
    return normalise("".join(reading.out)), tuple(reading.finished_links()), tuple(reading.pictures)


def read_ids(html: str) -> list[str]:
    """Return the ids of sanitised HTML in document order, without those of footnotes."""
    found = (_attributes(tag[3]) for tag in TAG.finditer(html) if ' id="' in tag[3])
    return [
        attributes["id"]
        for attributes in found
        if attributes["id"].strip() and not attributes.get("class", "").startswith("footnote-")
    ]


def normalise(text: str) -> str:
    """Return text with its entities decoded, single spaces, and a newline for each run of breaks."""
    lines = [" ".join(line.split()) for line in decode(text).split(BREAK)]
    return "\n".join(filter(None, lines))


def decode(text: str) -> str:
    """Return text or an attribute as it was before the sanitiser escaped it."""
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&nbsp;", "\xa0").replace("&amp;", "&")


class _Reading:
    """One pass over one body."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.pictures: list[Picture] = []
        self._links: list[Hyperlink | None] = []
        self._open_links: list[tuple[int, int, str]] = []
        self._figures: list[tuple[int, list[str]]] = []
        self._caption_start = 0
        self._captioned: set[int] = set()
        self._preformatted = 0
        self._unread = 0

    def text(self, text: str) -> None:
        if not self._unread:
            self.out.append(text.replace("\n", BREAK) if self._preformatted else text)

    def tag(self, is_end: bool, name: str, attributes: str) -> None:
        if name == "a":
            self._end_link() if is_end else self._start_link(attributes)
        elif name == "img":
            self._add_picture(attributes)
        elif name == "pre":
            self._preformatted += -1 if is_end else 1
        elif name == "sup":
            self._pass_footnote_number(is_end, attributes)
        elif name == "figure":
            self._pass_figure(is_end)
        elif is_end:
            self._caption_figure()
        else:
            self._caption_start = len(self.out)

    def finished_links(self) -> list[Hyperlink]:
        return [link for link in self._links if link is not None]

    def _start_link(self, attributes: str) -> None:
        self._open_links.append((len(self._links), len(self.out), _attributes(attributes).get("href", "")))
        self._links.append(None)

    def _end_link(self) -> None:
        if not self._open_links:
            return
        index, start, href = self._open_links.pop()
        if href and not href.startswith("#") and not href.lower().startswith(("mailto:", "tel:")):
            label = " ".join(normalise("".join(self.out[start:])).split())
            self._links[index] = Hyperlink(label, href)

    def _add_picture(self, attributes: str) -> None:
        found = _attributes(attributes)
        if src := found.get("src"):
            self.pictures.append(
                Picture(
                    src=src,
                    alt=found.get("alt", ""),
                    caption=found.get("title") or None,
                    width=_number(found.get("width")),
                    height=_number(found.get("height")),
                )
            )

    def _pass_footnote_number(self, is_end: bool, attributes: str) -> None:
        if self._unread:
            self._unread += -1 if is_end else 1
        elif 'class="footnote-' in attributes:
            self._unread = 1

    def _pass_figure(self, is_end: bool) -> None:
        if not is_end:
            self._figures.append((len(self.pictures), []))
        elif self._figures:
            first, captions = self._figures.pop()
            if captions:
                self._caption_pictures(first, captions[0])

    def _caption_figure(self) -> None:
        caption = normalise("".join(self.out[self._caption_start :]))
        if caption and self._figures:
            self._figures[-1][1].append(caption)

    def _caption_pictures(self, first: int, caption: str) -> None:
        # Those of a figure within the figure have got their own caption already.
        for index in range(first, len(self.pictures)):
            if index not in self._captioned:
                self.pictures[index] = replace(self.pictures[index], caption=caption)
                self._captioned.add(index)


def _attributes(written: str) -> dict[str, str]:
    return {name: decode(value) for name, value in ATTRIBUTE.findall(written)}


def _number(text: str | None) -> int | None:
    return int(text) if text else None
