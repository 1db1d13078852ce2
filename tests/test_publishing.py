"""Publishing: windows, several articles as one, what is refused, and taking off again."""

from __future__ import annotations

from typing import Any

import pytest

from models import moment
from tests.client import Client
from tests.editor import Editor, sign_in_editor

START = 1_800_000_000_000
HOUR = 3_600_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A clock that stands still unless its entry is changed."""
    now = [START]
    monkeypatch.setattr(moment, "now", lambda: now[0])
    return now


@pytest.fixture
async def editor(clock: list[int], client: Client) -> Editor:
    """Somebody who may do everything, and a site with the locales en and de."""
    return await sign_in_editor(client)


def hours(number: float) -> str:
    """Return the moment so many hours after the start."""
    return moment.to_text(START + int(number * HOUR))


async def titles(client: Client, view: str = "") -> list[str]:
    """Return the titles of what is shown."""
    reply = await client.ask(
        f"query {view} {{ articles(orderBy: [{{field: TITLE, direction: ASC}}]) {{ nodes {{ title }} }} }}"
    )
    return [node["title"] for node in reply.data["articles"]["nodes"]]


async def test_several_articles_are_one_revision(editor: Editor, client: Client) -> None:
    """Articles published together go live together, in all their locales or in those that are named."""
    first, second = await editor.create("A"), await editor.create("B")
    await editor.create("C", locale="de", translationOf=second["id"])
    payload = await editor.do("publishArticles", ids=[first["id"], second["id"]], locales=["en"])
    assert payload["revision"] == second["revision"] + 2
    assert [(a["title"], a["state"]) for a in payload["articles"]] == [("A", "PUBLISHED"), ("B", "PUBLISHED")]
    payload = await editor.do("publishArticles", ids=[second["id"]])
    assert [a["locale"] for a in payload["articles"]] == ["de", "en"]


async def test_scheduled_replacement(editor: Editor, client: Client, clock: list[int]) -> None:
    """A scheduled edition replaces the live one at its moment, and makes way for it again at its end."""
    article = await editor.create("Old", publish=True)
    article = await editor.update(article, title="New")
    payload = await editor.do("publishArticles", ids=[article["id"]], **{"from": hours(1), "until": hours(2)})
    assert payload["articles"][0]["state"] == "CHANGED"
    for at, expected in ((0.99, "Old"), (1, "New"), (1.99, "New"), (2, "Old")):
        assert await titles(editor.client, f'@view(at: "{hours(at)}")') == [expected]
    for at, expected in ((0.99, "Old"), (1, "New"), (1.99, "New"), (2, "Old")):
        clock[0] = START + int(at * HOUR)
        assert await titles(client) == [expected]


async def test_nobody_sees_a_schedule(editor: Editor, client: Client) -> None:
    """What is scheduled shows in no field, and its moment cannot be looked at, without the right to preview."""
    article = await editor.create("Soon")
    await editor.do("publishArticles", ids=[article["id"]], **{"from": hours(1)})
    assert await titles(client) == []
    query = "query($id: ID!) { articles { totalCount } node(id: $id) { id } }"
    assert (await client.ask(query, id=article["id"])).data == {"articles": {"totalCount": 0}, "node": None}
    reply = await client.ask(f'query @view(at: "{hours(1)}") {{ articles {{ totalCount }} }}')
    assert reply.codes == ["FORBIDDEN"]
    live = await editor.create("Now", publish=True)
    live = await editor.update(live, title="Later")
    await editor.do("publishArticles", ids=[live["id"]], **{"from": hours(1)})
    reply = await client.ask("{ articles { nodes { title state visibleFrom visibleUntil } } }")
    assert reply.data["articles"]["nodes"] == [
        {"title": "Now", "state": "PUBLISHED", "visibleFrom": None, "visibleUntil": None}
    ]


@pytest.mark.parametrize(
    "window", [{"until": 0}, {"until": -1}, {"from": 2, "until": 1}, {"from": 1, "until": 1}]
)
async def test_empty_windows(editor: Editor, window: dict[str, float]) -> None:
    """A publication ends after it begins, and not in the past."""
    article = await editor.create("A")
    moments = {name: hours(number) for name, number in window.items()}
    errors = await editor.refused("publishArticles", ids=[article["id"]], **moments)
    assert [code for _, code, _ in errors] == ["INVALID_ARGUMENT"]


async def test_slug_in_use(editor: Editor, client: Client) -> None:
    """A slug that is in use at that time is refused, with the article and field; at another time it is free."""
    await editor.create("A", slug="same", publish=True)
    second, third = await editor.create("B", slug="same"), await editor.create("C")
    errors = await editor.refused("publishArticles", ids=[third["id"], second["id"]])
    assert errors == [("ValidationError", "SLUG_TAKEN", "input.ids.1.slug")]
    assert await titles(client) == ["A"]
    payload = await editor.send("publishArticles", ids=[third["id"], second["id"]], policy="SKIP_FAILED")
    assert [a["title"] for a in payload["articles"]] == ["C"]
    assert [e["path"] for e in payload["errors"]] == [["input", "ids", "1", "slug"]]
    assert await titles(client) == ["A", "C"]


async def test_slugs_change_hands(editor: Editor, client: Client) -> None:
    """Articles that are published together may swap their slugs."""
    first = await editor.create("A", slug="x", publish=True)
    second = await editor.create("B", slug="y", publish=True)
    first = await editor.update(first, slug="y")
    second = await editor.update(second, slug="x")
    await editor.refused("publishArticles", ids=[first["id"]])
    await editor.do("publishArticles", ids=[first["id"], second["id"]])
    reply = await client.ask(
        '{ x: article(by: {slug: "x"}) { title } y: article(by: {slug: "y"}) { title } }'
    )
    assert reply.data == {"x": {"title": "B"}, "y": {"title": "A"}}


async def test_links_that_would_lead_nowhere(editor: Editor, client: Client) -> None:
    """An article that links to one that is not live is refused, unless both go live together."""
    target = await editor.create("Target")
    source = await editor.create(
        "Source", intro="[t](/en/target)", related=[{"label": "t", "articleId": target["id"]}]
    )
    errors = await editor.refused("publishArticles", ids=[source["id"]])
    assert {(kind, code) for kind, code, _ in errors} == {("ValidationError", "TARGET_NOT_PUBLISHED")}
    assert [path for _, _, path in errors] == ["input.ids.0.related.0", "input.ids.0.links.0"]
    payload = await editor.send("publishArticles", ids=[source["id"]], policy="SKIP_FAILED")
    assert (payload["articles"], payload["revision"]) == ([], None)
    await editor.do("publishArticles", ids=[source["id"], target["id"]])
    assert await titles(client) == ["Source", "Target"]


async def test_one_failure_brings_down_who_links_to_it(editor: Editor, client: Client) -> None:
    """With SKIP_FAILED an article is left out as well when it links to one that is left out."""
    await editor.create("Taken", slug="same", publish=True)
    failing = await editor.create("Failing", slug="same")
    linking = await editor.create("Linking", related=[{"label": "f", "articleId": failing["id"]}])
    good = await editor.create("Good")
    payload = await editor.send(
        "publishArticles", ids=[failing["id"], linking["id"], good["id"]], policy="SKIP_FAILED"
    )
    assert [a["title"] for a in payload["articles"]] == ["Good"]
    assert [(e["code"], e["path"][2]) for e in payload["errors"]] == [
        ("SLUG_TAKEN", "0"),
        ("TARGET_NOT_PUBLISHED", "1"),
    ]
    assert await titles(client) == ["Good", "Taken"]


async def test_unpublish(editor: Editor, client: Client, clock: list[int]) -> None:
    """An article is taken off now or at a moment; its draft stays."""
    article = await editor.create("A", publish=True)
    payload = await editor.do("unpublishArticles", ids=[article["id"]], at=hours(1))
    assert payload["articles"][0]["visibleUntil"] == hours(1)
    assert await titles(client) == ["A"]
    clock[0] += HOUR
    assert await titles(client) == []
    await editor.do("publishArticles", ids=[article["id"]])
    payload = await editor.do("unpublishArticles", ids=[article["id"]])
    assert payload["articles"][0]["state"] == "UNPUBLISHED"
    assert await titles(client) == []
    errors = await editor.refused("unpublishArticles", ids=[article["id"]])
    assert [kind for kind, _, _ in errors] == ["NotFoundError"]
    errors = await editor.refused("unpublishArticles", ids=[article["id"]], at=hours(0))
    assert [code for _, code, _ in errors] == ["INVALID_ARGUMENT"]


@pytest.mark.parametrize(
    "mutation", ["publishArticles", "unpublishArticles", "deleteArticles", "restoreArticles"]
)
async def test_which_articles(editor: Editor, mutation: str) -> None:
    """Ids must name articles that exist: at least one and at most 100."""
    article = await editor.create("A", publish=True)
    assert await editor.refused(mutation, ids=[]) == [("ValidationError", "INVALID_CONTENT", "input.ids")]
    errors = await editor.refused(mutation, ids=[article["id"]] * 101)
    assert errors == [("LimitError", "LIMIT_EXCEEDED", "input")]
    assert await editor.refused(mutation, ids=[article["id"], "x"]) == [
        ("ValidationError", "INVALID_CONTENT", "input.ids.1")
    ]
    other: Any = "QXJ0aWNsZTpub25l"
    errors = await editor.refused(mutation, ids=[other])
    assert errors == [("NotFoundError", "NOT_FOUND", "input.ids.0")]


async def test_edits_keep_the_end(editor: Editor, client: Client) -> None:
    """Publishing an edit at once keeps the end that was set, and what is scheduled behind it."""
    article = await editor.create("A", publish=True)
    await editor.do("publishArticles", ids=[article["id"]], until=hours(2))
    article = await editor.update(article, title="B", publish=True)
    assert await titles(client) == ["B"]
    assert await titles(editor.client, f'@view(at: "{hours(2)}")') == ["A"]


async def test_edits_break_no_embargo(editor: Editor, client: Client) -> None:
    """An edit of an edition that is to go live later cannot bring it out by the way."""
    article = await editor.create("Old", publish=True)
    article = await editor.update(article, title="Embargoed")
    await editor.do("publishArticles", ids=[article["id"]], **{"from": hours(5)})
    named = {"id": article["id"], "locale": "en", "ifRevision": article["revision"]}
    errors = await editor.refused("updateArticle", **named, summary="fixed", publish=True)
    assert errors == [("ValidationError", "SCHEDULED", "input.publish")]
    await editor.do("updateArticle", **named, summary="fixed")
    assert await titles(client) == ["Old"]
    assert await titles(editor.client, f'@view(at: "{hours(5)}")') == ["Embargoed"]


async def test_edits_lead_nowhere_neither(editor: Editor) -> None:
    """Publishing with an edit checks links as publishArticles does."""
    await editor.create("Target")
    errors = await editor.refused(
        "createArticle", locale="en", title="A", intro="[t](/en/target)", publish=True
    )
    assert errors == [("ValidationError", "TARGET_NOT_PUBLISHED", "input.links.0")]


async def test_swapped_slugs_can_be_rolled_back(editor: Editor, client: Client) -> None:
    """Articles that swapped their slugs get them back in one call."""
    first = await editor.create("A", slug="x", publish=True)
    second = await editor.create("B", slug="y", publish=True)
    before = second["revision"]
    await editor.update(first, slug="y")
    await editor.update(second, slug="x")
    ids = [first["id"], second["id"]]
    head = (await editor.do("publishArticles", ids=ids))["revision"]
    await editor.do("restoreArticles", ids=ids, toRevision=before, ifRevision=head, publish=True)
    reply = await client.ask(
        '{ x: article(by: {slug: "x"}) { title } y: article(by: {slug: "y"}) { title } }'
    )
    assert reply.data == {"x": {"title": "A"}, "y": {"title": "B"}}


@pytest.mark.parametrize(
    "mutation", ["publishArticles", "unpublishArticles", "deleteArticles", "restoreArticles"]
)
async def test_no_locale_is_not_all_locales(editor: Editor, mutation: str) -> None:
    """An empty list of locales is refused, at its place: it may be meant as none or as all."""
    article = await editor.create("A", publish=True)
    errors = await editor.refused(mutation, ids=[article["id"]], locales=[])
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.locales")]
