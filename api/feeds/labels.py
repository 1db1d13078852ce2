"""Pieces of Markdown that were rendered each by itself, made fit to stand in one document.

A label of a link definition or footnote may mean something else in each piece; what a piece leaves open would
swallow those that follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, count

import pyromark

from api.importing.definitions import (
    REFERENCE_TYPES,
    fold_label,
    footnotes,
    references,
)
from api.importing.markdown_events import OPTIONS, tag_of, top_level_blocks

MAY_STAY_OPEN = re.compile(r"`{3}|~{3}|<")
HTML_ENDS = ("-->", "?>", "]]>", ">", "</script>", "</pre>", "</style>", "</textarea>")
"""What ends the kinds of HTML blocks that no blank line ends (CommonMark 0.31, section 4.6)."""

AFTERWARDS = "# x"

Edit = tuple[int, int, str]
"""Bytes from the first place to the second, and what stands there instead."""


def close(piece: str) -> str:
    """Return a piece with what ends its last block, where a blank line does not end it."""
    piece = piece.strip("\n").rstrip()
    if not MAY_STAY_OPEN.search(piece):
        return piece
    return next((text for text in close_somehow(piece) if is_closed(text)), piece)


def close_somehow(piece: str) -> Iterator[str]:
    """Yield the piece with each of the ends that it may lack."""
    yield piece
    for mark in "`~":
        longest = max((len(run) for run in re.findall(f"{mark}+", piece)), default=0)
        yield f"{piece}\n{mark * max(3, longest)}"
    yield from (f"{piece}\n{end}" for end in HTML_ENDS)


def is_closed(piece: str) -> bool:
    """Tell whether a heading that follows is one."""
    start = len(f"{piece}\n\n".encode())
    blocks = list(top_level_blocks(f"{piece}\n\n{AFTERWARDS}\n"))
    return blocks[-1].tag == "Heading" and blocks[-1].start == start


class Labels:
    """The labels of a document that is put together: each means one thing in it."""

    def __init__(self) -> None:
        self._meanings: dict[str, str] = {}

    def settle(self, piece: str) -> str:
        """Return the next piece, with other labels where an earlier piece has used one for something else.

        A definition that stands in an earlier piece is not repeated.
        """
        if "]:" not in piece:
            return piece
        repeated: list[Edit] = []
        renamed: dict[str, str] = {}
        for label, (meaning, span) in find_definitions(piece).items():
            name = self._name(label, meaning)
            if name in self._meanings:
                repeated.append((*span, ""))
            if name != label:
                renamed[label] = name
            self._meanings[name] = meaning
        kept = [e for e in rename(piece, renamed) if not any(r[0] <= e[0] < r[1] for r in repeated)]
        return apply(piece, [*repeated, *kept])

    def _name(self, label: str, meaning: str) -> str:
        names = chain([label], (f"{label}-{number}" for number in count(2)))
        return next(name for name in names if self._meanings.get(name, meaning) == meaning)


def find_definitions(piece: str) -> dict[str, tuple[str, tuple[int, int]]]:
    """Return the definitions of a piece by label: what each says, and its range of bytes."""
    source = piece.encode()
    found = {
        label: (written.partition("]: ")[2], span) for label, (written, span) in references(piece).items()
    }
    for label, block in footnotes(top_level_blocks(piece)):
        said = source[block.start : block.end].decode().partition("]:")[2]
        found.setdefault(label, (said.strip(), (block.start, block.end)))
    return found


def rename(piece: str, labels: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the edits that give labels of a piece other names, where they are defined and where they are used."""
    if not labels:
        return
    source = piece.encode()
    for label, (written, (start, end)) in references(piece).items():
        if label in labels:
            yield (
                start,
                end,
                f"[{labels[label]}]: {written.partition(']: ')[2]}" + line_end(source[start:end]),
            )
    for event, span in pyromark.events_with_range(piece, options=OPTIONS):
        if isinstance(event, Mapping):
            yield from rename_use(source, event, (span["start"], span["end"]), labels)


def rename_use(
    source: bytes, event: Mapping[str, object], span: tuple[int, int], labels: Mapping[str, str]
) -> Iterator[Edit]:
    """Yield the edit that gives another name to the label that an event uses, if it does."""
    start, end = span
    if "FootnoteReference" in event:
        named = labels.get(f"^{fold_label(str(event['FootnoteReference']))}")
        if named:
            yield start, end, f"[{named}]"
        return
    name, data = tag_of(event.get("Start"))
    if name == "FootnoteDefinition":
        named = labels.get(f"^{fold_label(str(data))}")
        if named:
            yield start, source.index(b"]:", start) + 1, f"[{named}]"
    elif isinstance(data, Mapping) and data.get("link_type") in REFERENCE_TYPES:
        named = labels.get(fold_label(str(data["id"])))
        if named and data["link_type"] == "Reference":
            yield source.rindex(b"[", start, end), end, f"[{named}]"
        elif named:
            # The range of `[label][]` ends before its empty brackets.
            yield end, end + 2 * (source[end : end + 2] == b"[]"), f"[{named}]"


def line_end(text: bytes) -> str:
    """Return the end of the line that a range of bytes has."""
    return "\n" if text.endswith(b"\n") else ""


def apply(piece: str, edits: list[Edit]) -> str:
    """Return a piece after edits that do not overlap."""
    source = piece.encode()
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text.encode() + source[end:]
    return source.decode()
