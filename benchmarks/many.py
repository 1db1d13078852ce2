"""What many processes and many different requests cost: the work of two workers, and memory when all is full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from api.settings import read_settings
from benchmarks.data import Data
from benchmarks.load import LOAD_CORE, SERVER_CORE, Server, run_wrk
from benchmarks.servers import PRODUCT_PORT, serve_product, write_bodies, write_lines

CONNECTIONS = 32
ROUNDS = 3
"""How many measurements of a second take the place of one of so many seconds."""

WORKERS = ((1, SERVER_CORE), (2, f"{SERVER_CORE},{LOAD_CORE}"), (2, SERVER_CORE))
"""How many processes serve, and on which cores."""

ALLOWED = 120
"""How many MiB a server may take besides what the settings give to its caches."""


def measure_workers(data: Data, settings: Mapping[str, str], seconds: int, folder: Path) -> None:
    """Print how many requests a second of the server's processor time is good for, with one worker and with two.

    Two are measured on a core each, of which the load takes a part, and on one core, where each finds the caches of the
    processor full of what the other one did.
    """
    print(
        f"\n| {data.name}, {CONNECTIONS} connections: requests per CPU-second | one worker | two | on one core |"
    )
    print("| --- | ---: | ---: | ---: |")
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serve_product(data, settings, workers, port, cores))
            for port, (workers, cores) in enumerate(WORKERS, PRODUCT_PORT)
        ]
        for server in servers:
            write_bodies(server, data, folder)
        for query in data.queries:
            one, two, shared = measure_by_turns(servers, folder / f"{query}.json", seconds)
            shown = f"{two:8.0f} ({two / one:.2f}) | {shared:8.0f} ({shared / one:.2f})"
            print(f"| {query} | {one:8.0f} | {shown} |", flush=True)


def measure_by_turns(servers: Sequence[Server], body: Path, seconds: int) -> list[float]:
    """Return how many requests each server answers in a second of its processor time.

    By turns: what else the machine does changes from second to second. The first turn fills the memory.
    """
    found: dict[int, list[float]] = {server.port: [] for server in servers}
    for turn in range(1 + ROUNDS * seconds):
        for server in servers:
            load = run_wrk(server, "/graphql", body, CONNECTIONS, 1)
            if turn:
                found[server.port].append(1_000 / load.cpu)
    return [median(rates) for rates in found.values()]


def measure_memory(data: Data, seconds: int, folder: Path) -> None:
    """Print how much memory a server takes that is asked for everything, beside what its settings allow."""
    settings = read_settings({})
    limit = (settings.library_bytes + settings.response_cache_bytes) / 1024**2 + ALLOWED
    bodies = folder / "all.json"
    asked = data.all_kinds()
    write_lines(bodies, asked)
    with serve_product(data, {}) as server:
        before = server.memory()
        load = run_wrk(server, "/graphql", bodies, CONNECTIONS, seconds)
        print(
            f"\n{data.name}: {load.rate * seconds:,.0f} requests of {len(asked):,} kinds took at most "
            f"{server.memory():.0f} MiB, {before:.0f} before the first; "
            f"the settings and {ALLOWED} MiB are {limit:.0f}.",
            flush=True,
        )
