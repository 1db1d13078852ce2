"""Single sections and questions: create, update, move, delete, each a new edition of their article."""

from __future__ import annotations

from typing import Any

import pytest

from schema.node import encode_id
from tests.client import Client
from tests.editor import Editor

SECTIONS: list[dict[str, Any]] = [
    {"heading": "One", "questions": [{"question": "1a?"}, {"question": "1b?"}]},
    {"heading": "Two", "questions": [{"question": "2a?"}]},
    {"heading": "Three"},
]


@pytest.fixture
async def article(editor: Editor) -> Any:
    """An article with three sections and four questions."""
    return await editor.create("A", sections=SECTIONS, questions=[{"question": "0?"}])


def headings(payload: Any) -> list[str]:
    """Return the headings of the article in a payload."""
    return [section["heading"] for section in payload["article"]["sections"]]


def questions(payload: Any) -> list[list[str]]:
    """Return the questions of the article in a payload: those of each section, then those outside."""
    article = payload["article"]
    inside = [[q["question"] for q in section["questions"]] for section in article["sections"]]
    return [*inside, [q["question"] for q in article["questions"] if q["section"] is None]]


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (None, ["One", "Two", "Three", "New"]),
        (1, ["New", "One", "Two", "Three"]),
        (3, ["One", "Two", "New", "Three"]),
        (4, ["One", "Two", "Three", "New"]),
    ],
)
async def test_create_section(
    editor: Editor, article: Any, position: int | None, expected: list[str]
) -> None:
    """A new section stands where it is wanted, the others keep their ids."""
    payload = await editor.do(
        "createSection",
        articleId=article["id"],
        locale="en",
        ifRevision=article["revision"],
        section={"heading": "New", "questions": [{"question": "New?"}]},
        position=position,
    )
    assert headings(payload) == expected
    assert payload["section"]["position"] == expected.index("New") + 1
    kept = [s["id"] for s in payload["article"]["sections"] if s["id"] != payload["section"]["id"]]
    assert kept == [section["id"] for section in article["sections"]]


@pytest.mark.parametrize("position", [0, -1, 5, 2**31 - 1])
async def test_places_that_are_none(editor: Editor, article: Any, position: int) -> None:
    """A place that the list does not have is refused."""
    errors = await editor.refused(
        "createSection",
        articleId=article["id"],
        locale="en",
        ifRevision=article["revision"],
        section={"heading": "New"},
        position=position,
    )
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.position")]


async def test_update_section(editor: Editor, article: Any) -> None:
    """What is given of a section changes, the rest stays, its questions too."""
    first = article["sections"][0]
    payload = await editor.do(
        "updateSection", ifRevision=article["revision"], section={"id": first["id"], "heading": "Eins"}
    )
    assert headings(payload) == ["Eins", "Two", "Three"]
    assert questions(payload) == [["1a?", "1b?"], ["2a?"], [], ["0?"]]
    payload = await editor.do(
        "updateSection", ifRevision=payload["revision"], section={"id": first["id"], "questions": None}
    )
    assert questions(payload) == [[], ["2a?"], [], ["0?"]]


async def test_move_section(editor: Editor, article: Any) -> None:
    """A section moves with its questions."""
    payload = await editor.do(
        "moveSection", ifRevision=article["revision"], id=article["sections"][0]["id"], position=2
    )
    assert headings(payload) == ["Two", "One", "Three"]
    assert questions(payload)[1] == ["1a?", "1b?"]
    payload = await editor.do("moveSection", ifRevision=payload["revision"], id=article["sections"][1]["id"])
    assert headings(payload) == ["One", "Three", "Two"]


async def test_delete_section(editor: Editor, article: Any) -> None:
    """A section goes with its questions; its id finds nothing then."""
    first = article["sections"][0]
    payload = await editor.do("deleteSection", ifRevision=article["revision"], id=first["id"])
    assert (payload["section"], headings(payload)) == (None, ["Two", "Three"])
    assert questions(payload) == [["2a?"], [], ["0?"]]
    errors = await editor.refused("deleteSection", ifRevision=payload["revision"], id=first["id"])
    assert [(kind, code) for kind, code, _ in errors] == [("NotFoundError", "NOT_FOUND")]


async def test_questions(editor: Editor, article: Any) -> None:
    """A question is created in a section or outside, changed, moved between sections, and deleted."""
    one, two, _ = article["sections"]
    payload = await editor.do(
        "createQuestion",
        articleId=article["id"],
        locale="en",
        sectionId=one["id"],
        ifRevision=article["revision"],
        question={"question": "New?", "answer": "Yes."},
        position=1,
    )
    created = payload["question"]
    assert created["section"] == {"id": one["id"]}
    assert questions(payload) == [["New?", "1a?", "1b?"], ["2a?"], [], ["0?"]]
    payload = await editor.do(
        "updateQuestion", ifRevision=payload["revision"], question={"id": created["id"], "answer": "No."}
    )
    assert payload["question"] == {"id": created["id"], "question": "New?", "answer": {"markdown": "No."}}
    payload = await editor.do(
        "moveQuestion", ifRevision=payload["revision"], id=created["id"], sectionId=two["id"], position=2
    )
    assert questions(payload) == [["1a?", "1b?"], ["2a?", "New?"], [], ["0?"]]
    payload = await editor.do("moveQuestion", ifRevision=payload["revision"], id=created["id"], position=1)
    assert questions(payload) == [["1a?", "1b?"], ["2a?"], [], ["New?", "0?"]]
    payload = await editor.do("deleteQuestion", ifRevision=payload["revision"], id=created["id"])
    assert questions(payload) == [["1a?", "1b?"], ["2a?"], [], ["0?"]]


async def test_edits_of_different_parts_merge(editor: Editor, article: Any) -> None:
    """Edits of different parts on the same old revision are all kept."""
    one, two, three = article["sections"]
    base = article["revision"]
    await editor.do("updateSection", ifRevision=base, section={"id": one["id"], "body": "First"})
    await editor.do("moveSection", ifRevision=base, id=three["id"], position=1)
    await editor.do(
        "updateQuestion", ifRevision=base, question={"id": two["questions"][0]["id"], "answer": "Yes"}
    )
    payload = await editor.do(
        "createSection", articleId=article["id"], locale="en", ifRevision=base, section={"heading": "New"}
    )
    assert headings(payload) == ["Three", "One", "Two", "New"] or headings(payload) == [
        "Three",
        "New",
        "One",
        "Two",
    ]
    bodies = {s["heading"]: s["body"]["markdown"] for s in payload["article"]["sections"]}
    assert bodies["One"] == "First"


async def test_edits_of_the_same_part_conflict(editor: Editor, article: Any) -> None:
    """Two edits of one text conflict, and so does deleting what somebody else changed."""
    one = article["sections"][0]
    await editor.do("updateSection", ifRevision=article["revision"], section={"id": one["id"], "body": "x"})
    base = article["revision"]
    errors = await editor.refused("updateSection", ifRevision=base, section={"id": one["id"], "body": "y"})
    assert errors == [("ConflictError", "CONFLICT", f"input.sections.{one['id']}.body")]
    errors = await editor.refused("deleteSection", ifRevision=base, id=one["id"])
    assert errors == [("ConflictError", "CONFLICT", f"input.sections.{one['id']}")]


@pytest.mark.parametrize("name", ["Section", "Question"])
async def test_ids_that_are_none(editor: Editor, article: Any, name: str) -> None:
    """Ids of nothing are not found; ids of another type, or none, are refused; a new part brings none."""
    base = article["revision"]
    errors = await editor.refused(f"delete{name}", ifRevision=base, id=encode_id(name, "none"))
    assert [(kind, code) for kind, code, _ in errors] == [("NotFoundError", "NOT_FOUND")]
    errors = await editor.refused(f"delete{name}", ifRevision=base, id=article["id"])
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.id")]
    errors = await editor.refused(f"update{name}", ifRevision=base, **{name.lower(): {}})
    assert errors == [("ValidationError", "INVALID_CONTENT", f"input.{name.lower()}.id")]
    errors = await editor.refused(
        f"create{name}",
        articleId=article["id"],
        locale="en",
        ifRevision=base,
        **{name.lower(): {"id": article[f"{name.lower()}s"][0]["id"]}},
    )
    assert errors == [("ValidationError", "INVALID_CONTENT", f"input.{name.lower()}.id")]


async def test_publish_with_a_part(editor: Editor, article: Any, client: Client) -> None:
    """A change of a part can go live in the same revision."""
    one = article["sections"][0]
    await editor.do(
        "updateSection",
        ifRevision=article["revision"],
        section={"id": one["id"], "heading": "Eins"},
        publish=True,
    )
    reply = await client.ask("query($id: ID!) { node(id: $id) { ... on Section { heading } } }", id=one["id"])
    assert reply.data == {"node": {"heading": "Eins"}}
