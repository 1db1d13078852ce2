"""Importing through the API: the import's own verb and report."""

from __future__ import annotations

from typing import Any

from models.access import Role
from tests.client import Client
from tests.editor import Editor, sign_in_editor


def entry(key: str, **values: Any) -> dict[str, Any]:
    """Return an article to import."""
    return {"key": key, "locale": "en", "title": key.title(), "slug": key, **values}


async def test_import(editor: Editor, client: Client) -> None:
    """Articles are created as one revision; the same again changes nothing; a change is one new edition."""
    articles = [
        entry("a", intro="[b](/en/b)", sections=[{"heading": "S", "questions": [{"question": "Q?"}]}]),
        entry("b"),
    ]
    first = await editor.do("importArticles", site="docs", articles=articles, publish=True)
    assert [(r["action"], r["published"]) for r in first["results"]] == [("CREATED", True)] * 2
    again = await editor.do("importArticles", site="docs", articles=articles, publish=True)
    assert (again["unchanged"], again["revision"]) == (2, None)
    articles[1]["title"] = "New"
    third = await editor.do("importArticles", site="docs", articles=articles, publish=True)
    assert [r["action"] for r in third["results"]] == ["UNCHANGED", "CHANGED"]
    assert third["revision"] == first["revision"] + 1
    reply = await client.ask(
        '{ article(by: {slug: "a"}) { links { article { title } } questions { question } } }'
    )
    assert reply.data["article"] == {
        "links": [{"article": {"title": "New"}}],
        "questions": [{"question": "Q?"}],
    }


async def test_refusals_do_not_hinder_the_others(editor: Editor) -> None:
    """What breaks a rule is told with its path and left out; the counts add up."""
    articles = [
        entry("a"),
        entry("b", title=""),
        entry("c", locale="fr"),
        entry("", slug="d"),
        entry("k" * 501, slug="e"),
        entry("a", slug="again"),
        entry("f", slug="a"),
        entry("g", sections=[{"level": 9}]),
    ]
    payload = await editor.send("importArticles", site="docs", articles=articles, publish=True)
    assert (payload["created"], payload["refused"]) == (1, 7)
    assert [".".join(error["path"][1:]) for error in payload["errors"]] == [
        "articles.1.title",
        "articles.2.locale",
        "articles.3.key",
        "articles.4.key",
        "articles.5.key",
        "articles.6",
        "articles.7.sections.0.level",
    ]
    assert payload["errors"][5]["code"] == "SLUG_TAKEN"


async def test_dry_run(editor: Editor) -> None:
    """A dry run reports and keeps nothing."""
    before = editor.client.database.head.revision
    payload = await editor.do("importArticles", site="docs", articles=[entry("a")], dryRun=True)
    assert payload["created"] == 1
    assert editor.client.database.head.revision == before
    assert (await editor.read(payload["results"][0]["id"])) is None


async def test_limits_and_rights(client: Client) -> None:
    """At most 500 articles; publishing takes the right to publish; other sites are not found."""
    editor = await sign_in_editor(client, Role.EDITOR, sites=["docs"])
    many = [entry(f"a{number}") for number in range(501)]
    errors = await editor.refused("importArticles", site="docs", articles=many)
    assert errors == [("LimitError", "LIMIT_EXCEEDED", "input")]
    errors = await editor.refused("importArticles", site="docs", articles=[entry("a")], publish=True)
    assert [kind for kind, _, _ in errors] == ["ForbiddenError"]
    errors = await editor.refused("importArticles", site="other", articles=[entry("a")])
    assert [kind for kind, _, _ in errors] == ["NotFoundError"]
    payload = await editor.do("importArticles", site="docs", articles=many[:500])
    assert payload["created"] == 500


async def test_slugs_are_passed_on(editor: Editor, client: Client) -> None:
    """An article gets the slug that another one gives up in the same import, whatever their order."""
    await editor.do("importArticles", site="docs", articles=[entry("a"), entry("b")], publish=True)
    moved = [entry("a", slug="b"), entry("b", slug="c")]
    payload = await editor.do("importArticles", site="docs", articles=moved, publish=True)
    assert payload["changed"] == 2
    reply = await client.ask('{ article(by: {slug: "b"}) { title } }')
    assert reply.data == {"article": {"title": "A"}}
