"""`python -m benchmarks.live [SUBSCRIBERS] [PUBLISHES]`: how soon many followers learn of publications, at what price.

One server process on one core; on the other all followers, by WebSocket and then by `GET /changes`, and an editor who
publishes five articles a second. QUIET_BENCH_POSTGRES names a server on which two processes share a database: one
publishes, the other tells.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson
import uvloop

from benchmarks.data import Data, make_up
from benchmarks.databases import find_version, new_postgres, new_sqlite
from benchmarks.followers import PATIENCE, Follower, SocketFollower, StreamFollower, follow
from benchmarks.load import LOAD_CORE, Server, post
from benchmarks.machine import describe_machine
from benchmarks.publisher import Publisher
from benchmarks.receiver import Arrivals, receiving
from benchmarks.servers import SECOND_PORT, serve_product

ARTICLES = 500
PACE = 5
SERVER = os.environ.get("QUIET_BENCH_POSTGRES")
RECEIVER_PORT = 8706
RECEIVER = f"http://127.0.0.1:{RECEIVER_PORT}"
READ_AT_LEAST = "query @view(minRevision: %s) { articles(first: 1) { nodes { title } } }"

SETTLING = 3.0
"""How long a process is left to itself until it follows for all, in seconds."""

Told = Follower | Arrivals
KINDS: dict[str, type[Follower]] = {"WebSocket": SocketFollower, "GET /changes": StreamFollower}


@dataclass(frozen=True, slots=True)
class Run:
    """When each publication was sent and answered, when it arrived at each follower, and the server's CPU seconds."""

    sent: Sequence[float]
    answered: Sequence[float]
    arrivals: Sequence[Sequence[float]]
    cpu: float

    def delays(self, begins: Sequence[float]) -> list[float]:
        """Return p50 and p99 of the milliseconds from these moments to the arrivals."""
        pairs = [zip(begins, moments, strict=True) for moments in self.arrivals]
        cuts = quantiles([1_000 * (end - begin) for pair in pairs for begin, end in pair], n=100)
        return [cuts[49], cuts[98]]

    def rate(self) -> float:
        """Return events a second, from the first sending to the last arrival."""
        last = max(max(moments) for moments in self.arrivals)
        return len(self.sent) * len(self.arrivals) / (last - self.sent[0])


async def publish(publisher: Publisher, followers: Sequence[Told], count: int) -> Run:
    """Publish so many articles at the pace; wait until all have arrived everywhere."""

    def publish_one() -> tuple[float, float]:
        begin = perf_counter()
        publisher.publish()
        return begin, perf_counter()

    have, cpu, start = publisher.published, publisher.server.cpu_seconds(), perf_counter()
    moments = []
    for number in range(count):
        await asyncio.sleep(max(0.0, start + number / PACE - perf_counter()))
        moments.append(await asyncio.to_thread(publish_one))
    await wait_for_arrivals(followers, publisher.published)
    sent, answered = zip(*moments, strict=True)
    arrivals = [follower.arrivals[have:] for follower in followers]
    return Run(sent, answered, arrivals, publisher.server.cpu_seconds() - cpu)


async def wait_for_arrivals(followers: Sequence[Told], count: int) -> None:
    """Wait until each follower has so many events. Raises RuntimeError where one has failed or has another number."""
    for _ in range(20 * PATIENCE):
        if all(one.failure or len(one.arrivals) >= count for one in followers):
            break
        await asyncio.sleep(0.05)
    for one in followers:
        if one.failure or len(one.arrivals) != count:
            raise RuntimeError(f"{len(one.arrivals)} of {count} events arrived. {one.failure or ''}")


async def measure(name: str, data: Data, server: Server, subscribers: int, publishes: int) -> None:
    """Print one line: what it is to tell so many followers of so many publications."""
    alone = await publish(Publisher(server, data), [], publishes)
    since = find_revision(server)
    before = server.memory("VmRSS")
    followers = await follow(server, KINDS[name], subscribers, since)
    publisher = Publisher(server, data)
    await publish(publisher, followers, 1)
    memory = 1024 * (server.memory("VmRSS") - before) / subscribers
    run = await publish(publisher, followers, publishes)
    cpu = 1e6 * (run.cpu - alone.cpu) / (subscribers * publishes)
    delays = [f"{delay:.1f}" for begins in (run.answered, run.sent) for delay in run.delays(begins)]
    print(f"| {name} | {run.rate():,.0f} | {' | '.join(delays)} | {cpu:.1f} | {memory:.1f} |", flush=True)


async def measure_two(data: Data, publishes: int) -> None:
    """Print how long it takes from a mutation in one process to all that the other tells of it."""
    telling = {
        "QUIET_PURGE": f"{RECEIVER}/purge",
        "QUIET_SHARED_CACHE_SECONDS": "60",
        "QUIET_WEBHOOK_PRIVATE": "on",
    }
    async with receiving(RECEIVER_PORT) as receiver, AsyncExitStack() as stack:
        second = stack.enter_context(serve_product(data, telling, port=SECOND_PORT))
        await asyncio.to_thread(create_webhook, data, telling)
        await asyncio.sleep(SETTLING)
        first = stack.enter_context(serve_product(data, {}))
        follower = (await follow(second, SocketFollower, 1, find_revision(second)))[0]
        told: dict[str, Told] = {
            "to a follower": follower,
            "to a webhook": receiver.at["/webhook"],
            "to a cache, to purge": receiver.at["/purge"],
        }
        publisher = Publisher(first, data)
        await publish(publisher, [*told.values()], 1)
        run = await publish(publisher, [*told.values()], publishes)
        reading = await asyncio.to_thread(measure_reading, publisher, second, publishes)
    print("\nTwo processes on PostgreSQL: one publishes, the other tells; delays in ms\n")
    print("| told | from answer p50 | p99 | from sending p50 | p99 |\n| --- | ---: | ---: | ---: | ---: |")
    for name, arrivals in zip(told, run.arrivals, strict=True):
        one = replace(run, arrivals=[arrivals])
        delays = [f"{delay:.1f}" for begins in (run.answered, run.sent) for delay in one.delays(begins)]
        print(f"| {name} | {' | '.join(delays)} |")
    print(f"| by an answer with minRevision | {reading[0]:.1f} | {reading[1]:.1f} | | |", flush=True)


def create_webhook(data: Data, settings: Mapping[str, str]) -> None:
    """Let the receiver be told of publications."""
    command = [sys.executable, "-m", "quiet_engine", "webhook", "create", f"{RECEIVER}/webhook"]
    environment = {**os.environ, **settings, "QUIET_DATABASE": data.address}
    subprocess.run([*command, "--kind", "published"], check=True, capture_output=True, env=environment)


def measure_reading(publisher: Publisher, second: Server, publishes: int) -> tuple[float, float]:
    """Return p50 and p99 of the milliseconds that an answer takes which has to show what was published just now."""
    times = []
    for _ in range(publishes):
        asked = READ_AT_LEAST % (find_revision(second) + 1)
        publisher.publish()
        begin = perf_counter()
        answer = orjson.loads(post(second.url("/graphql"), orjson.dumps({"query": asked})))
        times.append(1_000 * (perf_counter() - begin))
        assert "errors" not in answer, answer
    cuts = quantiles(times, n=100)
    return cuts[49], cuts[98]


def find_revision(server: Server) -> int:
    """Return the revision that a server shows now."""
    answer = orjson.loads(post(server.url("/graphql"), b'{"query": "{ __typename }"}'))
    return int(answer["extensions"]["view"]["revision"])


def run_on_sqlite(subscribers: int, publishes: int) -> None:
    """Measure both kinds of followers, each with a new server."""
    print(f"\n{subscribers:,} followers, {publishes} publications, {PACE} a second; delays in ms\n")
    print("| by | events a second | from answer p50 | p99 | from sending p50 | p99 | CPU µs | KiB each |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    seats = str(subscribers + 1)
    with TemporaryDirectory() as folder, new_sqlite(Path(folder)) as address:
        data = asyncio.run(make_up(address, "SQLite", ARTICLES))
        for name in KINDS:
            with serve_product(data, {"QUIET_STREAMS": seats, "QUIET_STREAMS_EACH": seats}) as server:
                run_here(measure(name, data, server, subscribers, publishes))


def run_on_postgres(address: str, publishes: int) -> None:
    """Measure from one process to the other."""
    with new_postgres(address) as database:
        data = asyncio.run(make_up(database, "PostgreSQL", ARTICLES))
        run_here(measure_two(data, publishes))


def run_here(work: Coroutine[object, None, None]) -> None:
    """Run in a loop that costs little."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def main(arguments: list[str]) -> None:
    """Measure with so many subscribers and publications."""
    subscribers, publishes = [*map(int, arguments), *(2_000, 100)[len(arguments) :]]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    os.sched_setaffinity(0, {int(LOAD_CORE)})
    print(describe_machine(asyncio.run(find_version(SERVER)) if SERVER else None))
    run_on_sqlite(subscribers, publishes)
    if SERVER:
        run_on_postgres(SERVER, publishes)
    else:
        print("\n######## Two processes were NOT measured: QUIET_BENCH_POSTGRES names no server ########")


if __name__ == "__main__":
    main(sys.argv[1:])
