"""A copy that follows a subscription is the same as a fresh snapshot, whatever happened and wherever it was cut off."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from api.live_feed import LiveFeed, Place
from models.access import Actor, Role, anonymous_actor
from models.token import authenticate_token
from schema.build import Request
from tests.client import Client
from tests.content import DAY, set_clock
from tests.history.comparing import Comparison
from tests.history.programs import Program, programs
from tests.history.running import Runner
from tests.history.states import LOCALES
from tests.history.views import Look
from tests.test_changes import SHOWN, VIEW, Copy, begin

EXAMPLES = int(os.environ.get("QUIET_TEST_EXAMPLES", "0"))
FOLLOW = VIEW.replace("query", "subscription") % ", $since: Revision" + (
    f"{{ changes(since: $since) {{ articleId article {{ {SHOWN} }} }} }}"
)


@dataclass
class Following(Copy):
    """A copy kept in step by a subscription, which is cut off and resumed at every event whose number `cut` divides."""

    feed: LiveFeed | None = None
    actor: Actor | None = None
    place: Place | None = None
    cut: int = 1
    count: int = 0

    async def connect(self) -> Place:
        """Subscribe, behind the last event that was heard."""
        assert self.feed is not None
        assert self.actor is not None
        perspective = "DRAFT" if self.drafts else "PUBLISHED"
        variables = {"drafts": perspective, "locales": self.locales, "since": self.since}
        return await self.feed.follow(Request(FOLLOW, None, variables), self.actor, self.after)

    async def hear(self) -> None:
        """Apply all events up to the present; none comes twice."""
        self.place = self.place or await self.connect()
        while events := await self.place.advance(0):
            for event in events:
                change = orjson.loads(event.body.whole)["data"]["changes"]
                if change["article"]:
                    self.articles[change["articleId"]] = change["article"]
                else:
                    self.articles.pop(change["articleId"], None)
                self.seen.append(event.position)
                self.after = event.position
                self.count += 1
                if self.count % self.cut == 0:
                    self.place = await self.connect()
                    break
        assert len(set(self.seen)) == len(self.seen)


@pytest.fixture
async def feed(client: Client) -> AsyncIterator[LiveFeed]:
    """A feed of the client's service."""
    feed = LiveFeed(client.service)
    yield feed
    await feed.close()


async def identify(client: Client) -> Actor:
    """Return who a client is."""
    credential = client.headers.get("authorization", "").removeprefix("Bearer ")
    if not credential:
        return anonymous_actor(may_read=True)
    return await authenticate_token(client.database, credential)


@settings(
    max_examples=EXAMPLES or 8,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(program=programs(8))
async def test_copies_of_random_histories(
    client: Client, feed: LiveFeed, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    """Copies begun at any point and cut off after any event are what a fresh snapshot is, for every right."""
    clock = set_clock(monkeypatch)
    runner = Runner(client, await client.sign_in(Role.PREVIEWER), clock)
    await runner.begin(monkeypatch, program.memory)
    limited = await client.sign_in(Role.PREVIEWER, locales=["de"], sites=["one"])
    kinds: list[tuple[Client, bool, list[str] | None]] = [
        (client, False, None),
        (client, False, ["en"]),
        (client, False, ["de", "en"]),
        (limited, False, None),
        (runner.client, True, None),
        (runner.client, True, ["en", "de"]),
        (limited, True, None),
    ]
    copies: list[Following] = []
    for number, step in enumerate([program.first, *program.steps]):
        clock.now += step.wait
        await runner.run(step.verb, step.editor)
        for locale in LOCALES:
            await Comparison(runner, Look(drafts=True, locales=(locale,))).learn()
        who, drafts, locales = kinds[number % len(kinds)]
        copy = Following(who, drafts, locales, 100, feed=feed, actor=await identify(who), cut=1 + number)
        await begin(copy)
        copies.append(copy)
        for copy in copies[::2]:
            await copy.hear()
    clock.now += 3 * DAY
    for copy in copies:
        await copy.hear()
        assert copy.articles == await copy.snapshot()
