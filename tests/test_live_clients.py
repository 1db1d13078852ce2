"""The clients of docs/subscriptions.md, cut off in every way: each ends with every event once and in order.

QUIET_TEST_PUBLISHES and QUIET_TEST_CUTS make it longer: 1000 and 20.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.settings import Settings
from models.access import Role, system_actor
from models.database import open_database
from models.migrating import migrate
from models.token import create_token
from tests.npm import PACKAGES
from tests.serving import QUIET_SERVE, ROOT, free_port, quiet_environment
from tests.tcp_proxy import Proxy, proxying

PUBLISHES = int(os.environ.get("QUIET_TEST_PUBLISHES", "40"))
CUTS = int(os.environ.get("QUIET_TEST_CUTS", "3"))
SECONDS = 60.0

DOCS = (ROOT / "docs" / "subscriptions.md").read_text(encoding="utf-8")
CREATE = "mutation($input: CreateArticleInput!) { createArticle(input: $input) { errors { message } } }"
SITE = (
    'mutation { createSite(input: {key: "docs", name: "Docs", defaultLocale: "en"}) { errors { message } } }'
)


def read_example(language: str, words: str) -> str:
    """Return the example in a language of the documentation that holds these words."""
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    (found,) = [block for block in blocks if words in block]
    return str(found)


class Server:
    """`quiet serve`, which is killed and replaced while clients follow through a proxy."""

    def __init__(self, environment: dict[str, str], proxy: Proxy, secret: str) -> None:
        self._environment = {**os.environ, **environment}
        self._proxy = proxy
        self._headers = {"authorization": f"Bearer {secret}"}
        self._process: Process | None = None

    async def start(self) -> None:
        """Start a process, and let the proxy lead to it once it answers."""
        port = free_port()
        self._process = await asyncio.create_subprocess_exec(
            *QUIET_SERVE, "--port", str(port), env=self._environment, stdout=DEVNULL, stderr=DEVNULL
        )
        async with asyncio.timeout(SECONDS), httpx2.AsyncClient(trust_env=False) as http:
            while True:
                with contextlib.suppress(httpx2.TransportError):
                    await http.get(f"http://127.0.0.1:{port}/")
                    break
                await asyncio.sleep(0.05)
        self._proxy.target = port

    async def drop(self) -> None:
        """Cut every connection; the process goes on."""
        self._proxy.cut()

    async def kill(self) -> None:
        """Kill the process and start another one."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        await self.start()

    async def replace(self) -> None:
        """Start another process, then ask the old one to go."""
        old = self._process
        await self.start()
        assert old is not None
        old.terminate()
        await old.wait()

    async def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()

    async def send(self, query: str, **variables: Any) -> None:
        """Send a mutation; it must have neither errors nor failures."""
        async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
            response = await http.post(
                f"http://127.0.0.1:{self._proxy.target}/graphql",
                json={"query": query, "variables": variables},
                headers=self._headers,
            )
        (payload,) = response.json()["data"].values()
        assert payload["errors"] == []


class Follower:
    """A client in a process of its own, which prints each change that it is told."""

    def __init__(self, process: Process) -> None:
        self.titles: list[str] = []
        self._process = process
        self._heard = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            change = json.loads(line)
            if change["kind"] == "PUBLISHED":
                self.titles.append(change["article"]["title"])
                self._heard.set()

    async def wait_for(self, count: int) -> None:
        """Wait until so many articles were told."""
        async with asyncio.timeout(SECONDS):
            while len(self.titles) < count:
                self._heard.clear()
                await self._heard.wait()

    async def stop(self) -> None:
        """End the client."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reading


@asynccontextmanager
async def following(command: list[str]) -> AsyncIterator[Follower]:
    """Run a client until the block ends."""
    follower = Follower(await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE))
    try:
        yield follower
    finally:
        await follower.stop()


async def prepare(settings: Settings) -> str:
    """Migrate the database and return an administrator's token."""
    async with open_database(settings.database) as database:
        await migrate(database)
        _, secret = await create_token(database, system_actor("test"), "t", Role.ADMINISTRATOR)
        return secret


def write_clients(folder: Path, port: int, node: str) -> dict[str, list[str]]:
    """Write the examples into a folder, for the service on this port; return their commands by name."""
    (folder / "node_modules").symlink_to(PACKAGES)
    commands = {}
    for name, language, words, program, suffix in (
        ("graphql-ws", "js", 'from "graphql-ws"', node, "mjs"),
        ("graphql-sse", "js", 'from "graphql-sse"', node, "mjs"),
        ("gql", "python", "from gql", sys.executable, "py"),
    ):
        path = folder / f"follow-{name}.{suffix}"
        path.write_text(read_example(language, words).replace("127.0.0.1:8000", f"127.0.0.1:{port}"))
        commands[name] = [program, str(path)]
    return commands


@pytest.mark.database
async def test_clients_that_are_cut_off(settings: Settings, tmp_path: Path, node: str) -> None:
    """Connections dropped, servers killed, processes replaced: every client hears of every article once, in order."""
    secret = await prepare(settings)
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(proxying())
        server = Server(quiet_environment(settings), proxy, secret)
        stack.push_async_callback(server.stop)
        await server.start()
        await server.send(SITE)
        commands = write_clients(tmp_path, proxy.port, node)
        followers = {
            name: await stack.enter_async_context(following(command)) for name, command in commands.items()
        }
        cuts: list[Callable[[], Coroutine[Any, Any, None]]] = [
            server.drop,
            server.kill,
            server.drop,
            server.replace,
        ]
        every = PUBLISHES // (CUTS + 1)
        cut = 0
        for number in range(1, PUBLISHES + 1):
            await server.send(CREATE, input={"locale": "en", "title": f"Article {number}", "publish": True})
            if number % every == 0 and cut < CUTS:
                # All follow by now, so that each cut meets all of them, the last one some events behind.
                for follower in followers.values():
                    await follower.wait_for(number - 3)
                await cuts[cut % len(cuts)]()
                cut += 1
        for follower in followers.values():
            await follower.wait_for(PUBLISHES)
        await server.send(CREATE, input={"locale": "en", "title": "The last", "publish": True})
        expected = [f"Article {number}" for number in range(1, PUBLISHES + 1)] + ["The last"]
        for name, follower in followers.items():
            await follower.wait_for(len(expected))
            assert follower.titles == expected, name
        assert cut == CUTS
