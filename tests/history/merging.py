"""A three-way merge by facts: what only one side changed is as that side has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.history.content import Content, Question, Section, Token

Fact = tuple[Any, ...]
OUTSIDE: Token = ("outside",)
MISSING = object()


class Contradiction(Exception):
    """Both sides changed the same in different ways."""


@dataclass(slots=True)
class Facts:
    """A content as facts of its parts by token, with () for the article, and as orders of tokens by place."""

    parts: dict[Token, dict[str, Any]]
    orders: dict[Token, list[Token]]


ARTICLE: Token = ()
SECTIONS: Token = ("sections",)


def take_apart(content: Content) -> Facts:
    """Return the facts of a content."""
    article = {n: getattr(content, n) for n in ("slug", "title", "related", "tags", "summary", "date")}
    facts = Facts({ARTICLE: article}, {SECTIONS: [], OUTSIDE: []})
    for section in content.sections:
        facts.parts[section.token] = {"heading": section.heading, "body": section.body}
        facts.orders[SECTIONS].append(section.token)
        facts.orders[section.token] = []
    for home, question in content.all_questions:
        where = home.token if home else OUTSIDE
        facts.parts[question.token] = {"question": question.question, "answer": question.answer, "in": where}
        facts.orders[where].append(question.token)
    return facts


def put_together(facts: Facts) -> Content:
    """Return the content that has these facts."""

    def questions(where: Token) -> tuple[Question, ...]:
        found = [(token, facts.parts[token]) for token in facts.orders[where]]
        return tuple(Question(part["question"], part["answer"], token) for token, part in found)

    sections = tuple(
        Section(facts.parts[token]["heading"], facts.parts[token]["body"], questions(token), token)
        for token in facts.orders[SECTIONS]
    )
    return Content(**facts.parts[ARTICLE], sections=sections, questions=questions(OUTSIDE))


def merge(base: Content, mine: Content, theirs: Content) -> Content:
    """Return the base with what both sides did to it. Raises Contradiction."""
    b, m, t = take_apart(base), take_apart(mine), take_apart(theirs)
    check_removed_sections(b, m, t)
    check_removed_sections(b, t, m)
    parts = {}
    for token in {**t.parts, **m.parts}:
        merged = merge_part(b.parts.get(token), m.parts.get(token), t.parts.get(token))
        if merged is not None:
            parts[token] = merged
    places = [SECTIONS, OUTSIDE, *(token for token in parts if "heading" in parts[token])]
    sides = [[side.orders.get(place, []) for side in (b, m, t)] for place in places]
    orders = {place: merge_order(*side) for place, side in zip(places, sides, strict=True)}
    return put_together(Facts(parts, orders))


def merge_part(
    base: dict[str, Any] | None, mine: dict[str, Any] | None, theirs: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return the facts of a part, None where it is removed. Raises Contradiction."""
    if mine is not None and theirs is not None:
        before = base or {}
        return {fact: merge_fact(before.get(fact, MISSING), mine[fact], theirs[fact]) for fact in mine}
    kept = mine if mine is not None else theirs
    if base is not None and kept != base:
        raise Contradiction
    return None if base is not None else kept


def merge_fact(base: object, mine: object, theirs: object) -> object:
    """Return a fact as the side that changed it has it. Raises Contradiction."""
    if mine == base:
        return theirs
    if theirs not in (base, mine):
        raise Contradiction
    return mine


def check_removed_sections(base: Facts, removing: Facts, keeping: Facts) -> None:
    """Raise Contradiction where one side removed a section and the other put or changed questions in it."""
    for token in base.orders[SECTIONS]:
        if token in keeping.orders and token not in removing.orders:
            left = [q for q in base.orders[token] if q in keeping.orders[token]]
            changed = any(keeping.parts[q] != base.parts.get(q) for q in keeping.orders[token])
            if changed or left != keeping.orders[token]:
                raise Contradiction


def merge_order(base: Sequence[Token], mine: Sequence[Token], theirs: Sequence[Token]) -> list[Token]:
    """Return the order that both sides' moves give, what they added behind what it followed there.

    Theirs comes before mine where both added at one place. Raises Contradiction.
    """
    both = [token for token in theirs if token in mine]
    both_by_me = [token for token in mine if token in theirs]
    before = [token for token in base if token in both]
    moved_by_them = [token for token in both if token in base] != before
    moved_by_me = [token for token in both_by_me if token in base] != before
    if both != both_by_me and moved_by_me == moved_by_them:
        raise Contradiction
    order = both if moved_by_them else both_by_me
    merged: list[Token] = []
    for anchor in [None, *order]:
        merged += [*([anchor] if anchor else []), *added(theirs, anchor, order, base)]
        merged += added(mine, anchor, order, base)
    return merged


def added(
    side: Sequence[Token], anchor: Token | None, order: Sequence[Token], base: Sequence[Token]
) -> list[Token]:
    """Return what a side added behind this part and before the next that both have."""
    found, place = [], None
    for token in side:
        if token in order:
            place = token
        elif token not in base and place == anchor:
            found.append(token)
    return found


def change_section(content: Content, index: int, **changes: Any) -> Content:
    """Return the content with a section changed."""
    sections = list(content.sections)
    sections[index] = replace(sections[index], **changes)
    return replace(content, sections=tuple(sections))
