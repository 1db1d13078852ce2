"""docs/changes.md, subscriptions.md and copies.md: what they show of a running service is run beside one."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest

from api.commands.sampling import load_sample
from tests.live import SECONDS, Live
from tests.npm import PACKAGES
from tests.serving import ROOT
from tests.test_docs import SUBSCRIPTION, TABS

INSTALL = "npm install graphql graphql-ws ws"
SHORTENED = re.compile(r"[A-Za-z0-9_-]{6,}…|(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{24,}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+Z")
STORAGE = """const kept = new Map();
export default {
  getItem: async (key) => kept.get(key) ?? null,
  setItem: async (key, value) => { kept.set(key, value); },
};"""
TITLES = {
    "How tides work",
    "How vaccines train the immune system",
    "What a time zone is",
    "Why bread rises",
}


def read_blocks(page: str, language: str) -> list[str]:
    """Return the examples of a page in this language."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def split_session(block: str) -> tuple[str, list[str]]:
    """Return the commands of an example as a script, and the lines that they print."""
    lines = block.splitlines()
    script = "\n".join(line[2:] for line in lines if line.startswith("$ "))
    return script, [line for line in lines if not line.startswith("$ ")]


@pytest.fixture
async def sample(live: Live) -> Live:
    """A running service that holds the sample articles."""
    await load_sample(live.client.database)
    return live


@pytest.fixture
def curl() -> None:
    """Nothing; without curl on the machine the test is skipped and says so."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not on this machine: its examples were NOT tried")


@asynccontextmanager
async def shell(script: str, folder: Path, port: int) -> AsyncIterator[Process]:
    """Run a script in a folder, beside the service on this port; whatever it has started is killed in the end."""
    address = f"127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *("bash", "-ec", script.replace("127.0.0.1:8000", address)),
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "CONTENT_URL": f"http://{address}",
            "NO_PROXY": "127.0.0.1",
        },
        stdout=PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(SECONDS):
            yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


async def read_lines(process: Process, count: int) -> list[str]:
    """Return the next lines that a process prints; fewer where it ends."""
    assert process.stdout is not None
    return [(await process.stdout.readline()).decode().removesuffix("\n") for _ in range(count)]


def disguise(lines: list[str]) -> list[str]:
    """Return lines with the same in place of every id, cursor and moment."""
    return [MOMENT.sub("MOMENT", SHORTENED.sub("ID", line)) for line in lines]


@pytest.mark.parametrize("number", range(2))
async def test_commands_of_the_copies(sample: Live, tmp_path: Path, number: int) -> None:
    """The index and the site print what stands below their commands."""
    script, expected = split_session(read_blocks("copies.md", "console")[number])
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    async with shell(script, tmp_path, sample.port) as process:
        assert await read_lines(process, len(expected)) == expected
        assert await process.wait() == 0


async def test_command_of_the_app(sample: Live, tmp_path: Path, node: str) -> None:
    """The app prints what stands below its command, and goes on running."""
    *_, block = read_blocks("copies.md", "console")
    script, expected = split_session(block)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    assert INSTALL in script
    script = script.replace(INSTALL, f"ln -s {PACKAGES} node_modules").replace("node app", f"{node} app")
    async with shell(script, tmp_path, sample.port) as process:
        assert await read_lines(process, len(expected)) == expected
        assert process.returncode is None


async def test_app_with_a_storage_of_its_own(sample: Live, tmp_path: Path, node: str) -> None:
    """The example for React Native, with another storage in place of AsyncStorage, copies all, and ends when closed."""
    (block,) = read_blocks("copies.md", "js")
    packages = tmp_path / "node_modules"
    package = packages / "@react-native-async-storage" / "async-storage"
    package.mkdir(parents=True)
    (package / "index.mjs").write_text(STORAGE)
    (package / "package.json").write_text('{"exports": "./index.mjs"}')
    for name in ("graphql", "graphql-ws", "ws"):
        (packages / name).symlink_to(PACKAGES / name)
    shutil.copy(ROOT / "docs" / "examples" / "app_copy.mjs", tmp_path)
    ending = (
        'while (!(await AsyncStorage.getItem("articles"))) await new Promise((done) => setTimeout(done, 20));'
    )
    (tmp_path / "app.mjs").write_text(
        'import WebSocket from "ws";\nglobalThis.WebSocket ??= WebSocket;\n'
        + block.replace("127.0.0.1:8000", f"127.0.0.1:{sample.port}")
        + f"const copy = await opening;\n{ending}\nawait copy.close();\n"
    )
    async with shell(f"{node} app.mjs", tmp_path, sample.port) as process:
        assert process.stdout is not None
        printed = (await process.stdout.read()).decode()
        assert all(title in printed for title in TITLES)
        assert await process.wait() == 0


async def test_program_of_the_changes(sample: Live, tmp_path: Path) -> None:
    """The program in docs/changes.md copies all articles."""
    (program,) = read_blocks("changes.md", "python")
    (tmp_path / "copy_articles.py").write_text(program.replace("127.0.0.1:8000", f"127.0.0.1:{sample.port}"))
    async with shell("python3 -W error copy_articles.py", tmp_path, sample.port) as process:
        assert await read_lines(process, 2) == ["4 articles", ""]
        assert await process.wait() == 0


async def test_stream_of_changes(curl: None, sample: Live, tmp_path: Path) -> None:
    """curl prints the stream that stands below its command in docs/changes.md."""
    (block,) = read_blocks("changes.md", "console")
    script, expected = split_session(block)
    async with shell(script, tmp_path, sample.port) as process:
        assert disguise(await read_lines(process, len(expected))) == disguise(expected)


async def test_subscriptions(sample: Live) -> None:
    """Each subscription in docs/subscriptions.md and GraphiQL's tabs begins with an event that is not empty."""
    queries = [*read_blocks("subscriptions.md", "graphql"), *filter(SUBSCRIPTION.search, TABS)]
    assert len(queries) >= 3
    for query in queries:
        async with sample.ready() as socket:
            await socket.subscribe("s", query)
            result = await socket.result("s")
            assert "errors" not in result, query
            assert None not in result["data"].values(), query


async def test_subscription_from_the_command_line(curl: None, sample: Live, tmp_path: Path) -> None:
    """curl in docs/subscriptions.md gets the article at once, and the stream goes on."""
    (script,) = read_blocks("subscriptions.md", "sh")
    async with shell(script, tmp_path, sample.port) as process:
        while not (line := (await read_lines(process, 1))[0]).startswith("data:"):
            assert process.returncode is None
        told = orjson.loads(line.removeprefix("data:"))
        assert told["data"] == {"article": {"title": "How tides work"}}
        assert process.returncode is None
