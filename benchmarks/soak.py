"""`python -m benchmarks.soak [SECONDS]`: whether a server grows that is left alone for long.

One server process with the settings that it has by default, but for the budgets of clients, as all load comes from one
address. It answers queries of all kinds and nonsense over 16 connections, tells twenty who follow the changes, who
come and go, and an editor publishes ten articles a second. Its memory and its open files are looked at each few
seconds; what grows after the caches are full, over the second half of the time, is told for each request.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep

import orjson

from benchmarks.data import Data, body, make_up
from benchmarks.databases import new_sqlite
from benchmarks.followers import SocketFollower, follow
from benchmarks.load import Server, post, run_wrk
from benchmarks.machine import describe_machine
from benchmarks.publisher import Publisher
from benchmarks.servers import serve_product, write_lines

ARTICLES = 500
CONNECTIONS = 16
FOLLOWERS = 20
LEAVE_AFTER = 5.0
"""How many seconds each of those who follow stays."""

LOOK_EVERY = 5.0
MOST_GROWTH = 0.1
"""By how many kB the server may grow with each request."""

MOST_FILES = 20
"""By how many open files the end may differ from the middle: connections come and go."""

SETTINGS = {"QUIET_LIBRARY_BYTES": "16000000", "QUIET_RESPONSE_CACHE_BYTES": "16000000"}
"""Small caches, so that they are full soon."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a server takes at a moment, in seconds from the beginning: memory in kB, and open files."""

    moment: float
    memory: float
    files: int


def look(server: Server, begin: float) -> Look:
    """Return what a server takes now."""
    files = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
    return Look(monotonic() - begin, 1024 * server.memory("VmRSS"), files)


class Watch(Thread):
    """Looks at a server again and again until stopped, and says what it sees."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self.looks: list[Look] = []
        self._server = server
        self._is_over = False

    def run(self) -> None:
        """Look."""
        begin = monotonic()
        while not self._is_over:
            seen = look(self._server, begin)
            self.looks.append(seen)
            print(f"{seen.moment:7.0f} s {seen.memory / 1024:8.1f} MiB {seen.files:5} files", flush=True)
            sleep(LOOK_EVERY)

    def stop(self) -> None:
        """End, and wait for the end."""
        self._is_over = True
        self.join()


class Crowd(Thread):
    """Those who follow the changes: each stays for a while, goes, and comes again."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self.came = self.told = 0
        self._server = server
        self._is_over = False

    def run(self) -> None:
        """Follow."""
        asyncio.run(self._follow())

    async def _follow(self) -> None:
        while not self._is_over:
            answer = await asyncio.to_thread(post, self._server.url("/graphql"), body("{ head }"))
            head = orjson.loads(answer)["data"]["head"]
            followers = await follow(self._server, SocketFollower, FOLLOWERS, head)
            self.came += len(followers)
            await asyncio.sleep(LEAVE_AFTER)
            self.told += sum(len(follower.arrivals) for follower in followers)
            for follower in followers:
                assert follower.transport is not None
                follower.transport.abort()

    def stop(self) -> None:
        """End, and wait for the end."""
        self._is_over = True
        self.join()


def name_all(data: Data) -> list[bytes]:
    """Return the bodies of requests of all kinds, some of which are wrong."""
    asked = [*data.all_kinds(), *data.many_searches(200)]
    wrong = [body("{ articles { nodes { id } } }", unused=number) for number in range(200)]
    unknown = [body(f"{{ articles(first: {number}) {{ totalCount nothing }} }}") for number in range(200)]
    new = [
        body(f"query Q{number} {{ articles(first: 3) {{ nodes {{ title }} }} }}") for number in range(2_000)
    ]
    mixed = [*asked, *wrong, *unknown, *new]
    return [mixed[n * 7_919 % len(mixed)] for n in range(len(mixed))]


def measure(data: Data, seconds: int, folder: Path) -> bool:
    """Print what a server takes, and tell whether it keeps its promise."""
    lines = folder / "all.json"
    write_lines(lines, name_all(data))
    with ExitStack() as stack:
        server = stack.enter_context(serve_product(data, SETTINGS))
        watch, publisher, crowd = Watch(server), Publisher(server, data), Crowd(server)
        for thread in (watch, publisher, crowd):
            thread.start()
            stack.callback(thread.stop)
        load = run_wrk(server, "/graphql", lines, CONNECTIONS, seconds)
    requests = load.rate * seconds
    print(
        f"\n{requests:,.0f} requests, {publisher.published:,} publications, {crowd.came:,} followers who "
        f"were told {crowd.told:,} changes (p50 {load.p50:.1f} ms, p99 {load.p99:.1f} ms)"
    )
    return judge(watch.looks, load.rate)


def judge(looks: Sequence[Look], rate: float) -> bool:
    """Print how much the second half of the looks grows, and tell whether that is little enough."""
    half = looks[len(looks) // 2 :]
    slope, _ = linear_regression([one.moment for one in half], [one.memory for one in half])
    files = half[-2].files - half[0].files
    print(f"Growth: {slope / rate:.4f} kB a request (at most {MOST_GROWTH}), {files:+} open files")
    return slope / rate <= MOST_GROWTH and abs(files) <= MOST_FILES


def main(arguments: Sequence[str]) -> int:
    """Measure for so many seconds, half an hour unless told otherwise; return 1 where the server grows."""
    seconds = int(arguments[0]) if arguments else 1_800
    print(describe_machine(None))
    with TemporaryDirectory() as name, new_sqlite(Path(name)) as address:
        data = asyncio.run(make_up(address, "SQLite", ARTICLES))
        return 0 if measure(data, seconds, Path(name)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
