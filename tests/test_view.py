"""Views: any revision, any moment, any locales; and paging that does not tear."""

from __future__ import annotations

import pytest

from models import moment
from models.access import Role, system_actor
from models.draft import ArticleDraft
from models.publishing import delete_articles, publish_articles, unpublish_articles
from models.view import Perspective
from tests.client import Client, article_id

START = 1_800_000_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A clock that stands still at its only entry."""
    time = [START]
    monkeypatch.setattr(moment, "now", lambda: time[0])
    return time


async def titles(client: Client, view: str = "") -> list[str]:
    """Return the titles that a view shows."""
    reply = await client.ask(
        f"query {view} {{ articles(orderBy: [{{field: TITLE, direction: ASC}}]) {{ nodes {{ title }} }} }}"
    )
    return [node["title"] for node in reply.data["articles"]["nodes"]]


async def test_every_revision_can_be_read_again(client: Client, clock: list[int]) -> None:
    """After saving, renaming, unpublishing and deleting, each revision shows what it showed then."""
    await client.save(ArticleDraft("en", "a", "One"))
    clock[0] += 1000
    await client.save(ArticleDraft("en", "a", "Two"))
    clock[0] += 1000
    await unpublish_articles(client.database, [article_id("a")], actor=system_actor("t"))
    clock[0] += 1000
    await publish_articles(client.database, [article_id("a")], actor=system_actor("t"))
    clock[0] += 1000
    await delete_articles(client.database, [article_id("a")], actor=system_actor("t"))
    shown = [await titles(client, f"@view(revision: {number})") for number in range(6)]
    assert shown == [[], ["One"], ["Two"], [], ["Two"], []]
    for number, expected in enumerate(shown[1:]):
        boundary = START + 1000 * number
        before = shown[number]
        assert await titles(client, f'@view(at: "{moment.to_text(boundary - 1)}")') == before
        assert await titles(client, f'@view(at: "{moment.to_text(boundary)}")') == expected


async def test_a_schedule_comes_due_by_itself(client: Client, clock: list[int]) -> None:
    """A scheduled replacement leaves the live edition in place until its moment, and ends at its end."""
    await client.save(ArticleDraft("en", "a", "Old"))
    await client.save(ArticleDraft("en", "a", "New"), publish=False)
    start, end = START + 10_000, START + 20_000
    previewer = await client.sign_in(Role.PREVIEWER)
    await publish_articles(
        client.database, [article_id("a")], actor=system_actor("t"), live_from=start, live_until=end
    )
    for at, expected in ((start - 1, "Old"), (start, "New"), (end - 1, "New"), (end, "Old")):
        assert await titles(previewer, f'@view(at: "{moment.to_text(at)}")') == [expected]
        clock[0] = at
        assert await titles(client) == [expected]


async def test_what_has_ended_is_still_seen_at_the_newest_revision(client: Client, clock: list[int]) -> None:
    """A revision shows what was live at its moment, to a process as well that began after the end of it."""
    await client.save(ArticleDraft("en", "a", "A"), publish=False)
    await publish_articles(
        client.database, [article_id("a")], actor=system_actor("t"), live_until=START + 1_000
    )
    clock[0] += 5_000
    client.forget()
    assert await titles(client) == []
    assert await titles(client, f"@view(revision: {client.database.head.revision})") == ["A"]
    assert await titles(client, f'@view(at: "{moment.to_text(START + 999)}")') == ["A"]


async def test_clock_that_goes_back(client: Client, clock: list[int]) -> None:
    """What was published stays visible when the clock is set back."""
    await client.save(ArticleDraft("en", "a", "A"))
    clock[0] -= 3_600_000
    await client.save(ArticleDraft("en", "b", "B"))
    assert await titles(client) == ["A", "B"]


async def test_locale_chain(client: Client) -> None:
    """The first locale of the chain that exists is served, and told; outside of the chain nothing exists."""
    await client.save(
        ArticleDraft("en", "tides", "Tides"), ArticleDraft("de", "gezeiten", "Gezeiten"), key="t"
    )
    query = (
        'query($l: [Locale!]) @view(locales: $l) { article(by: {slug: "tides"}) { title locale locales } }'
    )
    both = {"locales": ["de", "en"]}
    german = {"title": "Gezeiten", "locale": "de", **both}
    english = {"title": "Tides", "locale": "en", **both}
    assert (await client.ask(query, l=["fr", "de", "en"])).data["article"] == german
    assert (await client.ask(query, l=["en", "de"])).data["article"] == english
    assert (await client.ask(query)).data["article"] == english
    assert (await client.ask(query, l=["fr"])).data["article"] is None


async def test_former_slug(client: Client) -> None:
    """A slug that the article had finds it; one that another article has now finds that one."""
    await client.save(ArticleDraft("en", "old", "First"), key="a")
    await client.save(ArticleDraft("en", "new", "First"), key="a")
    query = '{ article(by: {slug: "old"}) { title slug } byPath: article(by: {path: "/en/old"}) { title } }'
    assert (await client.ask(query)).data["article"] == {"title": "First", "slug": "new"}
    await client.save(ArticleDraft("en", "old", "Second"), key="b")
    assert (await client.ask(query)).data == {
        "article": {"title": "Second", "slug": "old"},
        "byPath": {"title": "Second"},
    }


async def test_slug_in_use_is_refused(client: Client) -> None:
    """An article cannot be published under another live article's slug, and nothing of it is stored."""
    await client.save(ArticleDraft("en", "a", "A"), key="a")
    saved = await client.save(ArticleDraft("en", "a", "B"), key="b")
    assert saved.revision is None
    assert saved.outcomes[0].error is not None
    assert saved.outcomes[0].error.code == "SLUG_TAKEN"
    assert await titles(client) == ["A"]


async def test_paging_does_not_tear(client: Client) -> None:
    """Paging while others publish gives each article exactly once, as of the first page."""
    await client.save(*(ArticleDraft("en", f"a{n}", f"A{n}") for n in range(7)))
    seen: list[str] = []
    after = None
    while True:
        reply = await client.ask(
            "query($after: String) { articles(first: 2, after: $after) { totalCount nodes { title } "
            "pageInfo { hasNextPage endCursor } } }",
            after=after,
        )
        page = reply.data["articles"]
        assert page["totalCount"] == 7
        seen += [node["title"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        number = len(seen)
        await client.save(
            ArticleDraft("en", f"a{number}", "changed"), ArticleDraft("en", f"n{number}", "New")
        )
        await delete_articles(
            client.database, [article_id("a0")], actor=system_actor("t")
        ) if number == 2 else None
    assert sorted(seen) == [f"A{n}" for n in range(7)]


async def test_cursor_of_another_list(client: Client) -> None:
    """A cursor does not go with another filter, order or locale than its own."""
    await client.save(ArticleDraft("en", "a", "A"), ArticleDraft("en", "b", "B"))
    first = await client.ask("{ articles(first: 1) { pageInfo { endCursor } } }")
    cursor = first.data["articles"]["pageInfo"]["endCursor"]
    for change in ('where: {slug: {eq: "b"}}', "orderBy: [{field: TITLE}]"):
        reply = await client.ask(f'{{ articles(after: "{cursor}", {change}) {{ totalCount }} }}')
        assert reply.codes == ["INVALID_CURSOR"]


def test_perspectives() -> None:
    """There are two perspectives, and drafts are not the default."""
    assert [perspective.value for perspective in Perspective] == ["published", "draft"]


@pytest.mark.parametrize("tag", ["en-US-u-ca-gregory", "x-private", "i-klingon", "no tag"])
async def test_tags_that_are_no_locales(client: Client, tag: str) -> None:
    """Of BCP 47's tags those are locales that have language, script, region and variants; the error says so."""
    reply = await client.ask(f'query @view(locales: ["{tag}"]) {{ articles {{ totalCount }} }}')
    [error] = reply.body["errors"]
    assert f"'{tag}' is no tag of language, script, region and variants" in error["message"]
