"""Does not grow: memory and descriptors of a server over very many mixed requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import linear_regression

from benchmarks.data import Data, make_up
from benchmarks.load import Server, run_wrk
from benchmarks.promises.places import NO_BUDGET, SQLITE, new_database, serving_default
from benchmarks.promises.promise import Finding, Options, Progress, Promise
from benchmarks.publisher import Publisher
from benchmarks.servers import write_lines
from benchmarks.soak import CONNECTIONS, MOST_FILES, MOST_GROWTH, SETTINGS, Crowd, Look, look, name_all

ARTICLES = 100
"""Few, so that the pages of the database that each connection keeps are all there soon."""

SECONDS = 10
"""How long one piece of the load is; memory is looked at between them."""

WARM_UP = 0.4
"""Which share of the requests fills the caches. They are smaller than by default (SETTINGS), so as to be full soon."""


def put_under_load(server: Server, lines: Path, total: int) -> Iterator[tuple[int, Look]]:
    """Send requests in pieces until there were so many; yield how many there were, and what the server takes then."""
    done, progress = 0, Progress("requests", total, every=30.0)
    while done < total:
        load = run_wrk(server, "/graphql", lines, CONNECTIONS, SECONDS, may_refuse=True)
        done += round(load.rate * SECONDS)
        progress.tell(done)
        yield done, look(server, 0.0)


def measure(data: Data, folder: Path, total: int) -> tuple[list[tuple[int, Look]], int, int]:
    """Return what a server took after so many requests; and how many publications and followers it had besides."""
    lines = folder / "all.json"
    write_lines(lines, name_all(data))
    with ExitStack() as stack:
        server = stack.enter_context(serving_default(data.address, NO_BUDGET | SETTINGS))
        publisher, crowd = Publisher(server, data), Crowd(server)
        for thread in (publisher, crowd):
            thread.start()
            stack.callback(thread.stop)
        looks = []
        for done, seen in put_under_load(server, lines, total):
            looks.append((done, seen))
            print(
                f"  {done:10,} requests {seen.memory / 1024:8.1f} MiB {seen.files:4} descriptors", flush=True
            )
    return looks, publisher.published, crowd.came


def judge(looks: Sequence[tuple[int, Look]], total: int, others: str) -> Iterator[Finding]:
    """Yield how much the server has grown since it was warm."""
    warm = [one for one in looks if one[0] >= WARM_UP * total]
    (first, before), (last, after) = warm[0], warm[-1]
    whole = (after.memory - before.memory) / max(1, last - first)
    slope, _ = linear_regression([done for done, _ in warm], [seen.memory for _, seen in warm])
    shown = (
        f"{slope:.4f} kB a request by regression, {whole:.4f} kB from {before.memory / 1024:.0f} MiB after {first:,} "
        f"to {after.memory / 1024:.0f} MiB"
    )
    what = f"{last:,} mixed requests, {others}"
    yield Finding(what, shown, f"{MOST_GROWTH:g} kB", max(slope, whole) < MOST_GROWTH)
    files = [seen.files for _, seen in warm]
    middle = len(files) // 2
    # Of each half the most: whether a look meets the load's own connections still closing is chance.
    earlier, later = max(files[:middle]), max(files[middle:])
    yield Finding(
        "open descriptors at most, before and after",
        f"{earlier}, {later}",
        "level",
        later <= earlier + MOST_FILES,
    )


def show(options: Options) -> Iterator[Finding]:
    """Yield how a server grows."""
    with new_database(SQLITE, options) as (address, folder):
        data = asyncio.run(make_up(address, SQLITE, ARTICLES))
        looks, published, came = measure(data, folder, options.requests)
    yield from judge(looks, options.requests, f"{published:,} publications, {came:,} followers")


PROMISE = Promise(
    "growth",
    "Does not grow: less than 0.1 kB for each of a million mixed requests once the caches are full, and as many "
    "descriptors at the end as before.",
    show,
)
