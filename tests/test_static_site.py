"""docs/examples/static_site.py: whatever happens, the folder becomes what a new one would be."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from api.settings import Settings
from models.access import Role
from models.draft import ArticleDraft
from tests.copies import (
    PAGE,
    QUAY,
    copy_example,
    kill_again_and_again,
    list_articles,
    open_newsroom,
    run,
    save_many,
    started,
    update,
)
from tests.live import SECONDS, Live, running
from tests.tcp_proxy import proxying

NAME = "static_site.py"
TIDES = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tides &amp; &quot;currents&quot; &lt;today&gt;</title>
<meta name="description" content="Ebb &amp; flow">
<h1>Tides &amp; &quot;currents&quot; &lt;today&gt;</h1>
<p>What <strong>pulls</strong> the water? See <a href="/en/quay" rel="noopener noreferrer">quays</a>, \
<a href="/en/pier?a=1&amp;b=2#end" rel="noopener noreferrer">piers</a> and \
<a href="/map" rel="noopener noreferrer">a map</a>.</p>

<details id="is-1-2"><summary>Is 1 &lt; 2?</summary>
<p>It <em>is</em>.</p>
</details>

<section id="a&quot;b">
<p>A text without a heading: <code>&lt;a href="/en/quay"&gt;</code></p>
</section>
<section id="why-b-twice-b">
<h3>Why &lt;b&gt;twice&lt;/b&gt;?</h3>
<details id="r-d"><summary>R &amp; D?</summary>
<p>No.</p>
</details>
</section>
<section id="weighing">
<h2>Weighing</h2>
<ul class="pros">
<li>It&#x27;s &lt;free&gt;</li>
</ul>
<ul class="cons">
<li>Salt &amp; rust</li>
</ul>
</section>
</html>
"""


def read_pages(folder: Path) -> dict[str, str]:
    """Return all pages of a folder by their names; there is nothing beside them but the copy."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert all(path.suffix in {".html", ".sqlite3"} for path in files), files
    assert all(any(path.iterdir()) for path in folder.rglob("*") if path.is_dir())
    return {str(path.relative_to(folder)): path.read_text() for path in files if path.suffix == ".html"}


def look_at(folder: Path) -> dict[str, str] | None:
    """Return all pages of a folder that may be written to; None where one has gone while it was read."""
    try:
        return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("index.html")}
    except FileNotFoundError:
        return None


def number_files(folder: Path) -> dict[str, int]:
    """Return which file each page is; one that is written anew is another one."""
    return {str(path.relative_to(folder)): path.stat().st_ino for path in folder.rglob("*.html")}


async def make_site(live: Live, folder: Path) -> dict[str, str]:
    """Return the pages of a new site, which must be those of all articles."""
    await update(folder, live.port, NAME, "site")
    pages = read_pages(folder / "site")
    articles = await list_articles(live.client, "path intro { html }")
    assert pages.keys() == {f"test{article['path']}/index.html" for article in articles}
    return pages


async def test_keeping_in_step(live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After each thing that happens, the folder is what a new one is, and no file was written that had not changed."""
    newsroom, site = open_newsroom(live.client, monkeypatch), tmp_path / "site"
    before: dict[str, str] = {}
    told = []
    for number, happen in enumerate(newsroom.verbs):
        files = number_files(site)
        await happen()
        told.append(await update(tmp_path, live.port, NAME, "site"))
        pages = read_pages(site)
        assert pages == await make_site(live, tmp_path / str(number))
        same = {name for name, page in pages.items() if before.get(name) == page}
        assert same == {name for name, file in number_files(site).items() if files.get(name) == file}
        assert told[-1] == f"{len(pages.keys() - same)} written, {len(before.keys() - pages)} deleted\n"
        before = pages
    counts = [(line.split()[0], line.split()[2]) for line in told]
    # An article is written too when one goes live, moves or goes off that it links to.
    assert counts == [("2", "0"), ("2", "0"), ("1", "0"), ("3", "0"), ("0", "0"), ("1", "1"), ("0", "1")]


async def test_a_page(live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Text is escaped, HTML is not; links lead where their targets are now, whatever their authors wrote."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    pages = await make_site(live, tmp_path)
    assert pages["test/en/tides/index.html"] == TIDES
    await newsroom.schedule()
    await newsroom.move()
    await update(tmp_path, live.port, NAME, "site")
    page = read_pages(tmp_path / "site")["test/en/tides/index.html"]
    moved = TIDES.replace('<a href="/en/quay" rel', '<a href="/en/harbour/quay" rel')
    assert page == moved.replace("/en/pier?a=1&amp;b=2#end", "/en/pier#end")


async def test_files_of_others(live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is touched that the program has not written, and a page that somebody spoils is mended."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    await update(tmp_path, live.port, NAME, "site")
    folder = tmp_path / "site" / "test" / "en"
    (folder / "about.html").write_text("about")
    (folder / "quay" / "photo.html").write_text("photo")
    (folder / "tides" / "index.html").write_text("spoilt")
    await newsroom.unpublish()
    assert await update(tmp_path, live.port, NAME, "site") == "1 written, 1 deleted\n"
    assert sorted(read_pages(folder)) == ["about.html", "quay/photo.html", "tides/index.html"]


async def test_killed_at_any_line(live: Live, tmp_path: Path) -> None:
    """Whenever it is killed, every page is a whole one, and the next run leaves what a new site is."""

    def look() -> None:
        pages = [path.read_text() for path in (tmp_path / "site").rglob("index.html")]
        seen.add(len(pages))
        assert all(page.endswith("</html>\n") for page in pages)

    seen: set[int] = set()
    await save_many(live.client, "Old")
    await kill_again_and_again(tmp_path, live.port, NAME, "site", look=look)
    assert any(0 < count < PAGE for count in seen)
    await save_many(live.client, "New")
    for number in range(9):
        await live.client.save(ArticleDraft("en", f"moved-{number}", "Moved"), key=f"article-{number}")
    await kill_again_and_again(tmp_path, live.port, NAME, "site", look=look)
    assert (await update(tmp_path, live.port, NAME, "site")) == "0 written, 0 deleted\n"
    (tmp_path / "site" / "en.new").unlink(missing_ok=True)
    assert read_pages(tmp_path / "site") == await make_site(live, tmp_path / "new")


async def test_killed_where_history_is_lost(
    live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A page that was written before a kill is deleted even where nobody can tell any more that it was there."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    lines = 100
    while not look_at(tmp_path / "site"):
        ended = await run(tmp_path, live.port, NAME, "site", lines=lines)
        assert ended.status == -signal.SIGKILL
        lines += 20
    await newsroom.delete()
    await newsroom.unpublish()
    await newsroom.forget()
    ended = await run(tmp_path, live.port, NAME, "site")
    assert (ended.status, ended.complaints.endswith("Taking a new snapshot.\n")) == (0, True)
    assert read_pages(tmp_path / "site") == await make_site(live, tmp_path / "new")


async def test_several_at_a_time(live: Live, tmp_path: Path) -> None:
    """Updates at the same time wait for each other; only the first has something to do."""
    for title in ("Old", "New"):
        await save_many(live.client, title)
        told = await asyncio.gather(*(update(tmp_path, live.port, NAME, "site") for _ in range(3)))
        assert sorted(told) == ["0 written, 0 deleted\n"] * 2 + ["125 written, 0 deleted\n"]
        assert read_pages(tmp_path / "site") == await make_site(live, tmp_path / title)


async def test_one_at_a_time(live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who is about to write pages keeps all others from the folder until everything is written."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    replaced = {
        "slow": {"changed = 0": f"changed = os.kill(os.getpid(), {signal.SIGSTOP}) or 0"},
        "hasty": {"timeout=600": "timeout=0"},
    }
    commands = {}
    for name, words in replaced.items():
        (tmp_path / name).mkdir()
        copy_example("in_step.py", tmp_path / name)
        commands[name] = [sys.executable, str(copy_example(NAME, tmp_path / name, words)), "site"]
    async with started(commands["slow"], tmp_path, live.port) as slow:
        stopped = await asyncio.to_thread(
            os.waitid, os.P_PID, slow.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT
        )
        assert stopped is not None
        assert stopped.si_status == signal.SIGSTOP
        async with started(commands["hasty"], tmp_path, live.port) as hasty:
            _, complaints = await hasty.communicate()
    assert b"database is locked" in complaints
    await update(tmp_path, live.port, NAME, "site")
    assert read_pages(tmp_path / "site").keys() == (await make_site(live, tmp_path / "new")).keys()


async def test_lost_position(live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the service has another history, the folder is made anew without writing what has not changed."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    await update(tmp_path, live.port, NAME, "site")
    await newsroom.unpublish()
    with closing(sqlite3.connect(tmp_path / "site" / "en.sqlite3", isolation_level=None)) as copy:
        copy.execute("UPDATE position SET variables = ?", ('{"since": 1000000}',))
    ended = await run(tmp_path, live.port, NAME, "site")
    assert ended.complaints.endswith("Taking a new snapshot.\n")
    assert (ended.status, ended.printed) == (0, "0 written, 1 deleted\n")
    assert read_pages(tmp_path / "site") == await make_site(live, tmp_path / "new")


async def test_following(live: Live, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who follows writes at once what is published, and goes on when the connection is lost."""
    newsroom = open_newsroom(live.client, monkeypatch)
    copy_example("in_step.py", tmp_path)
    program = copy_example(NAME, tmp_path, {"time.sleep(5)": "time.sleep(0.05)"})
    command = [sys.executable, "-W", "error", str(program), "site", "--follow"]
    async with proxying() as proxy, started(command, tmp_path, proxy.port) as process:
        proxy.target = live.port
        assert process.stdout is not None
        async with asyncio.timeout(SECONDS):
            assert await process.stdout.readline() == b"0 written, 0 deleted\n"
            for number, happen in enumerate(
                (newsroom.publish, newsroom.edit, newsroom.move, newsroom.delete)
            ):
                await happen()
                expected = await make_site(live, tmp_path / str(number))
                while look_at(tmp_path / "site") != expected:
                    assert await process.stdout.readline()
                proxy.cut()


async def test_with_a_token(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where reading asks for a token, the program shows it; without one it is refused and writes nothing."""
    async with running(replace(settings, public_read=False)) as live:
        await live.client.save(QUAY)
        ended = await run(tmp_path, live.port, NAME, "site")
        assert (ended.status, ended.printed) == (1, "")
        reader = await live.client.sign_in(Role.READER)
        monkeypatch.setenv("CONTENT_TOKEN", reader.headers["authorization"].removeprefix("Bearer "))
        assert await update(tmp_path, live.port, NAME, "site") == "1 written, 0 deleted\n"
