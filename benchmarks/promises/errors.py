"""Every error is meant: spoiled requests, sent as bytes to a running server, and what its answers say."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from benchmarks.data import ACTOR
from benchmarks.load import Server
from benchmarks.promises.exchange import Response, exchange, write
from benchmarks.promises.mutations import Mutations
from benchmarks.promises.places import NO_BUDGET, SQLITE, new_database, serving_default
from benchmarks.promises.promise import Finding, Options, Progress, Promise
from models.access import Role
from models.database import Database, open_database
from models.library import Library
from models.migrating import migrate
from models.token import create_token
from schema.build import build_schema, core_schema
from schema.service import Service
from tests import content
from tests.dressing import Dresser, Known
from tests.meant import find_fault
from tests.scrambling import Sent, scramble
from tests.ways import DRAWN_AT_ONCE, drawn, find_known

PORTION = 20
"""One in so many cases changes something: an administrator's mutation, drawn from the contract as well."""

LOUD = {"server", "x-powered-by"}
"""Headers by which servers tell what they are."""


async def prepare(address: str) -> tuple[Known, str]:
    """Store some content; return what there is to ask for, and an administrator's token."""
    async with open_database(address) as database:
        await migrate(database)
        await store(database)
        service = Service(database, Library(database, 1 << 24))
        known = await find_known(service, range(database.head.revision + 1), [])
        return known, (await create_token(database, ACTOR, "errors", Role.ADMINISTRATOR))[1]


async def store(database: Database) -> None:
    """Store the content of the tests, as if on the days that it is of."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        clock = content.set_clock(monkeypatch)

        def set_day(day: int) -> None:
            clock.now = content.FIRST_DAY + day * content.DAY

        await content.write_content(database, set_day)


class Cases:
    """Makes spoiled requests, always the same for the same numbers."""

    def __init__(self, known: Known, secret: str, seed: int) -> None:
        self._schema = core_schema(build_schema())
        self._known = known
        self._secret = secret
        self._seed = seed
        self._mutations = Mutations(known)

    def make(self, number: int) -> Sent:
        """Return the request of a number."""
        random = Random(self._seed * 1_000_000 + number)
        if number % PORTION == 0:
            sent = scramble(*self._mutations.draw(self._seed * 10_000 + number // PORTION, random), random)
            sent.headers.setdefault("authorization", f"Bearer {self._secret}")
            return sent
        at = self._seed * 100_000 + number // DRAWN_AT_ONCE
        parts = drawn(at)[number % DRAWN_AT_ONCE]
        return scramble(*Dresser(self._schema, self._known, random).write(parts), random)


def send(server: Server, sent: Sent) -> Response:
    """Send a request as it is; one that says it goes on ends all the same."""
    claimed = sent.headers.get("content-length", "")
    ends = claimed.isdigit() and int(claimed) > len(sent.body)
    return exchange(server.port, write(sent.method, sent.path, sent.headers, sent.body), ends=ends)


def judge(response: Response) -> str | None:
    """Return what is wrong with an answer, None where nothing is."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    loud = LOUD & headers.keys()
    if loud:
        return f"headers {loud}"
    return find_fault(response.status, headers.get("content-type", ""), response.content)


def try_all(server: Server, cases: Cases, options: Options) -> tuple[Counter[int], list[str]]:
    """Send all cases; return how many answers there were of each status, and what was wrong."""
    statuses, faults = Counter[int](), []
    progress = Progress("cases", options.cases)
    for number in range(options.cases):
        sent = cases.make(number)
        response = send(server, sent)
        statuses[response.status] += 1
        fault = judge(response)
        if fault is not None:
            faults.append(f"case {number}: {fault}")
            print(f"  {faults[-1]}\n  {sent}\n  {response.status} {response.content[:500]!r}", flush=True)
        progress.tell(number + 1)
        if number % 1_000 == 0:
            gc.collect()
    return statuses, faults


def show(options: Options) -> Iterator[Finding]:
    """Yield how many answers were not meant."""
    # Coroutines that graphql-core drops where a field nulls its parent, while documents are drawn.
    warnings.simplefilter("ignore", RuntimeWarning)
    with new_database(SQLITE, options) as (address, _):
        known, secret = asyncio.run(prepare(address))
        with serving_default(address, NO_BUDGET) as server:
            statuses, faults = try_all(server, Cases(known, secret, options.seed), options)
            is_alive = exchange(server.port, write("GET", "/readyz", {}, b"")).status == 200
    yield from sum_up(statuses, faults, is_alive)


def sum_up(statuses: Counter[int], faults: list[str], is_alive: bool) -> Iterator[Finding]:
    """Yield what the answers were."""
    told = ", ".join(f"{count:,} x {status or 'none'}" for status, count in sorted(statuses.items()))
    total = statuses.total()
    yield Finding(f"{total:,} cases", told, "answers, and none of 5xx", not any(s >= 500 for s in statuses))
    yield Finding(
        "answers without a code, or with something of the inside",
        "; ".join(faults[:3]) or "0",
        "0",
        not faults,
    )
    yield Finding("the server afterwards", "ready" if is_alive else "not ready", "ready", is_alive)


PROMISE = Promise(
    "errors",
    "Every error is meant: whatever is sent, no answer is of 5xx, every error has a code, and nothing of the inside "
    "is told.",
    show,
)
