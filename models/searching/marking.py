"""What of a text stands for what was typed, as safe HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from models.searching.analysis import MARKS, simplify
from models.searching.highlighting import join_spans
from models.searching.phrases import Typed, Word, read_words

Span = tuple[int, int]


def mark_typed(text: str, typed: Typed) -> str:
    """Return a text with what was typed in `<mark>`; all else is escaped."""
    pieces, place = [], 0
    spans = sorted({span for word in read_words(text) for span in find_spans(text, word, typed)})
    for start, end in join_spans(iter(spans)):
        pieces += [escape(text[place:start]), f"<mark>{escape(text[start:end])}</mark>"]
        place = end
    return "".join([*pieces, escape(text[place:])])


def find_spans(text: str, word: Word, typed: Typed) -> Iterator[Span]:
    """Yield the parts of a word that were typed."""
    if word.is_run:
        for run in typed.runs:
            yield from find_run(word, run)
    elif word.text in typed.words:
        yield word.start, word.end
    else:
        for ending in typed.endings:
            if word.text.startswith(ending):
                yield word.start, measure_beginning(text, word, ending)


def find_run(word: Word, run: str) -> Iterator[Span]:
    """Yield where a run stands in a word; all of that where folding has changed its length."""
    place = word.text.find(run)
    while place >= 0:
        if len(word.text) == word.end - word.start:
            yield word.start + place, word.start + place + len(run)
        else:
            yield word.start, word.end
        place = word.text.find(run, place + 1)


def measure_beginning(text: str, word: Word, ending: str) -> int:
    """Return where the shortest part of a word ends that begins with what was typed."""
    for end in range(word.start + 1, word.end):
        if simplify(text[word.start : end]).startswith(ending):
            rest = text[end : word.end]
            # A sign that stands on a letter belongs to it.
            return end + len(rest) - len(rest.lstrip(MARKS))
    return word.end
