"""What is counted is what happened, as Prometheus reads it, with few labels whatever clients send."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open_metrics
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from tortoise.exceptions import OperationalError

from api.observing.names import MOST_NAMES, OTHER, UNNAMED, Names
from api.observing.observer import OK, Observer
from api.observing.seen import begin
from api.observing.tallies import BOUNDS, Histogram
from api.settings import Settings
from models.access import Role
from models.database import Database
from models.dialect import Sql
from models.draft import ArticleDraft
from models.errors import DatabaseLost
from schema import query as query_module
from schema.subject import Subject
from tests.client import Client, serve
from tests.live import running
from tests.receiver import Receiver
from tests.serving import NO_CERTIFICATES, QUIET_SERVE, quiet_environment, serving
from tests.webhooks import hook, publish, take, wait_until

TOKEN = "operator-token-for-tests-only"
SHOWN = {"authorization": f"Bearer {TOKEN}"}
READ = "query Read { articles { totalCount } }"


class Figures:
    """The samples of an exposition, which must be well formed."""

    def __init__(self, text: str) -> None:
        self.families = list(text_string_to_metric_families(text))
        names = [family.name for family in self.families]
        assert len(names) == len(set(names))
        assert all(family.documentation for family in self.families)
        self.samples: list[Sample] = [sample for family in self.families for sample in family.samples]
        keys = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in self.samples]
        assert len(keys) == len(set(keys))

    def get(self, name: str, **labels: str) -> float:
        """Return the sum of the samples with this name and at least these labels."""
        return sum(s.value for s in self.samples if s.name == name and labels.items() <= s.labels.items())

    def values(self, name: str, label: str) -> set[str]:
        """Return the values of a label."""
        return {sample.labels[label] for sample in self.samples if sample.name == name}


async def look(client: Client) -> Figures:
    """Return the figures of a service."""
    response = await client.http.get("/metrics", headers=SHOWN)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return Figures(response.text)


def watched(settings: Settings, **others: Any) -> Settings:
    """Return settings by which operators read the figures, and answers are kept."""
    return replace(settings, operator_token=TOKEN, response_cache_bytes=1_000_000, **others)


async def test_operations(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operations are counted by name, type, outcome and cache; so are refusals, statements, and what is kept."""
    async with serve(watched(settings)) as client:
        await client.save(ArticleDraft("en", "a", "A"))
        editor = await client.sign_in(Role.EDITOR)
        for _ in range(3):
            await client.ask(READ)
        await client.ask("{ articles { nodes { title sections { heading } } } }")
        await client.ask("{ nonsense }")
        await client.ask('{ article(by: {slug: "a"}, site: "none") { id } }')
        await client.ask("query Wrong @view(revision: 99) { head }")
        await editor.ask('mutation Make { createArticle(input: {locale: "en", title: "B"}) { revision } }')
        await client.post(b"nonsense")
        await client.http.get("/none")

        async def fail(*_: object) -> None:
            raise RuntimeError

        with monkeypatch.context() as patch:
            patch.setattr(query_module, "find_by_slug", fail)
            await client.ask('query Failing { article(by: {slug: "b"}) { id } }')
        figures = await look(client)
    total = "quiet_operations_total"
    assert figures.get(total, operation="Read", type="query", outcome="ok", cache="made") == 1
    assert figures.get(total, operation="Read", type="query", outcome="ok", cache="kept") == 2
    assert figures.get(total, operation="Make", type="mutation", outcome="ok") == 1
    assert figures.get(total, operation=UNNAMED, outcome="ok") == 1
    assert figures.get(total, operation=OTHER, type="unknown", outcome="refused") == 1
    assert figures.get(total, operation=OTHER, type="query", outcome="refused") == 1
    assert figures.get(total, outcome="failed") == 1
    assert figures.get(total, operation=OTHER, outcome="error") == 1
    assert figures.get(total) == figures.get("quiet_operation_duration_seconds_count") == 9
    assert figures.get("quiet_operation_duration_seconds_bucket", le="+Inf") == 9
    assert figures.get("quiet_operation_duration_seconds_sum") > 0
    assert figures.get("quiet_refusals_total", code="BAD_JSON") == 1
    assert figures.get("quiet_requests_total", door="graphql", status="200") == 9
    assert figures.get("quiet_requests_total", door="other", status="404") == 1
    assert figures.get("quiet_statement_duration_seconds_count", kind="read") > 0
    assert figures.get("quiet_statement_duration_seconds_count", kind="write") > 5
    assert 0 < figures.get("quiet_response_cache_bytes") < figures.get("quiet_response_cache_limit_bytes")
    assert 0 < figures.get("quiet_library_bytes") < figures.get("quiet_library_limit_bytes")
    assert figures.get("quiet_library_requests_total", result="load") > 0
    assert figures.get("quiet_head_revision") == 2
    assert figures.get("quiet_database_up") == 1
    assert figures.get("process_resident_memory_bytes") > 1_000_000


async def test_who_asks_at_once(settings: Settings) -> None:
    """Who shares an execution is counted as such, as who gets what it came to, and each has a duration."""
    loads = "query Loads { articles { nodes { sections { heading } } } }"
    async with serve(watched(settings)) as client:
        await client.save(ArticleDraft("en", "a", "A"))
        await client.ask("{ head }")
        await asyncio.gather(*(client.ask(query) for query in (READ, loads) for _ in range(5)))
        figures = await look(client)
    for operation, cache, count in [("Read", "kept", 4), ("Loads", "shared", 4)]:
        assert figures.get("quiet_operations_total", operation=operation) == 5
        assert figures.get("quiet_operations_total", operation=operation, cache="made") == 1
        assert figures.get("quiet_operations_total", operation=operation, cache=cache) == count


async def test_open_metrics(settings: Settings) -> None:
    """Who asks for OpenMetrics gets that."""
    async with serve(watched(settings)) as client:
        await client.ask(READ)
        accept = {"accept": "application/openmetrics-text; version=1.0.0"}
        response = await client.http.get("/metrics", headers={**SHOWN, **accept})
    assert response.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    families = {family.name: family for family in read_open_metrics(response.text)}  # type: ignore[no-untyped-call]
    assert families["quiet_operations"].type == "counter"


async def test_names_that_clients_make_up(settings: Settings) -> None:
    """However many names clients make up, a hundred are counted by themselves, and none that was not answered."""
    async with serve(watched(settings)) as client:
        for number in range(MOST_NAMES + 20):
            await client.ask(f"query Wrong{number} {{ head(a: 1) }}")
            await client.ask(f"query Name{number} {{ head }}")
        await client.ask(f"query {'N' * 101} {{ head }}")
        figures = await look(client)
    names = figures.values("quiet_operations_total", "operation")
    assert len(names) == MOST_NAMES + 1
    assert not [name for name in names if name.startswith(("Wrong", "NN"))]
    assert figures.get("quiet_operations_total", operation=OTHER, outcome="ok") == 21


async def test_trusted_names(settings: Settings, tmp_path: Path) -> None:
    """Operations of trusted documents are always counted by their names."""
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(
        orjson.dumps({f"{n:064x}": f"query T{n} {{ head }}" for n in range(MOST_NAMES + 10)})
    )
    async with serve(watched(settings, documents=manifest)) as client:
        for number in range(MOST_NAMES + 10):
            await client.ask(f"query Made{number} {{ head }}")
            await client.ask(f"query T{number} {{ head }}")
        figures = await look(client)
    names = figures.values("quiet_operations_total", "operation")
    assert {f"T{number}" for number in range(MOST_NAMES + 10)} <= names
    assert len(names) == 2 * MOST_NAMES + 11


def count_samples(figures: Figures) -> int:
    """Return how many samples there are that requests can add to; followers run statements meanwhile."""
    return sum(not sample.name.startswith("quiet_statement") for sample in figures.samples)


async def test_other_labels(settings: Settings) -> None:
    """Addresses and methods that clients make up add no figures."""
    async with serve(watched(settings)) as client:
        await look(client)
        before = count_samples(await look(client))
        for number in range(50):
            await client.http.request(f"M{number}", f"/made/up/{number}", headers={"host": f"h{number}"})
        after = await look(client)
    assert count_samples(after) - before == 1
    assert after.get("quiet_requests_total", door="other") == 50


async def test_who_follows(settings: Settings, receiver: Receiver, brisk_webhooks: None) -> None:
    """Streams and subscriptions are counted while they are open, webhooks by state, attempts by outcome; and lags."""
    async with running(watched(settings, webhook_private=True)) as live:
        client = live.client
        await client.save(ArticleDraft("en", "a", "A"))
        await hook(client, receiver.address)
        await publish(client, "B", "C")
        await take(receiver)
        await take(receiver)
        async with live.ready() as socket:
            await socket.subscribe("1", "subscription { changes { revision } }")
            await publish(client, "D")
            await socket.result("1")
            await take(receiver)
            open_now = await look(client)

            async def settled() -> bool:
                return (await look(client)).get("quiet_follower_lag_revisions") == 0

            await wait_until(settled)
        assert open_now.get("quiet_operations_total", type="subscription", outcome="begun") == 1
        assert open_now.get("quiet_streams_open") == 1
        assert open_now.get("quiet_subscriptions_open") >= 1

        async def closed() -> bool:
            return (await look(client)).get("quiet_streams_open") == 0

        await wait_until(closed)
        figures = await look(client)
    assert figures.get("quiet_webhooks", state="enabled") == 1
    assert figures.get("quiet_webhook_attempts_total", outcome="arrived") == 3
    assert figures.get("quiet_webhook_attempts_total", outcome="failed") == 0
    (follower,) = figures.values("quiet_follower_lag_revisions", "follower")
    assert follower.startswith("webhook")
    assert figures.get("quiet_requests_total", door="socket", status="101") == 1


async def test_operations_by_socket(settings: Settings) -> None:
    """An operation that comes by WebSocket is counted like any other."""
    async with running(watched(settings)) as live:
        async with live.ready() as socket:
            await socket.subscribe("1", READ)
            await socket.result("1")
        figures = await look(live.client)
    assert figures.get("quiet_operations_total", operation="Read", outcome="ok") == 1


async def test_a_database_that_is_lost(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its database a server tells its figures still, and that the database is not there."""

    async def lose(*_: object) -> None:
        raise DatabaseLost

    async with serve(watched(settings)) as client:
        monkeypatch.setattr(Database, "read", lose)
        figures = await look(client)
    assert figures.get("quiet_database_up") == 0
    assert figures.get("quiet_requests_total") == 0


async def test_statements_that_fail(settings: Settings) -> None:
    """A statement that fails is counted as such, and among all."""
    async with serve(watched(settings)) as client:
        with pytest.raises(OperationalError):
            await client.database.read(Sql("SELECT nonsense FROM nowhere"))
        figures = await look(client)
    assert figures.get("quiet_statements_failed_total", kind="read") == 1


async def test_cost(settings: Settings) -> None:
    """What clients spend is counted, and who has spent all is refused, as an operation and by a code."""
    async with serve(watched(settings, cost_per_minute=20)) as client:
        statuses = [
            (await client.ask(f"query Costly {{ articles(first: {n}) {{ nodes {{ title }} }} }}")).status
            for n in range(1, 60)
        ]
        figures = await look(client)
    assert set(statuses) == {200, 429}
    assert 0 < figures.get("quiet_cost_total") <= 21
    refused = statuses.count(429)
    assert figures.get("quiet_refusals_total", code="BUDGET_SPENT") == refused
    assert figures.get("quiet_requests_total", door="graphql", status="429") == refused


async def test_cost_of_documents(settings: Settings) -> None:
    """What documents take from a budget is counted with the rest."""
    async with serve(watched(settings, cost_per_minute=20_000)) as client:
        await client.get("/robots.txt")
        figures = await look(client)
    assert 50 <= figures.get("quiet_cost_total") < 60


async def test_further_figures(settings: Settings) -> None:
    """What a limit has to tell stands among the figures under its name."""
    async with serve(watched(settings)) as client:
        observer: Observer = client.app.state.observer
        observer.gauges["queue"] = "Operations that wait", lambda: 7
        observer.counts["further"] = "What others cost", lambda: 1_234
        figures = await look(client)
    assert (figures.get("quiet_queue"), figures.get("quiet_further_total")) == (7, 1_234)


def test_histograms() -> None:
    """A duration counts in the first bucket whose bound it does not pass."""
    histogram = Histogram()
    for seconds in (0.0, BOUNDS[0], BOUNDS[0] + 1e-9, 1.0, 11.0):
        histogram.add(seconds)
    assert histogram.counts[:2] == [2, 1]
    assert histogram.counts[BOUNDS.index(1.0)] == 1
    assert histogram.counts[-1] == 1
    assert sum(histogram.counts) == 5


def test_counting_does_not_grow() -> None:
    """What is kept to count stays the same however often the same happens."""
    observer = Observer(Names(lambda _: False))
    scope: Mapping[str, Any] = {"type": "http", "path": "/graphql"}
    for _ in range(1_000):
        seen = begin([])
        observer.tell_operation(seen, Subject("Read", "query", READ), OK, 0.001)
        observer.tell_request(dict(scope), seen)
    tallies = observer.tallies
    assert (len(tallies.operations), len(tallies.durations), len(tallies.requests)) == (1, 1, 1)
    assert sum(tallies.operations.values()) == 1_000


@pytest.mark.database
async def test_several_processes(settings: Settings, tmp_path: Path) -> None:
    """Whichever of several processes is asked tells the figures of all, each with its process."""
    environment = {**quiet_environment(settings), "QUIET_OPERATOR_TOKEN": TOKEN, "QUIET_LOG_FORMAT": "json"}
    command = (*QUIET_SERVE, "--workers", "2")
    with serving(command, tmp_path, environment) as base:

        async def ask() -> tuple[Figures, set[str]]:
            async with httpx2.AsyncClient(base_url=base, trust_env=False, verify=NO_CERTIFICATES) as http:
                assert (await http.post("/graphql", json={"query": READ})).status_code == 200
                figures = Figures((await http.get("/metrics", headers=SHOWN)).text)
            return figures, figures.values("quiet_head_revision", "process")

        sent = 0
        told: list[int] = []

        async def all_tell() -> bool:
            # A process that has no time to answer in time is left out of the figures, so it is asked again.
            nonlocal sent
            sent += 1
            figures, processes = await ask()
            if len(processes) == 2:
                told.append(sent)
                assert figures.get("quiet_operations_total", operation="Read") == sent
            return len(told) >= 5

        await wait_until(all_tell)
    printed = (tmp_path / "server.log").read_text()
    assert "Traceback" not in printed
