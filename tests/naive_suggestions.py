"""What suggestions are, so plainly that it can be seen to be right: one text after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.searching.analysis import simplify
from models.searching.phrases import Word, read_words

SUGGESTED = "{ kind text target { ... on Article { id } ... on Question { id } ... on Tag { slug } } }"
BEGINNING = {"ARTICLE": 0, "TAG": 1, "QUESTION": 3}
INSIDE = {"ARTICLE": 2, "TAG": 4, "QUESTION": 5}


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may be suggested: of an article with this id, of a question at this place of it, or of a tag."""

    kind: str
    text: str
    owner: str
    place: int = 0


def suggest(typed: str, texts: Sequence[Text]) -> list[Text]:
    """Return the texts that may be meant by what was typed, the best first."""
    words = list(read_words(typed))
    if not words:
        return []
    found = []
    for text in texts:
        own = [word.text for word in read_words(text.text)]
        normal = " ".join(own)
        matched = match(typed, words, list(read_words(text.text)))
        if begins(typed, words, own):
            found.append(((BEGINNING[text.kind], "", normal, text.owner, text.place), text))
        elif matched is not None:
            found.append(((INSIDE[text.kind], matched, normal, text.owner, text.place), text))
    return [text for _, text in sorted(found, key=lambda one: one[0])]


def endings(typed: str, last: Word) -> list[str]:
    """Return what the last word may be the beginning of; nothing where it is whole."""
    if last.is_run or typed[last.end :] not in {"", "'", "\u2019"}:
        return []
    first, mark, rest = typed[last.start : last.end].replace("\u2019", "'").partition("'")
    return [last.text, *([simplify(rest)] if mark and len(first) <= 2 and simplify(rest) else [])]


def match(typed: str, words: Sequence[Word], own: Sequence[Word]) -> str | None:
    """Return the word that the last one may become, nothing where it is whole; None where not all stands there."""
    open_ends = endings(typed, words[-1])
    for word in words[:-1] if open_ends else words:
        if word.is_run and not any(word.text in other.text for other in own):
            return None
        if not word.is_run and word.text not in [other.text for other in own]:
            return None
    if not open_ends:
        return ""
    return min((o.text for o in own if any(o.text.startswith(end) for end in open_ends)), default=None)


def begins(typed: str, words: Sequence[Word], own: Sequence[str]) -> bool:
    """Tell whether a text begins with all that was typed."""
    *whole, last = words
    if [word.text for word in whole] != list(own[: len(whole)]) or len(own) < len(words):
        return False
    open_ends = endings(typed, last) or ([last.text] if last.is_run else [])
    candidate = own[len(whole)]
    return any(candidate.startswith(end) for end in open_ends) if open_ends else candidate == last.text
