"""Lines that a scraper glued together, taken apart where one text ends and another begins.

It works within one line and keeps every character but the white space at the seam.
"""

from __future__ import annotations

import re

from api.importing.scraped_lines import Shape, classify_label, leading_symbols, shape_line, split_entries
from models.draft import SectionKind

LONGEST_LABEL = 80
AFTER_SENTENCE = '.!?…:;"”’)»。'  # noqa: RUF001 - quotation marks as they stand in texts
NUMBER_AT_END = re.compile(r"\s\d{5,8}$")
NUMBER_INSIDE = re.compile(r"(?<!\d)\d{5,8}\s*(?=[^\W\d_])")
MARK_INSIDE = re.compile(
    r"(?<=[.?!…\"”)])\s+(?=(?:Q|A|Question|Answer|Frage|Antwort|Pros|Cons|Vorteile|Nachteile)\d{0,3}:\s)"
)
STARTS_MARKED = (Shape.QUESTION, Shape.ANSWER, Shape.SIDE)


def split_seams(text: str) -> list[str]:
    """Return the texts that a line is made of, in order; most lines are one."""
    head, tail = split_invitation(text)
    if tail:
        return [head, *split_seams(tail)]
    shape = shape_line(0, text).shape
    if shape in STARTS_MARKED:
        return [part for piece in MARK_INSIDE.split(text) for part in split_end(piece, is_list=False)]
    return split_end(text, is_list=shape is Shape.ENTRIES)


def split_invitation(text: str) -> tuple[str, str]:
    """Return a label of related articles and the entries that follow it on the same line."""
    for found in re.finditer(r"\S+", text[: 2 * LONGEST_LABEL]):
        before = text[: found.start()].rstrip()
        if before and leading_symbols(found[0]) and classify_label(before) is SectionKind.RELATED:
            return before, text[found.start() :]
    return text, ""


def split_end(text: str, *, is_list: bool) -> list[str]:
    """Return the text and the label or heading that is glued to its end, if there is one."""
    seam = find_label(text, is_list=is_list)
    if seam is None and is_list:
        seam = find_numbered_seam(text)
    return [text] if seam is None else [text[:seam].rstrip(), text[seam:].strip()]


def find_label(text: str, *, is_list: bool) -> int | None:
    """Return where a known label begins that stands at a text's end without a space before it.

    A label behind a letter counts only at the end of a list and if it has two words: `McGallery` is one word.
    """
    for place in range(max(1, len(text) - LONGEST_LABEL), len(text)):
        before = text[place - 1]
        if text[place].islower() or not text[place].isalpha() or before.isspace():
            continue
        tail = text[place:]
        is_seam = (
            before in AFTER_SENTENCE or before.isdigit() or (is_list and " " in tail and before.isalpha())
        )
        if is_seam and classify_label(tail) is not SectionKind.PROSE:
            return place
    return None


def find_numbered_seam(text: str) -> int | None:
    """Return where another text begins behind the number that ends the last entry of a list.

    Directly behind the number any heading may begin, where the other entries end with such numbers too;
    behind a space only a known label.
    """
    entries = split_entries(shape_line(0, text))
    numbered = sum(bool(NUMBER_AT_END.search(entry)) for entry in entries[:-1])
    start = len(text) - len(entries[-1])
    for found in NUMBER_INSIDE.finditer(text, start):
        tail = text[found.end() :]
        is_glued = found[0][-1].isdigit() and not tail[0].islower() and numbered > 1
        if classify_label(tail) is not SectionKind.PROSE or (is_glued and not NUMBER_AT_END.search(tail)):
            return found.end()
    return None
