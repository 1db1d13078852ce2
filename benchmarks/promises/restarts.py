"""Restarts go unnoticed: a new process beside the old one, which is asked to go while everybody is busy."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic

from benchmarks.data import make_up
from benchmarks.load import Server
from benchmarks.promises.busy import Busy, Outcome, Place
from benchmarks.promises.exchange import exchange, write
from benchmarks.promises.places import NO_BUDGET, SERVE, name_databases, new_database, tell_missing
from benchmarks.promises.promise import Finding, Options, Progress, Promise
from benchmarks.promises.told import follow_all
from tests.nginx import NGINX, proxying
from tests.proxies import NAME
from tests.serving import free_port

ARTICLES = 200
CONNECTIONS = 32
FOLLOWERS = 10
RESTARTS = 5
SETTLING = 1.0
LEFT_ALONE = 3.0
"""How long to wait behind nginx until the next one: it leaves a process alone for 2 s that did not answer."""

MOST_TO_LEAVE, MOST_TO_START = 2.0, 1.0


@dataclass(slots=True)
class Measured:
    """What restarts took: seconds to start and of processor time, seconds to be gone, and who was told of it."""

    started: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    gone: list[float] = field(default_factory=list)
    told: list[bool] = field(default_factory=list)


def begin(address: str, port: int) -> Server:
    """Start a server on whichever core is free, and wait for nothing."""
    environment = {**os.environ, "QUIET_DATABASE": address, **NO_BUDGET}
    process = subprocess.Popen([*SERVE, str(port)], env=environment, stderr=subprocess.DEVNULL)
    return Server(process, port)


async def start(address: str, port: int, measured: Measured) -> Server:
    """Start a server and return it when it is ready, as `quiet ping --ready` would say."""
    begun = monotonic()
    server = begin(address, port)
    while not await asyncio.to_thread(is_ready, port):
        if server.process.poll() is not None:
            raise RuntimeError(f"The server ended with {server.process.returncode}.")
        await asyncio.sleep(0.01)
    measured.started.append(monotonic() - begun)
    measured.cpu.append(server.cpu_milliseconds() / 1e3)
    return server


def is_ready(port: int) -> bool:
    """Tell whether a server says that it is ready."""
    try:
        return exchange(port, write("GET", "/readyz", {}, b"")).status == 200
    except OSError:
        return False


async def stop(server: Server, measured: Measured) -> None:
    """Ask a server to go, and wait until it has gone."""
    begun = monotonic()
    server.process.terminate()
    await asyncio.to_thread(server.process.wait, 20)
    measured.gone.append(monotonic() - begun)


@asynccontextmanager
async def busy(place: Place, outcome: Outcome) -> AsyncIterator[None]:
    """Let clients ask all the time until the block ends."""
    is_over = asyncio.Event()
    clients = [
        asyncio.create_task(Busy(place, outcome, number).run(is_over)) for number in range(CONNECTIONS)
    ]
    try:
        yield
    finally:
        is_over.set()
        await asyncio.gather(*clients)


async def start_often(address: str, measured: Measured) -> None:
    """Start a server several times, one after the other, with nothing else to do."""
    for _ in range(RESTARTS):
        await stop(await start(address, free_port(), measured), Measured())


async def restart_directly(address: str, measured: Measured, outcome: Outcome) -> None:
    """Replace a server several times, each time by one beside it; clients go to the new one when they are told."""
    place = Place(free_port())
    old = await start(address, place.port, Measured())
    progress = Progress("restarts", RESTARTS)
    async with busy(place, outcome):
        for number in range(RESTARTS):
            following = await follow_all(old.port, FOLLOWERS)
            await asyncio.sleep(SETTLING)
            new = await start(address, free_port(), measured)
            place.port = new.port
            await stop(old, measured)
            measured.told += await asyncio.gather(*following)
            old = new
            progress.tell(number + 1)
        await asyncio.sleep(SETTLING)
    await stop(old, Measured())


async def restart_behind_nginx(address: str, folder: Path, outcome: Outcome) -> None:
    """Replace both servers behind nginx (deploy/nginx.conf), one after the other, as docs/deploying.md says."""
    ports = (free_port(), free_port())
    servers = [await start(address, port, Measured()) for port in ports]
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    async with AsyncExitStack() as stack:
        proxy = stack.enter_context(proxying(ports[0], ports[1], folder))
        await stack.enter_async_context(busy(Place(proxy.secure, NAME, context), outcome))
        for number in range(RESTARTS):
            await asyncio.sleep(LEFT_ALONE)
            which = number % 2
            await stop(servers[which], Measured())
            servers[which] = await start(address, ports[which], Measured())
        await asyncio.sleep(SETTLING)
    for server in servers:
        await stop(server, Measured())


def judge_requests(what: str, outcome: Outcome) -> Finding:
    """Return what became of the requests."""
    broken = outcome.broken or []
    reasons = f": {'; '.join(sorted(set(broken))[:3])}" if broken else ""
    told = f"{len(broken)} broken of {outcome.answered + len(broken):,} requests{reasons}"
    return Finding(
        f"{what}, {CONNECTIONS} connections", told, "0 broken", not broken and outcome.answered > 0
    )


def judge(kind: str, measured: Measured, alone: Measured) -> Iterator[Finding]:
    """Yield what the restarts took, and starts without load."""
    told, following = sum(measured.told), len(measured.told)
    yield Finding(f"{kind}, followers told", f"{told} of {following}", "all", told == following)
    gone = max(measured.gone)
    yield Finding(
        f"{kind}, gone after", f"{gone:.2f} s at most", f"{MOST_TO_LEAVE:g} s", gone <= MOST_TO_LEAVE
    )
    fastest = min(alone.started)
    shown = (
        f"{fastest:.2f} s at best, median {median(alone.started):.2f} s, {median(alone.cpu):.2f} s of processor time; "
        f"under this load {median(measured.started):.2f} s"
    )
    yield Finding(
        f"{kind}, ready after (the fastest of {len(alone.started)}: others may use the machine)",
        shown,
        f"{MOST_TO_START:g} s",
        fastest <= MOST_TO_START,
    )


def show(options: Options) -> Iterator[Finding]:
    """Yield what clients noticed of restarts, on each database."""
    print("  Settings other than by default: QUIET_COST_PER_MINUTE=0", flush=True)
    for kind in name_databases(options):
        with new_database(kind, options) as (address, folder):
            asyncio.run(make_up(address, kind, ARTICLES))
            measured, alone, outcome = Measured(), Measured(), Outcome()
            asyncio.run(start_often(address, alone))
            asyncio.run(restart_directly(address, measured, outcome))
            yield judge_requests(f"{kind}, {RESTARTS} restarts, {outcome.moved} times told to move", outcome)
            yield from judge(kind, measured, alone)
            if NGINX is None:
                yield Finding(f"{kind}, behind nginx", "nginx is missing", "0 broken", None)
                continue
            outcome = Outcome()
            asyncio.run(restart_behind_nginx(address, folder, outcome))
            yield judge_requests(f"{kind}, {RESTARTS} restarts behind nginx", outcome)
    yield from tell_missing(options, "0 broken")


PROMISE = Promise(
    "restarts",
    "Restarts go unnoticed: of busy connections that are kept none breaks, who follows is told, the old process is "
    "gone within 2 s, and the new one is ready within 1 s.",
    show,
)
