"""docs/examples/search_index.py: whatever happens, the index becomes what a new one would be."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.copies import PAGE, kill_again_and_again, list_articles, open_newsroom, run, save_many, update
from tests.live import Live

NAME = "search_index.py"
Rows = list[tuple[str, ...]]


@contextmanager
def index_in(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the index that lies in a folder."""
    with closing(sqlite3.connect(folder / "search-en.sqlite3", isolation_level=None)) as index:
        yield index


def read_index(folder: Path) -> Rows:
    """Return id, path, title and words of everything in an index, which must be sound."""
    with index_in(folder) as index:
        index.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        return index.execute(
            "SELECT id, path, words.title, text FROM words LEFT JOIN article ON number = words.rowid ORDER BY id"
        ).fetchall()


async def make_index(live: Live, folder: Path) -> Rows:
    """Return what a new index holds, which must be all articles."""
    await update(folder, live.port, NAME, "update")
    index = read_index(folder)
    articles = await list_articles(live.client, "id path title")
    shown = sorted((article["id"], article["path"], article["title"]) for article in articles)
    assert shown == [row[:3] for row in index]
    return index


async def test_keeping_in_step(live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After each thing that happens, an update makes the index what a new one is."""
    newsroom = open_newsroom(live.client, monkeypatch)
    sizes = []
    for number, happen in enumerate(newsroom.verbs):
        await happen()
        printed = await update(tmp_path, live.port, NAME, "update")
        index = read_index(tmp_path)
        assert index == await make_index(live, tmp_path / str(number))
        assert printed == f"{len(index)} articles\n"
        sizes.append(len(index))
    assert sizes == [2, 3, 3, 4, 4, 3, 2]


async def test_finding(live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever is typed, articles are found by the words of all their parts, and not by those of earlier editions."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    await update(tmp_path, live.port, NAME, "update")
    for words in (
        ["currents"],
        ["ebb"],
        ["pulls", "water"],
        ["pulls the water"],
        ["heading"],
        ["rust"],
        ["R & D"],
    ):
        printed = await update(tmp_path, live.port, NAME, "find", *words)
        assert printed == '/en/tides\tTides & "currents" <today>\n', words
    for words in (['"'], ["water", "stone"], ["NOT"], ["text:water"], ["wat*"], ["-"]):
        assert await update(tmp_path, live.port, NAME, "find", *words) == "", words
    await newsroom.move()
    await update(tmp_path, live.port, NAME, "update")
    assert await update(tmp_path, live.port, NAME, "find", "stone") == "/en/harbour/quay\tThe quay\n"


async def test_killed_at_any_line(live: Live, tmp_path: Path) -> None:
    """Whenever it is killed, the index is as of its position, and the next run goes on there."""

    def look() -> None:
        with index_in(tmp_path) as index:
            tables = {name for (name,) in index.execute("SELECT name FROM sqlite_master")}
            if not {"position", "article", "words"} <= tables:
                return
            positions = index.execute("SELECT variables FROM position").fetchall()
        titles = [row[2].split()[0] for row in read_index(tmp_path)]
        seen.add((len(positions), titles.count("Old"), titles.count("New")))

    count = PAGE + PAGE // 4
    seen: set[tuple[int, int, int]] = set()
    await save_many(live.client, "Old")
    await kill_again_and_again(tmp_path, live.port, NAME, "update", look=look)
    assert seen <= {(0, 0, 0), (1, count, 0)}
    seen = set()
    await save_many(live.client, "New")
    await kill_again_and_again(tmp_path, live.port, NAME, "update", look=look)
    assert (1, count - PAGE, PAGE) in seen
    assert seen <= {(1, count, 0), (1, count - PAGE, PAGE), (1, 0, count)}
    assert read_index(tmp_path) == await make_index(live, tmp_path / "new")


async def test_several_at_a_time(live: Live, tmp_path: Path) -> None:
    """Updates at the same time wait for each other."""
    for title in ("Old", "New"):
        await save_many(live.client, title)
        await asyncio.gather(*(update(tmp_path, live.port, NAME, "update") for _ in range(3)))
        assert read_index(tmp_path) == await make_index(live, tmp_path / title)


@pytest.mark.parametrize("reason", ["compacted", "restored"])
async def test_lost_history(live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reason: str) -> None:
    """Where the service has no history since the position, the index is made anew, without what is gone meanwhile."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    await update(tmp_path, live.port, NAME, "update")
    await newsroom.delete()
    if reason == "compacted":
        await newsroom.forget()
    else:
        with index_in(tmp_path) as index:
            index.execute("UPDATE position SET variables = ?", (json.dumps({"since": 1_000_000}),))
    ended = await run(tmp_path, live.port, NAME, "update")
    assert ended.status == 0
    assert ended.complaints.endswith("Taking a new snapshot.\n")
    assert read_index(tmp_path) == await make_index(live, tmp_path / "new")
    await newsroom.unpublish()
    await update(tmp_path, live.port, NAME, "update")
    assert read_index(tmp_path) == await make_index(live, tmp_path / "newer")


async def test_failures(live: Live, tmp_path: Path) -> None:
    """Where the service does not answer, or refuses to, one line says so and the index stays."""
    await save_many(live.client, "Old")
    await update(tmp_path, live.port, NAME, "update")
    before = read_index(tmp_path)
    ended = await run(tmp_path, 1, NAME, "update")
    assert (ended.status, ended.complaints.count("\n")) == (1, 1)
    assert ended.complaints.startswith("http://127.0.0.1:1: ")
    with index_in(tmp_path) as index:
        index.execute("UPDATE position SET variables = ?", (json.dumps({"after": "x"}),))
    ended = await run(tmp_path, live.port, NAME, "update")
    assert (ended.status, ended.printed, ended.complaints.count("\n")) == (1, "", 1)
    assert "not a cursor" in ended.complaints
    assert read_index(tmp_path) == before
