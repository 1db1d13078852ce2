"""A copy that follows a subscription is the same as a fresh snapshot, whatever happened and wherever it was cut off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from hypothesis import given

from api.live_feed import LiveFeed, Place
from models.access import Actor, anonymous_actor
from models.token import authenticate_token
from schema.answer import Request
from tests.client import Client
from tests.history.copying import SHOWN, VIEW, Copy, check_copies
from tests.history.playing import begin, random_histories
from tests.history.programs import Program, programs

FOLLOW = VIEW.replace("query", "subscription") % ", $since: Revision" + (
    f"{{ changes(since: $since) {{ articleId article {{ {SHOWN} }} }} }}"
)


@dataclass(kw_only=True)
class Following(Copy):
    """A copy kept in step by a subscription, which is cut off and resumed at every event whose number `cut` divides."""

    feed: LiveFeed
    cut: int
    place: Place | None = None

    async def connect(self) -> Place:
        """Subscribe, behind the last event that was heard."""
        variables = {"drafts": self.perspective, "locales": self.locales, "since": self.since}
        return await self.feed.follow(
            Request(FOLLOW, None, variables), await identify(self.client), self.after
        )

    async def follow(self) -> list[Any]:
        """Apply all events up to the present, and return their changes."""
        told: list[Any] = []
        self.place = self.place or await self.connect()
        while events := await self.place.advance(0):
            for event in events:
                told.append(orjson.loads(event.body.whole)["data"]["changes"])
                self.apply(told[-1], event.position)
                self.after = event.position
                if len(self.seen) % self.cut == 0:
                    self.place = await self.connect()
                    break
        return told


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


@random_histories(8)
@given(program=programs(8))
async def test_copies_of_random_histories(
    client: Client, feed: LiveFeed, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    """Copies begun at any point and cut off after any event are what a fresh snapshot is, for every right."""
    runner = await begin(client, monkeypatch, program)
    await check_copies(runner, program, lambda number, reader: Following(*reader, feed=feed, cut=1 + number))
