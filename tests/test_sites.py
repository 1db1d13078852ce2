"""Making and changing sites."""

from __future__ import annotations

from typing import Any

import pytest

from models.access import Role
from tests.client import Client
from tests.editor import Editor, sign_in_editor


async def test_create_and_update(editor: Editor) -> None:
    """A site is made and changed; each is a revision, and a change of nothing is none."""
    payload = await editor.do("createSite", key="blog", name="Blog", defaultLocale="de")
    assert payload["site"] == {
        "key": "blog",
        "name": "Blog",
        "url": None,
        "defaultLocale": "de",
        "locales": ["de"],
    }
    changed = await editor.do(
        "updateSite", key="blog", name="The blog", locales=["fr", "de"], url="https://blog.example"
    )
    assert changed["revision"] == payload["revision"] + 1
    assert changed["site"] == {
        "key": "blog",
        "name": "The blog",
        "url": "https://blog.example",
        "defaultLocale": "de",
        "locales": ["de", "fr"],
    }
    assert (await editor.do("updateSite", key="blog", name="The blog"))["revision"] is None
    assert (await editor.do("updateSite", key="blog", url=None))["site"]["url"] is None


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"key": "Docs"}, "key"),
        ({"key": "-x"}, "key"),
        ({"key": "docs"}, "key"),
        ({"name": " "}, "name"),
        ({"url": "docs.example"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://x.example?q"}, "url"),
        ({"url": "https://a b.example"}, "url"),
        ({"url": "https://a.example/\n"}, "url"),
        ({"url": "https://<x>"}, "url"),
        ({"url": 'https://x"y.example'}, "url"),
        ({"url": "https://probe.example:99999"}, "url"),
        ({"url": "https://probe.example:0"}, "url"),
        ({"url": "https://a..b"}, "url"),
        ({"url": f"https://{'a' * 64}.example"}, "url"),
        ({"url": "https://u:p@probe.example"}, "url"),
        ({"url": "https://u@probe.example"}, "url"),
        ({"url": "https://[::1"}, "url"),
    ],
)
async def test_broken_rules(editor: Editor, values: dict[str, Any], path: str) -> None:
    """What breaks a rule is refused with the path of the field."""
    errors = await editor.refused(
        "createSite", **{"key": "new", "name": "New", "defaultLocale": "en", **values}
    )
    assert errors == [("ValidationError", "INVALID_CONTENT", f"input.{path}")]


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://bücher.example", "https://xn--bcher-kva.example/en/a"),
        ("http://localhost:3000/docs/", "http://localhost:3000/docs/en/a"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443/en/a"),
        ("https://my_site.example.", "https://my_site.example./en/a"),
    ],
)
async def test_hosts(editor: Editor, url: str, page: str) -> None:
    """A site may be on whatever host there is; letters beyond ASCII are written as punycode, and read so."""
    await editor.do("updateSite", key="docs", url=url)
    await editor.create("A", slug="a", publish=True)
    query = "query($path: String!) { route(path: $path) { kind url } }"
    for path in ("/en/a", page):
        reply = await editor.client.ask(query, path=path)
        assert reply.data["route"] == {"kind": "PRESENT", "url": page}


async def test_locales_in_use(editor: Editor) -> None:
    """A locale with articles cannot be taken away."""
    await editor.create("A", locale="de")
    errors = await editor.refused("updateSite", key="docs", locales=["en"])
    assert errors == [("ValidationError", "INVALID_CONTENT", "input.locales")]


async def test_unknown_sites(editor: Editor) -> None:
    """A site that does not exist is not found."""
    assert [k for k, _, _ in await editor.refused("updateSite", key="none", name="x")] == ["NotFoundError"]


async def test_only_administrators(client: Client) -> None:
    """Publishers make no sites; an administrator of one site changes that one, and makes none."""
    publisher = await sign_in_editor(client, Role.PUBLISHER)
    assert [k for k, _, _ in await publisher.refused("updateSite", key="docs", name="x")] == [
        "ForbiddenError"
    ]
    local = Editor(await client.sign_in(Role.ADMINISTRATOR, sites=["docs"]))
    await local.do("updateSite", key="docs", name="Handbook")
    errors = await local.refused("createSite", key="new", name="New", defaultLocale="en")
    assert [kind for kind, _, _ in errors] == ["ForbiddenError"]
    errors = await local.refused("updateSite", key="other", name="x")
    assert [kind for kind, _, _ in errors] == ["NotFoundError"]
