"""Compacting: what goes, what stays as it was, and how older revisions are refused."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from api.settings import Settings
from models import moment
from models.access import Role, system_actor
from models.compacting import compact, count_removable, plan_compacting
from models.dialect import Sql
from models.errors import Forbidden, InvalidArgument
from tests.client import TESTER, Client, serve
from tests.editor import Editor, sign_in_editor

START = 1_800_000_000_000
EVERYTHING = (
    "query($slugs: String!) %s { articles(first: 100) { totalCount nodes { id slug title locales publishedAt state "
    "sections { id heading } related { label article { title } } } } tags { slug } "
    "former: article(by: {slug: $slugs}) { id title } }"
)


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


async def run(client: Client, before: int) -> int:
    """Compact up to a moment and return how many editions went."""
    plan = await plan_compacting(client.database, before, actor=TESTER)
    expected = await count_removable(client.database, plan)
    removed = sum([number async for number in compact(client.database, plan, actor=TESTER)])
    assert removed == expected
    return removed


async def write_history(editor: Editor, clock: list[int], seed: int) -> None:
    """Let random verbs happen, a minute apart, and return when."""
    random = Random(seed)
    articles: list[Any] = [await editor.create(f"Article {number}") for number in range(4)]
    for number in range(30):
        clock[0] += 60_000
        place = random.randrange(len(articles))
        article = articles[place]
        verb = random.choice(["update", "update", "publish", "publish", "unpublish", "delete"])
        if verb == "update":
            payload = await editor.send(
                "updateArticle",
                id=article["id"],
                locale="en",
                ifRevision=editor.client.database.head.revision,
                title=f"Title {number}",
                slug=f"slug-{random.randrange(6)}",
                sections=[{"heading": f"Section {number}"}],
                tags=[f"tag{random.randrange(3)}"],
            )
            articles[place] = payload["article"] or article
        elif verb == "publish":
            until = random.choice([{}, {}, {"until": moment.to_text(clock[0] + 600_000)}])
            await editor.send("publishArticles", ids=[article["id"]], **until)
        elif verb == "unpublish":
            await editor.send("unpublishArticles", ids=[article["id"]])
        else:
            await editor.send("deleteArticles", ids=[article["id"]])
            if random.random() < 0.7:
                await editor.send("restoreArticles", ids=[article["id"]])


async def photograph(editor: Editor, revisions: range) -> dict[str, Any]:
    """Return what all these revisions show, drafts too."""
    shown: dict[str, Any] = {}
    for revision in revisions:
        for perspective in ("PUBLISHED", "DRAFT"):
            view = f"@view(revision: {revision}, perspective: {perspective})"
            for slug in range(6):
                reply = await editor.client.ask(EVERYTHING % view, slugs=f"slug-{slug}")
                # Not its price, which is of what there was when that was counted last.
                shown[f"{view} {slug}"] = reply.body["data"], reply.body["extensions"]["view"]
    return shown


@pytest.mark.parametrize("seed", [0, 30, 38])
async def test_later_views_stay(editor: Editor, clock: list[int], seed: int) -> None:
    """Every view from the cut on shows what it showed before; every older revision is refused."""
    await write_history(editor, clock, seed)
    before = START + 25 * 60_000 + 1
    head = editor.client.database.head.revision
    rows = await editor.client.database.read(
        Sql("SELECT MAX(number) AS number FROM revision WHERE moment <= ?", (before,))
    )
    oldest = rows[0]["number"]
    expected = await photograph(editor, range(oldest, head + 1))
    assert await run(editor.client, before) > 0
    editor.client.forget()
    assert await photograph(editor, range(oldest, head + 1)) == expected
    for revision in range(1, oldest):
        reply = await editor.client.ask(f"query @view(revision: {revision}) {{ articles {{ totalCount }} }}")
        assert reply.codes == ["REVISION_GONE"]
    assert await run(editor.client, before) == 0


async def test_every_way_to_an_old_revision(editor: Editor, clock: list[int]) -> None:
    """By revision, moment, cursor, difference, or as the base of an edit: removed revisions are refused by one code."""
    article = await editor.create("A", publish=True)
    await editor.create("B", publish=True)
    old = moment.to_text(clock[0])
    page = "query($c: String) { articles(first: 1, after: $c) { pageInfo { endCursor } } }"
    cursor = (await editor.client.ask(page)).data["articles"]["pageInfo"]["endCursor"]
    clock[0] += 60_000
    newer = await editor.update(article, title="C", publish=True)
    await run(editor.client, clock[0])
    codes = [
        (await editor.client.ask(f"query @view(revision: {article['revision']}) {{ head }}")).codes,
        (await editor.client.ask(f'query @view(at: "{old}") {{ head }}')).codes,
        (await editor.client.ask(page, c=cursor)).codes,
        (
            await editor.client.ask(
                "query($id: ID!, $r: Revision!) { article(by: {id: $id}) { diff(from: $r) { to } } }",
                id=article["id"],
                r=article["revision"],
            )
        ).codes,
    ]
    assert codes == [["REVISION_GONE"]] * 4
    errors = await editor.refused(
        "updateArticle", id=article["id"], locale="en", ifRevision=article["revision"], title="D"
    )
    assert [code for _, code, _ in errors] == ["REVISION_GONE"]
    errors = await editor.refused(
        "restoreArticles", ids=[article["id"]], toRevision=article["revision"], ifRevision=newer["revision"]
    )
    assert [code for _, code, _ in errors] == ["REVISION_GONE"]


async def test_an_old_edition_can_still_be_edited(editor: Editor, clock: list[int]) -> None:
    """An article that was not touched since before the cut is edited on its own revision as ever."""
    article = await editor.create("A")
    clock[0] += 60_000
    await editor.create("B")
    await run(editor.client, clock[0])
    assert (await editor.update(article, title="C"))["title"] == "C"


async def test_old_trash_is_gone(editor: Editor, clock: list[int]) -> None:
    """What was deleted before the cut cannot be restored; what was deleted after it can."""
    old, new = await editor.create("Old", publish=True), await editor.create("New")
    await editor.update(old, title="Older", slug="older", publish=True)
    await editor.do("deleteArticles", ids=[old["id"]])
    clock[0] += 60_000
    await editor.create("Other")
    cut = clock[0]
    clock[0] += 60_000
    await editor.do("deleteArticles", ids=[new["id"]])
    await run(editor.client, cut)
    errors = await editor.refused("restoreArticles", ids=[old["id"]])
    assert [kind for kind, _, _ in errors] == ["NotFoundError"]
    await editor.do("restoreArticles", ids=[new["id"]])


async def test_the_first_publication_is_remembered(editor: Editor, clock: list[int], client: Client) -> None:
    """An article that is published again still says when it was published first."""
    article = await editor.create("A", publish=True)
    first = moment.to_text(clock[0])
    await editor.do("unpublishArticles", ids=[article["id"]])
    clock[0] += 60_000
    await editor.create("B")
    await run(editor.client, clock[0])
    await editor.do("publishArticles", ids=[article["id"]])
    reply = await client.ask('{ article(by: {slug: "a"}) { publishedAt } }')
    assert reply.data == {"article": {"publishedAt": first}}


async def test_the_record_stays(editor: Editor, clock: list[int]) -> None:
    """Who did what, when and why is still told."""
    article = await editor.create("A", message="First")
    clock[0] += 60_000
    await editor.update(article, title="B", message="Second")
    await run(editor.client, clock[0])
    reply = await editor.client.ask(
        "query($id: ID!) @view(perspective: DRAFT) { article(by: {id: $id}) { history { nodes { message } } } }",
        id=article["id"],
    )
    assert [node["message"] for node in reply.data["article"]["history"]["nodes"]] == ["Second", "First"]


async def test_another_process_learns_of_it(editor: Editor, clock: list[int], settings: Settings) -> None:
    """A server that was open meanwhile refuses the removed revisions too."""
    article = await editor.create("A")
    clock[0] += 60_000
    await editor.update(article, title="B")
    head = editor.client.database.head.revision
    async with serve(settings) as other:
        guest = other.showing(editor.client.headers["authorization"].removeprefix("Bearer "))
        query = "query($r: Revision!, $m: Revision) @view(revision: $r, minRevision: $m) { head }"
        assert (await guest.ask(query, r=article["revision"])).status == 200
        await run(editor.client, clock[0])
        reply = await guest.ask(query, r=article["revision"], m=head + 1)
        assert reply.codes == ["REVISION_GONE"]


async def test_what_is_refused(editor: Editor, clock: list[int]) -> None:
    """Not up to a moment of the future, and not without the right to administer everything."""
    with pytest.raises(InvalidArgument):
        await plan_compacting(editor.client.database, clock[0] + 1, actor=TESTER)
    nobody = system_actor("nobody")
    limited = type(nobody)("limited", Role.PUBLISHER.rights)
    with pytest.raises(Forbidden):
        await plan_compacting(editor.client.database, clock[0], actor=limited)
