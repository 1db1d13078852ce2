"""The same bytes over random histories: in every way, and after whatever happened between two answers.

QUIET_TEST_DOCUMENTS says how many documents are asked for; with another QUIET_TEST_SEED they are others.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import orjson
import pytest
from graphql import DocumentNode

from api.settings import Settings
from models.access import Actor, Role, anonymous_actor
from schema.answer import Request
from tests.client import Client, serve
from tests.content import set_clock
from tests.dressing import Dresser, Known
from tests.generated_documents import draw
from tests.history.playing import play
from tests.history.programs import Program, programs
from tests.history.running import Runner
from tests.ways import (
    LIMITS,
    ROUNDS,
    SEED,
    SILENT,
    Ways,
    clean_up,
    drawn,
    find_known,
    make_ways,
    write,
)

STEPS = 6

pytestmark = SILENT


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    """A client of a service that keeps answers."""
    async with serve(replace(settings, response_cache_bytes=2_000_000)) as client:
        yield client


@pytest.fixture
async def previewer(client: Client) -> Client:
    """Somebody who may see drafts."""
    return await client.sign_in(Role.PREVIEWER)


def draw_program(number: int) -> Program:
    """Return a random program, always the same for a number."""
    *_, program = draw(programs(STEPS), 3, SEED * 1_000_000 + number)
    return program


async def look_around(ways: Ways, runner: Runner) -> Known:
    """Return what there is to ask for; moments are those at which anything changes, and those beside them."""
    boundaries = runner.history.boundaries() or [runner.clock.now]
    moments = [m + beside for m in boundaries for beside in (0, -1, 1)]
    return await find_known(ways.plain, [s.revision for s in runner.history.states], moments)


async def test_every_way_after_random_histories(
    client: Client, previewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Projected or not, kept or not, an answer is the same through every view of whatever came to be."""
    clock = set_clock(monkeypatch)
    ways = make_ways(client.database)
    for number in range(ROUNDS):
        random = Random(SEED * 1_000_000 + number)
        runner = Runner(client, previewer, clock)
        program = draw_program(number)
        await runner.begin(monkeypatch, program.memory)
        async for _ in play(runner, program):
            pass
        ways.forget(random.choice(LIMITS))
        known = await look_around(ways, runner)
        for parts in drawn(number):
            await ways.compare(parts, known, random)
    clean_up()
    assert ways.counts["shown"] > 0.4 * ways.counts["asked"] > 0, ways.counts


@dataclass(slots=True)
class Asked:
    """A document that is asked again and again."""

    text: str
    variables: dict[str, Any]
    client: Client
    actor: Actor


@dataclass(slots=True)
class Freshness:
    """Compares what the endpoint answers, from memory where it can, with what a fresh execution gives."""

    ways: Ways
    counts: Counter[str] = field(default_factory=Counter)

    async def check(self, asked: Asked, known: Known) -> None:
        """Ask the endpoint, and a service that keeps nothing."""
        reply = await asked.client.ask(asked.text, **asked.variables)
        fresh = await self.ways.plain.ask(Request(asked.text, variables=asked.variables), asked.actor)
        answers = [(reply.body.get("data"), reply.body.get("errors", ())), (fresh.data, fresh.errors)]
        said, expected = map(without_moments, write(answers))
        assert said == expected, f"{asked.text}\n{asked.variables}"
        if fresh.view and reply.status == 200:
            assert reply.body["extensions"]["view"]["revision"] == fresh.view.revision, asked.text
        self.counts["asked"] += 1
        self.counts["kept"] += not reply.statements
        self.counts["shown"] += known.is_shown_in(said)


def without_moments(said: bytes) -> bytes:
    """Return an answer in which cursors do not tell the moment: it may be an earlier one of the same span."""

    def write_anew(found: re.Match[bytes]) -> bytes:
        name, revision, _, *key = orjson.loads(urlsafe_b64decode(found[1] + b"=="))
        return orjson.dumps([name, revision, *key])

    return re.sub(rb'"(Wy[IJ][\w-]+)"', write_anew, said)


def dress(
    documents: Sequence[Sequence[DocumentNode]],
    ways: Ways,
    known: Known,
    clients: Sequence[Client],
    random: Random,
) -> list[Asked]:
    """Return documents in a form to be asked as it is, each by somebody."""
    previewer = Actor("previewer", Role.PREVIEWER.rights)
    people = list(zip(clients, (anonymous_actor(may_read=True), previewer), strict=True))
    return [
        Asked(*Dresser(ways.plain.schema, known, random).write(parts), *random.choice(people))
        for parts in documents
    ]


async def test_kept_answers_are_fresh(
    client: Client, previewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was done and whatever time has passed, a kept answer says what a fresh one does."""
    clock = set_clock(monkeypatch)
    freshness = Freshness(make_ways(client.database))
    for number in range(max(1, ROUNDS // 2)):
        random = Random(SEED * 1_000_000 + number)
        runner = Runner(client, previewer, clock)
        program = draw_program(number)
        await runner.begin(monkeypatch, program.memory)
        asked: list[Asked] = []
        async for _ in play(runner, program):
            known = await look_around(freshness.ways, runner)
            asked = asked or dress(drawn(number)[:8], freshness.ways, known, (client, previewer), random)
            for one in asked:
                await freshness.check(one, known)
    clean_up()
    counts = freshness.counts
    assert counts["shown"] > 0.3 * counts["asked"] > 0, counts
    assert counts["kept"] > 0.1 * counts["asked"], counts
