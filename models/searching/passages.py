"""What is indexed of an edition: a passage for itself and one for each section and question. Pure.

Each carries the article's title, so that a section is found by words of both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from models.edition import Edition
from models.question import Question
from models.searching.analysis import find_language, find_terms, tokenize
from models.section import Section

PLACES = 1 << 20
"""A passage's id is its edition's id times this, plus its place: 0 for the edition itself."""

QUESTIONS = 1 << 19
"""Behind this come the places of questions, before it those of sections, each in reading order."""

MOST_WORDS = 20_000
"""How many words of one text are indexed."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The terms of one passage: of the article's title, of its own heading, of the summary, of the body."""

    id: int
    title: str
    heading: str
    summary: str
    body: str

    @property
    def edition_id(self) -> int:
        """Return the id of its edition."""
        return self.id // PLACES

    @property
    def texts(self) -> tuple[list[str], list[str], list[str], list[str]]:
        """Return the terms of its title, heading, summary and body, one by one."""
        return self.title.split(), self.heading.split(), self.summary.split(), self.body.split()


Word = tuple[str, str]
"""A language and a word of it."""


@dataclass(slots=True)
class Indexed:
    """What is written for some editions: passages, and of each word its term and how many of them have it."""

    passages: list[Passage] = field(default_factory=list)
    terms: dict[Word, str] = field(default_factory=dict)
    counts: Counter[Word] = field(default_factory=Counter)

    def add(self, edition: Edition, sections: Sequence[Section], questions: Sequence[Question]) -> None:
        """Take in the passages of an edition."""
        language = find_language(edition.locale)
        seen: dict[str, str] = {}
        title = self._analyse(language, [edition.title], seen)
        for place, heading, summary, body in passages_of(edition, sections, questions):
            words = dict(seen)
            texts = [self._analyse(language, text, words) for text in (heading, summary, body)]
            self.passages.append(Passage(edition.id * PLACES + place, title, *texts))
            for word, term in words.items():
                self.terms[language, word] = term
                self.counts[language, word] += 1

    def _analyse(self, language: str, texts: Sequence[str], words: dict[str, str]) -> str:
        """Return the terms of texts, separated by spaces; their words are put among `words`.

        Behind the terms as they stand come other ones of the same words, and single characters of scripts without
        spaces.
        """
        found: list[str] = []
        others: list[str] = []
        characters: dict[str, str] = {}
        for text in texts:
            for token in islice(tokenize(text), MOST_WORDS):
                term, *other = find_terms(language, token)
                found.append(term)
                others += other
                words[token.word] = term
                if token.is_piece:
                    characters |= zip(token.word, token.word, strict=True)
        words |= characters
        return " ".join([*found, *others, *characters])


def passages_of(
    edition: Edition, sections: Sequence[Section], questions: Sequence[Question]
) -> Iterator[tuple[int, list[str], list[str], list[str]]]:
    """Yield for each passage of an edition its place, and the texts of its heading, summary and body."""
    tags = [tag["name"] for tag in edition.tags]
    yield 0, tags, [edition.summary or ""], [edition.intro_text]
    for section in sections:
        points = [*(section.pros or ()), *(section.cons or ())]
        yield section.position, [section.heading or ""], [], [section.body_text, *points]
    for question in questions:
        yield QUESTIONS + question.position, [question.question], [], [question.answer_text]
