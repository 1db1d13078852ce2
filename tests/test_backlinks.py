"""`linkedFrom`: which articles link to an article, as each view shows it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from models import moment
from models.access import Role, system_actor
from models.draft import ArticleDraft, LinkDraft
from models.publishing import unpublish_articles
from tests.client import Client, article_id

QUERY = """query($slug: String!, $first: Int, $after: String, $last: Int, $before: String) %s {
  article(by: {slug: $slug}) {
    linkedFrom(first: $first, after: $after, last: $last, before: $before) {
      totalCount nodes { slug } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}"""


async def ask(client: Client, slug: str, view: str = "", **arguments: Any) -> Any:
    """Return the connection of the articles that link to the one with this slug."""
    return (await client.ask(QUERY % view, slug=slug, **arguments)).data["article"]["linkedFrom"]


async def slugs(client: Client, slug: str, view: str = "") -> list[str]:
    """Return the slugs of the articles that link to the one with this slug."""
    return [node["slug"] for node in (await ask(client, slug, view, first=100))["nodes"]]


def linking(slug: str, *targets: str, text: str = "", locale: str = "en") -> ArticleDraft:
    """Return an article that names others as related."""
    related = [LinkDraft(target, article_id=article_id(target)) for target in targets]
    return ArticleDraft(locale, slug, slug, intro=text, related=related)


async def test_each_article_once(client: Client) -> None:
    """Several links of an article, related and in its text, make it one; its links to itself do not count."""
    await client.save(
        linking("a"),
        linking("b", "a", "a", text="See [a](/en/a) and [a again](/en/a#there)."),
        linking("c", "c", text="[Here](/en/c)."),
        linking("d", text="[That](/en/a)."),
    )
    assert sorted(await slugs(client, "a")) == ["b", "d"]
    assert (await ask(client, "a", first=0))["totalCount"] == 2
    assert await slugs(client, "c") == []


async def test_only_what_the_view_shows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links of drafts, of editions that were replaced and of articles that are not live are not told."""
    clock = [moment.now()]
    monkeypatch.setattr(moment, "now", lambda: clock[0])
    await client.save(linking("a"), linking("b", "a"), linking("c", "a"))
    clock[0] += 1000
    await client.save(linking("b"))
    clock[0] += 1000
    await unpublish_articles(client.database, [article_id("c")], actor=system_actor("t"))
    await client.save(linking("draft", "a"), linking("b", "a"), publish=False)
    assert await slugs(client, "a") == []
    assert sorted(await slugs(client, "a", "@view(revision: 1)")) == ["b", "c"]
    assert await slugs(client, "a", "@view(revision: 2)") == ["c"]
    assert await slugs(client, "a", f'@view(at: "{moment.to_text(clock[0] - 1)}")') == ["c"]
    previewer = await client.sign_in(Role.PREVIEWER)
    assert sorted(await slugs(previewer, "a", "@view(perspective: DRAFT)")) == ["b", "c", "draft"]


async def test_in_the_locale_that_is_shown(client: Client) -> None:
    """An article counts by the links of the translation that the view shows, and a token sees its own locales."""
    await client.save(linking("a"))
    await client.save(linking("b"), linking("b-de", "a", locale="de"), key="b")
    assert await slugs(client, "a") == []
    assert await slugs(client, "a", '@view(locales: ["de", "en"])') == ["b-de"]
    assert await slugs(client, "a", '@view(locales: ["en"])') == []
    limited = await client.sign_in(Role.READER, locales=["en"])
    assert await slugs(limited, "a", '@view(locales: ["de", "en"])') == []


async def test_paging_meets_each_once(client: Client) -> None:
    """Pages of any size, from either end, show what the whole list shows, though more is published meanwhile."""
    names = [f"n{number}" for number in range(11)]
    draw = random.Random(5)
    links = {name: draw.sample(names, 6) for name in names}
    await client.save(*(linking(name) for name in names))
    await client.save(*(linking(name, *targets) for name, targets in links.items()))
    for name in names[:3]:
        whole = await slugs(client, name)
        assert sorted(whole) == sorted(other for other in names if name in links[other] and other != name)
        for size in (1, 2, 4):
            assert await walk(client, name, size) == whole
            assert await walk_back(client, name, size) == whole


async def walk(client: Client, slug: str, size: int) -> list[str]:
    """Return the slugs on all pages, read from the front."""
    found: list[str] = []
    page: Any = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        page = await ask(client, slug, first=size, after=page["pageInfo"]["endCursor"])
        assert page["pageInfo"]["hasPreviousPage"] is bool(found)
        found += [node["slug"] for node in page["nodes"]]
        await client.save(linking("late", slug))
    # What came meanwhile is gone before the next walk.
    await unpublish_articles(client.database, [article_id("late")], actor=system_actor("t"))
    return found


async def walk_back(client: Client, slug: str, size: int) -> list[str]:
    """Return the slugs on all pages, read from the end."""
    found: list[str] = []
    page: Any = {"pageInfo": {"hasPreviousPage": True, "startCursor": None}}
    while page["pageInfo"]["hasPreviousPage"]:
        page = await ask(client, slug, last=size, before=page["pageInfo"]["startCursor"])
        assert page["pageInfo"]["hasNextPage"] is bool(found)
        found = [node["slug"] for node in page["nodes"]] + found
    return found


async def test_a_cursor_belongs_to_one_article(client: Client) -> None:
    """The cursor of what links to one article is refused for another."""
    await client.save(linking("a"), linking("b", "a"))
    cursor = (await ask(client, "a"))["pageInfo"]["endCursor"]
    assert (await client.ask(QUERY % "", slug="b", after=cursor)).codes == ["INVALID_CURSOR"]


async def test_statements_do_not_grow(client: Client) -> None:
    """A list of many articles with what links to them, and what links to that, takes no more than one of few."""
    names = [f"n{number}" for number in range(30)]
    await client.save(*(linking(name) for name in names))
    await client.save(*(linking(name, *names) for name in names))
    query = (
        "query($first: Int) { articles(first: $first) { nodes { linkedFrom(first: 3) { totalCount nodes { "
        "slug linkedFrom(first: 2) { totalCount nodes { title } } } } } } }"
    )
    counts = []
    for first in (2, 30):
        client.forget()
        await client.ask("{ articles(first: 1) { nodes { id } } }")
        counts.append(len((await client.ask(query, first=first)).statements))
    assert max(counts) <= 5
