"""What many processes and many different requests cost: the work of two workers, and memory when all is full."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from api.settings import read_settings
from benchmarks.data import Data
from benchmarks.load import run_wrk
from benchmarks.servers import serve_product, write_bodies, write_lines

CONNECTIONS = 32
ALLOWED = 120
"""How many MiB a server may take besides what the settings give to its caches."""


def measure_workers(data: Data, settings: Mapping[str, str], seconds: int, folder: Path) -> None:
    """Print how many requests a second of the server's processor time is good for, with one worker and with two."""
    print(f"\n| {data.name}, {CONNECTIONS} connections: requests per CPU-second | one worker | two | share |")
    print("| --- | ---: | ---: | ---: |")
    found: dict[str, list[float]] = {}
    for workers in (1, 2):
        with serve_product(data, settings, workers) as server:
            write_bodies(server, data, folder)
            for query in data.queries:
                body = folder / f"{query}.json"
                run_wrk(server, "/graphql", body, CONNECTIONS, 1)
                load = run_wrk(server, "/graphql", body, CONNECTIONS, seconds)
                found.setdefault(query, []).append(1_000 / load.cpu)
    for query, (one, two) in found.items():
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
