"""`GET /changes`: server-sent events that a client can lose at any time and resume without gap or repetition."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

import models.changes
from api.settings import Settings
from models import moment
from models.access import Role, system_actor
from models.database import open_database
from models.draft import ArticleDraft
from models.migrating import migrate
from models.token import create_token
from tests.client import Client
from tests.event_source import ServerEvent, stream
from tests.failing import fail_once
from tests.live import SECONDS, Live
from tests.serving import NO_CERTIFICATES, QUIET_SERVE, quiet_environment, serving

CREATE = "mutation($input: CreateArticleInput!) { createArticle(input: $input) { article { id } errors { message } } }"
PUBLISH = "mutation($input: PublishArticlesInput!) { publishArticles(input: $input) { errors { message } } }"
SITE = (
    'mutation { createSite(input: {key: "docs", name: "Docs", defaultLocale: "en"}) { errors { message } } }'
)


class Site:
    """A running service and an administrator's way to it."""

    def __init__(self, base: str, secret: str) -> None:
        self.base = base
        self.headers = {"authorization": f"Bearer {secret}"}

    def send(self, query: str, **variables: Any) -> Any:
        """Send a request; it must have neither errors nor failures."""
        body = {"query": query, "variables": variables}
        reply = httpx2.post(
            f"{self.base}/graphql",
            json=body,
            headers=self.headers,
            timeout=30,
            trust_env=False,
            verify=NO_CERTIFICATES,
        ).json()
        assert "errors" not in reply, reply
        (payload,) = reply["data"].values()
        assert payload["errors"] == []
        return payload

    def head(self) -> int:
        """Return the newest revision."""
        body = {"query": "{ head }"}
        reply = httpx2.post(f"{self.base}/graphql", json=body, timeout=30, trust_env=False).json()
        return int(reply["data"]["head"])

    def publish(self, title: str) -> None:
        """Publish a new article."""
        self.send(CREATE, input={"locale": "en", "title": title, "publish": True})

    @contextmanager
    def follow(self, query: str = "", last: str = "", **headers: str) -> Iterator[Iterator[dict[str, Any]]]:
        """Follow changes; each has its id besides what it tells."""
        named = {**headers, **({"last-event-id": last} if last else {})}
        with (
            httpx2.Client(trust_env=False, verify=NO_CERTIFICATES, timeout=30) as http,
            http.stream("GET", f"{self.base}/changes{query}", headers=named) as response,
        ):
            assert response.status_code == 200, response.read()
            assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
            yield read_events(response)


def read_events(response: httpx2.Response) -> Iterator[dict[str, Any]]:
    """Yield the events of a stream as the HTML standard says (section 9.2.6); one without data has `None`."""
    event: dict[str, str] = {}
    for line in response.iter_lines():
        if line:
            name, _, value = line.partition(":")
            event[name] = value.removeprefix(" ")
            continue
        if event.get("id") or event.get("data"):
            told = json.loads(event["data"]) if "data" in event else {"kind": None}
            yield {**told, "cursor": event.get("id"), "event": event.get("event")}
        event = {}


async def prepare(settings: Settings) -> str:
    """Migrate the database and return an administrator's token."""
    async with open_database(settings.database) as database:
        await migrate(database)
        _, secret = await create_token(database, system_actor("test"), "t", Role.ADMINISTRATOR)
        return secret


@pytest.mark.database
async def test_resuming_after_each_kind_of_end(settings: Settings, tmp_path: Path) -> None:
    """Connections that are dropped and a server that is killed cost nothing: every event comes once and in order."""
    secret = await prepare(settings)
    heard: list[str] = []
    last = ""
    number = 0
    for server in range(3):
        with serving(QUIET_SERVE, tmp_path, quiet_environment(settings)) as base:
            site = Site(base, secret)
            if not server:
                site.send(SITE)
            for _ in range(3):
                for _ in range(4):
                    number += 1
                    site.publish(f"Article {number}")
                query = "" if last else "?since=0"
                with site.follow(query, last) as events:
                    # The last one is left for the next connection.
                    while len(heard) < number - 1:
                        event = next(events)
                        last = event["cursor"] or last
                        if event["kind"] == "PUBLISHED":
                            heard.append(event["article"]["title"])
            if server < 2:
                kill_servers(base)
    assert heard == [f"Article {n}" for n in range(1, number)]


def kill_servers(base: str) -> None:
    """Kill the process that listens at this address, without any warning."""
    port = base.rpartition(":")[2]
    found = subprocess.run(
        ["pgrep", "-f", f"serve --port {port}"], capture_output=True, text=True, check=False
    )
    for process in found.stdout.split():
        os.kill(int(process), signal.SIGKILL)


@pytest.mark.database
async def test_live_and_scheduled(settings: Settings, tmp_path: Path) -> None:
    """What is published, by whatever process, and what comes due arrives within moments of it."""
    secret = await prepare(settings)
    environment = quiet_environment(settings)
    with (
        serving(QUIET_SERVE, tmp_path, environment) as base,
        serving(QUIET_SERVE, tmp_path, environment) as other,
    ):
        site, elsewhere = Site(base, secret), Site(other, secret)
        site.send(SITE)
        with site.follow() as events:
            first = next(events)
            assert first["kind"] is None
            assert first["cursor"]
            elsewhere.publish("Now")
            began = time.monotonic()
            event = next(events)
            assert (event["kind"], event["site"], event["article"]["path"]) == (
                "PUBLISHED",
                "docs",
                "/en/now",
            )
            assert time.monotonic() - began < 5
            due = moment.now() + 1500
            created = elsewhere.send(CREATE, input={"locale": "en", "title": "Later"})
            window = {"ids": [created["article"]["id"]], "from": moment.to_text(due)}
            elsewhere.send(PUBLISH, input=window)
            event = next(events)
            assert (event["article"]["title"], event["at"]) == ("Later", moment.to_text(due))
            assert due <= moment.now() < due + 5000


@pytest.mark.database
@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?since=x", 400, "BAD_REQUEST"),
        ("?since=999999", 400, "REVISION_UNKNOWN"),
        ("?after=x", 400, "INVALID_CURSOR"),
        ("?sine=1", 400, "BAD_REQUEST"),
        ("?locale=-", 400, "BAD_USER_INPUT"),
        ("?perspective=all", 400, "BAD_USER_INPUT"),
        ("?perspective=draft", 403, "FORBIDDEN"),
        ("?site=nowhere", 400, "UNKNOWN_SITE"),
    ],
)
async def test_refusals(client: Client, query: str, status: int, code: str) -> None:
    """What cannot be followed is refused before the stream begins, with a status and a code."""
    response = await client.http.get(f"/changes{query}")
    assert response.status_code == status
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == [code]


@pytest.mark.database
async def test_wrong_method_and_credential(client: Client) -> None:
    """Changes are served to GET alone, and a credential that is wrong is refused."""
    response = await client.http.post("/changes")
    assert (response.status_code, response.headers["allow"]) == (405, "GET")
    response = await client.http.get("/changes", headers={"authorization": "Bearer quiet_wrong"})
    assert response.status_code == 401


@pytest.mark.database
async def test_a_read_that_fails(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change whose article cannot be read for once is told when it can be, with its article."""
    await live.client.save(ArticleDraft("en", "a", "A"))
    failure = fail_once(monkeypatch, models.changes, "load_articles")
    async with stream(live.client.http, "GET", "/changes?since=0") as (_, events):
        told = [event.told["article"] async for event in first_of(events, 2)]
    assert failure.has_been
    assert [article and article["title"] for article in told] == [None, "A"]


@pytest.mark.database
async def test_an_error_ends_the_stream(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an event `error` nothing follows; who comes again with the last id is told what could not be told."""
    await live.client.save(ArticleDraft("en", "a", "A"))
    await live.client.save(ArticleDraft("en", "b", "B"))
    http = live.client.http
    async with stream(http, "GET", "/changes") as (_, others):
        await anext(others)  # who follows the same, so that what was read is kept
        fail_once(monkeypatch, models.changes, "load_articles", RuntimeError("a bug that passes"))
        async with stream(http, "GET", "/changes?since=0") as (_, events):
            async with asyncio.timeout(SECONDS):
                *before, last = [event async for event in events if event.type]
        assert ([event.told["kind"] for event in before], last.type) == (["CREATED"], "error")
        assert last.told["code"] == "INTERNAL_ERROR"
        headers = {"last-event-id": before[-1].last_id}
        async with stream(http, "GET", "/changes?since=0", headers=headers) as (_, events):
            told = [event.told["article"]["title"] async for event in first_of(events, 2)]
    assert told == ["A", "B"]


async def first_of(events: AsyncIterator[ServerEvent], count: int) -> AsyncIterator[ServerEvent]:
    """Yield so many events that tell something."""
    async with asyncio.timeout(SECONDS):
        async for event in events:
            if event.type:
                yield event
                count -= 1
            if not count:
                return
