"""`python -m benchmarks.overload [SECONDS]`: what a server does that is asked for four times as much as it can.

One server process on one core; on the other who asks, at a fixed rate whatever comes back, over as many connections as
that takes. Neither answers nor editions are kept, so that the database is asked for each: 20 articles with the names of
their sections and questions. Rates are those of a second of the server's processor time: whatever else the machine
does changes them little.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson
import uvloop

from benchmarks.data import LIST, make_up
from benchmarks.databases import new_sqlite
from benchmarks.load import LOAD_CORE, Server
from benchmarks.machine import describe_machine
from benchmarks.servers import serve_product

ARTICLES = 500
TITLES = (
    "| asked for | answered a second | p50 / p99 ms | 503 a second | p50 / p99 ms | of others, p99 ms "
    "| lost |"
)
TICK = 0.005
TIMES = (1, 2, 4)
SETTINGS = ((8, 64), (16, 64), (16, 128), (0, 0))
"""How many operations run at a time, and how many wait."""

QUERY = LIST % "id title sections { id heading } questions { id question }"
BODY = orjson.dumps({"query": QUERY, "variables": {"first": 20, "offset": 0}})
HEAD = b"%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
ASKING = HEAD % (b"POST /graphql", len(BODY)) + BODY
LOOKING = HEAD % (b"GET /", 0)
"""What nothing is executed for."""


@dataclass(slots=True)
class Outcome:
    """What came back: how long answers of each status took, and those of others, in milliseconds."""

    times: dict[int, list[float]] = field(default_factory=dict)
    others: list[float] = field(default_factory=list)
    is_over: bool = False
    cpu: float = 0.0
    late: int = 0

    def add(self, status: int, milliseconds: float) -> None:
        """Count an answer, unless it comes when the time is over."""
        if self.is_over:
            self.late += 1
            return
        self.times.setdefault(status, []).append(milliseconds)

    @property
    def counts(self) -> Mapping[int, int]:
        """Return how many answers there are of each status."""
        return Counter({status: len(times) for status, times in self.times.items()})


class Asker(asyncio.Protocol):
    """A connection on which one request after the other is sent."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.answered: asyncio.Future[int] | None = None
        self._left = -1
        self._status = 0
        self._head = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take note."""
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that no answer comes any more."""
        if self.answered is not None and not self.answered.done():
            self.answered.set_result(0)

    async def ask(self, request: bytes) -> int:
        """Send a request and return the status of its answer, 0 where none came."""
        assert self.transport is not None
        self.answered = asyncio.get_running_loop().create_future()
        self._left, self._head = -1, b""
        self.transport.write(request)
        return await self.answered

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer."""
        if self._left < 0:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._head[:end].lower()
            self._status = int(head[9:12])
            length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            data, self._left = self._head[end + 4 :], length
        self._left -= len(data)
        if self._left <= 0 and self.answered is not None and not self.answered.done():
            self.answered.set_result(self._status)


class Load:
    """Asks a server at a fixed rate."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._idle: list[Asker] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, rate: float, seconds: float) -> Outcome:
        """Ask so often in a second, and ten times a second for what nothing is executed for."""
        loop, outcome = asyncio.get_running_loop(), Outcome()
        begun, sent, looked = loop.time(), 0, 0
        while (now := loop.time() - begun) < seconds:
            for _ in range(int(now * rate) - sent):
                self._start(ASKING, outcome, is_other=False)
                sent += 1
            for _ in range(int(now * 10) - looked):
                self._start(LOOKING, outcome, is_other=True)
                looked += 1
            await asyncio.sleep(TICK)
        outcome.is_over, outcome.cpu = True, self._server.cpu_seconds()
        await asyncio.gather(*self._tasks)
        return outcome

    async def saturate(self, connections: int, seconds: float) -> float:
        """Ask on so many connections without a pause; return how many answers came in a second."""
        loop, count = asyncio.get_running_loop(), 0
        end = loop.time() + seconds

        async def ask() -> None:
            nonlocal count
            asker = await self._connect()
            while loop.time() < end:
                status = await asker.ask(ASKING)
                count += status == 200
            self._idle.append(asker)

        await asyncio.gather(*(ask() for _ in range(connections)))
        return count / seconds

    def _start(self, request: bytes, outcome: Outcome, *, is_other: bool) -> None:
        task = asyncio.create_task(self._ask(request, outcome, is_other=is_other))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, request: bytes, outcome: Outcome, *, is_other: bool) -> None:
        begun = perf_counter()
        asker = await self._find()
        status = await asker.ask(request)
        took = (perf_counter() - begun) * 1000
        if is_other:
            outcome.others.append(took)
        else:
            outcome.add(status, took)
        self._idle.append(asker)

    async def _find(self) -> Asker:
        """Return a connection on which nothing is asked; the server ends those that were not used for a while."""
        while self._idle:
            asker = self._idle.pop()
            if asker.transport is not None and not asker.transport.is_closing():
                return asker
        return await self._connect()

    async def _connect(self) -> Asker:
        _, asker = await asyncio.get_running_loop().create_connection(Asker, "127.0.0.1", self._server.port)
        return asker


def percentile(times: list[float], hundredth: int) -> str:
    """Return a percentile as text."""
    return f"{quantiles(times, n=100)[hundredth - 1]:.0f}" if len(times) > 1 else "none"


async def measure(server: Server, seconds: float) -> list[str]:
    """Return the rows of one setting."""
    load = Load(server)
    await load.saturate(8, 2)
    before = server.cpu_seconds()
    capacity = await load.saturate(8, seconds)
    best = capacity * seconds / (server.cpu_seconds() - before)
    rows = [f"| at its best, 8 at a time | {best:.0f} | | | | | |"]
    for times in TIMES:
        before = server.cpu_seconds()
        outcome = await load.run(times * capacity, seconds)
        took = outcome.cpu - before
        good, refused = outcome.times.get(200, []), outcome.times.get(503, [])
        lost = sum(count for status, count in outcome.counts.items() if status not in {200, 503})
        rows.append(
            f"| {times} times as much | {len(good) / took:.0f} ({len(good) / took / best:.0%}) | "
            f"{percentile(good, 50)} / {percentile(good, 99)} | {len(refused) / took:.0f} | "
            f"{percentile(refused, 50)} / {percentile(refused, 99)} | {percentile(outcome.others, 99)} | {lost} |"
        )
    return rows


def main() -> None:
    """Measure and print the tables."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    os.sched_setaffinity(0, {int(LOAD_CORE)})
    print(describe_machine(None))
    with TemporaryDirectory() as folder, new_sqlite(Path(folder)) as address:
        data = uvloop.run(make_up(address, "SQLite", ARTICLES))
        for most, waiting in SETTINGS:
            given = {
                "QUIET_RESPONSE_CACHE_BYTES": "0",
                "QUIET_LIBRARY_BYTES": "0",
                "QUIET_CONCURRENT_OPERATIONS": str(most),
                "QUIET_QUEUED_OPERATIONS": str(waiting),
            }
            with serve_product(data, given) as server:
                print(f"\n{most} at a time, {waiting} wait\n")
                print(TITLES)
                print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
                print("\n".join(uvloop.run(measure(server, seconds))), flush=True)


if __name__ == "__main__":
    main()
