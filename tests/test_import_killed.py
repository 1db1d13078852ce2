"""Imports that are killed: no half article is ever seen, and the next run makes the same as one run alone."""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from api.importing import running
from api.importing.running import Import, Options
from api.importing.sources import open_sources
from api.settings import Settings
from models.database import Database
from models.dialect import Sql
from tests.client import Client, serve
from tests.databases import migrated_database, read_test_settings
from tests.gates import Gate, closed_gate, kill_at

BATCH = 20
ARTICLES = 2 * BATCH + 5
BATCHES = 3
STEPS = (0, BATCH, 2 * BATCH, ARTICLES)
TEXT = """---
title: Article {number}
tags: [all, "tag {number}"]
related: ["{other}"]
redirect_from: /old/{number}
---
Before [another]({other}.md).

## First of {number}

Some text.

## FAQ

### Why {number}?

Because of [this]({other}.md).

### What then?

Nothing.
"""
COMMAND = f"from api.importing import running; running.BATCH = {BATCH}; from api.cli import main; main()"
"""`quiet` with smaller batches, so that a few articles are several."""

CONTENT = """
  id path title tags { slug } intro { html } wordCount
  sections { id anchor heading body { html } questions { id } } questions { id question answer { html } }
  related { label article { id } } links { label article { id } }"""
LIST = f"""query($after: String) {{ articles(first: 100, after: $after, orderBy: [{{field: SLUG}}]) {{
  nodes {{ {CONTENT} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
NEWEST = f"{{ head articles(last: 3) {{ totalCount nodes {{ {CONTENT} }} }} }}"

FIRST_QUESTIONS = Gate("INSERT", "question", f"NEW.edition_id = {BATCH // 2}")
SECOND_HEAD = Gate("UPDATE", "head", "NEW.revision = 2")
LAST_PUBLICATIONS = Gate("INSERT", "publication", "NEW.since = 3")
END = Gate("UPDATE", "import_run", "")
KILLED = {
    "amid the first questions, then before the second head": ((FIRST_QUESTIONS, 0), (SECOND_HEAD, 1)),
    "while the last batch is published, then when all is stored": ((LAST_PUBLICATIONS, 2), (END, 3)),
}
"""Where to kill one import after the other, and how many batches are stored by then."""


def write_articles(folder: Path) -> Path:
    """Write articles that link to one another across the batches."""
    folder.mkdir()
    for number in range(ARTICLES):
        text = TEXT.format(number=number, other=f"a{(number + BATCH) % ARTICLES:04}")
        (folder / f"a{number:04}.md").write_text(text)
    return folder


async def read_all(client: Client) -> dict[str, Any]:
    """Return all articles with everything in them, by id."""
    found: dict[str, Any] = {}
    after = None
    while True:
        page = (await client.ask(LIST, after=after)).data["articles"]
        found |= {node["id"]: node for node in page["nodes"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the articles."""
    return write_articles(tmp_path_factory.mktemp("killed") / "content")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clean(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All articles as one undisturbed import makes them, by id."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(running, "BATCH", BATCH)
        return await import_once(folder, tmp_path_factory.mktemp("clean"))


async def import_once(folder: Path, place: Path) -> dict[str, Any]:
    """Import into an empty database and return all articles, by id."""
    async with migrated_database(place) as address:
        settings = read_test_settings(address)
        async with serve(settings) as client:
            await Import(client.database, open_sources(folder), Options(publish=True)).run(lambda *_: None)
            assert (await client.ask("{ head }")).data["head"] == BATCHES
            articles = await read_all(client)
        assert len(articles) == ARTICLES
        return articles


@dataclass(slots=True)
class Reader:
    """Reads while an import runs, and fails where it sees what no import alone makes."""

    client: Client
    clean: dict[str, Any]
    head: int = 0

    async def look(self) -> None:
        """Read how many articles there are, and the last ones that came."""
        data = (await self.client.ask(NEWEST)).data
        total = data["articles"]["totalCount"]
        assert total == STEPS[data["head"]]
        assert data["head"] >= self.head
        self.head = data["head"]
        self.compare(data["articles"]["nodes"])

    def compare(self, articles: list[Any]) -> None:
        """Fail unless each article is whole; only its links may lead to articles that are yet to come."""
        for article in articles:
            whole = self.clean[article["id"]]
            links = zip(article["links"] + article["related"], whole["links"] + whole["related"], strict=True)
            assert all(mine["article"] in (None, other["article"]) for mine, other in links)
            assert drop_targets(article) == drop_targets(whole)


def drop_targets(article: dict[str, Any]) -> dict[str, Any]:
    """Return an article without where its links lead."""
    labels = {name: [link["label"] for link in article[name]] for name in ("links", "related")}
    return {**article, **labels}


async def start_import(folder: Path, address: str) -> asyncio.subprocess.Process:
    """Start the command as a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        COMMAND,
        "import",
        str(folder),
        "--publish",
        env={"QUIET_DATABASE": address, "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def read_counts(process: asyncio.subprocess.Process) -> dict[str, int]:
    """Return the numbers of the report that the command prints, which must succeed."""
    printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    lines = [line.rsplit(maxsplit=1) for line in printed.decode().splitlines()]
    return {name: int(number) for name, number in lines if number.isdigit()}


async def finished_runs(database: Database) -> list[bool]:
    """Return of each run of an import whether it came to its end."""
    rows = await database.read(Sql("SELECT finished_at IS NOT NULL AS finished FROM import_run ORDER BY id"))
    return [bool(row["finished"]) for row in rows]


@pytest.mark.parametrize("places", KILLED)
async def test_killed_imports(settings: Settings, folder: Path, clean: dict[str, Any], places: str) -> None:
    """Killed anywhere, an import leaves whole batches; the next run brings the rest, and nothing twice."""
    async with serve(settings) as client:
        reader = Reader(client, clean)
        for gate, batches in KILLED[places]:
            await kill_import(settings.database, folder, gate, reader, batches)
        there = await read_all(client)
        reader.compare(list(there.values()))
        counts = await read_counts(await start_import(folder, settings.database))
        await reader.look()
        assert reader.head == BATCHES
        assert await read_all(client) == clean
        assert await finished_runs(client.database) == [False, False, True]
    rest = ARTICLES - len(there)
    named = ("created", "changed", "unchanged", "refused", "published", "questions")
    assert [counts[name] for name in named] == [rest, 0, len(there), 0, rest, 2 * ARTICLES]


async def kill_import(address: str, folder: Path, gate: Gate, reader: Reader, batches: int) -> None:
    """Start an import, kill it at a gate behind so many batches, and read what it left."""
    async with closed_gate(address, gate) as is_reached:
        process = await start_import(folder, address)

        async def is_there() -> bool:
            await reader.look()
            return reader.head == batches and await is_reached()

        await kill_at(process, is_there)
        assert process.returncode == -signal.SIGKILL
    await reader.look()
    assert reader.head == batches
