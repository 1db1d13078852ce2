"""Content that means harm: it is stored as it is, or refused, and does nothing in any form that it is served in."""

from __future__ import annotations

import re

import orjson
import pytest

from models.access import Role
from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from tests.client import Client

pytestmark = pytest.mark.database

SCRIPT = "</script><script>alert(1)</script>"
CREATE = (
    "mutation($i: CreateArticleInput!) { createArticle(input: $i) { article { slug title } "
    "errors { code message } } }"
)


async def test_script_in_structured_data(attacked: Client) -> None:
    """A title that ends a script element does not end the one that structured data is put into."""
    await attacked.save(ArticleDraft("en", "x", SCRIPT, questions=[QuestionDraft(SCRIPT, SCRIPT)]))
    article = (await attacked.ask('{ article(by: { slug: "x" }) { jsonLdText } }')).data["article"]
    text = article["jsonLdText"]
    assert "<" not in text
    assert SCRIPT in str(orjson.loads(text))


async def test_markup_in_feeds(attacked: Client) -> None:
    """A title with markup, or with what XML cannot have, breaks no feed."""
    await attacked.save(ArticleDraft("en", "x", f"]]>{SCRIPT}&amp;\ufffe", summary=SCRIPT))
    for path in ("/feed.atom?site=test", "/sitemap.xml?site=test"):
        response = await attacked.http.get(path)
        assert response.status_code == 200
        assert "<script" not in response.text
        assert "\ufffe" not in response.text


async def test_markup_in_fragments_of_searches(attacked: Client) -> None:
    """What is marked in a text that was found is the only markup in it."""
    await attacked.save(
        ArticleDraft(
            "en",
            "x",
            "Tides",
            sections=[SectionDraft("S", 2, body="tides `<img src=x onerror=alert(1)>` tides")],
        )
    )
    nodes = (await attacked.ask('{ search(query: "tides") { nodes { fragments } } }')).data["search"]["nodes"]
    for fragment in nodes[0]["fragments"]:
        assert set(re.findall(r"<[^>]*>?", fragment)) <= {"<mark>", "</mark>"}


@pytest.mark.parametrize(
    "slug",
    [
        "tides\u202egnp",
        "ti\u200bdes",
        "tides/../admin",
        "tides\0",
        "tides?x=1",
        "tides#x",
        "\u0442ides tides",
        "..",
        "tides\r\nSet-Cookie: x",
    ],
)
async def test_slugs_that_deceive(slug: str, attacked: Client) -> None:
    """A slug that shows itself as another one, or leads elsewhere, is refused, and nothing is stored."""
    editor = await attacked.sign_in(Role.PUBLISHER)
    before = (await editor.ask("query @view(perspective: DRAFT) { articles { totalCount } }")).data
    made = {"site": "test", "locale": "en", "slug": slug, "title": "T"}
    reply = await editor.ask(CREATE, i=made)
    assert reply.codes or reply.data["createArticle"]["errors"]
    assert (await editor.ask("query @view(perspective: DRAFT) { articles { totalCount } }")).data == before


@pytest.mark.parametrize("title", ["", " ", "\u200b\u200b", "\u202e", "T\0"])
async def test_titles_of_nothing(title: str, attacked: Client) -> None:
    """A title that shows nothing, or cannot be stored, is refused."""
    editor = await attacked.sign_in(Role.PUBLISHER)
    reply = await editor.ask(CREATE, i={"site": "test", "locale": "en", "slug": "t", "title": title})
    assert reply.codes or reply.data["createArticle"]["errors"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "java\tscript:alert(1)",
        "//evil.example\\@good.example",
    ],
)
async def test_links_that_run(address: str, attacked: Client) -> None:
    """A link that would run something is a link nowhere, in each form that it is served in."""
    body = f"[Click](<{address}>) and ![see](<{address}>)"
    await attacked.save(ArticleDraft("en", "x", "X", intro=body, sections=[SectionDraft("S", 2, body=body)]))
    query = '{ article(by: { slug: "x" }) { intro { html } links { url } images { src } sections { body { html } } } }'
    article = (await attacked.ask(query)).data["article"]
    htmls = article["intro"]["html"] + article["sections"][0]["body"]["html"]
    addresses = re.findall(r'(?:href|src)="([^"]*)"', htmls)
    addresses += [link["url"] or "" for link in article["links"]] + [
        image["src"] for image in article["images"]
    ]
    assert not [
        one for one in addresses if re.match(r"\s*(javascript|data|vbscript|java\s*script):", one, re.I)
    ]
