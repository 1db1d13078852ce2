"""A Markdown body taken apart at its headings, each piece complete enough to be rendered alone.

It knows CommonMark's headings and nothing of what sections mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from api.importing.definitions import Definitions
from api.importing.headings import fold
from api.importing.markdown_events import Block, text_of, top_level_blocks

BLANK_START = re.compile(r"\A(?:[ \t]*\n)+")
BRACES = re.compile(r"\{(?P<inside>[^{}]*)\}[ \t]*#*[ \t]*(?:\n.*)?\Z", re.DOTALL)


@dataclass(slots=True)
class Part:
    """One heading and the Markdown up to the next; `source` is the heading as its author wrote it.

    `classes` are those that it names: `## Heading {.faq}`.
    """

    level: int
    heading: str
    anchor: str | None
    body: str
    source: str
    classes: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Return heading and body as one piece of Markdown."""
        return f"{self.source}\n\n{self.body}" if self.body else self.source


@dataclass(slots=True)
class Outline:
    """A body in order: what stands before the first heading, then one part for each heading.

    `title` is the first level-1 heading where that was taken for the article's title.
    """

    intro: str
    definitions: Definitions
    parts: list[Part] = field(default_factory=list)
    title: str | None = None


def split_body(markdown: str, title: str | None) -> Outline:
    """Take a body apart at the headings that stand in no list, quote or HTML block.

    An opening level-1 heading that repeats `title` is no part: what follows it joins the intro. Without a
    title the first level-1 heading is given back as one. Bodies come without the definitions that they share;
    `Outline.definitions` completes a piece with those that it uses.
    """
    definitions = Definitions(markdown)
    source = definitions.body.encode()
    headings = [block for block in top_level_blocks(definitions.body) if block.tag == "Heading"]
    ends = [block.start for block in headings[1:]] + [len(source)]
    intro = _trim(source[: headings[0].start if headings else len(source)])
    parts = [_part(block, source, end) for block, end in zip(headings, ends, strict=False)]
    outline = Outline(intro, definitions, parts)
    _take_title(outline, title)
    return outline


def _take_title(outline: Outline, title: str | None) -> None:
    top = next((part for part in outline.parts if part.level == 1 and part.heading), None)
    if top is None or (title is not None and fold(title) != fold(top.heading)):
        return
    outline.title = top.heading
    if outline.parts[0] is top:
        outline.parts.pop(0)
        outline.intro = "\n\n".join(text for text in (outline.intro, top.body) if text)


def _part(block: Block, source: bytes, end: int) -> Part:
    raw = source[block.start : block.end].decode().strip("\n")
    attributes = block.attributes if isinstance(block.attributes, Mapping) else {}
    heading, anchor = _resolve_braces(text_of(block.events), raw, attributes)
    return Part(
        level=int(str(attributes["level"])[1:]),
        heading=heading,
        anchor=anchor,
        body=_trim(source[block.end : end]),
        source=raw,
        classes=read_classes(attributes),
    )


def read_classes(attributes: Mapping[str, object]) -> tuple[str, ...]:
    """Return the classes that a heading names."""
    classes = attributes["classes"]
    return tuple(map(str, classes)) if isinstance(classes, tuple | list) else ()


def _resolve_braces(heading: str, raw: str, attributes: Mapping[str, object]) -> tuple[str, str | None]:
    if attributes["id"]:
        return heading, str(attributes["id"])
    # The parser takes any `{words}` at the end for attributes; ids, classes and `name=value` are.
    braces = BRACES.search(raw)
    inside = braces["inside"].strip() if braces else ""
    if inside.startswith(":#"):
        return heading, inside[2:].split()[0]
    if not inside or heading.endswith("}") or "=" in inside or inside[0] in ".:":
        return heading, None
    return f"{heading} {{{inside}}}".strip(), None


def _trim(source: bytes) -> str:
    return BLANK_START.sub("", source.decode()).rstrip()


def iterate_groups(parts: list[Part]) -> Iterator[tuple[Part, list[Part]]]:
    """Yield each part that stands in no other part of the list, with the deeper ones that follow it."""
    position = 0
    while position < len(parts):
        head = parts[position]
        end = position + 1
        while end < len(parts) and parts[end].level > head.level:
            end += 1
        yield head, parts[position + 1 : end]
        position = end
