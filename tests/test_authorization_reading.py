"""What stays hidden from whom: drafts, what is scheduled, other sites and locales, whatever way is tried."""

from __future__ import annotations

from typing import Any

import pytest

from models import moment
from models.access import Role
from tests.authorization import create_draft
from tests.client import Client
from tests.editor import Editor


@pytest.fixture
async def article(editor: Editor) -> Any:
    """A draft with a section and a question."""
    return await create_draft(editor)


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
        assert (reply.codes, list(reply.body)) == (["FORBIDDEN"], ["errors"])
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
