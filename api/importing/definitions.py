"""Link reference and footnote definitions: taken out of a document and given to the pieces that use them.

A section that is rendered alone needs the definitions that its author wrote at the end of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

import pyromark

from api.importing.markdown_events import OPTIONS, Block, tag_of, top_level_blocks

MAY_DEFINE = re.compile(r"^[ >\t*+-]*\[[^\]\n]+(?:\n[^\]\n]*)*\]:", re.MULTILINE)
LABEL = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]", re.DOTALL)
REFERENCE_TYPES = ("Reference", "Collapsed", "Shortcut")


class Definitions:
    """The definitions of one document, and the document without those that can be given out again."""

    def __init__(self, markdown: str) -> None:
        self.body = markdown
        self._sources: dict[str, str] = {}
        if MAY_DEFINE.search(markdown):
            self._take(markdown)

    def complete(self, piece: str) -> str:
        """Return a piece of the document followed by every definition that it uses and does not hold."""
        if not self._sources:
            return piece
        wanted: set[str] = set()
        queue = [piece]
        while queue:
            for label in self._used_in(queue.pop()):
                if label not in wanted:
                    wanted.add(label)
                    queue.append(self._sources[label])
        if not wanted:
            return piece
        held = set(_definitions_in(piece))
        carried = [source for label, source in self._sources.items() if label in wanted and label not in held]
        return "\n\n".join([piece, *carried]) if carried else piece

    def _take(self, markdown: str) -> None:
        blocks = list(top_level_blocks(markdown))
        source = markdown.encode()
        known = references(markdown)
        self._sources = {label: text for label, (text, _) in known.items()}
        spans: dict[str, tuple[int, int]] = {label: span for label, (_, span) in known.items()}
        for label, block in footnotes(blocks):
            if label not in self._sources:
                self._sources[label] = source[block.start : block.end].decode().strip("\n")
                spans[label] = (block.start, block.end)
        used = set(self._used_in(markdown))
        nested = [block for block in blocks if block.tag != "FootnoteDefinition"]
        starts = [block.start for block in nested]
        cut = []
        for start, end in (spans[label] for label in used):
            before = bisect_right(starts, start)
            if before == 0 or nested[before - 1].end <= start:
                cut.append((start, end))
        self.body = _without(source, cut)

    def _used_in(self, piece: str) -> Iterator[str]:
        labels = dict.fromkeys(fold_label(found[1]) for found in LABEL.finditer(piece))
        sources = [self._sources[label] for label in labels if label in self._sources]
        if not sources:
            return
        # A comment between the two keeps an indented beginning of the piece out of the last footnote.
        known = "\n\n".join(sources) + "\n\n<!-- -->\n\n"
        first = len(known.encode())
        for event, span in pyromark.events_with_range(known + piece, options=OPTIONS):
            if span["start"] >= first:
                label = _label_used(event)
                if label in self._sources:
                    yield label


def _label_used(event: object) -> str:
    if not isinstance(event, Mapping):
        return ""
    if "FootnoteReference" in event:
        return f"^{fold_label(str(event['FootnoteReference']))}"
    if "Start" in event:
        tag, data = tag_of(event["Start"])
        if tag in ("Link", "Image") and isinstance(data, Mapping) and data["link_type"] in REFERENCE_TYPES:
            return fold_label(str(data["id"]))
    return ""


def fold_label(label: str) -> str:
    """Return a label in the one spelling that is compared."""
    return " ".join(label.split()).casefold()


def _definitions_in(piece: str) -> Iterator[str]:
    yield from references(piece)
    for label, _ in footnotes(top_level_blocks(piece)):
        yield label


def footnotes(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    """Yield the definitions of footnotes among blocks, each with its folded label behind a `^`."""
    for block in blocks:
        if block.tag == "FootnoteDefinition":
            yield f"^{fold_label(str(block.attributes))}", block


def references(markdown: str) -> dict[str, tuple[str, tuple[int, int]]]:
    """Return the link definitions of a text by folded label: each written anew, and its range of bytes."""
    found = {}
    for label, definition in pyromark.reference_definitions(markdown, options=OPTIONS).items():
        span = (definition["span"]["start"], definition["span"]["end"])
        found[fold_label(label)] = (write_definition(label, definition["dest"], definition["title"]), span)
    return found


def write_definition(label: str, address: str, title: str | None) -> str:
    """Return a link definition."""
    # Written anew, because the original may span lines with a quote's or a list's marks in between.
    target = re.sub(r"([\\<>])", r"\\\1", address.replace("&", "&amp;"))
    quoted = re.sub(r'([\\"])', r"\\\1", (title or "").replace("&", "&amp;"))
    return f"[{label}]: <{target}>" + (f' "{quoted}"' if quoted else "")


def _without(source: bytes, spans: Iterable[tuple[int, int]]) -> str:
    kept = []
    position = 0
    for start, end in sorted(spans):
        kept.append(source[position:start])
        position = max(position, end)
    kept.append(source[position:])
    return b"".join(kept).decode()
