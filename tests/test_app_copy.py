"""docs/examples/app_copy.mjs in Node: whatever happens, the copy becomes what the service shows."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from models.access import Role
from tests.copies import QUAY, copy_example, list_articles, open_newsroom, save_many, started
from tests.live import SECONDS, Live, running
from tests.npm import PACKAGES
from tests.serving import free_port
from tests.tcp_proxy import proxying
from tests.webhooks import wait_until

SHOWN = "id path title summary updatedAt"
RETRY = "30_000, 500 * 2 ** failures++"


@dataclass(frozen=True, slots=True)
class App:
    """The example, in a folder of its own, where it keeps its copy."""

    folder: Path
    node: str

    def install(self, **replaced: str) -> None:
        """Copy the example, with other words in place of some of its own."""
        copy_example("app_copy.mjs", self.folder, replaced)
        copy_example("app_copy_node.mjs", self.folder)
        (self.folder / "node_modules").symlink_to(PACKAGES)

    @asynccontextmanager
    async def running(self, port: int) -> AsyncIterator[Process]:
        """Run the app beside the service on this port, until it is killed at the end of the block."""
        async with started([self.node, "app_copy_node.mjs"], self.folder, port) as process:
            yield process

    @property
    def file(self) -> Path:
        """Return where the copy is kept."""
        return self.folder / "articles.json"

    def read(self) -> dict[str, Any]:
        """Return the articles that are kept, by their ids."""
        return dict(json.loads(self.file.read_text())["articles"]) if self.file.exists() else {}

    async def be_in_step(self, live: Live) -> None:
        """Return when the copy is what the service shows."""
        expected = {article["id"]: article for article in await list_articles(live.client, SHOWN)}

        async def is_in_step() -> bool:
            return self.read() == expected

        await wait_until(is_in_step)


@pytest.fixture
def app(node: str, tmp_path: Path) -> App:
    """The example, not installed yet."""
    (tmp_path / "app").mkdir()
    return App(tmp_path / "app", node)


async def read_line(process: Process) -> str:
    """Return the next line that a program prints."""
    assert process.stdout is not None
    async with asyncio.timeout(SECONDS):
        return (await process.stdout.readline()).decode()


async def test_keeping_in_step(live: Live, monkeypatch: pytest.MonkeyPatch, app: App) -> None:
    """Over one subscription, the copy follows whatever happens."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    app.install(**{RETRY: "1e9"})
    async with app.running(live.port) as process:
        await app.be_in_step(live)
        # A schedule is not among it: the server's clock stands still here.
        for happen in (newsroom.edit, newsroom.move, newsroom.translate, newsroom.unpublish, newsroom.delete):
            await happen()
            await app.be_in_step(live)
        process.kill()
        printed, complaints = await process.communicate()
    assert printed.startswith(b"0 articles are here\n2 articles\n")
    assert complaints == b""


async def test_lost_connections(live: Live, monkeypatch: pytest.MonkeyPatch, app: App) -> None:
    """Connections that are cut, or dead without anybody's word, are replaced, and the copy goes on where it was."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    app.install(**{"10_000": "200", "5_000": "500"})
    async with proxying() as proxy:
        proxy.target = live.port
        async with app.running(proxy.port):
            await app.be_in_step(live)
            for lose in (proxy.cut, proxy.silence, proxy.cut, proxy.silence):
                lose()
                await save_many(live.client, lose.__name__)
                await newsroom.edit()
                await app.be_in_step(live)


async def test_offline_first(live: Live, monkeypatch: pytest.MonkeyPatch, app: App) -> None:
    """What is kept is there at the start, without a service; when that answers, the copy catches up."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    app.install()
    async with proxying() as proxy:
        proxy.target = live.port
        async with app.running(proxy.port):
            await app.be_in_step(live)
        before = app.read()
        await newsroom.delete()
        await newsroom.edit()
        proxy.target = free_port()
        async with app.running(proxy.port) as process:
            assert await read_line(process) == "2 articles are here\n"
            assert process.stderr is not None
            assert (await process.stderr.readline()).startswith(b"Trying again: ")
            assert app.read() == before
            proxy.target = live.port
            await app.be_in_step(live)
            await newsroom.unpublish()
            await app.be_in_step(live)


async def test_killed_at_any_time(live: Live, app: App) -> None:
    """Whenever it is killed, articles and position fit together, and the next start goes on there."""
    app.install()
    await save_many(live.client, "Old")
    kept = set()
    for title, lines in (("New", 1), ("Newer", 2), ("Newest", 2), ("Changed", 3), ("Last", 2)):
        async with app.running(live.port) as process:
            for _ in range(lines):
                await read_line(process)
        kept.add(len(app.read()))
        await save_many(live.client, title)
    assert kept <= {0, 125}
    async with app.running(live.port):
        await app.be_in_step(live)


@pytest.mark.parametrize("reason", ["compacted", "restored"])
async def test_lost_history(live: Live, monkeypatch: pytest.MonkeyPatch, app: App, reason: str) -> None:
    """Where the service has no history since the position, the copy is made anew, without what is gone meanwhile."""
    newsroom = open_newsroom(live.client, monkeypatch)
    await newsroom.publish()
    app.install()
    async with app.running(live.port):
        await app.be_in_step(live)
    await newsroom.delete()
    if reason == "compacted":
        await newsroom.forget()
    else:
        kept = json.loads(app.file.read_text())
        app.file.write_text(json.dumps({**kept, "position": {"since": 1_000_000}}))
    async with app.running(live.port) as process:
        await app.be_in_step(live)
        await newsroom.edit()
        await app.be_in_step(live)
        process.kill()
        _, complaints = await process.communicate()
    assert complaints.count(b"\n") == 1
    assert b"evision" in complaints


async def test_with_a_token(settings: Settings, monkeypatch: pytest.MonkeyPatch, app: App) -> None:
    """Where reading asks for a token, the copy shows it."""
    async with running(replace(settings, public_read=False)) as live:
        await live.client.save(QUAY)
        reader = await live.client.sign_in(Role.READER)
        app.install()
        monkeypatch.setenv("CONTENT_TOKEN", reader.headers["authorization"].removeprefix("Bearer "))
        async with app.running(live.port):
            await app.be_in_step(replace(live, client=reader))
        assert [article["title"] for article in app.read().values()] == ["Quays"]
