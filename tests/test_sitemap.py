"""Sitemaps keep the rules of sitemaps.org and name what is live, all of it and nothing else; robots.txt names them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest

import models.sitemap
from models import moment
from models.access import Role
from models.draft import ArticleDraft
from tests.client import SITE, Client
from tests.content import DAY, NOW, REGATTA_FROM, REGATTA_UNTIL, Clock, set_clock
from tests.editor import Editor
from tests.test_structured_data import is_absolute

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
MOST_ADDRESSES = 50_000
SHORTEST_ADDRESS = 12
W3C_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?")
MOST_BYTES = 50 * 1024 * 1024
HREFLANG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?|x-default")
HARBOUR = "https://harbour.example"


def name_of(element: Element) -> str:
    """Return the name of an element of a sitemap, or of a link to a translation."""
    assert element.tag in {NS + "loc", NS + "lastmod", LINK}
    assert len(element) == 0
    return element.tag.rpartition("}")[2]


def text_of(element: Element, name: str) -> str:
    """Return the text of the only element of a name in another one."""
    (found,) = element.findall(NS + name)
    assert found.text
    return found.text


def check_sitemap(content: bytes) -> dict[str, dict[str, str]]:
    """Assert the rules of a sitemap; return its addresses, each with its alternates by locale."""
    assert len(content) <= MOST_BYTES
    assert content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    root = fromstring(content)
    assert root.tag == NS + "urlset"
    assert 1 <= len(root) <= MOST_ADDRESSES
    found = {}
    for entry in root:
        assert entry.tag == NS + "url"
        # The schema wants this order: what it knows first, then elements of others.
        assert re.fullmatch("loc (lastmod )?(link )*", "".join(f"{name_of(child)} " for child in entry))
        assert not entry.attrib
        address = text_of(entry, "loc")
        assert is_absolute(address)
        assert SHORTEST_ADDRESS <= len(address) < 2048
        for lastmod in entry.findall(NS + "lastmod"):
            assert W3C_MOMENT.fullmatch(lastmod.text or "")
            assert datetime.fromisoformat(lastmod.text or "").tzinfo is not None
        links = entry.findall(LINK)
        assert all(link.attrib.keys() == {"rel", "hreflang", "href"} for link in links)
        assert all(link.attrib["rel"] == "alternate" for link in links)
        found[address] = {link.attrib["hreflang"]: link.attrib["href"] for link in links}
        assert len(found[address]) == len(links)
    assert len(found) == len(root)
    check_alternates(found)
    return found


def check_alternates(found: dict[str, dict[str, str]]) -> None:
    """Assert that each address names itself, and that all that it names say the same."""
    for address, alternates in found.items():
        assert all(HREFLANG.fullmatch(locale) for locale in alternates)
        if not alternates:
            continue
        assert address in [url for locale, url in alternates.items() if locale != "x-default"]
        assert alternates["x-default"] in [url for key, url in alternates.items() if key != "x-default"]
        assert all(found[url] == alternates for url in alternates.values())


def check_index(content: bytes) -> list[str]:
    """Assert the rules of a sitemap index, and return the addresses of its sitemaps."""
    root = fromstring(content)
    assert root.tag == NS + "sitemapindex"
    assert 1 <= len(root) <= MOST_ADDRESSES
    assert {entry.tag for entry in root} == {NS + "sitemap"}
    assert all([child.tag for child in entry] == [NS + "loc"] for entry in root)
    assert content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    addresses = [text_of(entry, "loc") for entry in root]
    assert all(map(is_absolute, addresses))
    assert len(set(addresses)) == len(addresses)
    return addresses


async def read_sitemap(client: Client, path: str = "/sitemap.xml") -> dict[str, dict[str, str]]:
    """Return the addresses of a sitemap, with their alternates."""
    response, _ = await client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/xml"
    return check_sitemap(response.content)


def local(address: str) -> str:
    """Return the path and query at which the service itself has what is at an address of a site."""
    return f"/{address.rpartition('/')[2]}"


async def test_names_what_is_live(writable: Client) -> None:
    """A site's sitemap has its page and all that is live and is to be found, each with its translations."""
    found = await read_sitemap(writable, "/sitemap.xml?site=harbour")
    tides = {
        "de": f"{HARBOUR}/de/gezeiten",
        "en": f"{HARBOUR}/en/tides",
        "pt-BR": f"{HARBOUR}/pt-BR/mares",
        "x-default": f"{HARBOUR}/en/tides",
    }
    moon = {
        "de": f"{HARBOUR}/de/mond",
        "en": f"{HARBOUR}/en/moon",
        "x-default": f"{HARBOUR}/en/moon",
    }
    # Of sailing its author says that it is not to be found.
    assert found == {
        f"{HARBOUR}/": {},
        **dict.fromkeys(tides.values(), tides),
        **dict.fromkeys(moon.values(), moon),
        f"{HARBOUR}/pt-BR/neblina": {},
    }


async def test_schedules_are_kept(writable: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is scheduled is there from its moment until its end, and not before or after."""
    clock: Clock = set_clock(monkeypatch, NOW)
    for now, is_there in ((REGATTA_FROM - 1, False), (REGATTA_FROM, True), (REGATTA_UNTIL, False)):
        clock.now = now
        found = await read_sitemap(writable, "/sitemap.xml?site=harbour")
        assert (f"{HARBOUR}/en/regatta" in found) is is_there


async def test_last_change_is_never_before_publication(
    client: Client, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`lastmod` is when readers saw the page change: its publication, or a later edition."""
    clock = set_clock(monkeypatch, NOW + 1000 * DAY)
    saved = await editor.create("Saved early", slug="early")
    clock.now += DAY
    await editor.do("publishArticles", ids=[saved["id"]])
    response, _ = await client.get("/sitemap.xml")
    (lastmod,) = fromstring(response.content).iter(NS + "lastmod")
    assert lastmod.text == moment.to_text(clock.now)


async def test_several_sites_are_an_index(writable: Client) -> None:
    """Without a site's name, the index leads to the sitemaps of all sites whose address is known."""
    response, _ = await writable.get("/sitemap.xml")
    assert check_index(response.content) == [f"{HARBOUR}/sitemap.xml?site=harbour&part=1"]
    administrator = Editor(await writable.sign_in(Role.ADMINISTRATOR))
    await administrator.do("updateSite", key="kitchen", url="https://kitchen.example/de/")
    response, _ = await writable.get("/sitemap.xml")
    addresses = check_index(response.content)
    assert len(addresses) == 2
    for address in addresses:
        base = address.partition("/sitemap.xml")[0]
        found = await read_sitemap(writable, local(address))
        # A sitemap may only name what is at its own place or below.
        assert all(url.startswith(f"{base}/") for url in found)
        assert len(found) > 1


async def test_parts_are_the_whole(client: Client, editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large site has an index of parts, which are not too large and together have every address once."""
    for number in range(7):
        article = await editor.create(f"A{number}", slug=f"a{number}", publish=True)
        if number % 2:
            await editor.create(
                f"B{number}", slug=f"b{number}", locale="de", translationOf=article["id"], publish=True
            )
    whole = await read_sitemap(client)
    monkeypatch.setattr(models.sitemap, "PART_ADDRESSES", 6)
    response, _ = await client.get("/sitemap.xml?site=docs")
    parts = [await read_sitemap(client, local(address)) for address in check_index(response.content)]
    assert [len(part) <= 7 for part in parts] == [True] * 3
    assert sum(len(part) for part in parts) == len(whole) == 1 + 7 + 3
    assert {url: alternates for part in parts for url, alternates in part.items()} == whole
    for wrong, status in (("0", 404), ("4", 404), ("-1", 400), ("x", 400), ("9" * 20, 400)):
        response, _ = await client.get(f"/sitemap.xml?site=docs&part={wrong}")
        assert response.status_code == status


async def test_number_of_statements_does_not_grow(client: Client, editor: Editor) -> None:
    """A sitemap of many takes as many statements as one of few."""
    counts = []
    for start, end in ((0, 2), (2, 40)):
        await client.save(*(ArticleDraft("en", f"a{n}", f"A{n}") for n in range(start, end)))
        await client.get("/sitemap.xml?site=test")
        client.forget()
        response, statements = await client.get("/sitemap.xml?site=test")
        assert len(check_sitemap(response.content)) == end + 1
        counts.append(Counter(statements).total())
    assert counts[0] == counts[1] <= 8


async def test_wishes_are_kept(client: Client) -> None:
    """What its author does not want to be found there is in no sitemap, and no translation names it."""
    drafts = [
        ArticleDraft("en", "seen", "A", seo={"title": "T"}),
        ArticleDraft("de", "hidden", "B", seo={"robots": "NOINDEX,follow"}),
        ArticleDraft("fr", "none", "C", seo={"robots": "none"}),
        ArticleDraft("es", "copied", "D", seo={"canonical": "https://a.example/es/copied"}),
        ArticleDraft("it", "own", "E", seo={"canonical": "/it/own", "noindex": False}),
    ]
    await client.save(*drafts, key="one")
    found = await read_sitemap(client)
    assert set(found) == {f"{SITE.url}/", f"{SITE.url}/en/seen", f"{SITE.url}/it/own"}


async def test_odd_slugs_are_escaped(client: Client) -> None:
    """Whatever a slug holds, its address is a URI and the document is XML; one that is too long is left out."""
    slug = "a&b'c/größe+(1)*@:=!,;$"
    await client.save(*(ArticleDraft("en", s, "A") for s in (slug, "x" * 500, "字" * 300)))
    found = await read_sitemap(client)
    assert f"{SITE.url}/en/a&b'c/gr%C3%B6%C3%9Fe+(1)*@:=!,;$" in found
    assert len(found) == 3


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt"])
async def test_without_an_address_it_says_what_to_set(path: str, writable: Client) -> None:
    """Where a site's address is not known, the answer says so, and how to set it."""
    response, _ = await writable.get(f"{path}?site=kitchen")
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (404, "SITE_WITHOUT_URL")
    assert 'updateSite(input: {key: "kitchen", url: ' in error["message"]


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt"])
async def test_before_there_is_a_site(path: str, client: Client) -> None:
    """Without any site there is nothing to be found."""
    response, _ = await client.get(path)
    assert response.status_code == 404
    assert response.json()["errors"][0]["message"] == "There is no site yet."


async def test_robots_name_the_sitemaps(writable: Client) -> None:
    """robots.txt lets everybody read, and names a sitemap that is there."""
    response, _ = await writable.get("/robots.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    *rules, sitemap, end = response.text.split("\n")
    assert (rules, end) == (["User-agent: *", "Allow: /", ""], "")
    name, address = sitemap.split(": ")
    assert (name, parse_qs(urlsplit(address).query)) == ("Sitemap", {"site": ["harbour"]})
    assert await read_sitemap(writable, local(address))
