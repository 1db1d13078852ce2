"""Changes of single parts of a draft. Pure: each returns a new draft that shares nothing with the old one.

Keys identify sections and questions. Every part of a draft that comes in has one, a new part gets one.
Positions count from 1; None is the place behind the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import TypedDict, TypeVar
from uuid import uuid4

from models.draft import ArticleDraft, QuestionDraft, SectionDraft, SectionKind
from models.errors import InvalidContent, NotFound, Problem

Part = TypeVar("Part", bound=SectionDraft | QuestionDraft)

Path = tuple[str, ...]


class SectionFields(TypedDict, total=False):
    """What to change of a section; `questions` is the whole new list."""

    heading: str | None
    level: int
    kind: SectionKind
    body: str
    anchor: str | None
    pros: list[str]
    cons: list[str]
    questions: list[QuestionDraft]


class QuestionFields(TypedDict, total=False):
    """What to change of a question."""

    question: str
    answer: str
    anchor: str | None


def insert_section(draft: ArticleDraft, section: SectionDraft, position: int | None = None) -> ArticleDraft:
    """Return the draft with one more section at this position."""
    return name_parts(replace(draft, sections=insert(draft.sections, section, position)))


def update_section(draft: ArticleDraft, key: str, changes: SectionFields) -> ArticleDraft:
    """Return the draft with the given fields of a section changed."""
    section = find_section(draft, key)
    sections = [replace(old, **changes) if old is section else old for old in draft.sections]
    return name_parts(replace(draft, sections=sections))


def move_section(draft: ArticleDraft, key: str, position: int | None) -> ArticleDraft:
    """Return the draft with a section moved so that it stands at this position."""
    return insert_section(remove_section(draft, key), find_section(draft, key), position)


def remove_section(draft: ArticleDraft, key: str) -> ArticleDraft:
    """Return the draft without a section and its questions."""
    section = find_section(draft, key)
    return name_parts(replace(draft, sections=[other for other in draft.sections if other is not section]))


def insert_question(
    draft: ArticleDraft, question: QuestionDraft, section_key: str | None = None, position: int | None = None
) -> ArticleDraft:
    """Return the draft with one more question in a section, or outside of all, at this position there."""
    if section_key is not None:
        find_section(draft, section_key)
    return revise_questions(
        draft,
        lambda place, questions: insert(questions, question, position) if place == section_key else questions,
    )


def update_question(draft: ArticleDraft, key: str, changes: QuestionFields) -> ArticleDraft:
    """Return the draft with the given fields of a question changed."""
    question = find_question(draft, key)
    return revise_questions(
        draft,
        lambda _, questions: [replace(old, **changes) if old is question else old for old in questions],
    )


def move_question(
    draft: ArticleDraft, key: str, section_key: str | None, position: int | None
) -> ArticleDraft:
    """Return the draft with a question moved so that it stands at this position in that section."""
    return insert_question(remove_question(draft, key), find_question(draft, key), section_key, position)


def remove_question(draft: ArticleDraft, key: str) -> ArticleDraft:
    """Return the draft without a question."""
    question = find_question(draft, key)
    return revise_questions(
        draft, lambda _, questions: [other for other in questions if other is not question]
    )


def name_parts(draft: ArticleDraft) -> ArticleDraft:
    """Return a copy of the draft in which every part has a key.

    Raises InvalidContent with a problem for every part whose key another part before it has.
    """
    named = deepcopy(draft)
    questions: list[tuple[Path, list[QuestionDraft]]] = [(("questions",), named.questions)]
    for index, section in enumerate(named.sections):
        questions.append((("sections", str(index), "questions"), section.questions))
    problems = [*name_each([(("sections",), named.sections)]), *name_each(questions)]
    if problems:
        raise InvalidContent(problems)
    return named


def name_each(lists: Sequence[tuple[Path, list[Part]]]) -> Iterator[Problem]:
    """Give a key to each part in these lists that has none, yield a problem where a key comes again."""
    seen = set()
    for path, parts in lists:
        for index, part in enumerate(parts):
            part.key = part.key or str(uuid4())
            if part.key in seen:
                yield Problem((*path, str(index), "key"), f"The key {part.key!r} stands twice.")
            seen.add(part.key)


def revise_questions(
    draft: ArticleDraft, revise: Callable[[str | None, list[QuestionDraft]], list[QuestionDraft]]
) -> ArticleDraft:
    """Return the draft with the questions of each place revised; the place is a section's key, or None."""
    sections = [
        replace(section, questions=revise(section.key, section.questions)) for section in draft.sections
    ]
    return name_parts(replace(draft, sections=sections, questions=revise(None, draft.questions)))


def find_section(draft: ArticleDraft, key: str) -> SectionDraft:
    """Return the section with this key."""
    for section in draft.sections:
        if section.key == key:
            return section
    raise NotFound(f"There is no section {key!r}.")


def find_question(draft: ArticleDraft, key: str) -> QuestionDraft:
    """Return the question with this key, wherever in the article it stands."""
    for questions in (draft.questions, *(section.questions for section in draft.sections)):
        for question in questions:
            if question.key == key:
                return question
    raise NotFound(f"There is no question {key!r}.")


def insert(parts: list[Part], part: Part, position: int | None) -> list[Part]:
    """Return the parts with one more at this position."""
    last = len(parts) + 1
    place = last if position is None else position
    if not 1 <= place <= last:
        raise InvalidContent([Problem(("position",), f"The position must be from 1 to {last}.")])
    return [*parts[: place - 1], part, *parts[place - 1 :]]
