"""`brokenLinks` and `quiet doctor --links`: what leads to nothing that a view shows, and who is told why."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from click.testing import CliRunner

from api.cli import main
from api.settings import Settings
from models.access import Role, system_actor
from models.draft import ArticleDraft, LinkDraft, QuestionDraft, SectionDraft, SectionKind
from models.publishing import unpublish_articles
from tests.client import Client, article_id, serve
from tests.editor import Editor

QUERY = """query($first: Int, $after: String) %s {
  brokenLinks(site: "test", first: $first, after: $after) {
    totalCount nodes { article { slug } section { heading } label url reason }
    pageInfo { hasNextPage endCursor }
  }
}"""


async def find(client: Client, view: str = "") -> list[tuple[str, str, str]]:
    """Return label, address and reason of all broken links."""
    page = (await client.ask(QUERY % view, first=100)).data["brokenLinks"]
    assert page["totalCount"] == len(page["nodes"])
    return [(node["label"], node["url"], node["reason"]) for node in page["nodes"]]


def text(slug: str, *urls: str, locale: str = "en", **fields: Any) -> ArticleDraft:
    """Return an article whose text links to these addresses, by the words `l0`, `l1` and so on."""
    intro = " ".join(f"[l{number}](<{url}>)" for number, url in enumerate(urls))
    return ArticleDraft(locale, slug, slug, intro=intro, **fields)


async def test_addresses_of_the_site(client: Client) -> None:
    """Addresses of ours are looked up as a reader's browser would: in any spelling, now and formerly."""
    await client.save(text("was"), key="moved")
    await client.save(text("is", redirects=["/en/imported", "/blog/old/"]), key="moved")
    whole = (
        "/en/is",
        "/en/is?a=b#c",
        "/en/is/",
        "/EN/is",
        "https://test.example/en/is",
        "/en/was",
        "/en/imported",
    )
    others = (
        "/en/",
        "/about",
        "/images/x.png",
        "//en/nothing",
        "https://other.example/en/nothing",
        "mailto:a@b.example",
    )
    dead = ("/en/nothing", "/en/nothing#here", "https://test.example/en/gone", "/en/n%C3%BCx")
    await client.save(text("a", *whole, *others, *dead))
    start = len(whole) + len(others)
    expected = [(f"l{start + n}", url, "NOTHING_THERE") for n, url in enumerate(dead)]
    assert await find(client) == expected
    await client.save(text("nothing"))
    assert await find(client) == expected[2:]


async def test_imported_addresses(client: Client) -> None:
    """An address that something was imported with is ours: it is broken when that is not live, or names it no more."""
    old = "https://TEST.example/blog/old?page=2"
    await client.save(text("a", "/blog/old/", "/blog/draft", "http://test.example/blog/b.html", old))
    assert await find(client) == []
    await client.save(text("was", redirects=["/blog/old"]), text("b", redirects=["/blog/b.html"]))
    await client.save(text("draft", redirects=["/blog/draft"]), publish=False)
    assert await find(client) == []
    await unpublish_articles(client.database, [article_id("was")], actor=system_actor("t"))
    gone = [("l0", "/blog/old/", "NOTHING_THERE"), ("l3", old, "NOTHING_THERE")]
    assert await find(client) == gone
    await client.save(text("b"))
    assert await find(client) == [
        gone[0],
        ("l2", "http://test.example/blog/b.html", "NOTHING_THERE"),
        gone[1],
    ]
    assert await find(client, "@view(revision: 2)") == []


async def test_a_site_below_a_path(editor: Editor) -> None:
    """Where a site's address has a path, its pages are found behind it; what lies beside it is not ours."""
    await editor.do("createSite", key="test", name="T", defaultLocale="en", url="https://x.example/docs/")
    urls = [
        "/docs/en/a",
        "/docs/en/no",
        "/en/a",
        "/en/no",
        "https://X.example/docs/en/a",
        "//x.example/docs/en/no",
    ]
    urls += [
        "https://x.example/en/no",
        "https://x.example/docsen/no",
        "https://x.example:8000/docs/en/no",
        "http://[",
    ]
    intro = " ".join(f"[l{number}](<{url}>)" for number, url in enumerate(urls))
    await editor.create("A", slug="a", site="test", intro=intro, publish=True)
    assert [label for label, _, _ in await find(editor.client)] == ["l1", "l3", "l5"]


async def test_where_they_stand(client: Client) -> None:
    """Each link is told with its article and section; those in answers count, and related ones come last."""
    section = SectionDraft(
        "Here", 2, SectionKind.FAQ, "[body](/en/x)", questions=[QuestionDraft("Why?", "[answer](/en/y)")]
    )
    draft = text("a", "/en/z", sections=[section], related=[LinkDraft("named", "/en/x")])
    await client.save(draft)
    nodes = (await client.ask(QUERY % "")).data["brokenLinks"]["nodes"]
    found = [(node["label"], (node["section"] or {}).get("heading")) for node in nodes]
    assert found == [("l0", None), ("body", "Here"), ("answer", "Here"), ("named", None)]
    assert {node["article"]["slug"] for node in nodes} == {"a"}


async def test_hidden_articles(client: Client) -> None:
    """A link to an article that is not live is broken until it is; only who may preview is told that there is one."""
    secret = text("secret")
    related = [LinkDraft("by id", article_id=article_id("secret"))]
    await client.save(
        secret, text("gone"), text("a", "/en/secret", "secret.md", "/en/gone", "/en/no", related=related)
    )
    assert await find(client) == [("l3", "/en/no", "NOTHING_THERE")]
    await unpublish_articles(
        client.database, [article_id("secret"), article_id("gone")], actor=system_actor("t")
    )
    public = [
        ("l0", "/en/secret", "NOTHING_THERE"),
        ("l2", "/en/gone", "NOTHING_THERE"),
        ("l3", "/en/no", "NOTHING_THERE"),
        ("by id", None, "NOT_SHOWN"),
    ]
    assert await find(client) == public
    previewer = await client.sign_in(Role.PREVIEWER)
    assert await find(previewer) == [
        ("l0", "/en/secret", "NOT_SHOWN"),
        ("l2", "/en/gone", "NOT_SHOWN"),
        ("l3", "/en/no", "NOTHING_THERE"),
        ("by id", None, "NOT_SHOWN"),
    ]
    assert await find(previewer, "@view(perspective: DRAFT)") == [("l3", "/en/no", "NOTHING_THERE")]
    assert await find(client, "@view(revision: 1)") == [("l3", "/en/no", "NOTHING_THERE")]


async def test_an_address_that_tells_of_a_draft(client: Client) -> None:
    """A relative address, of which only a target tells that it is ours, is broken for those alone who may preview."""
    imported = ArticleDraft("en", "a", "a", related=[LinkDraft("file", "secret.md", article_id("secret"))])
    await client.save(text("secret"), publish=False)
    await client.save(imported)
    assert await find(client) == []
    previewer = await client.sign_in(Role.PREVIEWER)
    assert await find(previewer) == [("file", "secret.md", "NOT_SHOWN")]


async def test_an_address_with_another_article(client: Client) -> None:
    """A link whose article is gone is whole if another one stands at its address."""
    await client.save(text("b"), text("a", "/en/b"))
    await unpublish_articles(client.database, [article_id("b")], actor=system_actor("t"))
    await client.save(text("b"), key="other")
    assert await find(await client.sign_in(Role.PREVIEWER)) == []
    assert await find(client) == []


async def test_in_the_view_s_locales(client: Client) -> None:
    """In a view of one locale, links to what stands in others alone are broken, and only its own links count."""
    await client.save(text("b"), text("a-de", "/en/b", locale="de"), text("a", "/de/a-de"))
    assert await find(client) == []
    assert await find(client, '@view(locales: ["de"])') == [("l0", "/en/b", "NOTHING_THERE")]
    assert await find(client, '@view(locales: ["de", "en"])') == []


async def test_pages_meet_each_once(client: Client) -> None:
    """Pages show each broken link once, in as many statements however many there are, whatever comes meanwhile."""
    await client.save(*(text(f"a{n}", *(f"/en/x{n}-{m}" for m in range(5))) for n in range(5)))
    whole = [url for _, url, _ in await find(client)]
    assert len(set(whole)) == len(whole) == 25
    found: list[str] = []
    page: Any = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        reply = await client.ask(QUERY % "", first=4, after=page["pageInfo"]["endCursor"])
        assert len(reply.statements) <= 7
        page = reply.data["brokenLinks"]
        assert page["totalCount"] == 25
        found += [node["url"] for node in page["nodes"]]
        await client.save(text(f"late{len(found)}", "/en/nothing"), text(f"x{len(found) % 5}-0"))
    assert found == whole


@pytest.mark.parametrize(
    ("urls", "status", "output"),
    [
        (["/en/a"], 0, "ok      No link that is live is broken"),
        (
            ["/en/no"],
            1,
            "PROBLEM /en/a: the link 'l0' leads to /en/no, where nothing is\n        Change the link",
        ),
        (["/en/secret"], 1, "leads to /en/secret, which is not live\n        Publish what it leads to"),
    ],
)
async def test_the_doctor_prints_them(settings: Settings, urls: list[str], status: int, output: str) -> None:
    """`quiet doctor --links` prints each with what to do, and its exit status tells whether there are any."""
    async with serve(settings) as client:
        await client.save(text("secret"), text("a", *urls))
        await unpublish_articles(client.database, [article_id("secret")], actor=system_actor("t"))
    environment = {"QUIET_DATABASE": settings.database}
    result = await asyncio.to_thread(CliRunner().invoke, main, ["doctor", "--links"], env=environment)
    assert output in result.output
    assert ("PROBLEM /en/" in result.output) == bool(status)
