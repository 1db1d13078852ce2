"""What a reader types, taken apart: words, phrases in quotes, words to leave out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from models.errors import InvalidArgument
from models.searching.analysis import Token, find_terms, tokenize

LONGEST_QUERY = 1_000
MOST_CONCEPTS = 100
MOST_PHRASES = 5
"""How many phrases must or must not stand: the database looks for each of them in all passages."""

PIECE = re.compile(
    r"""(?P<minus>(?<!\S)-(?="|[\w'\u2019]+(?!\S)))?"""
    r"""(?:"(?P<phrase>[^"]*)(?:"|(?(minus)\Z|(?!)))|(?P<word>[^\s"]+))"""
)
"""Words and phrases; a minus leaves out what follows only where that is nothing but a word, or a phrase.

A phrase that is not closed yet is words, and behind a minus a phrase nevertheless."""

QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'))
"""What readers' keyboards make of quotes."""


Phrase = Sequence[tuple[str, ...]]
"""The forms of a phrase, one for each language: terms that stand side by side."""


@dataclass(slots=True)
class Concept:
    """A word that was typed, with the terms that stand for it, each with how much it counts, 1 as it was typed."""

    word: str
    terms: dict[str, float]
    is_typed: bool = True
    """Whether near words may be taken for it: it is no piece of a longer one."""


@dataclass(slots=True)
class Question:
    """What is looked for: concepts, as many of them as can be had; phrases that must stand; others that must not."""

    concepts: list[Concept] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    excluded: list[Phrase] = field(default_factory=list)
    unfinished: str | None = None
    """The last word, which may be only the beginning of one."""


def read_question(text: str, languages: Sequence[str]) -> Question:
    """Return what a text asks for in these languages. Raises InvalidArgument where it is too long."""
    if len(text) > LONGEST_QUERY:
        raise InvalidArgument(f"A search takes at most {LONGEST_QUERY} characters, not {len(text)}.")
    question = Question()
    for piece in PIECE.finditer(text.translate(QUOTES)):
        phrase = piece["phrase"]
        tokens = list(tokenize(piece["word"] if phrase is None else phrase))
        if not tokens:
            continue
        if piece["minus"]:
            question.excluded.append(write_phrase(tokens, languages))
            continue
        add_concepts(question, tokens, languages)
        if phrase is not None:
            question.phrases.append(write_phrase(tokens, languages))
        is_last = phrase is None and piece.end() == len(text) and not tokens[-1].is_piece
        question.unfinished = tokens[-1].word if is_last else None
    check_size(question)
    return question


def count_phrases(text: str) -> int:
    """Return how many phrases and words to leave out a text names, as far as a search takes it."""
    pieces = PIECE.finditer(text[:LONGEST_QUERY].translate(QUOTES))
    return min(MOST_PHRASES, sum(1 for piece in pieces if piece["minus"] or piece["phrase"] is not None))


def check_size(question: Question) -> None:
    """Raise InvalidArgument where more is asked for than a search takes."""
    if len(question.concepts) > MOST_CONCEPTS:
        raise InvalidArgument(f"A search takes at most {MOST_CONCEPTS} words, not {len(question.concepts)}.")
    count = len(question.phrases) + len(question.excluded)
    if count > MOST_PHRASES:
        raise InvalidArgument(
            f"A search takes at most {MOST_PHRASES} phrases in quotes and words to leave out, not {count}."
        )


def add_concepts(question: Question, tokens: Iterable[Token], languages: Sequence[str]) -> None:
    """Put these words among the concepts, each once."""
    for token in tokens:
        if all(concept.word != token.word for concept in question.concepts):
            terms = {term: 1.0 for language in languages for term in find_terms(language, token)}
            question.concepts.append(Concept(token.word, terms, is_typed=not token.is_piece))


def write_phrase(tokens: Sequence[Token], languages: Sequence[str]) -> Phrase:
    """Return the terms of a phrase in each of the languages, in their order."""
    forms = (tuple(find_terms(language, token)[0] for token in tokens) for language in languages)
    return list(dict.fromkeys(forms))
