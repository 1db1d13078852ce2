"""What the naive model knows of an article's content: values that compare, and names that stand for ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

Token = tuple[str | int, ...]
"""Stands for the id of a section or question, which only the product knows; () has none yet."""

NEW: Token = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer."""

    question: str
    answer: str
    token: Token = NEW


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a text, and the questions below."""

    heading: str
    body: str
    questions: tuple[Question, ...] = ()
    token: Token = NEW


@dataclass(frozen=True, slots=True)
class Content:
    """All of an article in one locale.

    `questions` stand outside of every section, `related` are the names of articles or addresses, `date` is the
    author's own date.
    """

    slug: str
    title: str
    sections: tuple[Section, ...] = ()
    questions: tuple[Question, ...] = ()
    related: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    summary: str | None = None
    date: int | None = None

    @property
    def all_questions(self) -> list[tuple[Section | None, Question]]:
        """Return all questions in reading order, each with its section."""
        inside = [(section, question) for section in self.sections for question in section.questions]
        return [*inside, *((None, question) for question in self.questions)]

    @property
    def nameless(self) -> Content:
        """Return the same without any tokens: what decides whether two contents are the same."""
        return name(self, {}, {})


Names = dict[int, Token]
"""Tokens by the place of a section, or of a question, in reading order."""


def name(content: Content, sections: Names, questions: Names) -> Content:
    """Return the content with these tokens, and none where they say nothing."""
    numbers = iter(range(len(content.all_questions)))

    def rename(old: tuple[Question, ...]) -> tuple[Question, ...]:
        return tuple(replace(question, token=questions.get(next(numbers), NEW)) for question in old)

    return replace(
        content,
        sections=tuple(
            replace(section, token=sections.get(index, NEW), questions=rename(section.questions))
            for index, section in enumerate(content.sections)
        ),
        questions=rename(content.questions),
    )


def fill(content: Content, tokens: Iterator[Token]) -> Content:
    """Return the content with a token for every part that has none."""
    sections = {index: section.token or next(tokens) for index, section in enumerate(content.sections)}
    questions = {index: q.token or next(tokens) for index, (_, q) in enumerate(content.all_questions)}
    return name(content, sections, questions)
