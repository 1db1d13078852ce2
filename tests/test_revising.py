"""Changes of single parts of a draft: what they do, what they refuse, and that they touch nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from copy import deepcopy
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.draft import ArticleDraft, QuestionDraft, SectionDraft, SectionKind
from models.errors import InvalidContent, NotFound
from models.revising import (
    insert_question,
    insert_section,
    move_question,
    move_section,
    name_parts,
    remove_question,
    remove_section,
    update_question,
    update_section,
)

Shape = dict[str | None, list[str]]
"""The keys of the sections in order, each with those of its questions; None has those outside."""

properties = settings(
    derandomize=True, deadline=None, max_examples=int(os.environ.get("QUIET_TEST_EXAMPLES", "100"))
)


def build(shape: Shape) -> ArticleDraft:
    """Return a draft of this shape."""
    draft = ArticleDraft("en", "s", "A", tags=["a"], front_matter={"a": [1]})
    for key, questions in shape.items():
        parts = [QuestionDraft(f"{question}?", "Yes.", key=question) for question in questions]
        if key is None:
            draft.questions = parts
        else:
            draft.sections.append(SectionDraft(key, body=f"{key} says.", questions=parts, key=key))
    return draft


def shape_of(draft: ArticleDraft) -> Shape:
    """Return the shape of a draft."""
    shape: Shape = {section.key: [q.key or "" for q in section.questions] for section in draft.sections}
    return shape | {None: [question.key or "" for question in draft.questions]}


DRAFT = build({"A": ["p", "q"], "B": [], "C": ["r"], None: ["s", "t"]})
NEW_SECTION = SectionDraft("New", questions=[QuestionDraft("New?", key="x")], key="X")
NEW_QUESTION = QuestionDraft("New?", key="x")

REVISIONS: dict[str, tuple[Callable[[ArticleDraft], ArticleDraft], str]] = {
    "insert a section first": (lambda d: insert_section(d, NEW_SECTION, 1), "Xx Apq B Cr -st"),
    "insert a section between": (lambda d: insert_section(d, NEW_SECTION, 3), "Apq B Xx Cr -st"),
    "insert a section last": (lambda d: insert_section(d, NEW_SECTION, 4), "Apq B Cr Xx -st"),
    "append a section": (lambda d: insert_section(d, NEW_SECTION, None), "Apq B Cr Xx -st"),
    "move a section down": (lambda d: move_section(d, "A", 2), "B Apq Cr -st"),
    "move a section to the end": (lambda d: move_section(d, "A", 3), "B Cr Apq -st"),
    "move a section behind the last": (lambda d: move_section(d, "A", None), "B Cr Apq -st"),
    "move a section up": (lambda d: move_section(d, "C", 1), "Cr Apq B -st"),
    "move a section to where it is": (lambda d: move_section(d, "B", 2), "Apq B Cr -st"),
    "remove a section": (lambda d: remove_section(d, "A"), "B Cr -st"),
    "insert a question first": (lambda d: insert_question(d, NEW_QUESTION, "A", 1), "Axpq B Cr -st"),
    "insert a question between": (lambda d: insert_question(d, NEW_QUESTION, "A", 2), "Apxq B Cr -st"),
    "append a question": (lambda d: insert_question(d, NEW_QUESTION, "B", None), "Apq Bx Cr -st"),
    "insert a question outside": (lambda d: insert_question(d, NEW_QUESTION, None, 2), "Apq B Cr -sxt"),
    "append a question outside": (lambda d: insert_question(d, NEW_QUESTION, None, None), "Apq B Cr -stx"),
    "move a question down": (lambda d: move_question(d, "p", "A", 2), "Aqp B Cr -st"),
    "move a question up": (lambda d: move_question(d, "t", None, 1), "Apq B Cr -ts"),
    "move a question elsewhere": (lambda d: move_question(d, "p", "C", 1), "Aq B Cpr -st"),
    "move a question out": (lambda d: move_question(d, "p", None, 3), "Aq B Cr -stp"),
    "move a question in": (lambda d: move_question(d, "s", "B", None), "Apq Bs Cr -t"),
    "remove a question": (lambda d: remove_question(d, "q"), "Ap B Cr -st"),
    "remove a question outside": (lambda d: remove_question(d, "s"), "Apq B Cr -t"),
}


def parse(text: str) -> Shape:
    """Return the shape that a text like `Apq B -s` stands for."""
    return {None if word[0] == "-" else word[0]: list(word[1:]) for word in text.split()}


@pytest.mark.parametrize("name", REVISIONS)
def test_revisions(name: str) -> None:
    """Parts come, go and move as asked; each keeps what it says, and the draft before stays as it was."""
    revise, text = REVISIONS[name]
    before = deepcopy(DRAFT)
    after = revise(DRAFT)
    assert before == DRAFT
    assert parse(text) == shape_of(after)
    assert list(parse(text)) == list(shape_of(after))
    assert after.front_matter == DRAFT.front_matter
    everything = [NEW_SECTION, NEW_QUESTION, *parts_of(DRAFT)]
    bare = [without_questions(part) for part in everything]
    assert all(without_questions(part) in bare for part in parts_of(after))
    for part in parts_of(after):
        part.key = "changed later"
    after.tags.append("changed later")
    assert before == DRAFT


def parts_of(draft: ArticleDraft) -> list[SectionDraft | QuestionDraft]:
    """Return all sections and questions."""
    questions = [question for section in draft.sections for question in section.questions]
    return [*draft.sections, *questions, *draft.questions]


def without_questions(part: SectionDraft | QuestionDraft) -> SectionDraft | QuestionDraft:
    """Return a copy of a part that says only what is its own."""
    own = deepcopy(part)
    if isinstance(own, SectionDraft):
        own.questions = []
    return own


def test_given_fields_of_a_section_change() -> None:
    """An update sets the fields that it names, also to nothing, and leaves the others and other parts alone."""
    expected = deepcopy(DRAFT)
    expected.sections[0].heading = None
    expected.sections[0].level = 3
    expected.sections[0].kind = SectionKind.PROS_AND_CONS
    expected.sections[0].pros = ["Quick"]
    updated = update_section(
        DRAFT,
        "A",
        {"heading": None, "level": 3, "kind": SectionKind.PROS_AND_CONS, "pros": ["Quick"]},
    )
    assert expected == updated
    expected.sections[0].body = ""
    expected.sections[0].cons = ["Dear"]
    expected.sections[0].anchor = "a"
    assert expected == update_section(updated, "A", {"body": "", "cons": ["Dear"], "anchor": "a"})
    assert update_section(DRAFT, "A", {}) == DRAFT


def test_questions_of_a_section_are_replaced() -> None:
    """A list of questions replaces the old one; known keys stay, new questions get one."""
    questions = [QuestionDraft("New?"), QuestionDraft("q, again?", key="q")]
    after = update_section(DRAFT, "A", {"questions": questions}).sections[0].questions
    assert [(q.question, q.answer) for q in after] == [("New?", ""), ("q, again?", "")]
    assert after[1].key == "q"
    assert UUID(after[0].key).version == 4
    assert questions[0].key is None


@pytest.mark.parametrize("key", ["p", "r", "t"])
def test_given_fields_of_a_question_change(key: str) -> None:
    """An update finds a question wherever it stands and sets the fields that it names."""
    expected = deepcopy(DRAFT)
    part = next(part for part in parts_of(expected) if part.key == key)
    assert isinstance(part, QuestionDraft)
    part.answer = "No."
    assert expected == update_question(DRAFT, key, {"answer": "No."})
    part.question, part.anchor = "Why?", "why"
    assert expected == update_question(DRAFT, key, {"question": "Why?", "answer": "No.", "anchor": "why"})


MISSING: dict[str, tuple[Callable[[], ArticleDraft], str]] = {
    "update section": (lambda: update_section(DRAFT, "p", {"level": 3}), "section 'p'"),
    "move section": (lambda: move_section(DRAFT, "Z", 1), "section 'Z'"),
    "remove section": (lambda: remove_section(DRAFT, ""), "section ''"),
    "insert into section": (lambda: insert_question(DRAFT, NEW_QUESTION, "Z", 1), "section 'Z'"),
    "move into section": (lambda: move_question(DRAFT, "p", "Z", 1), "section 'Z'"),
    "update question": (lambda: update_question(DRAFT, "A", {"answer": ""}), "question 'A'"),
    "move question": (lambda: move_question(DRAFT, "z", None, 1), "question 'z'"),
    "remove question": (lambda: remove_question(DRAFT, "z"), "question 'z'"),
}


@pytest.mark.parametrize("name", MISSING)
def test_unknown_keys_are_not_found(name: str) -> None:
    """A key that no such part of the draft has is not found, and the message repeats it."""
    revise, part = MISSING[name]
    with pytest.raises(NotFound) as caught:
        revise()
    assert caught.value.message == f"There is no {part}."


@pytest.mark.parametrize("position", [-1, 0])
@pytest.mark.parametrize(
    ("revise", "last"),
    [
        (lambda position: insert_section(DRAFT, NEW_SECTION, position), 4),
        (lambda position: move_section(DRAFT, "A", position), 3),
        (lambda position: insert_question(DRAFT, NEW_QUESTION, "A", position), 3),
        (lambda position: insert_question(DRAFT, NEW_QUESTION, None, position), 3),
        (lambda position: move_question(DRAFT, "p", "A", position), 2),
        (lambda position: move_question(DRAFT, "p", "B", position), 1),
    ],
)
def test_positions_out_of_range(revise: Callable[[int], ArticleDraft], last: int, position: int) -> None:
    """A position before the first or behind the last place is a problem that names the range."""
    revise(last)
    for wrong in (position, last + 1 - position):
        with pytest.raises(InvalidContent) as caught:
            revise(wrong)
        assert [(p.path, p.message) for p in caught.value.problems] == [
            (("position",), f"The position must be from 1 to {last}.")
        ]


def test_parts_without_keys_get_one() -> None:
    """Every part that has no key gets its own random one, and those with a key keep it."""
    draft = build({"A": ["p", "q"], "B": ["r"], None: ["s", "t"]})
    named = {"A", "q", "t"}
    for part in parts_of(draft):
        part.key = part.key if part.key in named else None
    before = deepcopy(draft)
    first, second = ([part.key or "" for part in parts_of(name_parts(draft))] for _ in range(2))
    assert before == draft
    assert named == set(first) & set(second)
    assert len(set(first)) == len(first) == 7
    assert all(UUID(key).version == 4 for key in first if key not in named)


def test_keys_that_stand_twice() -> None:
    """Each part with the key of a part before it is a problem; a section and a question may share one."""
    draft = build({"A": ["p", "q"], "B": ["r", "p"], "p": [], None: ["q", "A"]})
    draft.sections[2].key = "A"
    with pytest.raises(InvalidContent) as caught:
        name_parts(draft)
    assert [(problem.path, problem.message) for problem in caught.value.problems] == [
        (("sections", "2", "key"), "The key 'A' stands twice."),
        (("sections", "0", "questions", "1", "key"), "The key 'q' stands twice."),
        (("sections", "1", "questions", "1", "key"), "The key 'p' stands twice."),
    ]


@pytest.mark.parametrize(
    "revise",
    [
        lambda: insert_section(DRAFT, SectionDraft(key="B"), 1),
        lambda: insert_section(DRAFT, SectionDraft(questions=[QuestionDraft("?", key="s")])),
        lambda: insert_question(DRAFT, QuestionDraft("?", key="p"), None, 1),
        lambda: update_section(DRAFT, "A", {"questions": [QuestionDraft("?", key="r")]}),
    ],
)
def test_new_parts_cannot_take_a_key(revise: Callable[[], ArticleDraft]) -> None:
    """A new part that brings the key of another one is refused."""
    with pytest.raises(InvalidContent, match="stands twice"):
        revise()


def test_new_parts_get_keys() -> None:
    """A new part without a key gets a random one, its questions too, and the given part stays as it was."""
    section, question = SectionDraft("New", questions=[QuestionDraft("New?")]), QuestionDraft("New?")
    after = insert_question(insert_section(DRAFT, section), question)
    for key in (after.sections[3].key, after.sections[3].questions[0].key, after.questions[2].key):
        assert UUID(key).version == 4
    assert section == SectionDraft("New", questions=[QuestionDraft("New?")])
    assert question == QuestionDraft("New?")


@st.composite
def moves(draw: st.DrawFn) -> tuple[Shape, str, str | None, int]:
    """A shape, one of its questions, and a place and position to move it to."""
    shape: Shape = {key: [] for key in ("A", "B", None)}
    for key in draw(st.permutations("pqrs"))[: draw(st.integers(1, 4))]:
        shape[draw(st.sampled_from(list(shape)))].append(key)
    key = draw(st.sampled_from([key for keys in shape.values() for key in keys]))
    place = draw(st.sampled_from(list(shape)))
    return shape, key, place, draw(st.integers(1, len(set(shape[place]) - {key}) + 1))


@properties
@given(moves())
def test_moved_questions_stand_where_they_were_sent(move: tuple[Shape, str, str | None, int]) -> None:
    """A moved question stands at that position of that section, the others keep their order, and it can go back."""
    shape, key, place, position = move
    draft = build(shape)
    moved = move_question(draft, key, place, position)
    assert shape_of(moved)[place][position - 1] == key
    rest = {where: [other for other in keys if other != key] for where, keys in shape.items()}
    assert rest == shape_of(remove_question(moved, key))
    home = next(where for where, keys in shape.items() if key in keys)
    assert draft == move_question(moved, key, home, shape[home].index(key) + 1)


@properties
@given(st.permutations("ABCDE"), st.sampled_from("ABCDE"), st.integers(1, 5))
def test_moved_sections_stand_where_they_were_sent(order: list[str], key: str, position: int) -> None:
    """A moved section stands at that position with its questions, the others keep their order, and it can go back."""
    draft = build({section: [section.lower()] for section in order})
    moved = move_section(draft, key, position)
    assert moved.sections[position - 1].key == key
    assert moved.sections[position - 1].questions[0].key == key.lower()
    assert shape_of(remove_section(draft, key)) == shape_of(remove_section(moved, key))
    assert draft == move_section(moved, key, order.index(key) + 1)
