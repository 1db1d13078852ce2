"""Articles are served as Markdown at their addresses to those who ask for it, by the rules of GraphQL's answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import yaml

from api.settings import Settings
from models import moment
from models.access import Role
from models.draft import ArticleDraft, LinkDraft, QuestionDraft, SectionDraft, SectionKind
from tests.client import SITE, Client, serve
from tests.content import NOW, REGATTA_FROM, REGATTA_UNTIL, set_clock
from tests.editor import Editor
from tests.test_article_markdown import read
from tests.test_response_cache import START

MARKDOWN = "text/markdown"


async def test_an_article_at_its_path(writable: Client) -> None:
    """Who accepts Markdown gets the article with what is known of it, and headers that say what it is."""
    response, _ = await writable.get("/en/tides", accept=MARKDOWN)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert response.headers["content-language"] == "en"
    assert response.headers["link"] == '<https://harbour.example/en/tides>; rel="canonical"'
    assert "x-robots-tag" not in response.headers
    assert {name.strip() for name in response.headers["vary"].split(",")} >= {"Accept", "Authorization"}
    _, front, body = response.text.split("---\n", 2)
    fields = yaml.safe_load(front)
    assert (fields["title"], fields["lang"], fields["slug"]) == (
        "Why the tides come twice a day",
        "en",
        "tides",
    )
    assert fields["url"] == "https://harbour.example/en/tides"
    assert body.startswith("\n# Why the tides come twice a day\n\n")


async def test_it_is_the_article(writable: Client) -> None:
    """Importing what is served makes the articles that GraphQL shows: titles, sections and questions."""
    shown = "path locale site { key } title sections { heading level kind body { markdown } } "
    shown += "questions { question }"
    for locale in ("en", "de", "pt-BR"):
        reply = await writable.ask(
            f'query @view(locales: ["{locale}"]) {{ articles {{ nodes {{ {shown} }} }} }}'
        )
        for article in reply.data["articles"]["nodes"]:
            response, _ = await writable.get(
                f"{article['path']}?site={article['site']['key']}", accept=MARKDOWN
            )
            assert response.headers["content-language"] == article["locale"] == locale
            draft = read(response.text)
            questions = [*(q for s in draft.sections for q in s.questions), *draft.questions]
            assert draft.title == article["title"]
            assert [question.question for question in questions] == [
                q["question"] for q in article["questions"]
            ]
            assert [(s.heading, s.level, s.kind.name, s.body) for s in draft.sections] == [
                (s["heading"], s["level"], s["kind"], s["body"]["markdown"].rstrip())
                for s in article["sections"]
            ]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/markdown", 200),
        ("text/html, text/markdown;q=0.1", 200),
        ("text/markdown; variant=CommonMark; q=0.5, */*", 200),
        ("TEXT/Markdown", 200),
        ("text/markdown;q=0", 404),
        ("text/markdown;q=wrong", 404),
        ("*/*", 404),
        ("text/*", 404),
        ("text/plain", 404),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 404),
        ("", 404),
    ],
)
async def test_only_who_asks_gets_it(accept: str, status: int, client: Client) -> None:
    """Markdown is for those who name it; to all others nothing is there, as before."""
    await client.save(ArticleDraft("en", "a", "A"))
    response, _ = await client.get("/en/a", accept=accept)
    assert response.status_code == status
    missing, _ = await client.get("/en/nothing", accept=accept)
    assert missing.status_code == 404
    assert missing.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_with_md_behind_nobody_has_to_ask(client: Client) -> None:
    """An address with `.md` behind it is that of the Markdown, whatever is accepted."""
    await client.save(ArticleDraft("en", "a/b", "A"), ArticleDraft("en", "readme.md", "B"))
    at_path, _ = await client.get("/en/a/b", accept=MARKDOWN)
    for accept in ("*/*", "text/html", MARKDOWN):
        response, _ = await client.get("/en/a/b.md", accept=accept)
        assert (response.status_code, response.text) == (200, at_path.text)
    for path, accept in (("/en/readme.md.md", "*/*"), ("/en/readme.md", "*/*"), ("/en/readme.md", MARKDOWN)):
        response, _ = await client.get(path, accept=accept)
        assert (response.status_code, response.text[:22]) == (200, "---\ntitle: B\nlang: en\n")


async def test_old_addresses_lead_to_the_present_one(client: Client, editor: Editor) -> None:
    """A former slug, an imported address, another spelling: all of them lead to where the article is."""
    article = await editor.create(
        "A", slug="one", publish=True, redirectFrom=["/old/kites.html", "/docs/kites.md"]
    )
    await editor.update(article, slug="größe", publish=True)
    expected = "/en/gr%C3%B6%C3%9Fe"
    for path in ("/en/one", "/EN/one", "/en/größe/", "/old/kites.html", "/old/kites.html/"):
        response, _ = await client.get(path, accept=MARKDOWN)
        assert (response.status_code, response.headers["location"], response.content) == (301, expected, b"")
        assert "etag" not in response.headers
        assert response.headers["cache-control"] == "no-cache"
    for path in ("/en/one.md", "/docs/kites.md", "/old/kites.html.md"):
        response, _ = await client.get(path)
        assert (response.status_code, response.headers["location"]) == (301, f"{expected}.md")
    response, _ = await client.get("/en/one?site=docs&utm_source=x", accept=MARKDOWN)
    assert response.headers["location"] == f"{expected}?site=docs"
    response, _ = await client.get(response.headers["location"], accept=MARKDOWN)
    assert response.status_code == 200
    assert (await client.get("/old/kites.html"))[0].status_code == 404


async def test_no_redirect_leads_out_of_a_language(client: Client, editor: Editor) -> None:
    """At the address of a translation that was withdrawn the article is shown in another language, and says so."""
    made = await editor.create("A", slug="a", publish=True)
    german = {"locale": "de", "title": "Ä", "slug": "ae", "publish": True}
    await editor.do("createArticle", translationOf=made["id"], **german)
    await editor.do("unpublishArticles", ids=[made["id"]], locales=["de"])
    for path in ("/de/ae", "/de/ae.md"):
        response, _ = await client.get(path, accept=MARKDOWN)
        assert (response.status_code, response.headers["content-language"]) == (200, "en")


async def test_addresses_with_escapes_and_queries(client: Client, editor: Editor) -> None:
    """A query finds what was imported with it, and does not count elsewhere; an escaped mark is part of the path."""
    old = ["/index.php?id=7", "/what%3F", "/100%25"]
    await editor.create("A", slug="a", publish=True, redirectFrom=old)
    for path in ("/index.php?id=7", "/index.php?site=docs&id=7", "/what%3F?utm=1", "/100%25"):
        response, _ = await client.get(path, accept=MARKDOWN)
        assert response.status_code == 301, path
        assert response.headers["location"].partition("?")[0] == "/en/a"
    for path in ("/index.php?id=8", "/what?", "/index.php"):
        assert (await client.get(path, accept=MARKDOWN))[0].status_code == 404, path
    assert (await client.get("/en/a?id=7", accept=MARKDOWN))[0].status_code == 200


async def test_several_sites_may_use_an_address(client: Client, editor: Editor) -> None:
    """Where two sites use an address, `?site=` says which one is meant, as with feeds."""
    await editor.do("createSite", key="other", name="Other", defaultLocale="en")
    for site in ("docs", "other"):
        await editor.create(f"Of {site}", slug="a", site=site, publish=True)
    response, _ = await client.get("/en/a.md")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (
        400,
        "AMBIGUOUS_ADDRESS",
    )
    for site in ("docs", "other"):
        response, _ = await client.get(f"/en/a.md?site={site}")
        assert f"# Of {site}\n" in response.text
    assert "link" not in response.headers
    response, _ = await client.get("/en/a.md?site=nowhere")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (404, "UNKNOWN_SITE")


async def test_related_links_lead_to_what_is_shown(client: Client, editor: Editor) -> None:
    """Related links have the present addresses of articles; of one that is not live no address is told."""
    target = await editor.create("Target", slug="target", publish=True)
    hidden = await editor.create("Secret", slug="secret", publish=True)
    related = [
        {"label": "Here", "articleId": target["id"]},
        {"label": "Elsewhere", "url": "https://a.example/"},
        {"label": "Later", "articleId": hidden["id"]},
    ]
    await editor.create("A", slug="a", related=related, publish=True)
    await editor.do("unpublishArticles", ids=[hidden["id"]])
    response, _ = await client.get("/en/a.md")
    assert yaml.safe_load(response.text.split("---\n")[1])["related"] == [
        {"title": "Here", "url": "https://docs.example/en/target"},
        {"title": "Elsewhere", "url": "https://a.example/"},
        {"title": "Later"},
    ]
    assert "ecret" not in response.text


async def test_search_engines_are_told_the_same(client: Client) -> None:
    """What an author wishes for search engines, the headers of the Markdown say too."""
    await client.save(
        ArticleDraft("en", "a", "A", seo={"noindex": True, "canonical": "https://mills.example/größe"}),
    )
    response, _ = await client.get("/en/a.md")
    assert response.headers["x-robots-tag"] == "noindex"
    assert response.headers["link"] == '<https://mills.example/gr%C3%B6%C3%9Fe>; rel="canonical"'
    await client.save(ArticleDraft("en", "b", "B", seo={"robots": "no\r\nset-cookie: größe\x07"}))
    response, _ = await client.get("/en/b.md")
    assert response.status_code == 200
    assert "set-cookie" not in response.headers


async def test_only_what_is_live(client: Client, editor: Editor) -> None:
    """Drafts are not served as Markdown, also to those who may see them, nor what was withdrawn."""
    await editor.create("Secret", slug="secret")
    gone = await editor.create("Gone", slug="gone", publish=True)
    await editor.do("unpublishArticles", ids=[gone["id"]])
    changed = await editor.create("Shown", slug="shown", publish=True)
    await editor.update(changed, title="Secret change", slug="secret-change")
    for who in (client, editor.client):
        for path, status in (("secret", 404), ("gone", 404), ("secret-change", 404), ("shown", 200)):
            response, _ = await who.get(f"/en/{path}.md")
            assert response.status_code == status
            assert "ecret" not in response.text


async def test_schedules_are_kept(writable: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is scheduled is there from its moment until its end."""
    clock = set_clock(monkeypatch, NOW)
    for now, status in ((REGATTA_FROM - 1, 404), (REGATTA_FROM, 200), (REGATTA_UNTIL, 404)):
        clock.now = now
        assert (await writable.get("/en/regatta.md"))[0].status_code == status


async def test_rights_are_those_of_graphql(settings: Settings) -> None:
    """Where reading is not public a token is needed, and nobody else may keep the answer."""
    async with serve(replace(settings, public_read=False)) as client:
        await client.save(ArticleDraft("en", "a", "A"))
        for path in ("/en/a.md", "/en/nothing.md"):
            response, _ = await client.get(path)
            assert (response.status_code, response.headers["www-authenticate"][:6]) == (401, "Bearer")
        response, _ = await client.showing("quiet_wrong").get("/en/a.md")
        assert (response.status_code, response.headers["cache-control"]) == (401, "private, no-store")
        reader = await client.sign_in(Role.READER)
        response, _ = await reader.get("/en/a.md")
        assert (response.status_code, response.headers["cache-control"]) == (200, "private, no-store")
        assert (await client.get("/en/a"))[0].status_code == 404


async def test_a_token_shows_its_own_scope(client: Client, editor: Editor) -> None:
    """A token limited to a locale or a site finds nothing of others, whatever was kept for somebody else."""
    article = await editor.create("One", slug="one", publish=True)
    await editor.create("Eins", slug="eins", locale="de", translationOf=article["id"], publish=True)
    await editor.do("createSite", key="other", name="Other", defaultLocale="en")
    german = await client.sign_in(Role.READER, locales=["de"])
    stranger = await client.sign_in(Role.ADMINISTRATOR, sites=["other"])
    for who, path, status in (
        *((client, path, 200) for path in ("/de/eins.md", "/en/one.md")),
        *((german, path, status) for path, status in (("/de/eins.md", 200), ("/en/one.md", 404))),
        *((stranger, path, 404) for path in ("/de/eins.md", "/en/one.md", "/en/one.md?site=docs")),
    ):
        assert (await who.get(path))[0].status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
async def test_only_read(method: str, client: Client) -> None:
    """It is served to GET and HEAD; to other methods nothing is there, as before."""
    await client.save(ArticleDraft("en", "a", "A"))
    response = await client.http.request(method, "/en/a.md", headers={"accept": MARKDOWN})
    assert response.status_code == 404
    response = await client.http.head("/en/a", headers={"accept": MARKDOWN})
    assert (response.status_code, response.headers["content-language"]) == (200, "en")


@pytest.mark.parametrize("path", ["/en/%00.md", "/.md", "/en/%ff.md", "/en/../a.md", f"/en/{'x' * 3000}.md"])
async def test_odd_paths_find_nothing(path: str, client: Client) -> None:
    """A path that no article can have is answered as one that none has."""
    await client.save(ArticleDraft("en", "a", "A"))
    response, _ = await client.get(path)
    assert response.status_code in {400, 404}
    assert response.json()["errors"]


@pytest.fixture
async def keeping(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    """A client of a service that keeps answers and lets others keep them."""
    monkeypatch.setattr(moment, "now", lambda: START)
    async with serve(replace(settings, response_cache_bytes=1_000_000, shared_cache_seconds=600)) as client:
        await client.save(ArticleDraft("en", "a", "A"), ArticleDraft("en", "b", "B"))
        yield client


async def test_kept_until_it_changes(keeping: Client) -> None:
    """The second time nothing is read; who has it gets 304; changes of other articles leave it, its own do not."""
    first, _ = await keeping.get("/en/a", accept=MARKDOWN)
    second, statements = await keeping.get("/en/a", accept=MARKDOWN)
    assert (first.content, statements) == (second.content, [])
    assert first.headers["cache-control"].startswith("public, max-age=0, s-maxage=600")
    assert "all" in first.headers["surrogate-key"].split()
    assert "any" not in first.headers["surrogate-key"].split()
    tag = first.headers["etag"]
    same, _ = await keeping.get("/en/a", accept=MARKDOWN, if_none_match=tag)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    for name in ("cache-control", "vary", "link", "content-language"):
        assert same.headers[name] == first.headers[name]
    await keeping.save(ArticleDraft("en", "b", "Another"))
    same, statements = await keeping.get("/en/a", accept=MARKDOWN, if_none_match=tag)
    assert (same.status_code, [s for s in statements if "body_markdown" in s]) == (304, [])
    await keeping.save(ArticleDraft("en", "a", "Changed"))
    new, _ = await keeping.get("/en/a", accept=MARKDOWN, if_none_match=tag)
    assert (new.status_code, new.headers["etag"] != tag) == (200, True)
    assert "# Changed" in new.text


async def test_a_way_is_kept_as_long_as_it_leads_there(keeping: Client) -> None:
    """A redirect is kept like an answer, and is another one once the article has moved again."""
    article = ArticleDraft("en", "c", "C")
    await keeping.save(article, key="c")
    assert (await keeping.get("/en/c.md"))[0].status_code == 200
    for slug in ("d", "e"):
        await keeping.save(replace(article, slug=slug), key="c")
        for _ in range(2):
            response, _ = await keeping.get("/en/c.md")
            assert (response.status_code, response.headers["location"]) == (301, f"/en/{slug}.md")
            assert "s-maxage=600" in response.headers["cache-control"]
    await keeping.save(article, key="c")
    assert (await keeping.get("/en/c.md"))[0].status_code == 200


async def test_statements_do_not_grow(client: Client) -> None:
    """A long article with many related links takes as many statements as a short one."""
    counts = []
    for size in (1, 30):
        sections = [
            SectionDraft(f"S{n}", 2, SectionKind.FAQ, "Text.", questions=[QuestionDraft("Why?", "So.")])
            for n in range(size)
        ]
        await client.save(*(ArticleDraft("en", f"r{n}", f"R{n}") for n in range(size)))
        related = [LinkDraft(f"R{n}", f"{SITE.url}/en/r{n}") for n in range(size)]
        await client.save(ArticleDraft("en", "a", "A", sections=sections, related=related))
        client.forget()
        response, statements = await client.get("/en/a.md")
        assert response.status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10
