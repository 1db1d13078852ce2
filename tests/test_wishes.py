"""Editors say what search engines are told: set, kept, taken back, merged, compared, restored, and refused."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from models.access import Role
from models.dialect import Sql
from models.draft import ArticleDraft
from models.errors import Conflict
from models.merging import merge
from models.page import choose_robots
from tests.client import Client
from tests.editor import Editor, sign_in_editor

WISHES = "seo { title description canonical robots openGraph { image } "
WISHES += "wishes { title description canonical robots noindex image } }"
ALL: dict[str, Any] = {
    "title": "Mills of the sea",
    "description": "How the tide grinds corn.",
    "canonical": "https://mills.example/tide",
    "robots": "noindex, max-snippet:-1",
    "noindex": True,
    "image": "/share.png",
}
NOTHING = dict.fromkeys(ALL)


async def read(editor: Editor, article: Any, view: str = "@view(perspective: DRAFT)") -> Any:
    """Return what the page of an article says."""
    query = f"query($id: ID!) {view} {{ article(by: {{id: $id}}) {{ {WISHES} }} }}"
    return (await editor.client.ask(query, id=article["id"])).data["article"]["seo"]


async def test_an_editor_wishes(editor: Editor) -> None:
    """What an editor wishes is what the page says, and can be read as it was written."""
    article = await editor.create("Tide mills", seo=ALL, publish=True)
    seo = await read(editor, article, "")
    assert seo == {
        "title": "Mills of the sea",
        "description": "How the tide grinds corn.",
        "canonical": "https://mills.example/tide",
        "robots": "noindex, max-snippet:-1",
        "openGraph": {"image": "https://docs.example/share.png"},
        "wishes": ALL,
    }


async def test_what_is_left_out_stays(editor: Editor) -> None:
    """A wish that is left out stays, null or blank takes it back, and `seo: null` takes back all of them."""
    article = await editor.create("Tide mills", seo=ALL)
    article = await editor.update(article, title="Mills")
    assert (await read(editor, article))["wishes"] == ALL
    article = await editor.update(article, seo={"title": None, "description": "  ", "robots": " nofollow "})
    changed = {**ALL, "title": None, "description": None, "robots": "nofollow"}
    assert (await read(editor, article))["wishes"] == changed
    same = await editor.update(article, seo={"title": None, "noindex": True})
    assert same["revision"] == article["revision"]
    article = await editor.update(article, seo=None)
    assert (await read(editor, article))["wishes"] == NOTHING


async def test_wishes_of_files_stay(client: Client) -> None:
    """What an imported file wished in its own way is kept when an editor changes something else."""
    editor = await sign_in_editor(client)
    draft = ArticleDraft("en", "a", "A", seo={"title": "T", "score": 3, "canonical": "javascript:alert(1)"})
    await client.save(draft)
    reply = await client.ask('{ article(by: {slug: "a"}) { id locale revision } }')
    article = await editor.update(reply.data["article"], seo={"description": "D"})
    (row,) = await client.database.read(Sql("SELECT seo FROM edition ORDER BY id DESC LIMIT 1"))
    assert orjson.loads(row["seo"]) == {**draft.seo, "description": "D"}
    assert (await read(editor, article))["canonical"] == "https://test.example/en/a"


@pytest.mark.parametrize(
    ("seo", "path"),
    [
        ({"title": "x" * 301}, "seo.title"),
        ({"description": "x" * 1001}, "seo.description"),
        ({"title": "a\0b"}, "seo.title"),
        ({"canonical": "javascript:alert(1)"}, "seo.canonical"),
        ({"canonical": "mailto:a@b.example"}, "seo.canonical"),
        ({"canonical": "http://["}, "seo.canonical"),
        ({"canonical": "https://a.example/" + "x" * 2000}, "seo.canonical"),
        ({"image": "data:image/png;base64,AA"}, "seo.image"),
        ({"robots": "no-index"}, "seo.robots"),
        ({"robots": "noindex,,follow"}, "seo.robots"),
        ({"robots": "max-snippet: many"}, "seo.robots"),
    ],
)
async def test_what_makes_no_sense_is_refused(seo: dict[str, str], path: str, editor: Editor) -> None:
    """A wish that no page could follow is refused with its path, when creating and when updating."""
    article = await editor.create("A")
    expected = [("ValidationError", "INVALID_CONTENT", f"input.{path}")]
    assert await editor.refused("createArticle", locale="en", title="B", seo=seo) == expected
    named = {"id": article["id"], "locale": "en", "ifRevision": article["revision"]}
    assert await editor.refused("updateArticle", **named, seo=seo) == expected


@pytest.mark.parametrize(
    "robots",
    ["all", "index, follow", "NoIndex", "none", "max-image-preview:large", "unavailable_after: 2027-01-31"],
)
async def test_known_directives_are_taken(robots: str, editor: Editor) -> None:
    """Whatever search engines know may be said to them."""
    article = await editor.create("A", seo={"robots": robots})
    assert (await read(editor, article))["wishes"]["robots"] == robots


@pytest.mark.parametrize(
    ("robots", "told"),
    [
        (None, "noindex"),
        ("index, follow", "noindex, follow"),
        ("all", "noindex"),
        ("none", "none"),
        ("nofollow", "noindex, nofollow"),
        ("NOINDEX, follow", "NOINDEX, follow"),
    ],
)
def test_noindex_cannot_be_lost(robots: str | None, told: str) -> None:
    """`noindex: true` holds, whatever the directives beside it say."""
    assert choose_robots({"noindex": True} | ({"robots": robots} if robots else {})) == told


async def test_two_editors_wish(editor: Editor) -> None:
    """Different wishes of two editors are both kept; where they changed the same one, it is a conflict."""
    article = await editor.create("A", seo={"title": "One"})
    await editor.update(article, seo={"description": "Mine"})
    await editor.update(article, seo={"title": "Theirs"})
    assert (await read(editor, article))["wishes"] == {**NOTHING, "title": "Theirs", "description": "Mine"}
    named = {"id": article["id"], "locale": "en", "ifRevision": article["revision"]}
    for seo in ({"title": "Another"}, {"title": None}):
        errors = await editor.refused("updateArticle", **named, seo=seo)
        assert errors == [("ConflictError", "CONFLICT", "input.seo.title")]


def test_wishes_are_merged_one_by_one() -> None:
    """A wish that one side takes back is gone, one that either adds is there."""
    base, mine, theirs = (
        ArticleDraft("en", "a", "A", seo=dict(seo))
        for seo in ({"title": "T", "robots": "all"}, {"title": "T", "image": "/i"}, {"robots": "all", "x": 1})
    )
    assert merge(base, mine, theirs).seo == {"image": "/i", "x": 1}
    with pytest.raises(Conflict) as caught:
        merge(base, ArticleDraft("en", "a", "A", seo={"title": "U", "robots": "all"}), theirs)
    assert caught.value.paths == (("seo", "title"),)


async def test_looking_back(editor: Editor) -> None:
    """The differences tell what was wished before and after, and an earlier edition brings its wishes back."""
    before = await editor.create("A", seo={"title": "One"})
    after = await editor.update(before, seo={"title": "Two", "noindex": True})
    query = (
        "query($id: ID!, $from: Revision!) @view(perspective: DRAFT) { article(by: {id: $id}) { "
        "diff(from: $from) { fields { name before after } } history { nodes { kind } } } }"
    )
    named = {"id": before["id"], "from": before["revision"]}
    shown = (await editor.client.ask(query, **named)).data["article"]
    assert shown["diff"]["fields"] == [
        {"name": "seo", "before": {"title": "One"}, "after": {"title": "Two", "noindex": True}}
    ]
    revisions = {"toRevision": before["revision"], "ifRevision": after["revision"]}
    await editor.do("restoreArticles", ids=[before["id"]], **revisions)
    assert (await read(editor, before))["wishes"] == {**NOTHING, "title": "One"}
    shown = (await editor.client.ask(query, **named)).data["article"]
    assert shown["diff"]["fields"] == []
    assert [entry["kind"] for entry in shown["history"]["nodes"]] == ["RESTORED", "UPDATED", "CREATED"]


async def test_importing_through_the_api_wishes(editor: Editor) -> None:
    """`importArticles` takes the same wishes, and refuses the same."""
    entry = {"key": "a", "locale": "en", "slug": "a", "title": "A"}
    payload = await editor.do("importArticles", site="docs", articles=[{**entry, "seo": {"title": "T"}}])
    (result,) = payload["results"]
    assert (await read(editor, result))["wishes"] == {**NOTHING, "title": "T"}
    again = await editor.do("importArticles", site="docs", articles=[{**entry, "seo": {"title": "T"}}])
    assert again["unchanged"] == 1
    wrong = {**entry, "seo": {"canonical": "ftp://a.example/"}}
    payload = await editor.send("importArticles", site="docs", articles=[wrong])
    assert [error["path"][-2:] for error in payload["errors"]] == [["seo", "canonical"]]


async def test_who_may_not_edit_wishes_nothing(editor: Editor, client: Client) -> None:
    """Wishing takes the right to edit."""
    article = await editor.create("A", publish=True)
    reader = Editor(await client.sign_in(Role.READER))
    named = {"id": article["id"], "locale": "en", "ifRevision": article["revision"]}
    errors = await reader.refused("updateArticle", **named, seo={"title": "T"})
    assert [code for _, code, _ in errors] == ["FORBIDDEN"]


async def test_what_is_not_to_be_found_leaves_the_sitemap(editor: Editor, client: Client) -> None:
    """An editor takes a page out of the sitemap, and puts it back."""
    article = await editor.create("A", slug="a", publish=True)
    for noindex in (True, None):
        article = await editor.update(article, seo={"noindex": noindex}, publish=True)
        response, _ = await client.get("/sitemap.xml")
        assert ("/en/a<" in response.text) is (noindex is None)
