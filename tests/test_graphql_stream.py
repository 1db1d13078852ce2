"""GraphQL over server-sent events, distinct connections mode; and who gets JSON instead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

import models.changes
import models.token
from api import connections, event_stream
from api.settings import Settings
from models.access import Role
from models.draft import ArticleDraft
from models.token import list_tokens, revoke_token
from tests.client import TESTER
from tests.event_source import ServerEvent, stream
from tests.failing import fail_once
from tests.live import SECONDS, Live, running

CHANGES = "subscription($since: Revision) { changes(since: $since) { kind article { title } } }"
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, "
    "text/event-stream, multipart/mixed"
)


@asynccontextmanager
async def following(
    live: Live, query: str, headers: dict[str, str] | None = None, **variables: Any
) -> AsyncIterator[AsyncIterator[ServerEvent]]:
    """Follow an operation by POST; the stream must begin."""
    body = {"query": query, "variables": variables}
    named = {"accept": "text/event-stream", **(headers or {})}
    async with stream(live.client.http, "POST", "/graphql", json=body, headers=named) as (response, events):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield events


async def typed(events: AsyncIterator[ServerEvent]) -> ServerEvent:
    """Return the next event that has a type."""
    async with asyncio.timeout(SECONDS):
        async for event in events:
            if event.type:
                return event
    raise AssertionError("the stream has ended")


def title_of(event: ServerEvent) -> str:
    """Return the title in an event of a change."""
    assert event.type == "next"
    return str(event.told["data"]["changes"]["article"]["title"])


async def test_resuming_by_the_last_id(live: Live) -> None:
    """Each event's id is its cursor; who comes again with the last one goes on behind it, not where it began."""
    await live.client.save(ArticleDraft("en", "a", "A"))
    for title in ("B", "C", "D"):
        await live.client.save(ArticleDraft("en", title.lower(), title))
    async with following(live, CHANGES, since=1) as events:
        first = await typed(events)
        assert title_of(first) == "B"
        assert first.last_id == first.told["extensions"]["cursor"]
    headers = {"last-event-id": first.last_id}
    async with following(live, CHANGES, headers, since=1) as events:
        assert [title_of(await typed(events)) for _ in range(2)] == ["C", "D"]
        await live.client.save(ArticleDraft("en", "e", "E"))
        assert title_of(await typed(events)) == "E"


async def test_resuming_from_the_beginning(live: Live) -> None:
    """A stream says where it begins before anything happens, so that nothing is missed by who is cut off then."""
    async with following(live, CHANGES) as events:
        begin = await anext(events)
        assert begin.retry
    await live.client.save(ArticleDraft("en", "a", "A"))
    async with following(live, CHANGES, {"last-event-id": begin.last_id}) as events:
        kinds = [(await typed(events)).told["data"]["changes"]["kind"] for _ in range(2)]
        assert kinds == ["CREATED", "PUBLISHED"]


async def test_live_query_resumes(live: Live) -> None:
    """A live query is not told again to who has it already, even after a new connection."""
    query = 'subscription { article(by: {slug: "a"}) { title } }'
    await live.client.save(ArticleDraft("en", "a", "A"))
    async with following(live, query) as events:
        first = await typed(events)
        assert first.told["data"] == {"article": {"title": "A"}}
    async with following(live, query, {"last-event-id": first.last_id}) as events:
        await anext(events)
        await live.client.save(ArticleDraft("en", "a", "New"))
        assert (await typed(events)).told["data"] == {"article": {"title": "New"}}


async def test_a_read_that_fails(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change whose article cannot be read for once is told when it can be, with its article."""
    await live.client.save(ArticleDraft("en", "a", "A"))
    failure = fail_once(monkeypatch, models.changes, "load_articles")
    async with following(live, CHANGES, since=0) as events:
        told = [(await typed(events)).told["data"]["changes"]["article"] for _ in range(2)]
    assert failure.has_been
    assert told == [None, {"title": "A"}]


async def test_event_source(live: Live) -> None:
    """Browsers' EventSource asks by GET."""
    parameters = {"query": "subscription { changes(since: 0) { kind } }"}
    await live.client.save(ArticleDraft("en", "a", "A"))
    headers = {"accept": "text/event-stream"}
    async with stream(live.client.http, "GET", "/graphql", params=parameters, headers=headers) as (_, events):
        assert (await typed(events)).told["data"]["changes"]["kind"] == "CREATED"


async def test_who_gets_a_stream(live: Live) -> None:
    """A query is streamed only to who prefers that; a subscription to who accepts it, others are told what to do."""
    http = live.client.http
    query, subscription = {"query": "{ head }"}, {"query": "subscription { changes(since: 0) { kind } }"}
    for accept in (URQL, "*/*", "text/event-stream, */*", "text/event-stream;q=0.5, application/json"):
        response = await http.post("/graphql", json=query, headers={"accept": accept})
        assert response.json()["data"] == {"head": 0}
    for accept in ("text/event-stream", "application/json;q=0.5, text/event-stream"):
        async with stream(http, "POST", "/graphql", json=query, headers={"accept": accept}) as (_, events):
            first, second = [event async for event in events]
        assert (first.type, first.told["data"]) == ("next", {"head": 0})
        assert (second.type, second.data) == ("complete", "")
    await live.client.save(ArticleDraft("en", "a", "A"))
    async with stream(http, "POST", "/graphql", json=subscription, headers={"accept": URQL}) as (_, events):
        assert (await typed(events)).type == "next"
    for accept, status in (("application/json", 200), ("application/graphql-response+json", 400)):
        response = await http.post("/graphql", json=subscription, headers={"accept": accept})
        assert response.status_code == status
        assert "text/event-stream" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { changes(since: 99) { kind } }", "REVISION_UNKNOWN"),
        ("subscription @view(perspective: DRAFT) { changes { kind } }", "FORBIDDEN"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_errors_come_in_the_stream(live: Live, query: str, code: str) -> None:
    """What is wrong with an operation comes as a result, and completes it."""
    async with following(live, query) as events:
        first, second = [event async for event in events]
    assert [error["extensions"]["code"] for error in first.told["errors"]] == [code]
    assert (first.type, second.type) == ("next", "complete")


async def test_errors_of_the_request(live: Live) -> None:
    """A request that is none is answered with a status, and so is a rejected credential."""
    http, accept = live.client.http, {"accept": "text/event-stream"}
    assert (await http.post("/graphql", json={}, headers=accept)).status_code == 400
    wrong = {**accept, "authorization": "Bearer wrong"}
    response = await http.post("/graphql", json={"query": CHANGES}, headers=wrong)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (
        401,
        "UNAUTHENTICATED",
    )


async def test_heartbeats_and_revocation(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent stream says that it is there and where it stands; it ends with a code when the token is revoked."""
    monkeypatch.setattr(event_stream, "HEARTBEAT", 0.05)
    reader = await live.client.sign_in(Role.READER)
    async with following(live, CHANGES, reader.headers) as events:
        begin, beat = await anext(events), await anext(events)
        assert (beat.type, beat.data, beat.last_id) == ("", "", begin.last_id)
        for token in await list_tokens(live.client.database, TESTER):
            await revoke_token(live.client.database, TESTER, token.id)
        last = await typed(events)
        assert last.told["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert (await typed(events)).type == "complete"


@pytest.mark.parametrize("address", ["/graphql", "/changes"])
async def test_who_cannot_be_seen_at_the_moment(
    live: Live, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """A stream goes on when it cannot be looked up for once whose credential it is."""
    monkeypatch.setattr(event_stream, "HEARTBEAT", 0.05)
    reader = await live.client.sign_in(Role.READER)
    headers = {"accept": "text/event-stream", **reader.headers}
    query = {"query": "subscription { changes { kind } }"} if address == "/graphql" else {}
    async with stream(live.client.http, "GET", address, params=query, headers=headers) as (_, events):
        await anext(events)
        failure = fail_once(monkeypatch, models.token, "authenticate_token")
        while not failure.has_been:
            assert not (await anext(events)).type
        await live.client.save(ArticleDraft("en", "a", "A"))
        assert (await typed(events)).type in {"next", "change"}


async def test_shutdown(settings: Settings) -> None:
    """When the server goes, streams end without `complete`, so that clients come again, and it is gone at once."""
    loop = asyncio.get_running_loop()
    async with running(settings) as live:
        http = live.client.http
        async with following(live, CHANGES) as events, stream(http, "GET", "/changes") as (_, others):
            await anext(events)
            await anext(others)
            began = loop.time()
            live.server.should_exit = True
            for left in (events, others):
                rest = [event async for event in left]
                assert [(event.type, bool(event.retry)) for event in rest] == [("", True)]
    assert loop.time() - began < 2


async def test_unread_streams(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not read is let go, and the server keeps nothing for it."""
    monkeypatch.setattr(event_stream, "PATIENCE", 0.2)
    monkeypatch.setattr(connections, "LINGER", 0.2)
    for number in range(30):
        await live.client.save(ArticleDraft("en", f"a{number}", f"A{number}", intro="x" * 400_000))
    query = "subscription { changes(since: 0) { article { intro { markdown } } } }"
    reader, writer = await asyncio.open_connection("127.0.0.1", live.port, limit=100)
    writer.write(
        f"GET /graphql?query={query.replace(' ', '+')} HTTP/1.1\r\nHost: localhost\r\n"
        "Accept: text/event-stream\r\n\r\n".encode()
    )
    await reader.readline()
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*live.server.server_state.tasks)
    assert not live.server.server_state.connections
    writer.close()
