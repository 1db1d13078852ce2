"""Stands without its ground: a database that goes away and comes back, and a disk that is full."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import orjson
import pytest

from benchmarks.data import Data, make_up
from benchmarks.load import Server
from benchmarks.promises.exchange import Response, exchange, write
from benchmarks.promises.places import (
    NO_BUDGET,
    POSTGRES,
    SQLITE,
    new_database,
    serving_default,
    tell_missing,
)
from benchmarks.promises.promise import Finding, Options, Promise
from models.database import Address
from tests.serving import free_port
from tests.tcp_proxy import Proxy, proxying
from tests.test_storage_trouble import small_disk

ARTICLES = 50
ROUNDS = 5
MOST_SECONDS = 1.0
PATIENCE = 20.0
BALLAST = 1_000_000
TEXT = "word " * 20_000
CREATE = (
    "mutation($input: CreateArticleInput!) { createArticle(input: $input) { revision errors { message } } }"
)

numbers = count()


@dataclass(slots=True)
class Asker:
    """Asks a server to read and to write, what was never asked before."""

    server: Server
    secret: str

    def read(self) -> Response:
        """Ask for what is not in memory: drafts."""
        selection = "@view(perspective: DRAFT) { articles(first: 1) { totalCount nodes { title } } }"
        return self._post({"query": f"query Q{next(numbers)} {selection}"})

    def write(self, text: str = "") -> Response:
        """Create an article."""
        sections = [{"heading": "Part", "body": text}] if text else []
        given = {
            "site": "bench",
            "locale": "en",
            "title": f"New article {next(numbers)}",
            "sections": sections,
        }
        return self._post({"query": CREATE, "variables": {"input": given}})

    def ready(self) -> Response:
        """Ask whether the server is ready."""
        return exchange(self.server.port, write("GET", "/readyz", {}, b""))

    def _post(self, asked: object) -> Response:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.secret}"}
        return exchange(self.server.port, write("POST", "/graphql", headers, orjson.dumps(asked)))


@dataclass(slots=True)
class Trouble:
    """How long answers took, in seconds: refusals without a database, and all being well again after its return."""

    refused: list[float] = field(default_factory=list)
    noticed: list[float] = field(default_factory=list)
    returned: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def expect(self, what: str, response: Response, status: int, code: str = "") -> None:
        """Note an answer that is another one than is meant."""
        if response.status != status or code.encode() not in response.content:
            self.wrong.append(f"{what}: {response.status} {response.content[:200]!r}")


def lose(asker: Asker, trouble: Trouble) -> None:
    """Ask while there is no database."""
    for what in (asker.read, asker.write, asker.read, asker.write):
        begun = monotonic()
        response = what()
        trouble.refused.append(monotonic() - begun)
        trouble.expect("refused", response, 503, "DATABASE_UNAVAILABLE")
    begun = monotonic()
    while (response := asker.ready()).status != 503 and monotonic() - begun < PATIENCE:
        sleep(0.02)
    trouble.noticed.append(monotonic() - begun)
    trouble.expect("not ready", response, 503, '"database":{"ok":false')


def regain(asker: Asker, trouble: Trouble) -> None:
    """Ask until all is well again."""
    begun = monotonic()
    for what in (asker.read, asker.write, asker.ready):
        while (response := what()).status != 200 and monotonic() - begun < PATIENCE:
            sleep(0.02)
        trouble.expect("again", response, 200)
    trouble.returned.append(monotonic() - begun)


@contextmanager
def between(address: str) -> Iterator[tuple[Proxy, str, asyncio.AbstractEventLoop]]:
    """Run a proxy in front of a database, in a thread of its own; yield it, the address through it, and its loop."""
    server = Address(address).server
    user = server["user"] + (f":{server['password']}" if server["password"] else "")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    proxied = proxying()

    def run(work: object) -> Proxy:
        return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE)  # type: ignore[arg-type]

    proxy = run(proxied.__aenter__())
    proxy.target = server["port"]
    try:
        yield proxy, f"postgres://{user}@127.0.0.1:{proxy.port}/{server['database']}", loop
    finally:
        run(proxied.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def show_lost(options: Options) -> Iterator[Finding]:
    """Yield what a server says whose PostgreSQL goes away again and again."""
    trouble = Trouble()
    with new_database(POSTGRES, options) as (address, _):
        data = asyncio.run(make_up(address, POSTGRES, ARTICLES))
        with between(address) as (proxy, through, loop), serving_default(through, NO_BUDGET) as server:
            asker, target = Asker(server, data.secret), proxy.target
            regain(asker, trouble)
            trouble.returned.clear()
            for _ in range(ROUNDS):
                proxy.target = free_port()
                loop.call_soon_threadsafe(proxy.cut)
                lose(asker, trouble)
                proxy.target = target
                regain(asker, trouble)
    for what, times in (
        ("refused with DATABASE_UNAVAILABLE", trouble.refused),
        ("/readyz says so", trouble.noticed),
        ("reads, writes and /readyz are back", trouble.returned),
    ):
        longest = max(times)
        shown = f"within {longest:.2f} s ({len(times)} times)"
        yield Finding(f"{POSTGRES} gone: {what}", shown, f"{MOST_SECONDS:g} s", longest <= MOST_SECONDS)
    yield Finding(
        f"{POSTGRES} gone: other answers", "; ".join(trouble.wrong[:3]) or "none", "none", not trouble.wrong
    )


def show_full(options: Options) -> Iterator[Finding]:
    """Yield what a server says whose disk is full."""
    promised = "writes refused with DATABASE_FULL, reads answered, all well with room again"
    with new_database(SQLITE, options) as (address, folder):
        data = asyncio.run(make_up(address, SQLITE, 1))
        try:
            with small_disk(folder / "disk") as disk:
                path = disk / "quiet.sqlite3"
                shutil.copy(Address(address).path, path)
                trouble, written = fill(data, path)
        except pytest.skip.Exception as reason:
            yield Finding("a full disk", str(reason), promised, None)
            return
    told = f"{written} articles were written before it was full; other answers: {'; '.join(trouble.wrong) or 'none'}"
    yield Finding("a full disk (4 MB)", told, promised, not trouble.wrong and written > 0)


def fill(data: Data, path: Path) -> tuple[Trouble, int]:
    """Write until the disk is full, read then, make room; return what was wrong, and how much was written."""
    trouble, written = Trouble(), 0
    ballast = path.parent / "ballast"
    ballast.write_bytes(bytes(BALLAST))
    with serving_default(f"sqlite://{path}") as server:
        asker = Asker(server, data.secret)
        while (response := asker.write(TEXT)).status == 200 and written < 1_000:
            written += 1
        trouble.expect("full", response, 503, "DATABASE_FULL")
        for _ in range(ROUNDS):
            trouble.expect("write", asker.write(TEXT), 503, "DATABASE_FULL")
            trouble.expect("read", asker.read(), 200, f'"totalCount":{written + 1}')
        ballast.unlink()
        trouble.expect("room again", asker.write(), 200)
        trouble.expect("all there", asker.read(), 200, f'"totalCount":{written + 2}')
    return trouble, written


def show(options: Options) -> Iterator[Finding]:
    """Yield what a server does without its database, and without room on the disk."""
    yield from tell_missing(options, "a code within 1 s")
    if options.postgres:
        yield from show_lost(options)
    yield from show_full(options)


PROMISE = Promise(
    "ground",
    "Stands without its ground: where the database is gone every answer has a code within 1 s, /readyz says so, and "
    "all is well within 1 s of its return; where the disk is full writes are refused with a code and reads go on.",
    show,
)
