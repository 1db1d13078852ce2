"""Credentials: what a preview token opens, and that a rejected one fails the request even where anybody may read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from api.settings import Settings
from models import moment
from models.access import Role
from models.dialect import Sql
from models.token import revoke_token
from tests.authorization import READS, create_draft, inputs, photograph, send
from tests.client import TESTER, Client, serve
from tests.editor import Editor, sign_in_editor


@pytest.fixture
async def article(editor: Editor) -> Any:
    """A draft with a section and a question."""
    return await create_draft(editor)


async def test_preview_of_one_article(editor: Editor, client: Client, article: Any) -> None:
    """A preview token of an article shows its draft to whoever holds it, and nothing else."""
    other = await editor.create("Other draft")
    reply = await editor.client.ask(
        "mutation($id: ID!) { createPreviewToken(input: {articleId: $id}) { secret errors { code } } }",
        id=article["id"],
    )
    guest = client.showing(reply.data["createPreviewToken"]["secret"])
    reply = await guest.ask(
        "query($ids: [ID!]!) @view(perspective: DRAFT) { nodes(ids: $ids) { id } articles { nodes { title } } }",
        ids=[article["id"], other["id"]],
    )
    assert reply.data == {
        "nodes": [{"id": article["id"]}, None],
        "articles": {"nodes": [{"title": "Draft"}]},
    }
    payload = await send(guest, "updateArticle", inputs(article, "x")["updateArticle"])
    assert [error["__typename"] for error in payload["errors"]] == ["ForbiddenError"]
    payload = await send(guest, "createPreviewToken", {"site": "docs"})
    assert payload["secret"] is None


async def rejected(editor: Editor) -> AsyncIterator[Client]:
    """Yield clients whose credentials must be rejected."""
    client = editor.client
    revoked = await client.sign_in(Role.ADMINISTRATOR)
    reply = await revoked.ask("{ tokens { id } }")
    identifiers = [token["id"] for token in reply.data["tokens"]]
    rows = await client.database.read(Sql("SELECT id FROM token ORDER BY created_at DESC, id"))
    assert len(rows) == len(identifiers)
    yield client.showing("quiet_" + "A" * 43)
    yield client.showing("preview_a.b.c")
    yield client.showing("a.b.c")
    yield client.showing("nonsense")
    yield replace(client, headers={"authorization": "Basic YWRtaW46YWRtaW4="})
    yield replace(client, headers={"authorization": ""})
    for row in rows:
        await revoke_token(client.database, TESTER, row["id"])
    yield revoked


async def test_rejected_credentials(editor: Editor, article: Any) -> None:
    """A forged, malformed or revoked credential fails the request, even where anybody may read."""
    before = await photograph(editor.client)
    async for who in rejected(editor):
        for field in READS.values():
            reply = await who.ask("{ " + field.format(article=article["id"]) + " }")
            assert (reply.status, reply.codes) == (401, ["UNAUTHENTICATED"])
            assert "data" not in reply.body
            assert reply.headers["www-authenticate"].startswith("Bearer")
        mutation = 'mutation { createArticle(input: {locale: "en", title: "x"}) { revision } }'
        assert (await who.ask(mutation)).status == 401
    assert (await photograph(editor.client))[0] == before[0]


async def test_expired_tokens(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token works until its moment, not any longer."""
    expiry = moment.now() + 60_000
    who = await editor.client.sign_in(Role.EDITOR, expires_at=expiry)
    assert (await who.ask("{ head }")).status == 200
    monkeypatch.setattr(moment, "now", lambda: expiry)
    reply = await who.ask("{ head }")
    assert (reply.status, reply.codes) == (401, ["UNAUTHENTICATED"])


async def test_without_public_reading(settings: Settings) -> None:
    """With public reading off nobody reads without a token, the contract neither."""
    async with serve(replace(settings, public_read=False)) as client:
        editor = await sign_in_editor(client)
        article = await editor.create("A", publish=True)
        for field in (*READS.values(), "__schema {{ types {{ name }} }}"):
            reply = await client.ask("{ " + field.format(article=article["id"]) + " }")
            assert (reply.status, reply.codes) == (401, ["UNAUTHENTICATED"])
        reader = await client.sign_in(Role.READER)
        assert (await reader.ask("{ articles { totalCount } }")).data == {"articles": {"totalCount": 1}}
