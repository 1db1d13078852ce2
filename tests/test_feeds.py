"""Feeds keep the rules of Atom (RFC 4287) and JSON Feed 1.1, and have what is live, to those who may read it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from api.feeds.endpoint import DOCUMENTS
from api.feeds.feed import NEWEST
from api.feeds.xml import add, write_document
from api.settings import Settings
from models import moment
from models.access import Role
from models.draft import ArticleDraft, LinkDraft, QuestionDraft, SectionDraft, SectionKind
from models.rendering.sanitising import MANY_AMPERSANDS, make_absolute
from tests.client import SITE, Client, serve
from tests.editor import Editor
from tests.test_response_cache import START
from tests.test_structured_data import is_absolute

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ONE = {"id", "title", "updated", "content"}
PATHS = sorted(DOCUMENTS)


def text_of(element: Element, name: str) -> str:
    """Return the text of the only element of a name in another one."""
    (found,) = element.findall(ATOM + name)
    return found.text or ""


def check_atom(content: bytes) -> Element:
    """Assert the rules of Atom (RFC 4287, sections 4.1.1 and 4.1.2), and return the feed."""
    feed = fromstring(content)
    assert feed.tag == ATOM + "feed"
    assert feed.attrib[LANG]
    entries = feed.findall(ATOM + "entry")
    for holder in (feed, *entries):
        assert text_of(holder, "id").startswith("urn:uuid:")
        assert text_of(holder, "title")
        assert datetime.fromisoformat(text_of(holder, "updated")).tzinfo is not None
        links = holder.findall(ATOM + "link")
        assert all(is_absolute(link.attrib["href"]) for link in links)
        assert len({link.attrib["rel"] for link in links}) == len(links)
        assert all(text_of(author, "name") for author in holder.findall(ATOM + "author"))
    assert feed.findall(ATOM + "author")
    ids = [text_of(entry, "id") for entry in entries]
    assert len({*ids, text_of(feed, "id")}) == len(ids) + 1
    for entry in entries:
        (content_element,) = entry.findall(ATOM + "content")
        assert content_element.attrib == {"type": "html"}
        assert len(entry.findall(ATOM + "published")) == 1
        assert all(category.attrib["term"] for category in entry.findall(ATOM + "category"))
    updated = [text_of(entry, "updated") for entry in entries]
    assert not updated or text_of(feed, "updated") == max(updated)
    return feed


FEED_KEYS = {"version", "title", "home_page_url", "feed_url", "language", "items"}
ITEM_KEYS = {
    *("id", "url", "title", "content_html", "summary", "image", "date_published", "date_modified"),
    *("authors", "tags", "language"),
}


def check_json_feed(feed: dict[str, Any]) -> dict[str, Any]:
    """Assert the rules of JSON Feed 1.1, and return the feed."""
    assert {"version", "title", "items"} <= set(feed) <= FEED_KEYS
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    for item in feed["items"]:
        assert {"id", "content_html"} <= set(item) <= ITEM_KEYS
        assert all(isinstance(value, str) for name, value in item.items() if name not in {"authors", "tags"})
        assert all(author["name"] for author in item.get("authors", [{"name": "x"}]))
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
        for name in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[name]).tzinfo is not None
    located = [feed, *feed["items"]]
    addresses = [
        one[key] for one in located for key in ("url", "image", "home_page_url", "feed_url") if key in one
    ]
    assert all(map(is_absolute, addresses))
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed


async def read_feeds(client: Client, query: str = "") -> tuple[Element, dict[str, Any]]:
    """Return the feeds of both kinds, which must have the same articles in the same order."""
    atom, _ = await client.get(f"/feed.atom{query}")
    assert (atom.status_code, atom.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    json, _ = await client.get(f"/feed.json{query}")
    assert (json.status_code, json.headers["content-type"]) == (200, "application/feed+json")
    feed, told = check_atom(atom.content), check_json_feed(json.json())
    assert text_of(feed, "title") == told["title"]
    entries = [
        (text_of(e, "id"), text_of(e, "title"), text_of(e, "content")) for e in feed.iter(ATOM + "entry")
    ]
    assert entries == [(item["id"], item["title"], item["content_html"]) for item in told["items"]]
    return feed, told


async def titles(client: Client, query: str) -> list[str]:
    """Return the titles of a feed."""
    _, told = await read_feeds(client, query)
    return [item["title"] for item in told["items"]]


async def test_has_what_is_live(writable: Client) -> None:
    """A feed has what is live of a site in its own locale or another, perhaps of one tag, the newest first."""
    moon, tides, sailing = (
        "The moon, our neighbour",
        "Why the tides come twice a day",
        "Sailing with the stream",
    )
    shown = await titles(writable, "?site=harbour")
    assert (sorted(shown[:2]), shown[2:]) == ([moon, tides], [sailing])
    assert await titles(writable, "?site=harbour&tag=boats") == [sailing]
    assert await titles(writable, "?site=harbour&tag=unknown") == []
    assert await titles(writable, "?site=harbour&locale=pt-br&tag=sea") != []
    assert sorted(await titles(writable, "?site=harbour&locale=de")) == [
        "Der Mond",
        "Ärmelkanal und Gezeiten",
    ]
    assert await titles(writable, "?site=kitchen") == ["Brot backen"]


async def test_says_who_it_is(writable: Client) -> None:
    """A feed names its site, its tag and its own address, and is another feed for each of them."""
    atom, json = await read_feeds(writable, "?site=harbour&tag=boats")
    assert json["title"] == "The Harbour: Boats"
    assert json["home_page_url"] == "https://harbour.example/"
    assert json["feed_url"] == "https://harbour.example/feed.json?site=harbour&tag=boats&locale=en"
    links = {link.attrib["rel"]: link.attrib["href"] for link in atom.findall(ATOM + "link")}
    assert links == {
        "alternate": "https://harbour.example/",
        "self": "https://harbour.example/feed.atom?site=harbour&tag=boats&locale=en",
    }
    others = [
        (await read_feeds(writable, f"?site={query}"))[0]
        for query in ("harbour", "harbour&locale=de", "kitchen")
    ]
    assert len({text_of(feed, "id") for feed in (atom, *others)}) == 4


async def test_without_an_address_there_are_no_links(writable: Client) -> None:
    """A site whose address is not known has feeds all the same, without addresses."""
    atom, json = await read_feeds(writable, "?site=kitchen")
    assert list(atom.iter(ATOM + "link")) == []
    assert not {"home_page_url", "feed_url"} & set(json)
    assert "url" not in json["items"][0]


async def test_content_is_whole(client: Client) -> None:
    """An entry has all of its article as HTML, whose addresses lead where they lead on the article's page."""
    draft = ArticleDraft(
        "en",
        "whole",
        "A <b> & more",
        intro="See [b](/en/b), [c](c#d) and ![e](e.jpg).",
        sections=[
            SectionDraft("Heading & <x>", 2, SectionKind.PROSE, "Words.", pros=["Good & <y>"], cons=["Bad"]),
            SectionDraft("Asked", 3, SectionKind.FAQ, questions=[QuestionDraft("Why?", "So.")]),
        ],
        questions=[QuestionDraft("And?", '`<a href="/x">`')],
        related=[LinkDraft("Elsewhere", "https://a.example/")],
    )
    await client.save(draft)
    _, told = await read_feeds(client)
    html = re.sub(r'(?: id="[^"]*"| rel="[^"]*"| loading="[^"]*")', "", told["items"][0]["content_html"])
    at = f"{SITE.url}/en"
    assert f'<a href="{at}/b">b</a>, <a href="{at}/c#d">c</a> and <img src="{at}/e.jpg"' in html
    assert "<h2>Heading &amp; &lt;x&gt;</h2>\n<p>Words.</p>" in html
    assert "<ul><li>+ Good &amp; &lt;y&gt;</li><li>\u2212 Bad</li></ul>" in html
    assert "<h3>Asked</h3>\n<h4>Why?</h4>\n<p>So.</p>" in html
    assert '<h2>And?</h2>\n<p><code>&lt;a href="/x"&gt;</code></p>' in html


def test_addresses_that_cannot_be_resolved_are_left_out() -> None:
    """An address that is none has no place in a feed, and many ampersands take no time."""
    assert (
        make_absolute('<a href="http://[">x</a>', "https://a.example/")
        == '<a rel="noopener noreferrer">x</a>'
    )
    assert make_absolute("&amp;" * (MANY_AMPERSANDS + 1), "https://a.example/") == "&amp;" * (
        MANY_AMPERSANDS + 1
    )


def test_xml_has_no_forbidden_characters() -> None:
    """What XML cannot hold is left out of texts and attributes."""
    root = Element("a")
    add(root, "b", "x\x00\x0b\ufffe\ud800y", c='\x1f<&"')
    (found,) = fromstring(write_document(root))
    assert (found.text, found.attrib) == ("xy", {"c": '<&"'})


async def test_only_the_newest(client: Client) -> None:
    """A feed has the newest articles, and as many statements are read for many as for few."""
    counts = []
    for start, end in ((0, 3), (3, NEWEST + 5)):
        drafts = [
            ArticleDraft(
                "en",
                f"a{n}",
                f"A{n}",
                published_at=n * 1000,
                sections=[SectionDraft("S", 2, SectionKind.FAQ, questions=[QuestionDraft("Q?", "A.")])],
            )
            for n in range(start, end)
        ]
        await client.save(*drafts)
        expected = [f"A{n}" for n in reversed(range(end))][:NEWEST]
        assert await titles(client, "") == expected
        client.forget()
        _, statements = await client.get("/feed.atom")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


async def test_an_item_stays_the_same_one(client: Client, editor: Editor) -> None:
    """Entries keep their ids when articles change or move, and translations are entries of their own."""
    article = await editor.create("One", slug="one", publish=True)
    _, before = await read_feeds(client)
    await editor.update(article, title="Two", slug="two", publish=True)
    await editor.create("Zwei", locale="de", translationOf=article["id"], publish=True)
    _, after = await read_feeds(client)
    _, german = await read_feeds(client, "?locale=de")
    assert before["items"][0]["id"] == after["items"][0]["id"] != german["items"][0]["id"]
    assert after["items"][0]["url"] == "https://docs.example/en/two"


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 400, "name one of them by ?site=: harbour, kitchen"),
        ("?site=nowhere", 404, "no site with the key 'nowhere'"),
        ("?site=harbour&locale=fr", 404, "has the locales"),
        ("?site=harbour&locale=%00", 404, "has the locales"),
        ("?site=harbour&tag=%00", 400, ""),
        ("?site=harbour&color=red", 400, "no parameter 'color'; there are locale, site, tag"),
        ("?site=harbour&site=kitchen", 400, "Give site once."),
    ],
)
async def test_wrong_parameters_are_told(query: str, status: int, words: str, writable: Client) -> None:
    """What is asked for wrongly is answered with what is wrong."""
    for path in ("/feed.atom", "/feed.json"):
        response, _ = await writable.get(path + query)
        assert response.status_code == status
        assert words in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("path", PATHS)
async def test_only_read(path: str, client: Client) -> None:
    """They are served to GET and HEAD."""
    await client.save(ArticleDraft("en", "a", "A"))
    response = await client.http.post(path)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
    assert (await client.http.head(path)).status_code == 200


@pytest.mark.parametrize("path", PATHS)
async def test_rights_are_those_of_graphql(path: str, settings: Settings) -> None:
    """Where reading is not public a token is needed, a wrong one is refused, and nobody else may keep the answer."""
    async with serve(replace(settings, public_read=False)) as client:
        await client.save(ArticleDraft("en", "a", "A"))
        response, _ = await client.get(path)
        assert (response.status_code, response.headers["www-authenticate"][:6]) == (401, "Bearer")
        response, _ = await client.showing("quiet_wrong").get(path)
        assert (response.status_code, response.headers["cache-control"]) == (401, "private, no-store")
        response, _ = await (await client.sign_in(Role.READER)).get(path)
        assert (response.status_code, response.headers["cache-control"]) == (200, "private, no-store")
        assert "Authorization" in response.headers["vary"]


async def test_a_token_shows_its_own_scope(client: Client, editor: Editor) -> None:
    """A token limited to a locale or a site shows nothing of others, whatever was kept for somebody else."""
    article = await editor.create("One", slug="one", publish=True)
    await editor.create("Eins", slug="eins", locale="de", translationOf=article["id"], publish=True)
    await editor.do("createSite", key="other", name="Other", defaultLocale="en", url="https://other.example")
    german = await client.sign_in(Role.READER, locales=["de"])
    response, _ = await german.get("/sitemap.xml?site=docs")
    assert "/de/eins" in response.text
    assert "/en/one" not in response.text
    assert await titles(german, "?site=docs&locale=en") == []
    stranger = await client.sign_in(Role.ADMINISTRATOR, sites=["other"])
    for path in ("/sitemap.xml", "/robots.txt", "/feed.atom"):
        response, _ = await stranger.get(path)
        assert response.status_code == 200
        assert "docs" not in response.text
        response, _ = await stranger.get(f"{path}?site=docs")
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (
            404,
            "UNKNOWN_SITE",
        )


async def test_drafts_never_appear(client: Client, editor: Editor) -> None:
    """What is not live is in no document, also for those who may see drafts."""
    await editor.create("Secret draft", slug="secret")
    gone = await editor.create("Secret gone", slug="secret-gone", publish=True)
    await editor.do("unpublishArticles", ids=[gone["id"]])
    changed = await editor.create("Shown", slug="shown", publish=True)
    await editor.update(changed, title="Secret change", slug="secret-change")
    for who in (client, editor.client):
        for path in PATHS:
            response, _ = await who.get(path)
            assert response.status_code == 200
            assert "ecret" not in response.text


@pytest.fixture
async def keeping(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Client, list[int]]]:
    """A client of a service that keeps answers and lets others keep them, and its clock."""
    now = [START]
    monkeypatch.setattr(moment, "now", lambda: now[0])
    async with serve(replace(settings, response_cache_bytes=1_000_000, shared_cache_seconds=600)) as client:
        await client.save(ArticleDraft("en", "a", "A"))
        yield client, now


@pytest.mark.parametrize("path", PATHS)
async def test_kept_until_something_changes(path: str, keeping: tuple[Client, list[int]]) -> None:
    """The second time nothing is read; who has it already gets 304; after a change it is new."""
    client, _ = keeping
    first, _ = await client.get(path)
    second, statements = await client.get(path)
    assert (first.content, statements) == (second.content, [])
    assert first.headers["cache-control"].startswith("public, max-age=0, s-maxage=600")
    assert "all" in first.headers["surrogate-key"].split()
    same, _ = await client.get(path, if_none_match=first.headers["etag"])
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    assert same.headers["cache-control"] == first.headers["cache-control"]
    await client.save(ArticleDraft("en", "b", "B"))
    new, _ = await client.get(path, if_none_match=first.headers["etag"])
    assert new.status_code == (304 if path == "/robots.txt" else 200)
    assert new.content != first.content


async def test_nobody_keeps_it_beyond_a_schedule(keeping: tuple[Client, list[int]]) -> None:
    """Others may keep a document no longer than until something begins or ends."""
    client, now = keeping
    editor = Editor(await client.sign_in(Role.ADMINISTRATOR))
    article = await editor.create("Later", slug="later", site=SITE.key)
    await editor.do("publishArticles", ids=[article["id"]], **{"from": moment.to_text(now[0] + 30_000)})
    for path in ("/feed.atom", "/sitemap.xml"):
        response, _ = await client.get(path)
        assert "later" not in response.text
        assert "s-maxage=30" in response.headers["cache-control"]
    now[0] += 30_000
    for path in ("/feed.atom", "/sitemap.xml"):
        response, _ = await client.get(path)
        assert "/en/later" in response.text
        assert "s-maxage=600" in response.headers["cache-control"]


async def test_without_shared_caches_others_ask_each_time(client: Client) -> None:
    """By default others may store a document and must ask whether it still is the same."""
    await client.save(ArticleDraft("en", "a", "A"))
    response, _ = await client.get("/feed.json")
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["etag"].startswith('W/"')
