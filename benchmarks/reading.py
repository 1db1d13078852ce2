"""`python -m benchmarks.reading [ARTICLES …] [CORPUS.jsonl.gz …] [MODE …]`: reading over a real socket, beside floors.

Q1 one article with sections and questions; Q2 20 newest with title, summary, authors and tags; Q3 20 articles with
all sections and questions; Q4 filtered, sorted, page 10 with totalCount; Q5 a search, its ten best hits; Q6 Q1 as a
persisted GET whose tag is known.
One server process on one core, wrk on another; floors and product take turns in the same run. "Publishing" is the
same while an editor changes and publishes ten articles a second. QUIET_BENCH_POSTGRES names a server to measure on as
well, QUIET_BENCH_SECONDS how many seconds each is measured, QUIET_BENCH_CONNECTIONS (`1,32`) how many ask at a time.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from urllib.request import urlopen

import orjson

from benchmarks.data import Data, import_corpus, make_up
from benchmarks.databases import find_version, new_postgres, new_sqlite
from benchmarks.load import Load, Server, find_median, run_wrk
from benchmarks.machine import describe_machine
from benchmarks.many import measure_memory, measure_workers
from benchmarks.publisher import Publisher
from benchmarks.servers import Servers, serve_all, serve_baseline

SECONDS = int(os.environ.get("QUIET_BENCH_SECONDS", "4"))
CONNECTIONS = [int(number) for number in os.environ.get("QUIET_BENCH_CONNECTIONS", "1,32").split(",")]
SERVER = os.environ.get("QUIET_BENCH_POSTGRES")
PUBLISHING = ", publishing"
KEPT, WARM, COLD = "responses kept", "library warm", "nothing kept"
NO_RESPONSES = {"QUIET_RESPONSE_CACHE_BYTES": "0"}
MODES: Mapping[str, Mapping[str, str]] = {
    KEPT: {},
    KEPT + PUBLISHING: {},
    WARM: NO_RESPONSES,
    WARM + PUBLISHING: NO_RESPONSES,
    COLD: {**NO_RESPONSES, "QUIET_LIBRARY_BYTES": "0"},
    "projector off": {**NO_RESPONSES, "QUIET_PROJECTOR": "off"},
}
WORKERS, MEMORY = "workers", "memory"

Row = tuple[str, Load, Load]
"""A name, what was measured, and the Starlette floor of the same bytes."""


def print_row(name: str, load: Load, floor: Load) -> None:
    """Print one line of a table."""
    share = load.rate / floor.rate
    print(
        f"| {name:24} | {load.rate:8.0f} | {load.p50:7.2f} | {load.p99:7.2f} | {load.cpu:7.3f} | {share:6.3f} |",
        flush=True,
    )


def measure_mode(mode: str, data: Data, connections: int, folder: Path) -> None:
    """Measure all queries in one mode, each right after its floors."""
    with ExitStack() as stack:
        servers = stack.enter_context(serve_all(data, MODES[mode], folder))
        print(
            f"\n| {data.name}, {mode}, {connections} connections | a second | p50 ms | p99 ms | CPU ms | share |"
        )
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        publisher = Publisher(servers.product, data) if mode.endswith(PUBLISHING) else None
        if publisher:
            publisher.start()
            stack.callback(publisher.stop)
        for row in measure_queries(servers, data, connections, folder):
            print_row(*row)
        if mode == KEPT:
            print_row("Q6", *measure_known(servers, data, connections, folder))
        if mode == COLD:
            for row in measure_others(servers, data, connections, folder):
                print_row(*row)
        if publisher:
            print(f"\n{publisher.published} articles were published meanwhile.")
        print(f"\nMost memory of the server: {servers.product.memory():.0f} MiB")


def measure_queries(servers: Servers, data: Data, connections: int, folder: Path) -> Iterator[Row]:
    """Yield name, load and floor of each query and floor."""
    for query in data.queries:
        body = folder / f"{query}.json"
        run_wrk(servers.product, "/graphql", body, connections, 1)
        asked = [
            ("Starlette floor", servers.floor, f"/starlette/{query}"),
            ("bare ASGI", servers.floor, f"/bare/{query}"),
            ("nginx", servers.nginx, f"/{query}"),
            ("", servers.product, "/graphql"),
        ]
        there = [(name, server, path) for name, server, path in asked if server]
        loads = take_turns([(server, path, body) for _, server, path in there], connections)
        for (name, _, _), load in zip(there, loads, strict=True):
            yield f"{query} {name}".rstrip(), load, loads[0]
        many = folder / f"{query} many.json"
        if many.is_file():
            run_wrk(servers.product, "/graphql", many, connections, SECONDS)
            load = run_wrk(servers.product, "/graphql", many, connections, SECONDS)
            yield f"{query}, each another", load, loads[0]


def take_turns(asked: list[tuple[Server, str, Path]], connections: int) -> list[Load]:
    """Return what each comes to that is asked, as the median of SECONDS measurements of a second each.

    They take turns: what else the machine does changes from second to second.
    """
    turns = [
        [run_wrk(server, path, body, connections, 1) for server, path, body in asked] for _ in range(SECONDS)
    ]
    return [find_median(loads) for loads in zip(*turns, strict=True)]


def measure_known(servers: Servers, data: Data, connections: int, folder: Path) -> tuple[Load, Load]:
    """Return the load of a persisted GET whose tag is known, and its floor."""
    asked = orjson.loads(data.queries["Q1"])
    digest = sha256(asked["query"].encode()).hexdigest()
    named = {
        "variables": orjson.dumps(asked["variables"]).decode(),
        "extensions": orjson.dumps({"persistedQuery": {"version": 1, "sha256Hash": digest}}).decode(),
    }
    urlopen(servers.product.url(f"/graphql?{urlencode({**named, 'query': asked['query']})}")).close()
    path = f"/graphql?{urlencode(named)}"
    with urlopen(servers.product.url(path)) as response:
        tag = response.headers["ETag"]
    body = folder / "Q1.json"
    turns = [
        (
            run_wrk(servers.product, path, body, connections, 1, tag),
            run_wrk(servers.floor, "/starlette/Q1", body, connections, 1),
        )
        for _ in range(SECONDS)
    ]
    load, base = map(find_median, zip(*turns, strict=True))
    return load, base


def measure_others(servers: Servers, data: Data, connections: int, folder: Path) -> Iterator[Row]:
    """Yield what else answers Q3 from the database: a statement written by hand, and the baseline."""
    body = folder / "Q3.json"
    asked = [(servers.floor, "/statement", body), (servers.product, "/graphql", body)]
    statement, load = take_turns(asked, connections)
    yield "Q3 statement by hand", statement, statement
    yield "Q3 beside that", load, statement
    with serve_baseline(data) as baseline:
        asked = [(servers.floor, "/starlette/Q3", body), (baseline, "/graphql/", body)]
        base, load = take_turns(asked, connections)
        yield "Q3 baseline", load, base


def measure(data: Data, names: list[str], folder: Path) -> None:
    """Measure on one database in the modes that have these names."""
    for mode in names:
        if mode in MODES and (data.is_made_up or not mode.endswith(PUBLISHING)):
            for connections in CONNECTIONS:
                measure_mode(mode, data, connections, folder)
    if WORKERS in names:
        measure_workers(data, NO_RESPONSES, SECONDS, folder)
    if MEMORY in names:
        measure_memory(data, 10 * SECONDS, folder)


def measure_source(source: str, names: list[str]) -> None:
    """Measure on all databases with so many made-up articles, or with those of a file."""
    for kind in ("SQLite", "PostgreSQL") if SERVER else ("SQLite",):
        with TemporaryDirectory() as name, ExitStack() as stack:
            folder = Path(name)
            opened = new_postgres(SERVER) if SERVER and kind == "PostgreSQL" else new_sqlite(folder)
            address = stack.enter_context(opened)
            filling = (
                make_up(address, kind, int(source))
                if source.isdigit()
                else import_corpus(address, kind, Path(source))
            )
            measure(asyncio.run(filling), names, folder)


def main(arguments: list[str]) -> None:
    """Measure with each source, in the modes that are named or in all."""
    every = [*MODES, WORKERS, MEMORY]
    names = [name for name in arguments if name in every] or every
    print(describe_machine(asyncio.run(find_version(SERVER)) if SERVER else None))
    if not SERVER:
        print("\n######## PostgreSQL was NOT measured: QUIET_BENCH_POSTGRES names no server ########")
    for source in [argument for argument in arguments if argument not in every] or ["2000"]:
        measure_source(source, names)


if __name__ == "__main__":
    main(sys.argv[1:])
