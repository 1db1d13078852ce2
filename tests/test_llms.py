"""`/llms.txt` keeps the form of llmstxt.org, and lists what is live and to be found, with links that lead there."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

import models.overview
from models.draft import ArticleDraft
from tests.client import SITE, Client
from tests.editor import Editor
from tests.test_structured_data import is_absolute

LINK = re.compile(r"- \[(?P<name>(?:[^\[\]\\]|\\.)+)\]\((?P<url>[^()\s]+)\)(?:: (?P<notes>\S.*))?")
Entries = dict[str, list[tuple[str, str, str | None]]]


def check_llms(text: str) -> tuple[str, str, Entries]:
    """Assert the form of the file (llmstxt.org), and return its title, its summary, and the links by heading."""
    assert text.endswith("\n")
    title, blank, summary, *rest = text.removesuffix("\n").split("\n")
    assert title.startswith("# ")
    assert (blank, summary[:2]) == ("", "> ")
    entries: Entries = {}
    for line in rest:
        if line.startswith("## "):
            assert line not in entries
            entries[line.removeprefix("## ")] = []
        elif line:
            found = LINK.fullmatch(line)
            assert found, line
            assert is_absolute(found["url"])
            list(entries.values())[-1].append((found["name"], found["url"], found["notes"]))
    assert list(entries)[-1] == "Optional"
    assert all(entries.values())
    return title.removeprefix("# "), summary.removeprefix("> "), entries


async def read_llms(client: Client, query: str = "") -> tuple[str, str, Entries]:
    """Return the overview of a site."""
    response, _ = await client.get(f"/llms.txt{query}")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/markdown; charset=utf-8")
    return check_llms(response.text)


async def test_lists_what_is_there(writable: Client) -> None:
    """The overview has what is live of a site in a locale; each link leads to the Markdown of its article."""
    title, summary, entries = await read_llms(writable, "?site=harbour")
    assert title == "The Harbour"
    assert summary.startswith("2 articles of The Harbour in en. ")
    optional = entries.pop("Optional")
    found = {name: url for group in entries.values() for name, url, _ in group}
    # Of sailing its author says that it is not to be found.
    assert found == {
        "Why the tides come twice a day": "https://harbour.example/en/tides.md?site=harbour",
        "The moon, our neighbour": "https://harbour.example/en/moon.md?site=harbour",
    }
    for name, url in found.items():
        response, _ = await writable.get(url.removeprefix("https://harbour.example"))
        assert f"\n# {name}\n" in response.text
    for _, url, _ in optional:
        parts = urlsplit(url)
        response, _ = await writable.get(f"{parts.path}?{parts.query}")
        assert response.status_code == 200
    assert [url for _, url, _ in optional if "llms.txt" in url] == [
        f"https://harbour.example/llms.txt?site=harbour&locale={locale}" for locale in ("de", "pt-BR")
    ]
    _, _, german = await read_llms(writable, "?site=harbour&locale=de")
    assert any(
        url.startswith("https://harbour.example/de/") for group in german.values() for _, url, _ in group
    )


async def test_articles_stand_with_those_of_their_kind(client: Client) -> None:
    """Each article stands once, under the most common of its tags, the newest first; single ones stand at the end."""
    tags = {
        "a": ["Boats", "Sea"],
        "b": ["Sea"],
        "c": ["Sea", "Boats"],
        "d": [],
        "e": ["Rare"],
        "f": ["Optional"],
    }
    tags |= {"g": ["optional"], "h": ["Boats"], "i": ["Boats"], "j": ["Boats"], "k": ["Sea"]}
    await client.save(
        *(
            ArticleDraft("en", slug, slug.upper(), tags=names, published_at=number)
            for number, (slug, names) in enumerate(tags.items(), 1)
        )
    )
    _, _, entries = await read_llms(client)
    entries.pop("Optional")
    assert {heading: "".join(name for name, _, _ in group) for heading, group in entries.items()} == {
        "Boats": "JIHCA",
        "Sea": "KB",
        "Articles": "GFED",
    }
    assert list(entries) == ["Boats", "Sea", "Articles"]


async def test_notes_say_what_it_is_about(client: Client) -> None:
    """An entry says in one line what search engines are told, else the summary; odd words and slugs do no harm."""
    await client.save(
        ArticleDraft("en", "a", "A [b](c) *d*", summary="Lift,\n\n# drag\nand [a](b)."),
        ArticleDraft("en", "b(c)", "B", summary="Summary", seo={"description": "In the author's words."}),
        ArticleDraft("en", "c", "# C ]"),
        ArticleDraft("en", "d", "D", seo={"noindex": True}),
        ArticleDraft("en", "e", "E", seo={"canonical": "https://a.example/"}),
    )
    _, _, entries = await read_llms(client)
    assert {name: (url.rpartition("/")[2], notes) for name, url, notes in entries["Articles"]} == {
        r"A \[b\](c) \*d\*": ("a.md", r"Lift, # drag and \[a](b)."),
        "B": ("b%28c%29.md", "In the author's words."),
        r"\# C \]": ("c.md", None),
    }
    response, _ = await client.get("/en/b%28c%29.md")
    assert response.status_code == 200


async def test_only_the_newest(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An overview has a bound and says so, and takes as many statements for many as for few."""
    counts = []
    for start, end in ((0, 2), (2, 30)):
        await client.save(
            *(ArticleDraft("en", f"a{n}", f"A{n}", published_at=n, tags=["x"]) for n in range(start, end))
        )
        client.forget()
        _, statements = await client.get("/llms.txt")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
    monkeypatch.setattr(models.overview, "MOST_LISTED", 10)
    client.forget()
    _, _, entries = await read_llms(client, "?locale=en")
    assert [name for name, _, _ in entries["x"]] == [f"A{n}" for n in range(29, 19, -1)]


async def test_an_empty_site(client: Client, editor: Editor) -> None:
    """A site without articles has an overview that says so; one without an address has none."""
    _, summary, entries = await read_llms(client)
    assert summary.startswith("0 articles of Docs in en.")
    assert list(entries) == ["Optional"]
    await editor.do("createSite", key="other", name="Other", defaultLocale="en")
    for query, status in (
        ("?site=other", 404),
        ("", 400),
        ("?site=docs&locale=fr", 404),
        ("?site=docs&tag=x", 400),
    ):
        assert (await client.get(f"/llms.txt{query}"))[0].status_code == status
    assert SITE.url
