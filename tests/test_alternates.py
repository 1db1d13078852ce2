"""`Article.alternates`: the pages of an article name each other, and sitemaps agree."""

from __future__ import annotations

from typing import Any

import pytest

from models.access import Role
from models.draft import ArticleDraft
from models.publishing import unpublish_articles
from tests.client import TESTER, Client, article_id
from tests.content import NOW, set_clock
from tests.editor import Editor
from tests.test_sitemap import check_alternates, read_sitemap

QUERY = """query($l: [Locale!]) @view(locales: $l%s) {
  articles { nodes { path site { url } alternates { hreflang url } } } }"""


async def read(client: Client, locale: str, view: str = "") -> dict[str, dict[str, str]]:
    """Return what the pages in a locale name, by their addresses."""
    nodes = (await client.ask(QUERY % view, l=[locale])).data["articles"]["nodes"]
    return {
        (node["site"]["url"] or "") + node["path"]: {
            one["hreflang"]: one["url"] for one in node["alternates"]
        }
        for node in nodes
    }


async def read_all(client: Client, *locales: str) -> dict[str, dict[str, str]]:
    """Return what all pages in these locales name."""
    return {url: names for locale in locales for url, names in (await read(client, locale)).items()}


async def test_sitemap_agrees(writable: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page names what the sitemap says of it, and all that it names say the same."""
    set_clock(monkeypatch, NOW)
    found = {
        url: names
        for url, names in (await read_all(writable, "en", "de", "pt-BR")).items()
        if url.startswith("https://harbour.example/")
    }
    sitemap = await read_sitemap(writable, "/sitemap.xml?site=harbour")
    assert len([names for names in found.values() if names]) >= 5
    check_alternates(found)
    for url, names in found.items():
        assert names == sitemap.get(url, {})


def save(slug: str, locale: str, **seo: Any) -> ArticleDraft:
    """Return a translation."""
    return ArticleDraft(locale, f"{slug}-{locale}", slug, seo=seo)


@pytest.fixture
async def tides(client: Client) -> Client:
    """A client of a service with an article in four locales, in one of which it is not to be found."""
    drafts = (save("t", "en"), save("t", "de"), save("t", "fr"), save("t", "it", noindex=True))
    await client.save(*drafts, key="t")
    return client


def addresses(*locales: str, default: str) -> dict[str, str]:
    """Return what pages in these locales name."""
    pages = {locale: f"https://test.example/{locale}/t-{locale}" for locale in locales}
    return {**pages, "x-default": pages[default]}


async def test_who_is_named(tides: Client) -> None:
    """A page that is not to be found names nobody, and nobody names it; x-default is the default locale's."""
    found = await read_all(tides, "en", "de", "fr", "it")
    expected = addresses("en", "de", "fr", default="en")
    assert found.pop("https://test.example/it/t-it") == {}
    assert list(found.values()) == [expected] * 3
    await unpublish_articles(tides.database, [article_id("t")], ["en"], actor=TESTER)
    expected = addresses("de", "fr", default="de")
    assert list((await read_all(tides, "de", "fr")).values()) == [expected] * 2
    await unpublish_articles(tides.database, [article_id("t")], ["de"], actor=TESTER)
    assert await read(tides, "fr") == {"https://test.example/fr/t-fr": {}}


async def test_drafts_and_scopes(tides: Client) -> None:
    """Drafts are named under DRAFT only; who may read some locales is told of no others."""
    await tides.save(save("t", "nl"), key="t", publish=False)
    assert (await read(tides, "en")).popitem()[1] == addresses("en", "de", "fr", default="en")
    previewer = await tides.sign_in(Role.PREVIEWER)
    drafts = await read(previewer, "en", ", perspective: DRAFT")
    assert drafts.popitem()[1] == addresses("en", "de", "fr", "nl", default="en")
    reader = await tides.sign_in(Role.READER, locales=["de", "fr"])
    assert (await read(reader, "fr")).popitem()[1] == addresses("de", "fr", default="de")


async def test_site_without_an_address(client: Client, editor: Editor) -> None:
    """Where a site has no address, nothing is named."""
    await editor.do("updateSite", key="docs", url=None)
    article = await editor.create("A", publish=True)
    await editor.create("B", locale="de", translationOf=article["id"], publish=True)
    assert list((await read(client, "en")).values()) == [{}]


async def test_number_of_statements_does_not_grow(client: Client) -> None:
    """The pages of any number of articles take one statement."""
    counts = []
    for number in range(1, 30):
        await client.save(save(f"a{number}", "en"), save(f"a{number}", "de"), key=f"a{number}")
        if number in {1, 29}:
            client.forget()
            counts.append(len((await client.ask(QUERY % "", l=["en"])).statements))
    assert counts[0] == counts[1]
