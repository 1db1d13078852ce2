"""What clients may spend in a minute: counted by credential or address, told in headers, the same however they ask."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from itertools import pairwise
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from api import app
from api.budget import Budget, OwnBudget, Purse, name_client
from api.graphql_request import Refusal
from api.response_cache import ResponseCache
from api.settings import Settings, WrongSetting, read_settings
from api.shared_budget import SharedBudget
from models.access import ANONYMOUS, Actor, Role, Scope, system_actor
from models.draft import ArticleDraft
from tests.client import Client, serve

REDIS = os.environ.get("QUIET_TEST_REDIS", "redis://127.0.0.1:6379/0")
LIST = "{ articles(first: 5) { nodes { title } } }"


def anonymous() -> Actor:
    """Return somebody without a credential."""
    return replace(system_actor(ANONYMOUS), scope=Scope())


async def spend(budget: Budget, client: str, *costs: int) -> list[bool]:
    """Spend one after the other and tell what was allowed."""
    return [(await budget.spend(client, cost)).allowed for cost in costs]


async def test_what_is_spent_comes_back() -> None:
    """Nobody spends more than the budget at once, and a minute brings all of it back, evenly."""
    now = [0.0]
    budget = OwnBudget(60, lambda: now[0])
    assert await spend(budget, "a", 50, 11, 10) == [True, False, True]
    assert await spend(budget, "b", 60) == [True]
    now[0] = 30.0
    assert await spend(budget, "a", 31, 30) == [False, True]
    now[0] = 1_000.0
    assert await spend(budget, "a", 61, 60) == [False, True]
    now[0] = 0.0  # A clock that goes back gives nothing and takes nothing.
    assert (await budget.spend("a", 1)).left == 0


async def test_headers_tell_the_budget() -> None:
    """A response says what the budget is, what is left of it, and when all of it is there again."""
    purse = Purse(OwnBudget(600, lambda: 0.0), "a")
    await purse.pay(100)
    assert purse.headers() == (
        (b"ratelimit-policy", b'"cost";q=600;w=60'),
        (b"ratelimit", b'"cost";r=500;t=10'),
    )
    with pytest.raises(Refusal) as refused:
        await purse.pay(550)
    assert (refused.value.status, refused.value.code) == (429, "BUDGET_SPENT")
    assert refused.value.headers["Retry-After"] == "5"


def test_clients_are_named_by_what_they_cannot_choose() -> None:
    """A credential counts wherever it comes from; without one an address counts, of IPv6 its network."""
    editor = system_actor("editor")
    assert (
        name_client(editor, "192.0.2.1")
        == name_client(editor, "192.0.2.2")
        != name_client(anonymous(), "192.0.2.1")
    )
    names = [name_client(anonymous(), a) for a in ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")]
    assert names[0] == names[1] != names[2]
    assert name_client(anonymous(), "::ffff:192.0.2.1") == name_client(anonymous(), "192.0.2.1")
    assert name_client(anonymous(), "nowhere") == "nowhere"


@pytest.mark.database
async def test_spending_over_http(client: Client) -> None:
    """An operation costs its price, one that is kept costs 1, and what is left is told until nothing is."""
    await client.save(*(ArticleDraft("en", name, name.upper()) for name in "abcde"))
    endpoint = client.http._transport.app.state.endpoint  # type: ignore[attr-defined]
    await endpoint.service._counts._count(0)
    await client.ask(LIST)
    await client.save(ArticleDraft("en", "f", "F"))
    endpoint._budget = OwnBudget(20, lambda: 0.0)
    endpoint._answers._cache = ResponseCache(1 << 20)
    left = []
    for _ in range(3):
        reply = await client.ask(LIST)
        left.append(reply.headers["ratelimit"])
    assert left == ['"cost";r=15;t=15', '"cost";r=14;t=18', '"cost";r=13;t=21']
    refused = await client.ask("{ articles(first: 4) { nodes { title slug } } }")
    assert (refused.status, refused.codes) == (429, ["BUDGET_SPENT"])
    assert int(refused.headers["retry-after"]) >= 1


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everybody spend 11,000, of which nothing comes back."""
    monkeypatch.setattr(app, "open_budget", lambda *_: OwnBudget(11_000, lambda: 0.0))


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize(
    ("path", "status", "costs"),
    [
        ("/sitemap.xml", 200, [10_000, 1]),
        ("/feed.atom", 200, [2_000, 1]),
        ("/feed.json", 200, [2_000, 1]),
        ("/llms.txt", 200, [5_000, 1]),
        ("/robots.txt", 200, [50, 1]),
        ("/en/a.md", 200, [200, 1]),
        ("/en/nothing.md", 404, [200, 200]),
        ("/feed.atom?nothing=1", 400, [0, 0]),
    ],
)
async def test_spending_on_documents(path: str, status: int, costs: list[int], settings: Settings) -> None:
    """A document costs its price when it is made, and 1 from memory, also to those who have it already."""
    async with serve(replace(settings, response_cache_bytes=1 << 20)) as client:
        await client.save(ArticleDraft("en", "a", "A"))
        reader = await client.sign_in(Role.READER)
        left = [await find_left(reader)]
        tag: dict[str, str] = {}
        for _ in costs:
            response, _ = await reader.get(path, **tag)
            assert response.status_code == (304 if tag else status)
            tag = {"if_none_match": response.headers["etag"]} if status == 200 else {}
            left.append(await find_left(reader))
    assert [before - after - 2 for before, after in pairwise(left)] == costs


async def find_left(client: Client) -> int:
    """Return what a client may still spend, once 2 are spent on asking that."""
    await client.ask("{ head }")
    reply = await client.ask("{ head }")
    return int(reply.headers["ratelimit"].split("r=")[1].split(";")[0])


@pytest.mark.usefixtures("frozen")
async def test_documents_are_refused(settings: Settings) -> None:
    """With nothing left documents are answered with 429, as operations are, until they are in memory."""
    async with serve(replace(settings, response_cache_bytes=1 << 20)) as client:
        await client.save(ArticleDraft("en", "a", "A"))
        reader, other = await client.sign_in(Role.READER), await client.sign_in(Role.READER)
        first, _ = await reader.get("/sitemap.xml")
        assert first.headers["ratelimit"] == '"cost";r=1000;t=55'
        refused, statements = await reader.get("/feed.json")
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (
            429,
            "BUDGET_SPENT",
        )
        assert refused.headers["retry-after"] == "6"
        assert refused.headers["ratelimit-policy"] == '"cost";q=11000;w=60'
        assert len(statements) == 1  # who it is
        assert (await other.get("/feed.json"))[0].status_code == 200


async def test_everybody_can_afford_a_document(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody may spend as much as a document costs, it costs all that they may."""
    monkeypatch.setattr(app, "open_budget", lambda *_: OwnBudget(40, lambda: 0.0))
    async with serve(settings) as client:
        await client.save(ArticleDraft("en", "a", "A"))
        answers = [(await client.get("/sitemap.xml"))[0].status_code for _ in range(2)]
        assert answers == [200, 429]
        assert (await client.get("/changes"))[0].status_code == 429


@pytest.mark.database
async def test_prices_alone(client: Client) -> None:
    """A request may ask only for its price; nothing is executed, and what is wrong with it is told."""
    await client.save(ArticleDraft("en", "a", "A"))
    client.headers["quiet-price-only"] = "1"
    reply = await client.ask('{ search(query: "tides") { nodes { article { title } } } }')
    assert reply.status == 200
    assert reply.body["data"] is None
    assert reply.body["extensions"]["cost"] >= 300
    assert not reply.statements
    assert (await client.ask("{ nothing }")).codes == ["GRAPHQL_VALIDATION_FAILED"]
    change = 'mutation { createSite(input: { key: "k", name: "K", defaultLocale: "en" }) { revision } }'
    assert (await client.ask(change)).body["extensions"]["cost"] >= 100
    assert len((await client.ask("{ sites { key } }")).body["extensions"]) == 1
    client.headers["quiet-price-only"] = "0"
    assert (await client.ask("{ head }")).data == {"head": 1}


@pytest.mark.database
async def test_prices_are_no_streams(client: Client) -> None:
    """Whoever accepts only event streams is told a price as JSON."""
    headers = {"quiet-price-only": "1", "accept": "text/event-stream"}
    response = await client.http.post("/graphql", json={"query": "{ head }"}, headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/json")
    assert response.json()["extensions"]["cost"] == 1


@pytest.fixture
async def redis_server() -> None:
    """A Redis server."""
    client: Redis = Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        await client.ping()
    except OSError:
        pytest.skip(f"######## There is no Redis at {REDIS}: shared budgets are NOT tested ########")
    finally:
        await client.aclose()


@pytest.mark.usefixtures("redis_server")
async def test_processes_count_together() -> None:
    """What is spent in one process is spent in all, for each client by itself."""
    one, other = SharedBudget(100, REDIS), SharedBudget(100, REDIS)
    name = uuid4().hex
    assert await spend(one, name, 60) == [True]
    assert await spend(other, name, 60, 30) == [False, True]
    assert await spend(one, name, 60) == [False]
    assert await spend(one, f"{name} other", 100) == [True]
    for budget in (one, other):
        await budget.close()


async def test_without_redis_each_counts_alone(caplog: pytest.LogCaptureFixture) -> None:
    """Where the server does not answer, budgets hold in each process, and the log says so once in a while."""
    budget = SharedBudget(10, "redis://127.0.0.1:9/0")
    with caplog.at_level(logging.WARNING, "quiet.budget"):
        assert await spend(budget, "a", 6, 6, 4) == [True, False, True]
    assert len(caplog.records) == 1
    await budget.close()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"QUIET_COST_PER_MINUTE": "100"}, "less than QUIET_OPERATION_COST"),
        ({"QUIET_COST_PER_MINUTE": "0", "QUIET_REDIS": "redis://localhost"}, "does nothing"),
        ({"QUIET_REDIS": "http://localhost"}, "redis://"),
        ({"QUIET_COST_PER_MINUTE": "many"}, "a number"),
    ],
)
def test_wrong_settings(settings: dict[str, str], words: str) -> None:
    """Settings that have no effect, or let nobody ask, are refused."""
    with pytest.raises(WrongSetting, match=words):
        read_settings(settings)
