"""No document can hurt: the worst that the limits let in, measured by the processor time of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from statistics import quantiles

from api.settings import read_settings
from benchmarks.data import import_corpus, make_up
from benchmarks.load import Server
from benchmarks.promises.doors import DOORS, Door, Said, ask_by_http, ask_for_price
from benchmarks.promises.places import NO_BUDGET, SQLITE, new_database, serving_default
from benchmarks.promises.promise import Finding, Options, Promise
from benchmarks.promises.shapes import SHAPES, Shape, write

ARTICLES = 300
MOST_PARTS = 1 << 18
MOST_BYTES = read_settings({}).body_bytes - 100
"""How long bodies are: a message on a WebSocket has a few bytes more around the same."""

MOST_MILLISECONDS = 100.0
MOST_RATIO = 3.0
"""How much longer twice as much may take: 2 is linear, 4 would be quadratic."""

LEAST_MILLISECONDS = 10.0
"""What takes less tells nothing about how it grows."""

TOO_LARGE = frozenset({"DOCUMENT_TOO_LARGE", "COST_EXCEEDED", "BODY_TOO_LARGE"})

numbers = count()


def is_let_in(server: Server, shape: Shape, parts: int) -> bool:
    """Tell whether the limits let in so many parts."""
    body = write(shape, parts, next(numbers))
    return len(body) <= MOST_BYTES and not ask_for_price(server, body).codes & TOO_LARGE


def find_largest(server: Server, shape: Shape) -> int:
    """Return how many parts a request may have that the limits let in."""
    high = 1
    while high < MOST_PARTS and is_let_in(server, shape, high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_let_in(server, shape, middle) else (low, middle)
    return low


def measure(server: Server, shape: Shape, parts: int, rounds: int, door: Door = ask_by_http) -> float:
    """Return the milliseconds of the server's processor time that a request takes, the lower quartile of so many.

    What else happens on the machine's cores makes them slower, and never faster.
    """
    times = []
    for _ in range(rounds):
        body = write(shape, parts, next(numbers))
        before = server.cpu_milliseconds()
        door(server, body)
        times.append(server.cpu_milliseconds() - before)
    return quantiles(times, n=4, method="inclusive")[0]


def compare_doors(server: Server, shape: Shape, parts: int) -> dict[str, Said]:
    """Return what each door says to the same request."""
    return {name: door(server, write(shape, parts, next(numbers))) for name, door in DOORS.items()}


def show_shape(server: Server, name: str, shape: Shape, options: Options) -> Iterator[Finding]:
    """Yield what a shape takes, how it grows, and whether the doors agree."""
    largest = find_largest(server, shape)
    times = [measure(server, shape, max(1, largest // share), options.rounds) for share in (4, 2, 1)]
    over = measure(server, shape, min(2 * largest + 1, MOST_PARTS), options.rounds)
    others = [measure(server, shape, largest, options.rounds, DOORS[door]) for door in [*DOORS][1:]]
    inside, outside = (compare_doors(server, shape, parts) for parts in (largest, largest + 1))
    # Half of three parts is one.
    twice = 2 * max(1, largest // 2) / largest
    ratio = times[2] / times[1] * twice if times[1] else 1.0
    is_linear = times[2] < LEAST_MILLISECONDS or ratio <= MOST_RATIO
    said = ", ".join(sorted(inside["HTTP"].codes)) or "answered"
    shown = " / ".join(f"{time:.0f}" for time in times)
    yield Finding(
        f"{name}, {largest:,} parts ({said})",
        f"{shown} ms for a quarter, half, whole (x {ratio:.1f}); socket {others[0]:.0f}, stream {others[1]:.0f}, "
        f"over the limit {over:.0f} ms",
        f"{MOST_MILLISECONDS:g} ms, x {MOST_RATIO:g}",
        is_linear and max(*times, over, *others) <= MOST_MILLISECONDS,
    )
    if not (agree(inside) and agree(outside)):
        yield Finding(f"{name} at all doors", f"{inside}, over the limit {outside}", "the same", False)


def agree(said: dict[str, Said]) -> bool:
    """Tell whether all doors say the same."""
    return len(set(said.values())) == 1


def show(options: Options) -> Iterator[Finding]:
    """Yield a row for each shape."""
    with new_database(SQLITE, options) as (address, _):
        corpus = options.corpus
        asyncio.run(import_corpus(address, SQLITE, corpus) if corpus else make_up(address, SQLITE, ARTICLES))
        with serving_default(address, NO_BUDGET) as server:
            for name, shape in SHAPES.items():
                yield from show_shape(server, name, shape, options)


PROMISE = Promise(
    "documents",
    "No document can hurt: whatever the limits let in is refused or answered within 100 ms of the server's processor "
    "time, which grows as the document does, with the same limits over HTTP, WebSocket and event stream.",
    show,
)
