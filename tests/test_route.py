"""Routes: an address leads to its article, and tells whether that has moved."""

from __future__ import annotations

from typing import Any

import pytest

from models.draft import ArticleDraft
from models.publishing import unpublish_articles
from tests.client import TESTER, Client, article_id

pytestmark = pytest.mark.database

ROUTE = """query($path: String!, $site: String, $locales: [Locale!]) @view(locales: $locales) {
  route(path: $path, site: $site) { path url isMoved article { title locale } } }"""


async def find(client: Client, path: str, **variables: Any) -> Any:
    """Return where a path leads."""
    return (await client.ask(ROUTE, path=path, **variables)).data["route"]


async def test_where_addresses_lead(client: Client) -> None:
    """An article is at its own address and moved from every other one: former slugs, imported ones, other spellings."""
    draft = ArticleDraft("en", "tides", "Tides", redirects=["/old/tides.html"])
    await client.save(draft, key="t")
    await client.save(ArticleDraft("en", "ebb", "Tides", redirects=["/old/tides.html"]), key="t")
    here = {
        "path": "/en/ebb",
        "url": "https://test.example/en/ebb",
        "article": {"title": "Tides", "locale": "en"},
    }
    assert await find(client, "/en/ebb") == {**here, "isMoved": False}
    for former in ("/en/tides", "/old/tides.html", "/old/tides.html/", "/EN/ebb", "en/ebb", "/en/ebb/"):
        assert await find(client, former) == {**here, "isMoved": True}, former
    assert await find(client, "/en/nowhere") is None
    assert await find(client, "") is None


async def test_routes_obey_the_view(client: Client) -> None:
    """What a view does not show is nowhere; named locales choose the translation that an address leads to."""
    await client.save(ArticleDraft("en", "tides", "Tides"), key="t")
    await client.save(ArticleDraft("de", "gezeiten", "Gezeiten"), key="t")
    assert (await find(client, "/de/gezeiten"))["isMoved"] is False
    chosen = await find(client, "/de/gezeiten", locales=["en"])
    assert (chosen["path"], chosen["isMoved"], chosen["article"]["locale"]) == ("/en/tides", True, "en")
    await unpublish_articles(client.database, [article_id("t")], actor=TESTER)
    assert await find(client, "/de/gezeiten") is None


async def test_routes_follow_changes(client: Client) -> None:
    """An answer that is given again is true: after a change of slug the former address is told to have moved."""
    await client.save(ArticleDraft("en", "tides", "Tides"), key="t")
    for _ in range(2):
        assert (await find(client, "/en/tides"))["isMoved"] is False
    await client.save(ArticleDraft("en", "ebb", "Tides"), key="t")
    for _ in range(2):
        assert (await find(client, "/en/tides"))["path"] == "/en/ebb"
    await client.save(ArticleDraft("en", "tides", "Another"), key="o")
    assert (await find(client, "/en/tides"))["article"]["title"] == "Another"


async def test_sites_have_their_own_addresses(client: Client) -> None:
    """A site that there is not is an error."""
    assert (await client.ask(ROUTE, path="/en/a", site="nowhere")).codes == ["UNKNOWN_SITE"]
