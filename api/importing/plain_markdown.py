"""Plain text as Markdown that renders to the same text: escaped, in paragraphs and lists.

It knows Markdown's special characters and nothing of pages or articles.
"""

from __future__ import annotations

import re

SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # a backslash that would escape something
    r"|`"
    r"|\*(?=\S)|(?<=\S)\*"
    r"|(?<![^\W_])_(?=\S)|(?<=\S)_(?![^\W_])"
    r"|~(?=\S)|(?<=\S)~"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w{1,31};)"
)
LINKING = re.compile(r"\][(:\[]|\[\^|^\[[ xX]\]")
LINE_START = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+$|\|")
NUMBERED_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
SHORTEST_WRAPPED = 50
LONGEST_WRAPPED = 120
FINISHED = (".", "!", "?", "…", ":", ";", "。", "！", "？", "؟", "।")  # noqa: RUF001 - other scripts' own marks
CLOSERS = "\"'”’»)]* "  # noqa: RUF001 - quotation marks as they stand in texts


def escape_text(text: str) -> str:
    """Return one line of plain text as Markdown that shows exactly that line."""
    escaped = SPECIAL.sub(lambda found: "\\" + found[0], text)
    if LINKING.search(text):
        escaped = escaped.replace("[", "\\[")
    if LINE_START.match(escaped):
        return "\\" + escaped
    return NUMBERED_START.sub(r"\1\\\2", escaped, count=1) if NUMBERED_START.match(escaped) else escaped


def is_finished(text: str) -> bool:
    """Tell whether a text ends as a sentence does, closing quotes and brackets aside."""
    return text.rstrip(CLOSERS).endswith(FINISHED)


class Passage:
    """Paragraphs and list items in the order in which they came."""

    def __init__(self) -> None:
        # A block is a list's mark or None, and the lines of one paragraph or item.
        self.blocks: list[tuple[str | None, list[str]]] = []

    def __bool__(self) -> bool:
        return bool(self.blocks)

    @property
    def is_finished(self) -> bool:
        """Tell whether a new paragraph may begin: nothing stands open, or the last block is a list's item."""
        if not self.blocks:
            return True
        mark, lines = self.blocks[-1]
        return mark is not None or is_finished(lines[-1])

    @property
    def is_wrapped(self) -> bool:
        """Tell whether the last paragraph ends as a line does that was broken for its length."""
        if self.is_finished:
            return False
        return SHORTEST_WRAPPED <= len(self.blocks[-1][1][-1]) <= LONGEST_WRAPPED

    def add_paragraph(self, text: str) -> None:
        """Add a paragraph of plain text."""
        self.blocks.append((None, [escape_text(text)]))

    def add_picture(self, address: str) -> None:
        """Add a picture by its address, which holds neither spaces nor brackets."""
        self.blocks.append((None, [f"![]({address})"]))

    def add_item(self, text: str, mark: str = "-") -> None:
        """Add an item of a list; `mark` is `-` or a number with its full stop or bracket."""
        self.blocks.append((mark, [escape_text(text)]))

    def continue_last(self, text: str) -> bool:
        """Add a line to the last block where that has not ended yet; tell whether it was so."""
        if not self.blocks or is_finished(self.blocks[-1][1][-1]):
            return False
        self.blocks[-1][1].append(escape_text(text))
        return True

    def markdown(self) -> str:
        """Return the whole as Markdown: items of one list line by line, all else with blank lines between."""
        parts: list[str] = []
        for place, (mark, lines) in enumerate(self.blocks):
            text = " ".join(lines)
            is_next_item = place and mark and self.blocks[place - 1][0]
            parts.append("" if not place else "\n" if is_next_item else "\n\n")
            parts.append(f"{mark} {text}" if mark else text)
        return "".join(parts)
