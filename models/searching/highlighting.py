"""The places of a text where something that was searched for stands, as safe HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from html import escape

from models.searching.analysis import Token, find_terms, tokenize

ELLIPSIS = "\u2026"


def find_fragments(text: str, language: str, terms: Set[str], words: int, most: int) -> list[str]:
    """Return the parts of a text that have the most of the terms, each so many words long, in the text's order.

    Several terms with spaces between are a phrase, which counts as one more. Terms are in `<mark>`; all else is
    escaped. Without any of the terms it is the beginning of the text.
    """
    tokens = list(tokenize(text))
    if not tokens:
        return []
    found = find_all(tokens, language, terms)
    chosen: list[int] = []
    seen: set[str] = set()
    for _ in range(most):
        start = choose_start(found, words, seen, chosen)
        if start is None:
            break
        chosen.append(start)
        seen |= set().union(*found[start : start + words])
    starts = sorted(chosen) or [0]
    return [
        write_fragment(text, tokens[start : start + words], found[start : start + words]) for start in starts
    ]


def find_all(tokens: Sequence[Token], language: str, terms: Set[str]) -> list[Set[str]]:
    """Return which of the terms each word has; the last one of a phrase has that as well."""
    have = [find_terms(language, token) for token in tokens]
    found = [
        terms & {*one, *(token.word if token.is_piece else "")}
        for token, one in zip(tokens, have, strict=True)
    ]
    firsts = [one[0] for one in have]
    for phrase in (term.split() for term in terms if " " in term):
        size = len(phrase)
        for start in range(len(firsts) - size + 1):
            if firsts[start : start + size] == phrase:
                for place, term in enumerate(phrase, start):
                    found[place] = found[place] | {term}
                found[start + size - 1] |= {" ".join(phrase)}
    return found


def choose_start(found: Sequence[Set[str]], words: int, seen: Set[str], chosen: Sequence[int]) -> int | None:
    """Return where the part begins that has the most new terms, None where no part has any."""
    best, most = None, (0, 0)
    for place, here in enumerate(found):
        if not here - seen:
            continue
        start = max(0, min(place - words // 4, len(found) - words))
        if any(abs(start - other) < words for other in chosen):
            continue
        part = [one - seen for one in found[start : start + words]]
        value = (len(set().union(*part)), sum(map(bool, part)))
        if value > most:
            best, most = start, value
    return best


def write_fragment(text: str, tokens: Sequence[Token], found: Sequence[Set[str]]) -> str:
    """Return a part of a text with its terms marked."""
    begin, end = tokens[0].start, tokens[-1].end
    pieces, place = [], begin
    for start, stop in join_spans(
        find_span(t, terms) for t, terms in zip(tokens, found, strict=True) if terms
    ):
        pieces += [escape(text[place:start]), f"<mark>{escape(text[start:stop])}</mark>"]
        place = stop
    rest = text[end:].strip()
    before = ELLIPSIS if text[:begin].strip() else ""
    # What ends the sentence belongs to it.
    end = len(text.rstrip()) if not any(character.isalnum() for character in rest) else end
    after = ELLIPSIS if text[end:].strip() else ""
    return before + "".join(pieces) + escape(text[place:end]) + after


def find_span(token: Token, terms: Set[str]) -> tuple[int, int]:
    """Return where in a text a word has terms: all of it, or the one character of a piece that is all it has."""
    (term, *others) = terms
    if others or not token.is_piece or len(term) > 1 or len(token.word) != token.end - token.start:
        return token.start, token.end
    place = token.start + token.word.index(term)
    return place, place + 1


def join_spans(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans, those that overlap as one."""
    last: tuple[int, int] | None = None
    for start, end in spans:
        if last is not None and start < last[1]:
            last = last[0], max(end, last[1])
            continue
        if last is not None:
            yield last
        last = start, end
    if last is not None:
        yield last
