"""The door of every import: what it stores, what it reports, and that a second run changes nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from api.importing.report import Report
from api.importing.running import Import, Options
from api.importing.sources import open_sources
from models.access import Role
from models.editing import Action
from tests.client import Client

BREAD = """---
title: Bread
slug: bread
tags: [food]
related: [yeast]
redirect_from: /old/bread
---
Flour and [yeast](yeast.md).

## How long does it rise?

An hour.

## FAQ

### Does salt slow it down?

It does.
"""
YEAST = "---\ntitle: Yeast\n---\nA fungus, found in [bread](/en/bread).\n"


async def run(
    client: Client, path: Path, *, publish: bool = True, dry_run: bool = False, site: str | None = "docs"
) -> Report:
    """Import a path into a site; None leaves it to the source."""
    work = Import(client.database, open_sources(path), Options(site, publish=publish, dry_run=dry_run))
    return await work.run(lambda _done, _total: None)


def write(folder: Path) -> None:
    """Write two articles that link to each other."""
    (folder / "bread.md").write_text(BREAD)
    (folder / "yeast.md").write_text(YEAST)


ARTICLE = """{ article(by: {slug: "bread"}) {
  id title related { label article { title } } links { article { title } }
  sections { id heading questions { id question } } } }"""


async def test_links_find_their_articles(client: Client, tmp_path: Path) -> None:
    """Links by file, by path and by name lead to articles, whatever the order of the files."""
    write(tmp_path)
    report = await run(client, tmp_path)
    assert (report.actions[Action.CREATED], report.published, report.refused) == (2, 2, 0)
    article = (await client.ask(ARTICLE)).data["article"]
    assert article["related"] == [{"label": "Yeast", "article": {"title": "Yeast"}}]
    assert article["links"] == [{"article": {"title": "Yeast"}}]
    assert [section["heading"] for section in article["sections"]] == ["How long does it rise?", "FAQ"]
    old = await client.ask('{ article(by: {path: "/old/bread"}) { title } }')
    assert old.data["article"]["title"] == "Bread"


async def test_second_import_changes_nothing(client: Client, tmp_path: Path) -> None:
    """Importing the same again makes no revision and changes no answer."""
    write(tmp_path)
    await run(client, tmp_path)
    before = await client.ask("{ head articles { nodes { id updatedAt revision } } }")
    report = await run(client, tmp_path)
    after = await client.ask("{ head articles { nodes { id updatedAt revision } } }")
    assert report.actions[Action.UNCHANGED] == report.met == 2
    assert before.data == after.data


async def test_changed_file_keeps_identities(client: Client, tmp_path: Path) -> None:
    """A changed file gives one new edition; article, sections and questions keep their ids."""
    write(tmp_path)
    await run(client, tmp_path)
    before = (await client.ask(ARTICLE)).data["article"]
    changed = BREAD.replace("An hour.", "An hour and a half.").replace(
        "slow it down?", "really slow it down?"
    )
    (tmp_path / "bread.md").write_text(changed)
    report = await run(client, tmp_path)
    after = (await client.ask(ARTICLE)).data["article"]
    assert (report.actions[Action.CHANGED], report.actions[Action.UNCHANGED]) == (1, 1)
    assert [section["id"] for section in after["sections"]] == [
        section["id"] for section in before["sections"]
    ]
    (question,) = after["sections"][1]["questions"]
    assert question["id"] == before["sections"][1]["questions"][0]["id"]
    assert question["question"] == "Does salt really slow it down?"


async def test_one_bad_file_costs_no_other(client: Client, tmp_path: Path) -> None:
    """Files that cannot be read are refused with file, line and code; the others are imported."""
    write(tmp_path)
    (tmp_path / "encoding.md").write_bytes(b"---\ntitle: x\n---\n\n\xff\n")
    (tmp_path / "nul.md").write_bytes(b"---\ntitle: x\n---\n\0\n")
    (tmp_path / "yaml.md").write_text("---\ntitle: [x\n---\n")
    (tmp_path / "slug.md").write_text("---\ntitle: Four\nslug: 404\ndate: 2026-01-02\n---\n")
    report = await run(client, tmp_path)
    refused = {notice.file: notice.code for notice in report.notices if notice.severity == "refused"}
    assert set(refused) == {"encoding.md", "nul.md", "yaml.md"}
    assert report.met == 6
    assert report.published == 3
    four = await client.ask('{ article(by: {slug: "404"}) { title publishedAt } }')
    assert four.data["article"] == {"title": "Four", "publishedAt": "2026-01-02T00:00:00Z"}


async def test_tags_and_pictures_that_are_none(client: Client, tmp_path: Path) -> None:
    """An article with a tag without letters, or a picture at no address, is refused with the value that is wrong."""
    (tmp_path / "tag.md").write_text("---\ntitle: A\ntags: [a, ']]>']\n---\n")
    (tmp_path / "picture.md").write_text("---\ntitle: B\nimage: http://[bad/x.png\n---\n")
    line = {"slug": "c", "locale": "en", "title": "C", "tags": ["---"]}
    (tmp_path / "c.jsonl").write_text(json.dumps(line))
    report = await run(client, tmp_path)
    refused = {Path(n.file).name: (n.code, n.message) for n in report.notices if n.severity == "refused"}
    assert {name: code for name, (code, _) in refused.items()} == dict.fromkeys(
        ("tag.md", "picture.md", "c.jsonl"), "INVALID_CONTENT"
    )
    assert "']]>'" in refused["tag.md"][1]
    assert "'http://[bad/x.png'" in refused["picture.md"][1]


async def test_dry_run_keeps_nothing(client: Client, tmp_path: Path) -> None:
    """A dry run reports what would happen and stores nothing."""
    write(tmp_path)
    report = await run(client, tmp_path, dry_run=True)
    assert report.actions[Action.CREATED] == 2
    assert (await client.ask("{ head sites { key } }")).data == {"head": 0, "sites": []}


async def test_drafts_and_future_dates_stay_hidden(client: Client, tmp_path: Path) -> None:
    """What its author calls a draft is saved only; what is dated ahead goes live on its day."""
    (tmp_path / "draft.md").write_text("---\ntitle: Draft\ndraft: true\n---\n")
    (tmp_path / "off.md").write_text("---\ntitle: Off\npublished: false\n---\n")
    (tmp_path / "ahead.md").write_text("---\ntitle: Ahead\ndate: 2999-01-01\n---\n")
    await run(client, tmp_path)
    assert (await client.ask("{ articles { totalCount } }")).data["articles"]["totalCount"] == 0
    previewer = await client.sign_in(Role.PREVIEWER)
    later = await previewer.ask('query @view(at: "2999-01-01T00:00:00Z") { articles { nodes { title } } }')
    assert later.data["articles"]["nodes"] == [{"title": "Ahead"}]
    assert (await run(client, tmp_path)).revisions == []


async def test_names_that_cannot_be_stored(client: Client, tmp_path: Path) -> None:
    """A key or locale that is too long is refused in words, also where others link to it; they are imported."""
    deep = tmp_path / ("d" * 200) / ("e" * 200)
    deep.mkdir(parents=True)
    key = f"{'d' * 200}/{'e' * 200}/{'f' * 98}"
    (deep / f"{'f' * 98}.md").write_text("---\ntitle: Just short enough\nslug: short\n---\n")
    (deep / f"{'g' * 99}.md").write_text("---\ntitle: Too long\nslug: long\n---\n")
    (tmp_path / "a.md").write_text(
        f"---\ntitle: A\nrelated: [Too long]\n---\n[x]({deep.name}/x.md) [l](/en/long)\n"
    )
    (tmp_path / "b.md").write_text(f"---\ntitle: B\nlang: en{'-aaaaaaaa' * 4}\n---\n")
    site = "very long name " * 10
    lines = [
        {"slug": "c", "locale": "en", "title": "C", "site": site},
        {"slug": "d", "locale": "en\n", "title": "D"},
    ]
    (tmp_path / "c.jsonl").write_text("\n".join(map(json.dumps, lines)))
    report = await run(client, tmp_path, site=None)
    refused = {Path(n.file).name: (n.code, n.message) for n in report.notices if n.severity == "refused"}
    assert len(key) == 500
    assert refused == {
        f"{'g' * 99}.md": ("INVALID_CONTENT", "key is 501 characters long; at most 500 are allowed."),
        "b.md": ("BAD_LOCALE", refused["b.md"][1]),
        "c.jsonl": ("BAD_VALUE", refused["c.jsonl"][1]),
    }
    assert (report.met, report.published) == (6, 3)
    reply = await client.ask(
        '{ article(by: {slug: "a"}) { related { article { id } } links { article { id } } } }'
    )
    assert reply.data["article"] == {"related": [{"article": None}], "links": [{"article": None}] * 2}


async def test_nothing_found(client: Client, tmp_path: Path) -> None:
    """A folder without anything to import is told so; what is hidden or of other packages does not count."""
    for folder in (".git", "node_modules/package", "docs/.cache"):
        (tmp_path / folder).mkdir(parents=True)
        for name in ("a.md", "b.txt", "c.jsonl"):
            (tmp_path / folder / name).write_text("# A")
    report = await run(client, tmp_path)
    assert [notice.code for notice in report.notices] == ["NOTHING_FOUND"]


@pytest.mark.parametrize(
    ("front_matter", "published"),
    [
        ("draft: true", 0),
        ('draft: "yes"', 0),
        ("published: false", 0),
        ("draft: false", 1),
        ("published: true", 1),
        ("", 1),
    ],
)
async def test_what_its_author_calls_unfinished(
    client: Client, tmp_path: Path, front_matter: str, published: int
) -> None:
    """What the front matter calls a draft, in whatever words, is saved and not published."""
    (tmp_path / "a.md").write_text(f"---\ntitle: A\n{front_matter}\n---\n")
    report = await run(client, tmp_path)
    assert (report.published, report.refused) == (published, 0)


async def test_links_to_themselves(client: Client, tmp_path: Path) -> None:
    """A link that leads to itself is reported; the other files are imported."""
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    report = await run(client, tmp_path)
    assert [notice.code for notice in report.notices] == ["UNREADABLE"]
    assert report.published == 1


async def test_folders_that_cannot_be_read(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that cannot be read is reported, and the import does not claim to be complete."""
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def refuse(path: str) -> object:
        # A test that runs as root may read everything.
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    report = await run(client, tmp_path)
    assert [(notice.file, notice.code) for notice in report.notices] == [("closed", "UNREADABLE")]
    assert report.published == 1


async def test_paths_that_are_no_short_text(client: Client, tmp_path: Path) -> None:
    """The path of an import may be long, and need not be UTF-8."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")).joinpath(*["folder" * 30] * 7)
    folder.mkdir(parents=True)
    write(folder)
    assert (await run(client, folder)).published == 2
