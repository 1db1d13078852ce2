"""Routes: an address leads to its article, and tells what it is to it; whoever follows those that moved arrives."""

from __future__ import annotations

from typing import Any

import pytest

from models.access import Role
from models.draft import ArticleDraft
from models.publishing import unpublish_articles
from tests.client import TESTER, Client, article_id
from tests.editor import Editor

pytestmark = pytest.mark.database

ROUTE = """query($path: String!, $site: String, $locales: [Locale!], $fallback: Boolean!, $drafts: Perspective!)
  @view(locales: $locales, fallback: $fallback, perspective: $drafts) {
  route(path: $path, site: $site) { path url kind isMoved article { title locale } } }"""
MOVED = {"FORMER", "IMPORTED"}


async def find(client: Client, path: str, **variables: Any) -> Any:
    """Return where a path leads; if it has moved, the way goes on to where the article is, and ends there."""
    given = {"fallback": False, "drafts": "PUBLISHED", **variables}
    route = (await client.ask(ROUTE, path=path, **given)).data["route"]
    if route is not None:
        assert route["kind"] in MOVED or not route["isMoved"]
        there = (await client.ask(ROUTE, **{**given, "path": route["path"], "site": "test"})).data["route"]
        assert there == {**route, "kind": "PRESENT", "isMoved": False}
    return route


async def kinds(client: Client, *paths: str, **variables: Any) -> list[str | None]:
    """Return what each of these paths is to the article that it leads to, None where it leads to none."""
    routes = [await find(client, path, **variables) for path in paths]
    return [route and route["kind"] for route in routes]


async def test_where_addresses_lead(client: Client) -> None:
    """An article is at its own address however that is written, and moved from former slugs and imported addresses."""
    draft = ArticleDraft("en", "tides", "Tides", redirects=["/old/tides.html"])
    await client.save(draft, key="t")
    await client.save(ArticleDraft("en", "ebb", "Tides", redirects=["/old/tides.html", "/en/flood"]), key="t")
    here = {
        "path": "/en/ebb",
        "url": "https://test.example/en/ebb",
        "article": {"title": "Tides", "locale": "en"},
    }
    for own in ("/en/ebb", "/EN/ebb", "en/ebb", "/en/ebb/", "//En/ebb//"):
        assert await find(client, own) == {**here, "kind": "PRESENT", "isMoved": False}, own
    for former in ("/en/tides", "/EN/tides/"):
        assert await find(client, former) == {**here, "kind": "FORMER", "isMoved": True}, former
    for imported in ("/old/tides.html", "/old/tides.html/", "/en/flood", "/En/flood/"):
        assert await find(client, imported) == {**here, "kind": "IMPORTED", "isMoved": True}, imported
    assert await kinds(client, "/en/nowhere", "", "/", "/en/Ebb", "/en//ebb") == [None] * 5


async def test_case_of_long_locales(client: Client) -> None:
    """A locale of several parts is compared like one of a single part, also with underscores."""
    await client.save(ArticleDraft("pt-BR", "mares", "Marés"), key="t")
    assert await kinds(client, "/pt-BR/mares", "/PT-br/mares/", "/pt_br/mares") == ["PRESENT"] * 3


async def test_composed_and_decomposed_letters(client: Client) -> None:
    """An address in Unicode's decomposed form, as some systems write it, is the same address."""
    await client.save(ArticleDraft("de", "übung", "Übung"), key="t")
    assert await kinds(client, "/de/übung", "/de/u\u0308bung") == ["PRESENT"] * 2


async def test_addresses_as_browsers_have_them(client: Client) -> None:
    """An address may be percent-encoded, have a query and a fragment, and stand behind the site's own."""
    await client.save(ArticleDraft("de", "übung", "Übung", redirects=["/alt/ü b"]), key="t")
    present = (
        "/de/%C3%BCbung",
        "/de/u%CC%88bung?utm=1",
        "de/übung/#a?b",
        "https://test.example/DE/%C3%BCbung?x#y",
    )
    assert await kinds(client, *present, "HTTP://TEST.example/de/übung") == ["PRESENT"] * 5
    assert await kinds(client, "/alt/%C3%BC%20b/?x=1", "https://test.example/alt/ü b") == ["IMPORTED"] * 2
    elsewhere = (
        "https://other.example/de/übung",
        "https://test.example",
        "https://[",
        "mailto:/de/übung?",
        "/de/%FC",
    )
    assert await kinds(client, *elsewhere, "/de/übung%00", "?", "#") == [None] * 8


async def test_queries_find_what_was_imported_with_them(client: Client) -> None:
    """An old address with a query is found with that query; any other query does not count."""
    await client.save(ArticleDraft("en", "a", "A", redirects=["/index.php?id=7", "/en/b?old"]), key="a")
    await client.save(ArticleDraft("en", "b", "B", redirects=["/index.php"]), key="b")
    for path, to, kind in (
        ("/index.php?id=7#top", "/en/a", "IMPORTED"),
        ("https://test.example/index.php?id=7", "/en/a", "IMPORTED"),
        ("/index.php?id=8", "/en/b", "IMPORTED"),
        ("/index.php", "/en/b", "IMPORTED"),
        ("/EN/b?old", "/en/a", "IMPORTED"),
        ("/en/b?new", "/en/b", "PRESENT"),
    ):
        route = await find(client, path)
        assert (route["path"], route["kind"]) == (to, kind), path


async def test_addresses_of_several_sites(editor: Editor) -> None:
    """A whole address says which site is meant: the one with the longest address that it begins with."""
    client = editor.client
    await editor.do("updateSite", key="docs", url="https://x.example")
    await editor.do("createSite", key="help", name="Help", defaultLocale="en", url="https://x.example/help/")
    for site in ("docs", "help"):
        await editor.create(f"Of {site}", slug="a", site=site, publish=True)
    given = {"fallback": False, "drafts": "PUBLISHED"}
    assert (await client.ask(ROUTE, path="/en/a", **given)).codes == ["AMBIGUOUS_ADDRESS"]
    for path, title in (("https://x.example/help/en/a", "Of help"), ("https://x.example/en/a?b", "Of docs")):
        reply = await client.ask(ROUTE, path=path, **given)
        assert reply.data["route"]["article"]["title"] == title
        assert reply.data["route"]["kind"] == "PRESENT"
    reply = await client.ask(ROUTE, path="https://x.example/help/en/a", site="docs", **given)
    assert reply.data["route"] is None


async def test_what_is_imported_and_in_use(client: Client) -> None:
    """An article that names its own address as an old one is present there, a former one is former."""
    await client.save(ArticleDraft("en", "a", "A", redirects=["/en/a", "/en/b/"]), key="t")
    assert await kinds(client, "/en/a", "/en/a/", "/en/b") == ["PRESENT", "PRESENT", "IMPORTED"]
    await client.save(ArticleDraft("en", "b", "A", redirects=["/en/a", "/en/b"]), key="t")
    assert await kinds(client, "/en/a", "/en/b", "/EN/b/") == ["FORMER", "PRESENT", "PRESENT"]


async def test_addresses_that_come_back(client: Client) -> None:
    """An article that takes its former address again is present there, and moved from the one in between."""
    for slug in ("ebb", "flood", "ebb"):
        await client.save(ArticleDraft("en", slug, "Tides"), key="t")
    assert await kinds(client, "/en/ebb", "/en/flood") == ["PRESENT", "FORMER"]


async def test_articles_that_change_places(client: Client) -> None:
    """Two articles that take each other's address are both present: no redirect leads from one to the other."""
    await client.save(ArticleDraft("en", "a", "A"), key="one")
    await client.save(ArticleDraft("en", "b", "B"), key="two")
    for key, slug, title in (("one", "c", "A"), ("two", "a", "B"), ("one", "b", "A")):
        await client.save(ArticleDraft("en", slug, title), key=key)
    found = [await find(client, path) for path in ("/en/a", "/en/b", "/en/c")]
    assert [(route["article"]["title"], route["kind"]) for route in found] == [
        ("B", "PRESENT"),
        ("A", "PRESENT"),
        ("A", "FORMER"),
    ]


async def test_addresses_that_several_articles_had(client: Client) -> None:
    """An address leads to the last of those that had it and are still there, in lists of redirects as well."""
    for key, slug in (("one", "own"), ("one", "one"), ("two", "own"), ("two", "two"), ("three", "own")):
        await client.save(ArticleDraft("en", slug, key.title()), key=key)
    path = "/en/own"
    redirects = '{ redirects(site: "test") { nodes { from to } } }'
    for gone, kind, title in (("three", "FORMER", "Two"), ("two", "FORMER", "One"), ("one", None, None)):
        await unpublish_articles(client.database, [article_id(gone)], actor=TESTER)
        route = await find(client, path)
        assert (route and route["kind"], route and route["article"]["title"]) == (kind, title)
        listed = (await client.ask(redirects)).data["redirects"]["nodes"]
        assert {"from": path, "to": route and route["path"]} in listed or (route, listed) == (None, [])


async def test_other_locales(client: Client) -> None:
    """The address of a translation that the view does not show has not moved; `path` is that of the one it shows."""
    await client.save(ArticleDraft("en", "tides", "Tides"), key="t")
    await client.save(ArticleDraft("de", "gezeiten", "Gezeiten"), key="t")
    assert await kinds(client, "/de/gezeiten", "/en/tides") == ["PRESENT"] * 2
    chosen = await find(client, "/DE/gezeiten/", locales=["en"])
    assert (chosen["path"], chosen["kind"], chosen["isMoved"]) == ("/en/tides", "OTHER_LOCALE", False)
    assert await kinds(client, "/de/gezeiten", "/en/tides", locales=["de", "en"]) == [
        "PRESENT",
        "OTHER_LOCALE",
    ]
    stood_in = await find(client, "/en/tides", locales=["de-AT"], fallback=True)
    assert (stood_in["path"], stood_in["kind"]) == ("/de/gezeiten", "OTHER_LOCALE")
    assert await kinds(client, "/de/gezeiten", locales=["de-AT"], fallback=True) == ["PRESENT"]
    assert await kinds(client, "/de/gezeiten", locales=["fr"]) == [None]
    await unpublish_articles(client.database, [article_id("t")], actor=TESTER)
    assert await kinds(client, "/de/gezeiten", locales=["en"]) == [None]


async def test_former_addresses_of_other_locales(client: Client) -> None:
    """A former address has moved where the article is shown in its locale: no redirect leads out of a language."""
    await client.save(ArticleDraft("en", "tides", "Tides"), key="t")
    await client.save(ArticleDraft("de", "alt", "Gezeiten", redirects=["/alt"]), key="t")
    await client.save(ArticleDraft("de", "neu", "Gezeiten", redirects=["/alt"]), key="t")
    for locales, path, is_moved in (
        (None, "/de/neu", True),
        (["de"], "/de/neu", True),
        (["en", "de"], "/en/tides", False),
    ):
        route = await find(client, "/de/alt", locales=locales)
        assert (route["path"], route["kind"], route["isMoved"]) == (path, "FORMER", is_moved)
    imported = await find(client, "/alt", locales=["en"])
    assert (imported["kind"], imported["isMoved"]) == ("IMPORTED", True)
    await unpublish_articles(client.database, [article_id("t")], ["de"], actor=TESTER)
    withdrawn = await find(client, "/de/neu")
    assert (withdrawn["path"], withdrawn["kind"], withdrawn["isMoved"]) == ("/en/tides", "FORMER", False)


async def test_imported_addresses_of_other_locales(client: Client) -> None:
    """An imported address has moved unless it begins with a locale of the site in which the article is not shown."""
    old = ["/de/alt", "/fr/vieux", "/de", "/alt"]
    await client.save(ArticleDraft("en", "tides", "Tides", redirects=old), key="t")
    await client.save(ArticleDraft("de", "gezeiten", "Gezeiten", redirects=["/de/uralt"]), key="t")
    moved = [(await find(client, path))["isMoved"] for path in (*old, "/de/uralt")]
    assert moved == [False, True, True, True, True]
    moved = [(await find(client, path, locales=["de"]))["isMoved"] for path in (*old, "/de/uralt")]
    assert moved == [True] * 5


async def test_what_stands_in_for_a_withdrawn_translation(editor: Editor) -> None:
    """A withdrawn translation's address shows what stands in for it on the site, else the default locale."""
    client, locales = editor.client, ["en", "de", "da", "de-AT"]
    await editor.do("updateSite", key="docs", locales=locales)
    made = await editor.create("In en", slug="en", publish=True)
    for locale in locales[1:]:
        values = {"locale": locale, "title": f"In {locale}", "slug": locale.lower(), "publish": True}
        await editor.do("createArticle", translationOf=made["id"], **values)
    for locale, shown in (("de-AT", "/de/de"), ("de", "/en/en"), ("en", "/da/da")):
        await editor.do("unpublishArticles", ids=[made["id"]], locales=[locale])
        given = {"path": f"/{locale}/{locale.lower()}", "fallback": False, "drafts": "PUBLISHED"}
        route = (await client.ask(ROUTE, **given)).data["route"]
        assert (route["path"], route["kind"], route["isMoved"]) == (shown, "FORMER", False)


async def test_former_slugs_keep_their_locale(client: Client) -> None:
    """A slug, present or former, shows the article in the locale that it belongs to, unless the view names others."""
    await client.save(ArticleDraft("en", "tides", "Tides"), ArticleDraft("de", "alt", "Gezeiten"), key="t")
    await client.save(ArticleDraft("de", "neu", "Gezeiten"), key="t")
    query = (
        "query($slug: String!, $in: [Locale!]) @view(locales: $in) { article(by: {slug: $slug}) { path } }"
    )
    for slug, locales, path in (
        ("neu", None, "/de/neu"),
        ("alt", None, "/de/neu"),
        ("alt", ["de", "en"], "/de/neu"),
        ("alt", ["en", "de"], "/en/tides"),
    ):
        assert (await client.ask(query, **{"slug": slug, "in": locales})).data["article"] == {"path": path}
    await unpublish_articles(client.database, [article_id("t")], ["de"], actor=TESTER)
    assert (await client.ask(query, slug="neu")).data["article"] == {"path": "/en/tides"}


async def test_drafts(client: Client) -> None:
    """In a view of drafts an article is where it will be, and moved from where readers still find it."""
    await client.save(ArticleDraft("en", "tides", "Tides"), key="t")
    await client.save(ArticleDraft("en", "ebb", "Tides"), key="t", publish=False)
    editor = await client.sign_in(Role.EDITOR)
    assert await kinds(editor, "/en/tides", "/en/ebb/", drafts="DRAFT") == ["FORMER", "PRESENT"]
    assert await kinds(client, "/en/tides", "/en/ebb/") == ["PRESENT", None]


async def test_routes_follow_changes(client: Client) -> None:
    """An answer that is given again is true: after each change it tells what the address has become."""
    await client.save(ArticleDraft("en", "tides", "Tides"), key="t")
    await client.save(ArticleDraft("de", "gezeiten", "Gezeiten"), key="t")
    for _ in range(2):
        assert await kinds(client, "/en/tides") == ["PRESENT"]
        assert await kinds(client, "/en/tides", locales=["fr", "de"]) == ["OTHER_LOCALE"]
    await client.save(ArticleDraft("en", "ebb", "Tides"), key="t")
    for _ in range(2):
        assert (await find(client, "/en/tides"))["path"] == "/en/ebb"
        assert await kinds(client, "/en/tides", locales=["fr", "de"]) == ["FORMER"]
    await client.save(ArticleDraft("en", "tides", "Another"), key="o")
    assert (await find(client, "/en/tides"))["article"]["title"] == "Another"


async def test_sites_have_their_own_addresses(client: Client) -> None:
    """A site that there is not is an error."""
    given = {"path": "/en/a", "site": "nowhere", "fallback": False, "drafts": "PUBLISHED"}
    assert (await client.ask(ROUTE, **given)).codes == ["UNKNOWN_SITE"]
