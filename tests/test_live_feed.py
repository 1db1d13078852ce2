"""One execution for all who follow the same with the same rights, and no answer twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import asyncpg
import pytest

import models.changes
import schema.subscription
from api.graphql_socket import decode_body
from api.live_feed import LiveFeed, Place
from models import moment
from models.access import Actor, Right, anonymous_actor
from models.draft import ArticleDraft
from models.errors import DatabaseBusy
from models.publishing import publish_articles
from schema import following
from schema.answer import Request
from tests.client import TESTER, Client, article_id
from tests.content import DAY, set_clock
from tests.failing import fail_once
from tests.live import SECONDS

ANYBODY = anonymous_actor(may_read=True)
CHANGES = (
    "subscription($since: Revision, $after: String, $where: ChangeWhere) "
    "{ changes(since: $since, after: $after, where: $where) { kind article { title } } }"
)
ARTICLE = 'subscription { article(by: {slug: "a"}) { title } }'


@pytest.fixture
async def feed(client: Client) -> AsyncIterator[LiveFeed]:
    """A feed of the client's service."""
    feed = LiveFeed(client.service)
    yield feed
    await feed.close()


class Steps:
    """Counts the steps that are taken."""

    def __init__(self) -> None:
        self.count = 0
        self._stack = ExitStack()

    def __enter__(self) -> Steps:
        taken = following.Following.take

        async def take(*arguments: Any) -> Any:
            self.count += 1
            return await taken(*arguments)

        self._stack.enter_context(patch.object(following.Following, "take", take))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


async def hear(place: Place) -> list[str]:
    """Return the titles of what has happened for a follower, without waiting."""
    titles: list[str] = []
    while events := await place.advance(0):
        for event in events:
            assert event.answer.data is not None, event.answer.errors
            titles.append(read_title(event))
    return titles


def read_title(event: Any) -> str:
    """Return the title that an event shows, empty for none."""
    return str(event.body.whole.decode().partition('"title":"')[2].partition('"')[0])


async def test_shared_steps(client: Client, feed: LiveFeed) -> None:
    """Followers who began at different places share each step once they have caught up, and its bytes."""
    places: list[Place] = []
    for number in range(4):
        await client.save(ArticleDraft("en", f"a{number}", f"A{number}"))
        places.append(await feed.follow(Request(CHANGES), ANYBODY))
        places.append(await feed.follow(Request(CHANGES, None, {"since": number}), ANYBODY))
    assert len({id(place.channel) for place in places}) == 1
    for place in places:
        await hear(place)
    assert len({place.position for place in places}) == 1
    with Steps() as steps:
        for number in range(3):
            await client.save(ArticleDraft("en", f"b{number}", f"B{number}"))
            pages = [await place.advance(0) for place in places]
            assert all(page is pages[0] for page in pages)
            assert [await hear(place) for place in places] == [[]] * len(places)
        assert steps.count <= 6  # what happened, and that nothing followed


async def test_shared_filters_that_match_nothing(client: Client, feed: LiveFeed) -> None:
    """Followers whom nothing concerns share steps as well, wherever they began."""
    where = {"kinds": ["DELETED"]}
    places = []
    for number in range(4):
        await client.save(ArticleDraft("en", f"a{number}", f"A{number}"))
        places.append(await feed.follow(Request(CHANGES, None, {"where": where}), ANYBODY))
        assert [await hear(place) for place in places] == [[]] * len(places)
    with Steps() as steps:
        await client.save(ArticleDraft("en", "b", "B"))
        assert [await hear(place) for place in places] == [[]] * len(places)
        assert steps.count == 1


async def test_rights_are_not_shared(client: Client, feed: LiveFeed) -> None:
    """Who has other rights, or asks otherwise, follows something else."""
    previewer = Actor("p", frozenset({Right.READ, Right.PREVIEW}))
    other = CHANGES.replace("kind", "kind kind")
    places = [
        await feed.follow(Request(CHANGES), ANYBODY),
        await feed.follow(Request(CHANGES), previewer),
        await feed.follow(Request(other), ANYBODY),
        await feed.follow(Request(CHANGES, None, {"where": {"kinds": ["DELETED"]}}), ANYBODY),
    ]
    assert len({id(place.channel) for place in places}) == 4


async def test_live_queries(client: Client, feed: LiveFeed) -> None:
    """A live query is executed once for all, and only where what it read may have changed."""
    places = [await feed.follow(Request(ARTICLE), ANYBODY) for _ in range(3)]
    with Steps() as steps:
        assert [await hear(place) for place in places] == [[""]] * 3
        await client.save(ArticleDraft("en", "a", "A"))
        assert [await hear(place) for place in places] == [["A"]] * 3
        assert steps.count == 2
        for number in range(3):
            await client.save(ArticleDraft("en", "b", f"B{number}"))
            assert [await hear(place) for place in places] == [[]] * 3
        assert steps.count == 2
        late = await feed.follow(Request(ARTICLE), ANYBODY)
        (event,) = await late.advance(0)
        assert b'"revision":4' in event.body.whole
        assert steps.count == 2
        await client.save(ArticleDraft("en", "a", "A again"))
        assert [await hear(place) for place in (*places, late)] == [["A again"]] * 4
        assert steps.count == 3


async def test_schedules(client: Client, feed: LiveFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes due is told at its moment, to followers who began after the revision that scheduled it."""
    clock = set_clock(monkeypatch)
    await client.save(ArticleDraft("en", "a", "A"), publish=False)
    begin, end = clock.now + DAY, clock.now + 2 * DAY
    await publish_articles(client.database, [article_id("a")], actor=TESTER, live_from=begin, live_until=end)
    changes, article = [await feed.follow(Request(query), ANYBODY) for query in (CHANGES, ARTICLE)]
    assert (await hear(changes), await hear(article)) == ([], [""])
    clock.now = begin
    (event,) = await changes.advance(0)
    assert event.answer.view is not None
    assert (event.answer.view.moment, read_title(event), await hear(article)) == (begin, "A", ["A"])
    late = await feed.follow(Request(CHANGES), ANYBODY)
    clock.now = end + 1
    (event,) = await changes.advance(0)
    assert (event.answer.view and event.answer.view.moment, await hear(article)) == (end, [""])
    assert len(await late.advance(0)) == 1
    assert moment.now() == end + 1


async def test_after_compacting_and_errors(client: Client, feed: LiveFeed) -> None:
    """An error of a step reaches the follower, and is not kept for the next one."""
    await client.save(ArticleDraft("en", "a", "A"))
    place = await feed.follow(Request(CHANGES, None, {"since": 0}), ANYBODY)
    client.database.head.oldest = 1
    with pytest.raises(following.Refused) as refused:
        await place.advance(0)
    assert refused.value.answer.errors[0]["extensions"]["code"] == "REVISION_GONE"
    client.database.head.oldest = 0
    assert len(await place.advance(0)) == 2


async def test_a_read_that_fails_is_no_answer(
    client: Client, feed: LiveFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read for once is read again: nobody is told that it is not there, now or later."""
    await client.save(ArticleDraft("en", "a", "A"))
    for request, holder, name, heard in (
        (Request(CHANGES, None, {"since": 0}), models.changes, "load_articles", ["", "A"]),
        (Request(ARTICLE), schema.subscription, "find_article", ["A"]),
    ):
        first, second = [await feed.follow(request, ANYBODY) for _ in range(2)]
        failure = fail_once(monkeypatch, holder, name)
        events = await first.advance(SECONDS)
        assert failure.has_been
        assert [read_title(event) for event in events] == heard
        assert not any(event.answer.errors for event in (*events, *await second.advance(0)))


async def test_a_read_that_fails_is_tried_again(
    client: Client, feed: LiveFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A follower whose read fails hears what happened without anything else having to happen."""
    place = await feed.follow(Request(CHANGES, None, {"after": None}), ANYBODY)
    assert await place.advance(0) == ()
    failure = fail_once(monkeypatch, following.Following, "take", DatabaseBusy())
    await client.save(ArticleDraft("en", "a", "A"))
    async with asyncio.timeout(SECONDS):
        events = await place.advance(600)
    assert failure.has_been
    assert [read_title(event) for event in events] == ["", "A"]


async def test_the_watch_outlives_errors(
    client: Client, feed: LiveFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever keeps the feed from looking for once, those who wait are woken by what happens afterwards."""
    turn = feed.turn
    failure = fail_once(monkeypatch, client.service, "find_span", asyncpg.TooManyConnectionsError())
    waiting = asyncio.create_task(feed.wait(turn, SECONDS))
    assert await waiting
    assert failure.has_been


async def test_one_bound_for_all_channels(client: Client, feed: LiveFeed) -> None:
    """What is kept of all subscriptions together has one bound, frames included, and everybody hears everything."""
    titles = [f"A{number}" for number in range(150)]
    for title in titles:
        await client.save(ArticleDraft("en", title.lower(), title, summary="word " * 50))
    feed.shelf.limit = 400_000
    query = "subscription { changes(since: 0) { k%d: kind article { title summary } } }"
    places, heard = [], []
    for number in range(8):
        places.append(await feed.follow(Request(query % number), ANYBODY))
        told = []
        while events := await places[-1].advance(0):
            for event in events:
                event.framed(decode_body)
                assert feed.shelf.size <= feed.shelf.limit
                told.append(read_title(event))
        heard.append([title for title in told if title])
    assert heard == [titles] * len(places)
    assert feed.shelf.size > feed.shelf.limit / 2
    del places
    assert feed.shelf.size == 0


async def test_positions_without_events_are_bounded(client: Client, feed: LiveFeed) -> None:
    """Positions after which nothing follows are not kept without an end either."""
    for number in range(20):
        await client.save(ArticleDraft("en", f"a{number}", f"A{number}"))
    feed.shelf.limit = 20_000
    places = []
    for number in range(20):
        variables = {"since": number, "where": {"kinds": ["DELETED"]}}
        places.append(await feed.follow(Request(CHANGES, None, variables), ANYBODY))
        assert await places[-1].advance(0) == ()
        assert 0 < feed.shelf.size <= feed.shelf.limit
    with Steps() as steps:
        for since, count in (19, 0), (0, 1):
            variables = {"since": since, "where": {"kinds": ["DELETED"]}}
            late = await feed.follow(Request(CHANGES, None, variables), ANYBODY)
            assert await late.advance(0) == ()
            assert steps.count == count  # the newest is kept, the oldest is not


async def test_a_state_that_stays_weighs_the_same(client: Client, feed: LiveFeed) -> None:
    """A live query that is seen from one revision after the other takes no more room with each."""
    await client.save(ArticleDraft("en", "a", "A"))
    place = await feed.follow(Request(ARTICLE), ANYBODY)
    (event,) = await place.advance(0)
    size = feed.shelf.size
    frame = event.framed(decode_body)
    assert feed.shelf.size >= size + len(frame)
    size = feed.shelf.size
    for number in range(3):
        await client.save(ArticleDraft("en", "b", f"B{number}"))
        late = await feed.follow(Request(ARTICLE), ANYBODY)
        (event,) = await late.advance(0)
        assert f'"revision":{number + 2}' in event.framed(decode_body)
        assert feed.shelf.size == size
