"""Structured data and page heads: they keep the rules of schema.org and of search engines, and what authors wrote."""

from __future__ import annotations

import html.parser
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.importing.seo_fields import split_seo
from models.addresses import article_url, resolve_url, write_uri
from models.composition import compose
from models.draft import ArticleDraft, ImageDraft, QuestionDraft
from models.page import LONGEST_DESCRIPTION, ArticlePage, shorten
from models.stored import StoredQuestion, StoredSite
from schema.json_ld import describe_page, write_script
from tests.client import Client
from tests.editor import Editor
from tests.test_article_markdown import DRAFTS, store

ASKED = "path locale title authors tags { name } questions { question answer { text } } jsonLd jsonLdText"
SEO = "seo { title description canonical robots openGraph { title description url image locale } }"
BREAKING = "</script><script>alert('&amp;')</script><!-- \u2028 ]]>"

REQUIRED = {
    "Article": {"headline"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "FAQPage": {"mainEntity"},
    "Question": {"name", "acceptedAnswer"},
    "Answer": {"text"},
    "Person": {"name"},
    "Organization": {"name"},
    "WebPage": {"@id"},
}
"""What search engines require of each type (developers.google.com/search/docs/appearance/structured-data)."""

RECOMMENDED = {"author", "dateModified", "datePublished", "headline", "image"}
"""What they recommend of an Article."""

ALLOWED = {
    "Article": REQUIRED["Article"]
    | RECOMMENDED
    | {"@id", "description", "publisher", "inLanguage", "keywords", "wordCount", "url", "mainEntityOfPage"},
    "BreadcrumbList": REQUIRED["BreadcrumbList"],
    "ListItem": REQUIRED["ListItem"] | {"item"},
    "FAQPage": REQUIRED["FAQPage"] | {"inLanguage"},
    "Question": REQUIRED["Question"] | {"url"},
    "Answer": REQUIRED["Answer"],
    "Person": REQUIRED["Person"],
    "Organization": REQUIRED["Organization"] | {"url"},
    "WebPage": REQUIRED["WebPage"],
}
"""The properties of each type that schema.org knows and that are used here."""

ADDRESSES = {"@id", "url", "item"}
DATES = {"datePublished", "dateModified"}


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every node of a graph."""
    if isinstance(value, dict):
        if "@graph" not in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def check_graph(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Assert the rules of structured data, and return the nodes of a graph by their type."""
    assert set(data) == {"@context", "@graph"}
    assert data["@context"] == "https://schema.org"
    for node in walk(data):
        kind = node["@type"]
        assert REQUIRED[kind] <= set(node) <= ALLOWED[kind] | {"@type"}
        assert all(value not in (None, "", []) for value in node.values())
        for name, value in node.items():
            if name in ADDRESSES:
                assert is_absolute(value), (name, value)
            if name in DATES:
                assert datetime.fromisoformat(value).tzinfo is not None
            if name == "image":
                assert all(map(is_absolute, value))
        if kind == "BreadcrumbList":
            items = node["itemListElement"]
            assert [item["position"] for item in items] == list(range(1, len(items) + 1))
            assert len(items) >= 2
            assert all("item" in item for item in items[:-1])
        if kind == "Article" and set(node) >= DATES:
            assert moment_of(node["datePublished"]) <= moment_of(node["dateModified"])
    nodes = {node["@type"]: node for node in data["@graph"]}
    assert len(nodes) == len(data["@graph"])
    return nodes


def check_rules(nodes: dict[str, dict[str, Any]], page: ArticlePage, questions: list[StoredQuestion]) -> None:
    """Assert what search engines publish as rules beyond the single property."""
    about = nodes["Article"]
    # The author's name alone, each author by itself; the language as a tag; an image is of the web.
    assert all(set(author) == {"@type", "name"} for author in about.get("author", []))
    assert about["inLanguage"] == page.article.locale
    # One FAQPage a page, each question once and with one answer, all of which the page shows.
    asked = [(q["name"], q["acceptedAnswer"]["text"]) for q in nodes.get("FAQPage", {}).get("mainEntity", [])]
    shown = [(q.question, q.answer_text) for q in questions]
    assert asked == [(name, text) for name, text in shown if name.strip() and text.strip()]
    # Steps lead to different pages, the last one to this one.
    steps = [item["item"] for item in nodes.get("BreadcrumbList", {}).get("itemListElement", [])]
    assert len(set(steps)) == len(steps)
    assert not steps or steps[-1] == page.url


def moment_of(text: str) -> datetime:
    """Return the moment that a text names."""
    return datetime.fromisoformat(text)


def is_absolute(address: str) -> bool:
    """Tell whether an address is an absolute URI of the web (RFC 3986: ASCII, and nothing that must be escaped)."""
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(
        parts.netloc and re.fullmatch(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", address)
    )


async def read(client: Client, draft: ArticleDraft, fields: str = ASKED) -> Any:
    """Publish a draft, and return fields of it."""
    await client.save(draft)
    slug = draft.slug
    return (
        await client.ask(f"query($s: String) {{ article(by: {{slug: $s}}) {{ {fields} }} }}", s=slug)
    ).data["article"]


async def test_graphs_are_valid(writable: Client) -> None:
    """Whatever there is of an article, its graph keeps the rules, and says of it what it is."""
    reply = await writable.ask(f"{{ articles {{ nodes {{ {ASKED} site {{ name url }} }} }} }}")
    seen: set[str] = set()
    for article in reply.data["articles"]["nodes"]:
        nodes = check_graph(article["jsonLd"])
        seen |= set(nodes)
        about = nodes["Article"]
        assert (about["headline"], about["inLanguage"]) == (article["title"], article["locale"])
        assert [author["name"] for author in about.get("author", [])] == article["authors"]
        assert ("BreadcrumbList" in nodes) == bool(article["site"]["url"])
        asked = nodes.get("FAQPage", {"mainEntity": []})["mainEntity"]
        assert [(q["name"], q["acceptedAnswer"]["text"]) for q in asked] == [
            (q["question"], q["answer"]["text"]) for q in article["questions"]
        ]
    assert seen == {"Article", "BreadcrumbList", "FAQPage"}


async def test_what_is_recommended_is_there(writable: Client) -> None:
    """An article with a cover and authors on a site with an address has all that search engines recommend."""
    reply = await writable.ask('{ article(by: {path: "/en/tides"}) { jsonLd } }')
    nodes = check_graph(reply.data["article"]["jsonLd"])
    assert set(nodes["Article"]) >= RECOMMENDED
    assert nodes["Article"]["image"][0] == "https://harbour.example/cover.jpg"
    assert nodes["Article"]["mainEntityOfPage"] == {
        "@type": "WebPage",
        "@id": "https://harbour.example/en/tides",
    }
    way = [(step["name"], step["item"]) for step in nodes["BreadcrumbList"]["itemListElement"]]
    assert way == [
        ("The Harbour", "https://harbour.example/"),
        ("Why the tides come twice a day", "https://harbour.example/en/tides"),
    ]


async def test_without_an_address_nothing_is_relative(writable: Client) -> None:
    """On a site without an address there are no addresses, and no canonical one, instead of relative ones."""
    reply = await writable.ask(
        f'{{ article(by: {{slug: "brot"}}) {{ site {{ url }} jsonLd {SEO} }} }}',
    )
    article = reply.data["article"]
    assert article["site"]["url"] is None
    nodes = check_graph(article["jsonLd"])
    assert set(nodes) == {"Article", "FAQPage"}
    assert not {"url", "@id", "mainEntityOfPage"} & set(nodes["Article"])
    assert article["seo"]["canonical"] is None
    assert article["seo"]["openGraph"]["url"] is None


class Scripts(html.parser.HTMLParser):
    """Collects the texts of script elements as browsers find them, and all else that there is."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.others: list[str] = []

    def handle_data(self, data: str) -> None:
        """Take a text."""
        (self.texts if self.lasttag == "script" else self.others).append(data)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Take a tag."""
        if tag != "script":
            self.others.append(tag)


async def test_text_cannot_leave_its_script(client: Client) -> None:
    """The text form stands in a script element whatever an article says, and means the same as the JSON."""
    draft = ArticleDraft(
        "en",
        "breaking",
        BREAKING,
        summary=BREAKING,
        authors=[BREAKING],
        tags=[BREAKING],
        questions=[QuestionDraft(BREAKING, f"`{BREAKING}`")],
    )
    article = await read(client, draft)
    text = article["jsonLdText"]
    assert not set("<>&\u2028\u2029") & set(text)
    assert orjson.loads(text) == article["jsonLd"]
    page = Scripts()
    page.feed(f'<script type="application/ld+json">{text}</script>')
    assert (page.texts, page.others) == ([text], [])
    check_graph(article["jsonLd"])


async def test_answers_are_plain_text(client: Client) -> None:
    """Answers are HTML without markup, and a question without an answer in words is left out."""
    draft = ArticleDraft(
        "en",
        "asked",
        "Asked",
        questions=[
            QuestionDraft("Why?", "Because **two** [links](https://a.example)."),
            QuestionDraft("And?", "![A picture](/a.jpg)"),
            QuestionDraft("Which is the element?", "It is `<em>`, not `&lt;`."),
        ],
    )
    first, second = check_graph((await read(client, draft))["jsonLd"])["FAQPage"]["mainEntity"]
    assert first["acceptedAnswer"]["text"] == "Because two links."
    assert second["acceptedAnswer"]["text"] == "It is &lt;em&gt;, not &amp;lt;."


@pytest.mark.parametrize(
    ("summary", "kept", "description"),
    [
        (" \n\t ", None, "The moon pulls."),
        ("", None, "The moon pulls."),
        ("\u200b", None, "The moon pulls."),
        ("  Why the\n\nsea   rises. ", "  Why the\n\nsea   rises. ", "Why the sea rises."),
    ],
)
async def test_descriptions_are_one_line(
    client: Client, editor: Editor, summary: str, kept: str | None, description: str
) -> None:
    """A summary that shows nothing is none; of another one the description is a single line everywhere."""
    await editor.do("updateSite", key="docs", url="https://docs.example")
    await editor.create("A", slug="a", summary=summary, intro="The moon **pulls**.", publish=True)
    reply = await client.ask(
        '{ article(by: {slug: "a"}) { summary jsonLd seo { description openGraph { description } } } }'
    )
    article = reply.data["article"]
    assert article["summary"] == kept
    assert article["seo"] == {"description": description, "openGraph": {"description": description}}
    assert check_graph(article["jsonLd"])["Article"]["description"] == description
    feed, _ = await client.get("/feed.json")
    [item] = feed.json()["items"]
    assert item.get("summary") == kept
    assert ("summary" in item) is (kept is not None)


async def test_authors_come_first(client: Client) -> None:
    """What an author wrote for search engines goes before what would be derived, in whatever spaces."""
    wishes: dict[str, object] = {
        "title": " Short \n title ",
        "description": "In the author's words.",
        "canonical": "/elsewhere",
        "robots": "noindex, follow",
        "image": "share.png",
    }
    draft = ArticleDraft(
        "en", "wished", "A long title", summary="Summary", images=[ImageDraft("/own.jpg")], seo=wishes
    )
    article = await read(client, draft, f"{SEO} jsonLd")
    assert article["seo"] == {
        "title": "Short title",
        "description": "In the author's words.",
        "canonical": "https://test.example/elsewhere",
        "robots": "noindex, follow",
        "openGraph": {
            "title": "Short title",
            "description": "In the author's words.",
            "url": "https://test.example/elsewhere",
            "image": "https://test.example/en/share.png",
            "locale": "en",
        },
    }
    about = check_graph(article["jsonLd"])["Article"]
    assert about["url"] == "https://test.example/elsewhere"
    assert about["headline"] == "A long title"
    assert about["image"] == ["https://test.example/en/share.png", "https://test.example/own.jpg"]


@pytest.mark.parametrize(
    "seo",
    [
        {},
        {"title": 7, "description": [], "canonical": {}, "robots": None, "noindex": "no", "image": True},
        {"title": " ", "canonical": "javascript:alert(1)", "image": "data:image/png;base64,AA"},
        {"canonical": "http://[", "image": "http://["},
    ],
)
async def test_derived_where_authors_say_nothing(client: Client, seo: dict[str, object]) -> None:
    """Without wishes, or with some that make no sense, all of it follows from the article."""
    draft = ArticleDraft("pt-BR", "mares/vivas", "Marés vivas", intro="A lua **puxa**.", seo=seo)
    shown = (await read(client, draft, SEO))["seo"]
    assert shown == {
        "title": "Marés vivas",
        "description": "A lua puxa.",
        "canonical": "https://test.example/pt-BR/mares/vivas",
        "robots": "index, follow",
        "openGraph": {
            "title": "Marés vivas",
            "description": "A lua puxa.",
            "url": "https://test.example/pt-BR/mares/vivas",
            "image": None,
            "locale": "pt_BR",
        },
    }


async def test_noindex_is_a_wish(client: Client) -> None:
    """`noindex: true` is told to robots."""
    shown = await read(client, ArticleDraft("en", "hidden", "Hidden", seo={"noindex": True}), SEO)
    assert shown["seo"]["robots"] == "noindex"


def test_addresses_are_uris() -> None:
    """Addresses of pages are in ASCII, with what is no part of a URI escaped, under the site's own path."""
    site = StoredSite("id", "key", "Name", "https://bücher.example/läden/", "de", ("de",))
    assert (
        article_url(site, "de", "größe/a b?#%") == "https://xn--bcher-kva.example/l%C3%A4den/de/"
        "gr%C3%B6%C3%9Fe/a%20b%3F%23%25"
    )
    assert resolve_url("b c.jpg?x=1", "https://a.example/en/x") == "https://a.example/en/b%20c.jpg?x=1"
    assert resolve_url("/b.jpg", None) is None
    assert [
        write_uri(wrong) for wrong in ("ftp://a.example/", "https:///x", "//a.example", "https://a b/")
    ] == [None] * 4


def test_descriptions_are_cut_between_words() -> None:
    """A long text is cut between words where it has any, and is never longer than search engines show."""
    assert shorten("  \n ") is None
    assert shorten("One\n\ntwo.") == "One two."
    cut = shorten("word " * 100)
    assert cut is not None
    assert cut.endswith("word…")
    for text in ("word " * 100, "字" * 400, "字" * 400 + " end"):
        assert LONGEST_DESCRIPTION - 10 < len(shorten(text) or "") <= LONGEST_DESCRIPTION


def test_importing_takes_wishes() -> None:
    """Front matter says what search engines are told: by a mapping, or by fields with names in use."""
    assert split_seo({"seo": {"title": "A"}, "seo_title": "B", "noindex": True, "robots": 3, "x": 1}) == (
        {"title": "A", "noindex": True},
        {"robots": 3, "x": 1},
    )
    assert split_seo({"seo": "words", "canonical_url": "/a", "meta_description": "D"}) == (
        {"canonical": "/a", "description": "D"},
        {"seo": "words"},
    )


URL = st.sampled_from([None, "https://docs.example", "https://bücher.example/läden/", "no address"])


@given(DRAFTS, URL, st.sampled_from([{}, {"canonical": "/x"}, {"image": "i.png", "description": "D"}]))
def test_whatever_an_article_says_its_graph_is_valid(
    draft: ArticleDraft, url: str | None, seo: dict[str, object]
) -> None:
    """The graph of any article keeps all rules, and its text form is the same JSON."""
    page, _, questions = store(compose(draft, lambda _address: None))
    page = replace(page, site=replace(page.site, url=url), seo=seo)
    data = describe_page(page, questions)
    check_rules(check_graph(data), page, questions)
    text = write_script(data)
    assert orjson.loads(text) == data
    assert not {"<", ">", "&"} & set(text)
