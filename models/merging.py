"""Three-way merge of drafts, part by part, after two people changed the same edition. Pure.

Sections and questions are matched by their keys, so both may be moved, renamed and rewritten at once.
Every part of the three drafts must have a key that no other part of that draft has; `models.revising`
sees to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, fields
from typing import Any

from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from models.errors import Conflict
from models.sequences import merge_orders, restrict

Path = tuple[str, ...]

Values = dict[str, Any]
"""The fields of an article, section or question that are merged one by one."""

OUTSIDE = ""
"""Stands for the key of a section where a question is in none."""

ABSENT = object()
"""Stands for the value of a field of a part that is new, and of a wish that is none."""

SEO = "seo"

# All fields of the drafts, so that one that is added there is merged and never dropped.
ARTICLE_FIELDS = [f.name for f in fields(ArticleDraft) if f.name not in {"locale", "sections", "questions"}]
SECTION_FIELDS = [f.name for f in fields(SectionDraft) if f.name not in {"key", "questions"}]
QUESTION_FIELDS = [f.name for f in fields(QuestionDraft) if f.name != "key"]


@dataclass(slots=True)
class Pieces:
    """A draft taken apart: fields by key, and the keys of each place's questions in their order.

    A question has the field `section` besides its own: the key of its section, or OUTSIDE.
    """

    article: Values
    sections: dict[str, Values] = field(default_factory=dict)
    questions: dict[str, Values] = field(default_factory=dict)
    orders: dict[str, list[str]] = field(default_factory=dict)


def merge(base: ArticleDraft, mine: ArticleDraft, theirs: ArticleDraft) -> ArticleDraft:
    """Return a draft with what both sides changed in the base.

    Raises Conflict with the path of everything that both changed, each in another way.
    """
    if not base.locale == mine.locale == theirs.locale:
        raise ValueError("Only drafts of one locale can be merged.")
    merger = Merger(take_apart(base), take_apart(mine), take_apart(theirs))
    merged = merger.merge()
    if merger.conflicts:
        paths = list(dict.fromkeys(merger.conflicts))
        raise Conflict(f"Changed in two ways: {', '.join('.'.join(path) for path in paths)}.", paths)
    return put_together(base.locale, merged)


def take_apart(draft: ArticleDraft) -> Pieces:
    """Return the pieces of a draft."""
    pieces = Pieces({name: getattr(draft, name) for name in ARTICLE_FIELDS})
    for section in draft.sections:
        assert section.key
        pieces.sections[section.key] = {name: getattr(section, name) for name in SECTION_FIELDS}
        add_questions(pieces, section.key, section.questions)
    add_questions(pieces, OUTSIDE, draft.questions)
    return pieces


def add_questions(pieces: Pieces, place: str, questions: list[QuestionDraft]) -> None:
    """Add the questions of one place to the pieces."""
    pieces.orders[place] = []
    for question in questions:
        assert question.key
        values = {name: getattr(question, name) for name in QUESTION_FIELDS}
        pieces.questions[question.key] = values | {"section": place}
        pieces.orders[place].append(question.key)


def put_together(locale: str, pieces: Pieces) -> ArticleDraft:
    """Return the draft that has these pieces, and shares none with another draft."""
    questions = {place: list(find_questions(pieces, place)) for place in pieces.orders}
    sections = [
        SectionDraft(**values, key=key, questions=questions[key]) for key, values in pieces.sections.items()
    ]
    draft = ArticleDraft(locale, **pieces.article, sections=sections, questions=questions[OUTSIDE])
    return deepcopy(draft)


def find_questions(pieces: Pieces, place: str) -> Iterator[QuestionDraft]:
    """Yield the questions of one place."""
    for key in pieces.orders[place]:
        values = pieces.questions[key]
        yield QuestionDraft(**{name: values[name] for name in QUESTION_FIELDS}, key=key)


@dataclass(slots=True)
class Merger:
    """A merge under way; it goes on after a conflict, to find them all."""

    base: Pieces
    mine: Pieces
    theirs: Pieces
    conflicts: list[Path] = field(default_factory=list)

    def merge(self) -> Pieces:
        """Return the merged pieces; they make a draft only where there was no conflict."""
        base, mine, theirs = self.base, self.mine, self.theirs
        article = self.merge_article(base.article, mine.article, theirs.article)
        sections = self.merge_parts("sections", base.sections, mine.sections, theirs.sections)
        self.find_removed_places()
        order = self.merge_order(("sections",), *(list(side.sections) for side in (base, mine, theirs)))
        questions = self.merge_parts("questions", base.questions, mine.questions, theirs.questions)
        orders = {
            place: self.merge_order(
                ("questions", place), *(side.orders.get(place, []) for side in (base, mine, theirs))
            )
            for place in (*sections, OUTSIDE)
        }
        return Pieces(article, {key: sections[key] for key in order}, questions, orders)

    def merge_article(self, base: Values, mine: Values, theirs: Values) -> Values:
        """Return the fields of the article itself; each wish for search engines is a field of its own."""
        plain = [
            {name: value for name, value in side.items() if name != SEO} for side in (base, mine, theirs)
        ]
        wishes = self.merge_values((SEO,), base[SEO], mine[SEO], theirs[SEO])
        return {**self.merge_values((), *plain), SEO: wishes}

    def merge_parts(
        self, concept: str, base: dict[str, Values], mine: dict[str, Values], theirs: dict[str, Values]
    ) -> dict[str, Values]:
        """Return the parts that stay, in any order."""
        merged = {}
        for key, values in (mine | theirs).items():
            if key in mine and key in theirs:
                merged[key] = self.merge_values((concept, key), base.get(key, {}), mine[key], theirs[key])
            elif key not in base:
                merged[key] = values
            elif not is_same(values, base[key]):
                self.conflicts.append((concept, key))
        return merged

    def merge_values(self, path: Path, base: Values, mine: Values, theirs: Values) -> Values:
        """Return each field as the side that changed it has it; `base` is empty where both added the part."""
        merged = {}
        for name in mine | theirs:
            old, my_value, their_value = (side.get(name, ABSENT) for side in (base, mine, theirs))
            merged[name] = their_value if is_same(my_value, old) else my_value
            if not (is_same(my_value, old) or is_same(their_value, old) or is_same(my_value, their_value)):
                self.conflicts.append((*path, name))
        return {name: value for name, value in merged.items() if value is not ABSENT}

    def find_removed_places(self) -> None:
        """Find sections that one side removed while the other worked on their questions."""
        for removing, keeping in ((self.mine, self.theirs), (self.theirs, self.mine)):
            for key in self.base.sections:
                is_removed = key in keeping.sections and key not in removing.sections
                if is_removed and are_questions_touched(self.base, keeping, key):
                    self.conflicts.append(("sections", key))

    def merge_order(self, path: Path, base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
        """Return the merged order of sections, or of questions of one place."""
        merged = merge_orders(base, mine, theirs)
        if merged is None:
            self.conflicts.append(path)
        return merged or []


def are_questions_touched(base: Pieces, side: Pieces, place: str) -> bool:
    """Tell whether the side added, changed or moved questions of a place; it may have taken some away."""
    before, after = base.orders[place], side.orders[place]
    changed = (key for key in after if not is_same(side.questions[key], base.questions.get(key)))
    return any(changed) or restrict(before, after) != after


def is_same(left: object, right: object) -> bool:
    """Tell whether two values are the same also in JSON, where `true`, `1` and `1.0` differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(is_same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(is_same, left, right))
    return type(left) is type(right) and left == right
