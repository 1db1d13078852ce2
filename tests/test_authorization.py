"""Who may what: every mutation for everybody and everywhere, and that what is refused changes and tells nothing."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import get_named_type

from models.access import Right, Role
from models.webhook import Changed, Wanted, create_webhook, update_webhook
from schema.build import build_schema, core_schema
from schema.node import encode_id
from tests.authorization import NEEDED, READS, create_draft, inputs, photograph, send
from tests.client import TESTER, Client
from tests.editor import Editor


@pytest.fixture
async def article(editor: Editor) -> Any:
    """A draft with a section and a question."""
    return await create_draft(editor)


@pytest.fixture
async def token(editor: Editor) -> str:
    """The id of a token."""
    reply = await editor.client.ask("{ tokens { id } }")
    identifier: str = reply.data["tokens"][0]["id"]
    await editor.client.sign_in(Role.READER)
    return identifier


@pytest.fixture
async def webhook(client: Client) -> str:
    """The id of a webhook that tells nobody anything: it is disabled, and the service sends nothing to this machine."""
    made, _ = await create_webhook(client.database, TESTER, "http://127.0.0.1:9/", Wanted(), private=True)
    await update_webhook(client.database, TESTER, made.id, Changed(is_enabled=False), private=False)
    return encode_id("Webhook", made.id)


def test_the_tables_are_complete() -> None:
    """No mutation and no query field is left out of this test."""
    schema = core_schema(build_schema())
    assert schema.mutation_type is not None
    assert schema.query_type is not None
    assert set(schema.mutation_type.fields) == set(NEEDED)
    assert set(schema.query_type.fields) == set(READS)
    assert get_named_type(schema.mutation_type) is schema.mutation_type


@pytest.mark.parametrize("role", [None, *Role])
async def test_roles(client: Client, article: Any, token: str, webhook: str, role: Role | None) -> None:
    """Each role may do exactly what its rights say; what it may not changes nothing and says nothing."""
    who = await client.sign_in(role) if role else client
    rights = role.rights if role else frozenset({Right.READ})
    for mutation, values in inputs(article, token, webhook).items():
        before = await photograph(client)
        payload = await send(who, mutation, values)
        kinds = {error["__typename"] for error in payload["errors"]}
        if NEEDED[mutation] in rights:
            assert "ForbiddenError" not in kinds or mutation == "deleteArticles", (mutation, payload)
        else:
            assert kinds == {"ForbiddenError"}, (mutation, payload)
            assert article["id"] not in str(payload)
            assert await photograph(client) == before, mutation


@pytest.mark.parametrize("role", [Role.EDITOR, Role.PUBLISHER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("limits", [{"sites": ["other"]}, {"locales": ["de"]}])
async def test_other_places(
    editor: Editor, article: Any, token: str, webhook: str, role: Role, limits: dict[str, list[str]]
) -> None:
    """Outside of its sites and locales a token can neither see nor change anything, as if it did not exist."""
    await editor.do("createSite", key="other", name="Other", defaultLocale="en")
    who = await editor.client.sign_in(role, **limits)
    parts = {"articleId", "id", "ids", "section", "question"}
    for mutation, values in inputs(article, token, webhook).items():
        if limits.keys() == {"locales"} and mutation == "createPreviewToken":
            continue
        before = await photograph(editor.client)
        payload = await send(who, mutation, values)
        kinds = {error["__typename"] for error in payload["errors"]}
        refused = {"NotFoundError", "ForbiddenError"}
        if mutation in {"createArticle", "importArticles"}:
            refused |= {"ValidationError"}
        assert kinds, (mutation, payload)
        assert kinds <= refused, (mutation, payload)
        assert await photograph(editor.client) == before, mutation
        if parts & values.keys() and "Token" not in mutation and "Webhook" not in mutation:
            assert mask(payload) == mask(await send(who, mutation, strangers(values)))


def strangers(values: dict[str, Any]) -> dict[str, Any]:
    """Return an input with all ids replaced by ids of nothing."""
    nothing = {"articleId": "Article", "ids": "Article", "section": "Section", "question": "Question"}
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name == "ids":
            changed[name] = [encode_id("Article", "00000000-0000-0000-0000-000000000000")]
        elif name in {"section", "question"} and "id" in value:
            changed[name] = {**value, "id": encode_id(nothing[name], "nothing")}
        elif name in {"articleId", "id"}:
            kind = "Article" if name == "articleId" else read_type(value)
            changed[name] = encode_id(kind, "nothing")
        else:
            changed[name] = value
    return changed


def read_type(identifier: str) -> str:
    """Return the type of an opaque id."""
    return next(t for t in ("Article", "Section", "Question") if identifier.startswith(encode_id(t, "")[:6]))


def mask(payload: Any) -> list[tuple[str, str, int]]:
    """Return what of an answer must not depend on whether something exists: all but the ids in messages."""
    return [(e["__typename"], e["code"], len(e["message"].split())) for e in payload["errors"]]


async def test_sites_are_of_all_locales(editor: Editor) -> None:
    """Who administers in one locale cannot change a site, and does not learn which sites there are."""
    before = await photograph(editor.client)
    who = await editor.client.sign_in(Role.ADMINISTRATOR, locales=["de"])
    answers = [await send(who, "updateSite", {"key": key, "defaultLocale": "de"}) for key in ("docs", "none")]
    assert answers[0] == answers[1]
    assert answers[0]["errors"] == [
        {
            "__typename": "ForbiddenError",
            "code": "FORBIDDEN",
            "message": "This needs the right to administer without a limit of locales.",
        }
    ]
    assert (await photograph(editor.client))[2] == before[2]


async def test_deleting_what_is_live_takes_the_right_to_publish(editor: Editor) -> None:
    """An editor deletes drafts, not what readers see."""
    writer = Editor(await editor.client.sign_in(Role.EDITOR))
    draft, live = await writer.create("Draft"), await editor.create("Live", publish=True)
    await writer.do("deleteArticles", ids=[draft["id"]])
    errors = await writer.refused("deleteArticles", ids=[live["id"]])
    assert [kind for kind, _, _ in errors] == ["ForbiddenError"]
    for mutation in ("updateArticle", "restoreArticles"):
        values = inputs({**live, "sections": [{"id": ""}], "questions": [{"id": ""}]}, "")[mutation]
        errors = await writer.refused(mutation, **values, publish=True)
        assert [kind for kind, _, _ in errors] == ["ForbiddenError"]


async def test_a_new_article_in_another_locale(editor: Editor) -> None:
    """Who writes in one locale only is told which, and not that some article does not exist."""
    who = Editor(await editor.client.sign_in(Role.EDITOR, locales=["de"]))
    payload = await who.send("createArticle", locale="en", title="A")
    (error,) = payload["errors"]
    assert (error["code"], error["path"]) == ("INVALID_CONTENT", ["input", "locale"])
    assert error["message"] == "The site docs has the locales de."


async def test_locales_of_others_are_not_named(editor: Editor) -> None:
    """Creating and importing outside of a token's locales names only those that it has."""
    who = Editor(await editor.client.sign_in(Role.EDITOR, locales=["de"]))
    entry = {"key": "k", "locale": "en", "title": "K"}
    for payload in (
        await who.send("createArticle", site="docs", locale="en", title="New"),
        await who.send("importArticles", site="docs", articles=[entry]),
    ):
        (error,) = payload["errors"]
        assert error["__typename"] == "ValidationError"
        assert "locales de" in error["message"]
        assert "en" not in error["message"].split()
