"""Creating and updating articles: identities, what absent and null mean, merging, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from models.access import Role
from models.addresses import WEB
from schema.node import encode_id
from tests.client import Client
from tests.editor import Editor, sign_in_editor

SECTIONS: list[dict[str, Any]] = [
    {
        "heading": "How it works",
        "body": "It *works*.",
        "questions": [{"question": "Why?", "answer": "So."}, {"question": "When?", "answer": "Now."}],
    },
    {"heading": "For and against", "kind": "PROS_AND_CONS", "pros": ["Cheap"], "cons": ["Slow"]},
    {"heading": "Detail", "level": 3},
]


async def test_create_with_everything(editor: Editor) -> None:
    """One mutation creates an article with its sections and questions, as one revision."""
    payload = await editor.do(
        "createArticle",
        locale="en",
        title="Tide mills",
        summary="Mills that the sea drives.",
        intro="Twice a *day*.",
        sections=SECTIONS,
        questions=[{"question": "Where?", "answer": "At the shore."}],
        related=[{"label": "Elsewhere", "url": "https://elsewhere.example/mills"}],
        tags=["Sea", "Mills"],
        authors=["Ada"],
        message="First version",
    )
    article = payload["article"]
    assert payload["revision"] == article["revision"] == editor.client.database.head.revision
    assert (article["slug"], article["state"], article["summary"]) == (
        "tide-mills",
        "DRAFT",
        "Mills that the sea drives.",
    )
    assert [(s["heading"], s["level"], s["kind"], s["position"]) for s in article["sections"]] == [
        ("How it works", 2, "PROSE", 1),
        ("For and against", 2, "PROS_AND_CONS", 2),
        ("Detail", 3, "PROSE", 3),
    ]
    assert article["sections"][1]["pros"] == ["Cheap"]
    assert [q["question"] for q in article["questions"]] == ["Why?", "When?", "Where?"]
    assert article["questions"][2]["section"] is None
    assert article["related"] == [
        {"label": "Elsewhere", "url": "https://elsewhere.example/mills", "article": None}
    ]


async def test_drafts_are_not_public(editor: Editor, client: Client) -> None:
    """What is created is a draft: nobody without the right sees it, on whatever path."""
    article = await editor.create("Secret plan", sections=SECTIONS, tags=["hush"])
    for query in (
        f'{{ node(id: "{article["id"]}") {{ id }} }}',
        f'{{ node(id: "{article["sections"][0]["id"]}") {{ id }} }}',
        f'{{ node(id: "{article["questions"][0]["id"]}") {{ id }} }}',
        '{ article(by: {slug: "secret-plan"}) { id } }',
        '{ article(by: {path: "/en/secret-plan"}) { id } }',
    ):
        assert list((await client.ask(query)).data.values()) == [None]
    reply = await client.ask("{ articles { totalCount } questions { totalCount } tags { slug } }")
    assert reply.data == {"articles": {"totalCount": 0}, "questions": {"totalCount": 0}, "tags": []}


async def test_slugs_come_from_titles(editor: Editor) -> None:
    """An article without a slug gets one from its title, another one where it is in use."""
    slugs = [(await editor.create(title))["slug"] for title in ("Über Öl", "Über Öl", "!!!", "日本")]
    assert slugs == ["über-öl", "über-öl-2", "article", "日本"]


async def test_absent_keeps_and_null_clears(editor: Editor) -> None:
    """What an update leaves out stays as it is; null takes it away."""
    article = await editor.create("A", summary="S", intro="I", tags=["x"], sections=SECTIONS)
    kept = await editor.update(article, title="B")
    assert {**kept, "title": "A", "revision": 0, "sections": 0, "questions": 0} == {
        **article,
        "revision": 0,
        "sections": 0,
        "questions": 0,
    }
    assert kept["sections"] == article["sections"]
    cleared = await editor.update(kept, summary=None, intro=None, tags=None, sections=None)
    assert (cleared["summary"], cleared["intro"]["markdown"], cleared["tags"]) == (None, "", [])
    assert (cleared["sections"], cleared["questions"]) == ([], [])


async def test_what_cannot_be_null(editor: Editor) -> None:
    """An article always has a title and a slug."""
    article = await editor.create("A")
    named = {"id": article["id"], "locale": "en", "ifRevision": article["revision"]}
    for field in ("title", "slug"):
        for value in (None, "", "  "):
            errors = await editor.refused("updateArticle", **named, **{field: value})
            assert errors == [("ValidationError", "INVALID_CONTENT", f"input.{field}")]


@pytest.mark.parametrize("slug", ["O\u0308l", "\u00d6l"])
async def test_slugs_are_stored_as_they_are_looked_up(editor: Editor, slug: str) -> None:
    """A slug is composed, so that the article is found in whichever form of Unicode it is written."""
    article = await editor.create("Oil", slug=slug)
    assert article["slug"] == "\u00d6l"
    query = "query($slug: String!) @view(perspective: DRAFT) { article(by: {slug: $slug}) { id } }"
    reply = await editor.client.ask(query, slug=slug)
    assert reply.data["article"] == {"id": article["id"]}


async def test_ids_keep_parts(editor: Editor) -> None:
    """Entries with ids keep their identity and what is not said of them; others are new; the rest goes."""
    article = await editor.create("A", sections=SECTIONS)
    first, second, third = article["sections"]
    why, when = first["questions"]
    updated = await editor.update(
        article,
        sections=[
            {"id": third["id"], "questions": [{"id": when["id"], "question": "When exactly?"}]},
            {"heading": "New"},
            {"id": first["id"], "heading": "How it really works", "questions": [{"id": why["id"]}]},
        ],
    )
    assert [s["id"] for s in updated["sections"]][::2] == [third["id"], first["id"]]
    assert updated["sections"][1]["id"] not in {s["id"] for s in article["sections"]}
    assert second["id"] not in {s["id"] for s in updated["sections"]}
    assert updated["sections"][2]["body"]["markdown"] == "It *works*."
    assert updated["sections"][0]["questions"] == [
        {"id": when["id"], "question": "When exactly?", "answer": {"markdown": "Now."}}
    ]
    assert updated["sections"][2]["questions"] == [why]


async def test_one_part_in_two_places(editor: Editor) -> None:
    """A question cannot stand in two places."""
    article = await editor.create("A", sections=SECTIONS)
    question = {"id": article["questions"][0]["id"]}
    errors = await editor.refused(
        "updateArticle",
        id=article["id"],
        locale="en",
        ifRevision=article["revision"],
        sections=[{"heading": "x", "questions": [question]}, {"heading": "y", "questions": [question]}],
    )
    assert {(kind, code) for kind, code, _ in errors} == {("ValidationError", "INVALID_CONTENT")}


async def test_ids_of_others(editor: Editor) -> None:
    """The id of another article's section, of another type, or of nothing is refused where it stands."""
    article, other = await editor.create("A", sections=SECTIONS), await editor.create("B", sections=SECTIONS)
    named = {"id": article["id"], "locale": "en", "ifRevision": other["revision"]}
    for identifier in (
        other["sections"][0]["id"],
        other["questions"][0]["id"],
        "nonsense",
        encode_id("Section", "x"),
    ):
        errors = await editor.refused(
            "updateArticle", **named, sections=[{"heading": "x"}, {"id": identifier}]
        )
        assert errors == [("ValidationError", "INVALID_CONTENT", "input.sections.1.id")]
    errors = await editor.refused(
        "createArticle", locale="en", title="C", sections=[{"id": other["sections"][0]["id"]}]
    )
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.sections.0.id")]


async def test_edits_of_different_things_merge(editor: Editor) -> None:
    """Two edits of the same edition are both kept where they touch different fields, sections and questions."""
    article = await editor.create("A", summary="S", sections=SECTIONS)
    first, second, third = article["sections"]
    await editor.update(
        article,
        title="B",
        sections=[{"id": first["id"]}, {"id": second["id"], "body": "New body"}, {"id": third["id"]}],
    )
    merged = await editor.update(
        article,
        summary="T",
        sections=[
            {"id": third["id"]},
            {"id": first["id"], "heading": "Renamed"},
            {"id": second["id"]},
            {"heading": "More"},
        ],
    )
    assert (merged["title"], merged["summary"]) == ("B", "T")
    assert [(s["heading"], s["body"]["markdown"]) for s in merged["sections"]] == [
        ("Detail", ""),
        ("Renamed", "It *works*."),
        ("For and against", "New body"),
        ("More", ""),
    ]


async def test_edits_of_the_same_conflict(editor: Editor) -> None:
    """Two edits that change the same differently conflict; nothing is written, and both versions are told."""
    article = await editor.create("A", sections=SECTIONS)
    first = article["sections"][0]
    await editor.update(article, title="B", sections=[{"id": first["id"], "body": "Theirs"}])
    payload = await editor.send(
        "updateArticle",
        id=article["id"],
        locale="en",
        ifRevision=article["revision"],
        title="C",
        summary="fine",
        sections=[{"id": first["id"], "body": "Mine"}, *({"id": s["id"]} for s in article["sections"][1:])],
    )
    assert (payload["article"], payload["revision"]) == (None, None)
    assert {".".join(error["path"]) for error in payload["errors"]} == {
        "input.title",
        f"input.sections.{first['id']}.body",
    }
    for error in payload["errors"]:
        assert error["__typename"] == "ConflictError"
        assert (error["baseRevision"], error["base"], error["current"]) == (
            article["revision"],
            {"title": "A"},
            {"title": "B"},
        )
    assert (await editor.read(article["id"]))["title"] == "B"


async def test_the_same_change_twice_is_no_conflict(editor: Editor) -> None:
    """Two editors who make the same correction agree; the second makes no revision."""
    article = await editor.create("A")
    await editor.update(article, title="B")
    payload = await editor.do(
        "updateArticle", id=article["id"], locale="en", ifRevision=article["revision"], title="B"
    )
    assert (payload["article"]["title"], payload["revision"]) == ("B", None)


async def test_nothing_changed(editor: Editor) -> None:
    """An update that changes nothing makes no revision."""
    article = await editor.create("A", sections=SECTIONS)
    payload = await editor.do(
        "updateArticle", id=article["id"], locale="en", ifRevision=article["revision"], title="A"
    )
    assert payload["revision"] is None
    assert payload["article"]["revision"] == article["revision"]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"title": "a\0"}, "title"),
        ({"title": "x" * 1001}, "title"),
        ({"slug": "x" * 501}, "slug"),
        ({"intro": "\0"}, "intro"),
        ({"sections": [{"level": 7}]}, "sections.0.level"),
        ({"sections": [{"questions": [{"question": ""}]}]}, "sections.0.questions.0.question"),
        ({"questions": [{"answer": "no question"}]}, "questions.0.question"),
        ({"tags": ["a", ""]}, "tags.1"),
        ({"tags": ["a", "---"]}, "tags.1"),
        ({"tags": ["]]>"]}, "tags.0"),
        ({"related": [{"label": "x"}]}, "related.0"),
        ({"related": [{"label": "x", "articleId": encode_id("Article", "none")}]}, "related.0.articleId"),
        ({"related": [{"label": "x", "articleId": encode_id("Site", "docs")}]}, "related.0.articleId"),
        ({"related": [{"label": "x", "articleId": encode_id("Article", "a\0")}]}, "related.0.articleId"),
        ({"related": [{"label": "x", "url": "javascript:alert(1)"}]}, "related.0.url"),
        ({"related": [{"label": "x", "url": " java\nscript:alert(1)"}]}, "related.0.url"),
        ({"images": [{"src": "data:text/html,x"}]}, "images.0.src"),
        ({"images": [{"src": ""}]}, "images.0.src"),
        ({"images": [{"src": "/a.png"}, {"src": "http://[bad/x.png"}]}, "images.1.src"),
        ({"images": [{"src": "mailto:a@b.example"}]}, "images.0.src"),
        ({"images": [{"src": "/a.png", "alt": "\0"}]}, "images.0.alt"),
        ({"sections": [{"anchor": "a\0"}]}, "sections.0.anchor"),
        ({"questions": [{"question": "q", "anchor": "x" * 501}]}, "questions.0.anchor"),
        ({"message": "x" * 1001}, "message"),
        ({"locale": "fr"}, "locale"),
        ({"site": "none"}, "site"),
    ],
)
async def test_broken_rules(editor: Editor, values: dict[str, Any], path: str) -> None:
    """What breaks a rule is refused with the path of the field, and nothing is kept."""
    errors = await editor.refused("createArticle", **{"locale": "en", "title": "T", **values})
    assert errors == [("ValidationError", "INVALID_CONTENT", f"input.{path}")]


async def test_all_problems_at_once(editor: Editor) -> None:
    """Every broken rule is told, not only the first."""
    errors = await editor.refused(
        "createArticle", locale="en", title="", tags=["", ""], sections=[{"level": 0}]
    )
    assert [path for _, _, path in errors] == [
        "input.title",
        "input.sections.0.level",
        "input.tags.0",
        "input.tags.1",
    ]


async def test_unknown_articles(editor: Editor) -> None:
    """An article that does not exist, or not in this locale, is not found."""
    article = await editor.create("A")
    for identifier, locale in ((encode_id("Article", "none"), "en"), (article["id"], "de")):
        errors = await editor.refused("updateArticle", id=identifier, locale=locale, ifRevision=1, title="x")
        assert [(kind, code) for kind, code, _ in errors] == [("NotFoundError", "NOT_FOUND")]
    errors = await editor.refused("updateArticle", id="x", locale="en", ifRevision=1, title="x")
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.id")]


async def test_revisions_that_do_not_fit(editor: Editor) -> None:
    """An edit on a revision of the future, or from before the article, is refused."""
    article = await editor.create("A")
    for revision in (article["revision"] + 1, article["revision"] - 1):
        errors = await editor.refused(
            "updateArticle", id=article["id"], locale="en", ifRevision=revision, title="x"
        )
        assert [(kind, code) for kind, code, _ in errors] == [("ValidationError", "INVALID_ARGUMENT")]


async def test_if_revision_is_required(editor: Editor) -> None:
    """No update without the revision that was read."""
    reply = await editor.client.ask('mutation { updateArticle(input: {id: "x", locale: "en"}) { revision } }')
    assert reply.codes == ["GRAPHQL_VALIDATION_FAILED"]


async def test_translations(editor: Editor) -> None:
    """A translation is the same article in another locale; there is one for each locale."""
    article = await editor.create("Tides")
    german = await editor.create("Gezeiten", locale="de", translationOf=article["id"])
    assert (german["id"], german["slug"]) == (article["id"], "gezeiten")
    errors = await editor.refused("createArticle", locale="de", title="X", translationOf=article["id"])
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.locale")]
    errors = await editor.refused(
        "createArticle", locale="de", title="X", translationOf=encode_id("Article", "x")
    )
    assert [(kind, code) for kind, code, _ in errors] == [("NotFoundError", "NOT_FOUND")]


async def test_links_to_our_own(editor: Editor) -> None:
    """Links and related links lead to our articles where their address or id is one of ours."""
    target = await editor.create("Target")
    article = await editor.create(
        "A",
        intro="[one](/en/target) [two](https://docs.example/en/target#part) [three](/en/none)",
        related=[{"label": "r", "articleId": target["id"]}, {"label": "s", "url": "/en/target"}],
    )
    here = {"id": target["id"]}
    assert [link["article"] for link in article["links"]] == [here, here, None]
    assert [link["article"] for link in article["related"]] == [here, here]
    moved = await editor.update(target, slug="elsewhere")
    assert moved["slug"] == "elsewhere"
    updated = await editor.update(article, title="B")
    assert [link["article"] for link in updated["links"]] == [here, here, None]


async def test_publish_at_once(editor: Editor, client: Client) -> None:
    """An article can be saved and published as one revision, when created and when updated."""
    payload = await editor.do("createArticle", locale="en", title="A", publish=True)
    assert payload["article"]["state"] == "PUBLISHED"
    updated = await editor.update(payload["article"], title="B", publish=True)
    assert updated["revision"] == payload["revision"] + 1
    reply = await client.ask("{ articles { nodes { title } } }")
    assert reply.data["articles"]["nodes"] == [{"title": "B"}]
    draft = await editor.update(updated, title="C")
    assert draft["state"] == "CHANGED"
    assert (await client.ask("{ articles { nodes { title } } }")).data == reply.data


async def test_harmful_markdown(editor: Editor) -> None:
    """What editors write is as harmless as what is imported."""
    article = await editor.create("A", intro='<script>alert(1)</script><img src=x onerror="alert(1)">')
    reply = await editor.client.ask(
        "query($id: ID!) @view(perspective: DRAFT) { article(by: {id: $id}) { intro { html } } }",
        id=article["id"],
    )
    assert "script" not in reply.data["article"]["intro"]["html"]
    assert "onerror" not in reply.data["article"]["intro"]["html"]


async def test_several_mutations_in_one_request(editor: Editor) -> None:
    """Mutations of one request are done in order, each its own transaction: one may fail, the others stay."""
    reply = await editor.client.ask(
        'mutation { a: createArticle(input: {locale: "en", title: "A"}) { revision errors { code } } '
        'b: createArticle(input: {locale: "en", title: ""}) { revision errors { code } } '
        'c: createArticle(input: {locale: "en", title: "C"}) { revision errors { code } } }'
    )
    head = editor.client.database.head.revision
    assert [payload["revision"] for payload in reply.data.values()] == [head - 1, None, head]
    assert reply.body["extensions"]["view"]["revision"] == head


async def test_mutations_need_post(editor: Editor) -> None:
    """A GET never changes anything."""
    before = editor.client.database.head.revision
    query = 'mutation { createArticle(input: {locale: "en", title: "A"}) { revision } }'
    response = await editor.client.http.get(
        "/graphql", params={"query": query}, headers=editor.client.headers
    )
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert editor.client.database.head.revision == before


@pytest.mark.parametrize("role", [Role.READER, Role.PREVIEWER])
async def test_readers_may_not_edit(client: Client, role: Role) -> None:
    """Without the right to edit nothing can be created, and the error names the right."""
    reader = await sign_in_editor(client, role)
    errors = await reader.refused("createArticle", locale="en", title="A")
    assert errors == [("ForbiddenError", "FORBIDDEN", "input")]
    payload = await Editor(client).send("createArticle", locale="en", title="A")
    assert payload["errors"][0]["permission"] == "edit"


@pytest.mark.parametrize("title", ["", "  ", "\u200b", "\u200b \u2060\ufeff", "\u00ad"])
async def test_titles_that_show_nothing_are_refused(client: Client, title: str) -> None:
    """A title of white space or invisible characters alone is as good as none."""
    editor = await sign_in_editor(client)
    errors = await editor.refused("createArticle", locale="en", title=title)
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.title")]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "https://old.example",
        "/*",
        "/a/:splat",
        "/..",
        "/a/../b",
        "/a/%2e%2E/b",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "https://[old/a",
        "/a\nb",
        "/a%0Ab",
        "/a\u2028b",
        "/a%FFb",
        "#a",
    ],
)
async def test_old_addresses_that_lead_nowhere_are_refused(client: Client, address: str) -> None:
    """An old address that nobody could ask for is refused with its place in the list."""
    editor = await sign_in_editor(client)
    errors = await editor.refused("createArticle", locale="en", title="A", redirectFrom=["/a", address])
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.redirectFrom.1")]
    imported = {"key": "a", "locale": "en", "title": "A", "redirectFrom": [address]}
    errors = await editor.refused("importArticles", site="docs", articles=[imported])
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.articles.0.redirectFrom.0")]


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        (["https://old.example/x/alpha", "/x/alpha#b", "x/alpha"], "/x/alpha"),
        (["HTTP://old.example/index.php?id=7#top"], "/index.php?id=7"),
        (["/p%C3%A4th", "/pa\u0308th", "/päth"], "/päth"),
        (["//double//alpha"], "/double//alpha"),
        (["/De/x", "/de/x"], "/de/x"),
        (["/100%25", "/100%"], "/100%25"),
        (["/what%3F"], "/what%3F"),
        (["/a%20b", " /a b "], "/a b"),
        (["/?p=123"], "/?p=123"),
        (['/s?q=ü "b"', "/s?q=%C3%BC%20%22b%22"], "/s?q=%C3%BC%20%22b%22"),
    ],
)
async def test_old_addresses_are_kept_as_they_are_looked_up(
    client: Client, written: list[str], listed: str
) -> None:
    """Whatever way an old address is written, `redirects` lists one, and each spelling of it finds the article."""
    editor = await sign_in_editor(client)
    locale = "de" if listed.startswith("/de/") else "en"
    await editor.create("A", slug="a", locale=locale, redirectFrom=written, publish=True)
    reply = await client.ask('{ redirects(site: "docs") { nodes { from to } } }')
    assert reply.data["redirects"]["nodes"] == [{"from": listed, "to": f"/{locale}/a"}]
    for path in (listed, *(address for address in written if not WEB.match(address))):
        reply = await client.ask(
            "query($path: String!) { route(path: $path) { path isMoved } article(by: {path: $path}) { slug } }",
            path=path,
        )
        assert reply.data == {"route": {"path": f"/{locale}/a", "isMoved": True}, "article": {"slug": "a"}}, (
            path
        )


async def test_paths_of_errors_name_fields_of_the_input(client: Client) -> None:
    """An error about a field has the name that the input gives it."""
    editor = await sign_in_editor(client)
    errors = await editor.refused("createArticle", locale="en", title="A", redirectFrom=["/a", ""])
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.redirectFrom.1")]
