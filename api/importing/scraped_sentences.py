"""Prose taken apart into its sentences, every character kept but the white space between them.

It knows common abbreviations and no page.
"""

from __future__ import annotations

import re

SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]?[^\Wa-zß-ÿ_])|[。！？]+[」』”]?")  # noqa: RUF001
LAST_WORD = re.compile(r"[^\s\"'“‘«(\[]*$")  # noqa: RUF001
INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
SHORTENED = """mr mrs ms dr prof st no nos vs approx inc ltd co fig jan feb aug sept oct nov dec etc nr bzw ca usw
    vgl evtl ggf inkl hr fr mme env av sr sra dra ej"""
ABBREVIATIONS = frozenset(SHORTENED.split())


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text in order; an abbreviation's full stop ends none."""
    sentences: list[str] = []
    start = 0
    for end in SENTENCE_END.finditer(text):
        if not is_abbreviation(text, end):
            sentences.append(text[start : end.end()].strip())
            start = end.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def is_abbreviation(text: str, end: re.Match[str]) -> bool:
    """Tell whether the full stop found belongs to a word such as "Dr." or "U.S."."""
    if end[0].rstrip() != ".":
        return False
    found = LAST_WORD.search(text[max(0, end.start() - 30) : end.start()])
    word = found[0].lower() if found else ""
    return word in ABBREVIATIONS or INITIALS.fullmatch(word) is not None
