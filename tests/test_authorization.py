"""Who may what: every query field and mutation for everybody, and that what is refused leaks and changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from graphql import get_named_type

from api.settings import Settings
from models import moment
from models.access import Right, Role
from models.dialect import Sql
from models.token import revoke_token
from models.webhook import Changed, Wanted, create_webhook, update_webhook
from schema.build import build_schema, core_schema
from schema.node import encode_id
from tests.client import TESTER, Client, serve
from tests.editor import Editor, sign_in_editor

NEEDED = {
    "createArticle": Right.EDIT,
    "updateArticle": Right.EDIT,
    "deleteArticles": Right.EDIT,
    "restoreArticles": Right.EDIT,
    "createSection": Right.EDIT,
    "updateSection": Right.EDIT,
    "moveSection": Right.EDIT,
    "deleteSection": Right.EDIT,
    "createQuestion": Right.EDIT,
    "updateQuestion": Right.EDIT,
    "moveQuestion": Right.EDIT,
    "deleteQuestion": Right.EDIT,
    "importArticles": Right.EDIT,
    "publishArticles": Right.PUBLISH,
    "unpublishArticles": Right.PUBLISH,
    "createSite": Right.ADMINISTER,
    "updateSite": Right.ADMINISTER,
    "createToken": Right.ADMINISTER,
    "revokeToken": Right.ADMINISTER,
    "createPreviewToken": Right.PREVIEW,
    "createWebhook": Right.ADMINISTER,
    "updateWebhook": Right.ADMINISTER,
    "rotateWebhookSecret": Right.ADMINISTER,
    "testWebhook": Right.ADMINISTER,
    "redeliver": Right.ADMINISTER,
    "deleteWebhook": Right.ADMINISTER,
}
"""The right that each mutation takes."""

NEEDLESS = {"createWebhook", "updateWebhook", "rotateWebhookSecret", "redeliver"}
"""Mutations with an input that become no revision."""

READS = {
    "node": 'node(id: "{article}") {{ id }}',
    "nodes": 'nodes(ids: ["{article}"]) {{ id }}',
    "article": 'article(by: {{id: "{article}"}}) {{ title }}',
    "articles": "articles {{ totalCount nodes {{ title }} }}",
    "questions": "questions {{ totalCount nodes {{ question }} }}",
    "sites": "sites {{ key }}",
    "tags": "tags {{ slug }}",
    "changes": "changes(since: 0) {{ changes {{ kind site {{ key }} article {{ title }} }} }}",
    "head": "head",
    "tokens": "tokens {{ name }}",
    "webhooks": "webhooks {{ address deliveries {{ nodes {{ request }} }} }}",
}
"""A query of each root field."""


def inputs(article: Any, token: str, webhook: str = "") -> dict[str, dict[str, Any]]:
    """Return an input for each mutation that would succeed for who has the right; `article` is a draft."""
    section, question = article["sections"][0]["id"], article["questions"][0]["id"]
    here = {"articleId": article["id"], "locale": "en"}
    base = {"ifRevision": article["revision"]}
    return {
        "createArticle": {"locale": "en", "title": "New", "site": "docs"},
        "updateArticle": {"id": article["id"], "locale": "en", **base, "title": "B"},
        "restoreArticles": {"ids": [article["id"]], "toRevision": article["revision"], **base},
        "createSection": {**here, **base, "section": {"heading": "New"}},
        "updateSection": {**base, "section": {"id": section, "heading": "B"}},
        "moveSection": {**base, "id": section, "position": 1},
        "createQuestion": {**here, **base, "question": {"question": "New?"}},
        "updateQuestion": {**base, "question": {"id": question, "answer": "B"}},
        "moveQuestion": {**base, "id": question},
        "deleteQuestion": {**base, "id": question},
        "deleteSection": {**base, "id": section},
        "importArticles": {"site": "docs", "articles": [{"key": "k", "locale": "en", "title": "K"}]},
        "publishArticles": {"ids": [article["id"]]},
        "unpublishArticles": {"ids": [article["id"]]},
        "deleteArticles": {"ids": [article["id"]]},
        "createSite": {"key": "new", "name": "New", "defaultLocale": "en"},
        "updateSite": {"key": "docs", "name": "Renamed"},
        "createToken": {"name": "new", "role": "ADMINISTRATOR"},
        "revokeToken": {"id": token},
        "createPreviewToken": {"site": "docs"},
        "createWebhook": {"address": "https://1.1.1.1/", "kinds": ["COMPACTED"]},
        "updateWebhook": {"id": webhook, "enabled": False},
        "rotateWebhookSecret": {"id": webhook},
        "testWebhook": {"id": webhook},
        "redeliver": {"webhookId": webhook, "since": 0},
        "deleteWebhook": {"id": webhook},
    }


async def send(client: Client, mutation: str, values: dict[str, Any]) -> Any:
    """Send a mutation and return its errors as (type, code), with what else the payload holds."""
    errors = "errors { __typename code message }"
    if mutation in {"revokeToken", "testWebhook", "deleteWebhook"}:
        rest = "token { name }" if mutation == "revokeToken" else "webhook { address }"
        query = f"mutation($id: ID!) {{ {mutation}(id: $id) {{ {rest} {errors} }} }}"
        reply = await client.ask(query, **values)
    else:
        kind = mutation[0].upper() + mutation[1:] + "Input"
        rest = "secret" if "Token" in mutation or NEEDLESS & {mutation} else "revision"
        query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {rest} {errors} }} }}"
        reply = await client.ask(query, input=values)
    return reply.data[mutation]


async def photograph(client: Client) -> list[object]:
    """Return what refused mutations must not change: the head, the tokens, and the sites."""
    tokens = await client.database.read(Sql("SELECT id, revoked_at FROM token ORDER BY id"))
    webhooks = await client.database.read(
        Sql("SELECT id, address, secrets, disabled_at FROM webhook ORDER BY id")
    )
    deliveries = await client.database.read(Sql("SELECT id, attempt FROM delivery ORDER BY id"))
    sites = await client.database.read(Sql("SELECT * FROM site ORDER BY id"))
    rows = [[tuple(row) for row in part] for part in (tokens, sites, webhooks, deliveries)]
    return [client.database.head.revision, *rows]


@pytest.fixture
async def article(editor: Editor) -> Any:
    """A draft with a section and a question."""
    sections = [{"heading": "S", "questions": [{"question": "Q?"}]}]
    return await editor.create("Draft", sections=sections, tags=["secret"], slug="draft")


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
            assert mask(payload, article) == mask(await send(who, mutation, strangers(values)), article)


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


def mask(payload: Any, article: Any) -> list[tuple[str, str, int]]:
    """Return what of an answer must not depend on whether something exists: all but the ids in messages."""
    return [(e["__typename"], e["code"], len(e["message"].split())) for e in payload["errors"]]


@pytest.mark.parametrize("limits", [{"sites": ["other"]}, {"locales": ["de"]}])
async def test_other_places_cannot_be_read(
    editor: Editor, article: Any, limits: dict[str, list[str]]
) -> None:
    """Nothing of another site or locale is shown under any perspective, on any path."""
    await editor.do("createSite", key="other", name="Other", defaultLocale="en")
    await editor.do("publishArticles", ids=[article["id"]])
    who = await editor.client.sign_in(Role.ADMINISTRATOR, **limits)
    for perspective in ("PUBLISHED", "DRAFT"):
        reply = await who.ask(
            f"query($ids: [ID!]!) @view(perspective: {perspective}) {{ nodes(ids: $ids) {{ id }} "
            "articles { totalCount } questions { totalCount } tags { slug } "
            'changes(since: 0) { changes { articleId site { key } } } bySlug: article(by: {slug: "draft"}) '
            '{ id } byPath: article(by: {path: "/en/draft"}) { id } }',
            ids=[article["id"], article["sections"][0]["id"], article["questions"][0]["id"]],
        )
        told = reply.data.pop("changes")["changes"]
        assert {change["site"]["key"] for change in told} <= {
            "other",
            *(() if "sites" in limits else ("docs",)),
        }
        assert [change["articleId"] for change in told if change["articleId"]] == []
        assert reply.data == {
            "nodes": [None, None, None],
            "articles": {"totalCount": 0},
            "questions": {"totalCount": 0},
            "tags": [],
            "bySlug": None,
            "byPath": None,
        }
    if "sites" in limits:
        reply = await who.ask('{ sites { key } article(by: {slug: "draft"}, site: "docs") { id } }')
        assert reply.body["data"] == {"sites": [{"key": "other"}], "article": None}
        assert reply.codes == ["UNKNOWN_SITE"]


async def test_a_locale_is_not_listed(editor: Editor, article: Any) -> None:
    """A token for one locale does not learn of translations into others."""
    await editor.create("Entwurf", locale="de", translationOf=article["id"])
    who = await editor.client.sign_in(Role.PREVIEWER, locales=["en"])
    reply = await who.ask("query @view(perspective: DRAFT) { articles { nodes { title locale locales } } }")
    assert reply.data["articles"]["nodes"] == [{"title": "Draft", "locale": "en", "locales": ["en"]}]


async def test_addresses_in_other_locales_lead_nowhere(editor: Editor) -> None:
    """A token for one locale does not find an article by the slugs that it has or had in others."""
    article = await editor.create("Public", slug="public", publish=True)
    german = await editor.create("A", locale="de", slug="frueher", translationOf=article["id"], publish=True)
    await editor.update(german, slug="jetzt", publish=True)
    query = "query($by: ArticleBy!) { article(by: $by) { title } }"
    who = await editor.client.sign_in(Role.READER, locales=["en"])
    for by in ({"slug": "frueher"}, {"slug": "jetzt"}, {"path": "/de/frueher"}, {"path": "/de/jetzt"}):
        assert (await who.ask(query, by=by)).data == {"article": None}
        assert (await editor.client.ask(query, by=by)).data["article"]
    assert (await who.ask(query, by={"slug": "public"})).data == {"article": {"title": "Public"}}


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


@pytest.mark.parametrize("role", [None, Role.READER])
async def test_drafts_stay_hidden(editor: Editor, client: Client, article: Any, role: Role | None) -> None:
    """Without the right to preview: no drafts, no future, no history, no differences."""
    who = await client.sign_in(role) if role else client
    live = await editor.create("Live", publish=True)
    await editor.update(live, title="Newer")
    for view in (
        "perspective: DRAFT",
        'at: "2999-01-01T00:00:00Z"',
        'revision: 1, at: "2999-01-01T00:00:00Z"',
    ):
        reply = await who.ask(f"query @view({view}) {{ articles {{ totalCount }} }}")
        assert (reply.codes, reply.body["data"]) == (["FORBIDDEN"], None)
    reply = await who.ask(
        "{ articles { nodes { title state visibleFrom visibleUntil history { totalCount } "
        "diff(from: 0) { from } } } }"
    )
    assert reply.codes == ["FORBIDDEN", "FORBIDDEN"]
    assert reply.body["data"]["articles"]["nodes"] == [
        {
            "title": "Live",
            "state": "PUBLISHED",
            "visibleFrom": None,
            "visibleUntil": None,
            "history": None,
            "diff": None,
        }
    ]
    assert (await who.ask("{ tokens { name } }")).codes == ["FORBIDDEN"]
    assert (await who.ask("{ webhooks { address } }")).codes == ["FORBIDDEN"]


async def test_forged_cursors_see_no_future(editor: Editor, client: Client) -> None:
    """A cursor whose moment was moved ahead is refused like the view itself."""
    article = await editor.create("Soon")
    await editor.do("publishArticles", ids=[article["id"]], **{"from": "2999-01-01T00:00:00Z"})
    later = 'query @view(at: "2999-01-02T00:00:00Z") { articles { pageInfo { startCursor } } }'
    cursor = (await editor.client.ask(later)).data["articles"]["pageInfo"]["startCursor"]
    query = "query($c: String) { articles(before: $c, last: 5) { nodes { title } } }"
    assert (await client.ask(query, c=cursor)).codes == ["FORBIDDEN"]


async def test_withdrawn_schedules_stay_hidden(
    editor: Editor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was scheduled and withdrawn before its moment never was public, whatever revision and moment are named."""
    article = await editor.create("Public", slug="public", publish=True)
    renamed = await editor.update(article, title="Renamed", slug="renamed")
    secret = await editor.create("Secret", slug="secret")
    now, ids = moment.now(), [article["id"], secret["id"]]
    soon = moment.to_text(now + 3_600_000)
    announced = (await editor.do("publishArticles", ids=ids, **{"from": soon}))["revision"]
    listed = f'query @view(revision: {announced}, at: "{soon}") {{ articles {{ edges {{ cursor }} }} }}'
    await editor.do("unpublishArticles", ids=[secret["id"]])
    await editor.do("publishArticles", ids=[renamed["id"]], **{"from": moment.to_text(now + 9_000_000)})
    monkeypatch.setattr(moment, "now", lambda: now + 7_200_000)
    view = f'query @view(revision: {announced}, at: "{moment.to_text(now + 3_700_000)}")'
    query = view + ' { articles { nodes { title } } article(by: {slug: "renamed"}) { title } }'
    public = await client.ask(query)
    assert public.data == {"articles": {"nodes": [{"title": "Public"}]}, "article": None}
    seen = (await editor.client.ask(query)).data["articles"]["nodes"]
    assert {node["title"] for node in seen} == {"Secret", "Renamed"}
    cursor = (await editor.client.ask(listed)).data["articles"]["edges"][-1]["cursor"]
    paged = "query($c: String) { articles(before: $c, last: 5) { nodes { title } } }"
    assert (await client.ask(paged, c=cursor)).data["articles"]["nodes"] == []
    assert len((await editor.client.ask(paged, c=cursor)).data["articles"]["nodes"]) == 1


async def test_an_embargo_elsewhere_is_not_told(editor: Editor) -> None:
    """A publisher of one locale does not learn that another one is scheduled."""
    article = await editor.create("Entwurf", locale="de")
    await editor.do("publishArticles", ids=[article["id"]], **{"from": "2999-01-01T00:00:00Z"})
    values = {"id": article["id"], "locale": "de", "ifRevision": article["revision"], "title": "B"}
    who = Editor(await editor.client.sign_in(Role.PUBLISHER, locales=["en"]))
    errors = await who.refused("updateArticle", **values, publish=True)
    assert [kind for kind, _, _ in errors] == ["NotFoundError"]


async def test_related_articles_of_other_sites_survive(editor: Editor) -> None:
    """Who may not see an article that another one is related to can still edit that one, and reads no id of it."""
    await editor.do("createSite", key="other", name="Other", defaultLocale="en")
    hidden = await editor.create("Hidden", site="other")
    related = [{"label": "See", "articleId": hidden["id"]}]
    article = await editor.create("Seen", site="docs", related=related)
    who = Editor(await editor.client.sign_in(Role.EDITOR, sites=["docs"]))
    changed = await who.update(article, title="Changed")
    assert changed["title"] == "Changed"
    cleared = await editor.update(changed, related=[])
    query = (
        "query($id: ID!, $from: Revision!) @view(perspective: DRAFT) "
        "{ article(by: {id: $id}) { diff(from: $from) { fields { name before after } } } }"
    )
    told = {}
    for name, client in (("editor", editor.client), ("who", who.client)):
        reply = await client.ask(query, **{"id": article["id"], "from": changed["revision"]})
        (told[name],) = reply.data["article"]["diff"]["fields"]
    assert told["editor"]["before"] == [{"label": "See", "url": None, "article": hidden["id"]}]
    assert told["who"]["before"] == [{"label": "See", "url": None, "article": None}]
    stolen = {"id": article["id"], "locale": "en", "ifRevision": cleared["revision"], "related": related}
    errors = await who.refused("updateArticle", **stolen)
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.related.0.articleId")]


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
