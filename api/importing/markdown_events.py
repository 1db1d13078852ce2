"""What the importers read from Markdown through its parser: top-level blocks, plain text, links.

It knows pyromark's events and byte ranges, so that nobody else has to; it knows no article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyromark

OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
)
TEXT_EVENTS = ("Text", "Code", "InlineMath", "DisplayMath")

# An event of pyromark and its range in bytes.
Ranged = tuple[object, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Block:
    """A block at the outermost level: its tag (`Paragraph`, `List`, `Heading`, …), byte range and events."""

    tag: str
    start: int
    end: int
    attributes: object
    events: list[Ranged]


def top_level_blocks(markdown: str) -> Iterator[Block]:
    """Yield the blocks that stand in no other block, in order; ranges are byte offsets into its UTF-8."""
    depth = 0
    inner: list[Ranged] = []
    opened: tuple[str, object, int] = ("", None, 0)
    for event, span in pyromark.events_with_range(markdown, options=OPTIONS):
        start, end = span["start"], span["end"]
        if isinstance(event, Mapping) and "Start" in event:
            depth += 1
            if depth == 1:
                opened = (*tag_of(event["Start"]), start)
                inner = []
                continue
        elif isinstance(event, Mapping) and "End" in event:
            depth -= 1
            if depth == 0:
                tag, attributes, first = opened
                yield Block(tag, first, end, attributes, inner)
                continue
        if depth:
            inner.append((event, (start, end)))
        else:
            yield Block("Rule", start, end, None, [])


def tag_of(value: object) -> tuple[str, object]:
    """Return the name and the attributes of what a Start or End event opens or closes."""
    if isinstance(value, Mapping):
        name, attributes = next(iter(value.items()))
        return str(name), attributes
    return str(value), None


def text_of(events: Iterable[Ranged]) -> str:
    """Return the words of inline events without any markup, with single spaces."""
    pieces: list[str] = []
    for event, _ in events:
        if isinstance(event, Mapping):
            name, value = next(iter(event.items()))
            if name in TEXT_EVENTS:
                pieces.append(str(value))
        elif event in ("SoftBreak", "HardBreak"):
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def plain_text(markdown: str) -> str:
    """Return the words of a piece of Markdown without any markup, with single spaces."""
    return text_of(
        (event, (0, 0)) for event in pyromark.events(markdown, options=OPTIONS & ~_HEADING_ATTRIBUTES)
    )


_HEADING_ATTRIBUTES = pyromark.Options.ENABLE_HEADING_ATTRIBUTES


def links_of(markdown: str) -> Iterator[tuple[str, str]]:
    """Yield the address and the text of every link in the Markdown, in order; pictures are no links."""
    address: str | None = None
    inside: list[Ranged] = []
    for event in pyromark.events(markdown, options=OPTIONS):
        name, value = _opening(event)
        if name == "Link" and isinstance(value, Mapping):
            address, inside = str(value["dest_url"]), []
        elif isinstance(event, Mapping) and event.get("End") == "Link" and address is not None:
            yield address, text_of(inside)
            address = None
        elif address is not None:
            inside.append((event, (0, 0)))


def _opening(event: object) -> tuple[str, object]:
    if isinstance(event, Mapping) and "Start" in event:
        return tag_of(event["Start"])
    return "", None
