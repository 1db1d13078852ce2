"""Looking back: the trash, earlier editions, history and differences."""

from __future__ import annotations

from typing import Any

from tests.client import Client
from tests.editor import Editor


async def test_trash(editor: Editor, client: Client) -> None:
    """A deleted article is nowhere but in its history, and comes back as a draft with the ids it had."""
    article = await editor.create("A", sections=[{"heading": "x"}], publish=True)
    payload = await editor.do("deleteArticles", ids=[article["id"]])
    assert payload["ids"] == [article["id"]]
    assert await editor.read(article["id"]) is None
    assert (await client.ask("{ articles { totalCount } }")).data == {"articles": {"totalCount": 0}}
    before = await editor.read(article["id"], f"@view(revision: {payload['revision'] - 1})")
    assert before["title"] == "A"
    payload = await editor.do("restoreArticles", ids=[article["id"]])
    (restored,) = payload["articles"]
    assert (restored["state"], restored["title"]) == ("UNPUBLISHED", "A")
    assert restored["sections"] == [{"id": article["sections"][0]["id"]}]
    errors = await editor.refused("restoreArticles", ids=[article["id"]])
    assert [kind for kind, _, _ in errors] == ["NotFoundError"]


async def test_deleting_one_translation(editor: Editor) -> None:
    """A translation can be deleted and restored alone."""
    article = await editor.create("A")
    await editor.create("B", locale="de", translationOf=article["id"])
    await editor.do("deleteArticles", ids=[article["id"]], locales=["de"])
    assert (await editor.read(article["id"]))["title"] == "A"
    payload = await editor.do("restoreArticles", ids=[article["id"]])
    assert [a["locale"] for a in payload["articles"]] == ["de"]


async def test_back_to_a_revision(editor: Editor, client: Client) -> None:
    """An article goes back to how it was, as a new edition, live at once if asked."""
    first = await editor.create("First", sections=[{"heading": "x", "questions": [{"question": "q?"}]}])
    second = await editor.update(first, title="Second", sections=[], publish=True)
    payload = await editor.do(
        "restoreArticles",
        ids=[first["id"]],
        toRevision=first["revision"],
        ifRevision=second["revision"],
        publish=True,
    )
    (restored,) = payload["articles"]
    assert (restored["title"], restored["state"]) == ("First", "PUBLISHED")
    assert restored["sections"] == [{"id": first["sections"][0]["id"]}]
    reply = await client.ask("{ articles { nodes { title } } questions { nodes { id } } }")
    assert reply.data["articles"]["nodes"] == [{"title": "First"}]
    assert reply.data["questions"]["nodes"] == [{"id": first["questions"][0]["id"]}]


async def test_back_over_newer_work(editor: Editor) -> None:
    """Going back does not overwrite what was saved after the revision that was read."""
    first = await editor.create("First")
    second = await editor.update(first, title="Second")
    values: dict[str, Any] = {"ids": [first["id"]], "toRevision": first["revision"]}
    payload = await editor.send("restoreArticles", **values, ifRevision=first["revision"])
    (error,) = payload["errors"]
    assert (error["__typename"], error["current"]) == ("ConflictError", {"title": "Second"})
    assert [code for _, code, _ in await editor.refused("restoreArticles", **values)] == ["INVALID_ARGUMENT"]
    for revision in (second["revision"] + 1, 0):
        await editor.refused(
            "restoreArticles", ids=[first["id"]], toRevision=revision, ifRevision=second["revision"]
        )


async def test_history(editor: Editor) -> None:
    """The history says what was done, when, by whom and why, page by page."""
    article = await editor.create("A", message="First version", publish=True)
    await editor.update(article, title="B", message="Typo")
    await editor.do("unpublishArticles", ids=[article["id"]], message="Outdated")
    query = (
        "query($id: ID!, $after: String) @view(perspective: DRAFT) { article(by: {id: $id}) { "
        "history(first: 3, after: $after) { totalCount nodes { kind message by at revision } "
        "pageInfo { hasNextPage hasPreviousPage endCursor } } } }"
    )
    first = (await editor.client.ask(query, id=article["id"])).data["article"]["history"]
    assert [(n["kind"], n["message"]) for n in first["nodes"]] == [
        ("UNPUBLISHED", "Outdated"),
        ("UPDATED", "Typo"),
        ("PUBLISHED", "First version"),
    ]
    assert all(node["by"].startswith("administrator") for node in first["nodes"])
    cursor = first["pageInfo"]["endCursor"]
    rest = (await editor.client.ask(query, id=article["id"], after=cursor)).data["article"]["history"]
    assert [node["kind"] for node in rest["nodes"]] == ["CREATED"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (4, True)
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)


async def test_differences(editor: Editor) -> None:
    """Two editions are compared by field, section and question."""
    sections = [
        {"heading": name, "questions": [{"question": f"{name}?"}]} for name in ("One", "Two", "Three")
    ]
    before = await editor.create("A", sections=sections, tags=["x"])
    one, two, three = ({"id": section["id"]} for section in before["sections"])
    question = {"id": before["sections"][2]["questions"][0]["id"], "answer": "Yes"}
    after = await editor.update(
        before,
        title="B",
        tags=["x", "y"],
        sections=[
            three | {"questions": []},
            one | {"body": "More", "questions": [question]},
            {"heading": "New"},
        ],
    )
    reply = await editor.client.ask(
        "query($id: ID!, $from: Revision!, $to: Revision) @view(perspective: DRAFT) { article(by: {id: $id}) { "
        "diff(from: $from, to: $to) { from to fields { name before after } "
        "sections { kind fields before { heading } after { heading } } "
        "questions { kind fields before { question } after { question answer { text } } } } } }",
        **{"id": before["id"], "from": before["revision"], "to": after["revision"]},
    )
    diff = reply.data["article"]["diff"]
    assert (diff["from"], diff["to"]) == (before["revision"], after["revision"])
    assert diff["fields"] == [
        {"name": "title", "before": "A", "after": "B"},
        {"name": "tags", "before": ["x"], "after": ["x", "y"]},
    ]
    assert [(s["kind"], s["fields"]) for s in diff["sections"]] == [
        ("MOVED", ["position"]),
        ("CHANGED", ["body"]),
        ("ADDED", []),
        ("REMOVED", []),
    ] or [(s["kind"], s["fields"]) for s in diff["sections"]] == [
        ("CHANGED", ["body", "position"]),
        ("ADDED", []),
        ("REMOVED", []),
    ]
    assert [(q["kind"], q["fields"]) for q in diff["questions"]] == [
        ("CHANGED", ["answer", "position"]),
        ("REMOVED", []),
        ("REMOVED", []),
    ]
    assert two


async def test_differences_with_nothing(editor: Editor) -> None:
    """A revision at which the article did not exist is refused; the same revision twice has no differences."""
    article = await editor.create("A")
    query = (
        "query($id: ID!, $from: Revision!) @view(perspective: DRAFT) "
        "{ article(by: {id: $id}) { title diff(from: $from) { fields { name } } } }"
    )
    reply = await editor.client.ask(query, **{"id": article["id"], "from": 0})
    assert reply.codes == ["INVALID_ARGUMENT"]
    assert reply.body["data"]["article"] == {"title": "A", "diff": None}
    reply = await editor.client.ask(query, **{"id": article["id"], "from": article["revision"]})
    assert reply.data["article"]["diff"] == {"fields": []}
