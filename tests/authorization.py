"""What there is to be allowed: a query of each root field, an input of each mutation, and the right that it takes."""

from __future__ import annotations

from typing import Any

from models.access import Right
from models.dialect import Sql
from tests.client import Client
from tests.editor import Editor

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
    "confirmTranslation": Right.EDIT,
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
    "articles": "articles {{ totalCount nodes {{ title }} facets {{ tags {{ tag {{ name }} }} years {{ count }} }} }}",
    "questions": "questions {{ totalCount nodes {{ question }} }}",
    "search": 'search(query: "draft a") {{ totalCount didYouMean nodes {{ fragments article {{ title }} }} }}',
    "suggest": 'suggest(prefix: "dra") {{ text kind }}',
    "route": 'route(path: "/en/a") {{ path isMoved article {{ title }} }}',
    "redirects": 'redirects(site: "docs") {{ totalCount nodes {{ from to }} }}',
    "brokenLinks": "brokenLinks {{ totalCount nodes {{ label url article {{ title }} }} }}",
    "translations": 'translations(site: "docs") {{ totalCount nodes {{ locale original {{ title }} }} }}',
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
        "confirmTranslation": {"id": article["id"], "locale": "en", **base},
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
        rest = "secret" if "Token" in mutation or mutation in NEEDLESS else "revision"
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


async def create_draft(editor: Editor) -> Any:
    """Create a draft with a section and a question."""
    sections = [{"heading": "S", "questions": [{"question": "Q?"}]}]
    return await editor.create("Draft", sections=sections, tags=["secret"], slug="draft")
