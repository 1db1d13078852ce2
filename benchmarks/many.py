"""What many processes and many different requests cost: the work of two workers, and memory when all is full."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from statistics import median

from api.settings import read_settings
from benchmarks.data import Data
from benchmarks.load import run_wrk
from benchmarks.servers import SECOND_PORT, serve_product, write_bodies, write_lines

CONNECTIONS = 32
ROUNDS = 3
"""How many measurements of a second take the place of one of so many seconds."""

ALLOWED = 120
"""How many MiB a server may take besides what the settings give to its caches."""


def measure_workers(data: Data, settings: Mapping[str, str], seconds: int, folder: Path) -> None:
    """Print how many requests a second of the server's processor time is good for, with one worker and with two."""
    print(f"\n| {data.name}, {CONNECTIONS} connections: requests per CPU-second | one worker | two | share |")
    print("| --- | ---: | ---: | ---: |")
    with (
        serve_product(data, settings, 1) as single,
        serve_product(data, settings, 2, SECOND_PORT) as double,
    ):
        for server in (single, double):
            write_bodies(server, data, folder)
        for query in data.queries:
            body = folder / f"{query}.json"
            found: dict[int, list[float]] = {single.port: [], double.port: []}
            # By turns: what else the machine does changes from second to second. The first turn fills the memory.
            for turn in range(1 + ROUNDS * seconds):
                for server in (single, double):
                    load = run_wrk(server, "/graphql", body, CONNECTIONS, 1)
                    if turn:
                        found[server.port].append(1_000 / load.cpu)
            one, two = (median(rates) for rates in found.values())
            print(f"| {query} | {one:8.0f} | {two:8.0f} | {two / one:6.2f} |", flush=True)


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
