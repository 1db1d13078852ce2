"""Idempotency keys: what is sent again is done once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models import moment
from models.access import Role
from models.idempotency import LIFETIME
from tests.editor import Editor

CREATE = """
mutation {
  createArticle(input: {locale: "en", title: "A"}) @idempotent(key: "k") { revision article { title } }
}
"""


async def test_repetition(editor: Editor) -> None:
    """The same key and arguments are answered as the first time, whatever happened since, and make no revision."""
    values: dict[str, Any] = {"locale": "en", "title": "A", "sections": [{"heading": "S"}]}
    first = await editor.send("createArticle", idempotency="k", **values)
    await editor.update(first["article"], title="B")
    head = editor.client.database.head.revision
    again = await editor.send("createArticle", idempotency="k", **values)
    assert again == first
    assert editor.client.database.head.revision == head
    other = await editor.send("createArticle", idempotency="l", **values)
    assert other["article"]["id"] != first["article"]["id"]


async def test_other_arguments(editor: Editor) -> None:
    """The same key with other arguments, or on another mutation, is an error and does nothing."""
    article = (await editor.send("createArticle", idempotency="k", locale="en", title="A"))["article"]
    errors = await editor.refused("createArticle", idempotency="k", locale="en", title="B")
    assert errors == [("ValidationError", "IDEMPOTENCY_KEY_REUSED", "input")]
    errors = await editor.refused("publishArticles", idempotency="k", ids=[article["id"]])
    assert errors == [("ValidationError", "IDEMPOTENCY_KEY_REUSED", "input")]


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_keys_that_are_none(editor: Editor, key: str) -> None:
    """A key has 1 to 255 characters."""
    errors = await editor.refused("createArticle", idempotency=key, locale="en", title="A")
    assert [code for _, code, _ in errors] == ["INVALID_ARGUMENT"]


async def test_keys_of_others(editor: Editor) -> None:
    """Two actors with the same key do not meet."""
    other = Editor(await editor.client.sign_in(Role.EDITOR))
    first = await editor.send("createArticle", idempotency="k", locale="en", title="A")
    second = await other.send("createArticle", idempotency="k", locale="en", title="A")
    assert first["article"]["id"] != second["article"]["id"]


async def test_refusals_are_not_kept(editor: Editor) -> None:
    """What was refused did nothing, so the key is free for the corrected request."""
    await editor.refused("createArticle", idempotency="k", locale="en", title="")
    payload = await editor.send("createArticle", idempotency="k", locale="en", title="A")
    assert payload["article"]["title"] == "A"


async def test_no_change_is_kept(editor: Editor) -> None:
    """A request that changed nothing changes nothing later either."""
    article = await editor.create("A")
    values = {"id": article["id"], "locale": "en", "ifRevision": article["revision"], "title": "A"}
    first = await editor.send("updateArticle", idempotency="k", **values)
    assert first["revision"] is None
    await editor.update(article, title="B")
    head = editor.client.database.head.revision
    again = await editor.send("updateArticle", idempotency="k", **values)
    assert (again["revision"], again["errors"]) == (None, [])
    assert editor.client.database.head.revision == head


async def test_keys_expire(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """After 24 hours a key is free again."""
    start = moment.now()
    first = await editor.send("createArticle", idempotency="k", locale="en", title="A")
    monkeypatch.setattr(moment, "now", lambda: start + LIFETIME - 60_000)
    assert await editor.send("createArticle", idempotency="k", locale="en", title="A") == first
    monkeypatch.setattr(moment, "now", lambda: start + LIFETIME + 60_000)
    later = await editor.send("createArticle", idempotency="k", locale="en", title="A")
    assert later["article"]["id"] != first["article"]["id"]


async def test_at_the_same_time(editor: Editor) -> None:
    """Of many requests with one key at once one is done, and all get its answer."""
    before = editor.client.database.head.revision
    payloads = await asyncio.gather(
        *(editor.send("createArticle", idempotency="k", locale="en", title="A") for _ in range(8))
    )
    assert all(payload == payloads[0] for payload in payloads)
    assert editor.client.database.head.revision == before + 1


async def test_no_word_of_the_first(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that another process has answered is answered here, though no word of the revision came yet."""
    head = editor.client.database.head
    with monkeypatch.context() as patch:
        patch.setattr(head, "advance", lambda *_: None)
        await editor.client.ask(CREATE)
    reply = await editor.client.ask(CREATE)
    assert reply.data["createArticle"]["article"] == {"title": "A"}
    assert reply.data["createArticle"]["revision"] == head.revision


async def test_skipped_failures_are_kept(editor: Editor) -> None:
    """What was left out the first time is told again."""
    await editor.create("Taken", slug="same", publish=True)
    ids = [(await editor.create(title, slug=slug))["id"] for title, slug in (("A", "same"), ("B", "b"))]
    first = await editor.send("publishArticles", idempotency="k", ids=ids, policy="SKIP_FAILED")
    assert [error["code"] for error in first["errors"]] == ["SLUG_TAKEN"]
    assert await editor.send("publishArticles", idempotency="k", ids=ids, policy="SKIP_FAILED") == first


async def test_tokens_take_no_key(editor: Editor) -> None:
    """The text of a token is kept nowhere, so a repetition could not be answered; the key is refused."""
    reply = await editor.client.ask(
        'mutation { createToken(input: {name: "x", role: READER}) @idempotent(key: "k") { secret errors { code } } }'
    )
    assert reply.data["createToken"] == {"secret": None, "errors": [{"code": "INVALID_ARGUMENT"}]}
