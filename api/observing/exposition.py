"""What is counted, in the text that Prometheus reads.

Of several processes that serve together, whichever is asked asks the others (`api.observing.workers`).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from prometheus_client import ProcessCollector
from prometheus_client.exposition import choose_encoder, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector, CollectorRegistry

from api.following import TROUBLE, Following
from api.live_feed import LiveFeed
from api.observing.observer import Observer
from api.observing.tallies import BOUNDS, Histogram
from api.observing.workers import ask_all, telling
from api.response_cache import ResponseCache
from api.seats import Seats
from api.webhooks import Webhooks
from models.database import Database
from models.delivery import count_webhooks
from schema.service import Service

PREFIX = "quiet_"
DATABASE_SECONDS = 1.0
"""How long the database may take to answer; the other figures do not wait for it."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is looked at when somebody asks for figures."""

    observer: Observer
    service: Service
    cache: ResponseCache
    feed: LiveFeed
    seats: Seats
    following: Following
    webhooks: Webhooks


class Families(Collector):
    """Figures that are there already, in the form that the library writes."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        """Return the figures."""
        return self._families


class Exposition:
    """Writes the figures of this process, and of all that share its `folder` where there is one."""

    def __init__(self, watched: Watched, folder: Path | None = None) -> None:
        self._watched = watched
        self._folder = folder
        self._process = ProcessCollector(registry=CollectorRegistry())

    async def write(self, accept: str) -> tuple[bytes, str]:
        """Return the figures in the form that an Accept header asks for, and its media type."""
        families: Iterable[Metric] = await self._collect()
        if self._folder is not None:
            families = await ask_all(self._folder, generate_latest(Families(families)))
        encode, media_type = choose_encoder(accept)
        return encode(Families(families)), media_type

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """Tell the figures of this process to those that share its folder, until the block ends."""
        async with telling(self._folder, self.write_own) if self._folder else nullcontext():
            yield

    async def write_own(self) -> bytes:
        """Return the figures of this process alone, for a sibling."""
        return generate_latest(Families(await self._collect()))

    async def _collect(self) -> list[Metric]:
        watched = self._watched
        return [
            *list_operations(watched.observer),
            *list_memory(watched),
            *list_following(watched),
            *await list_webhooks(watched),
            *list_further(watched.observer),
            *self._process.collect(),
        ]


def list_operations(observer: Observer) -> Iterator[Metric]:
    """Yield what is counted of requests, operations and statements."""
    tallies = observer.tallies
    requests: dict[tuple[str, ...], float] = {
        (door, str(status)): number for (door, status), number in tallies.requests.items()
    }
    yield count("requests", "Requests by door and status", ["door", "status"], requests)
    names = ["operation", "type", "outcome", "cache"]
    yield count("operations", "GraphQL operations", names, tallies.operations)
    text = "How long GraphQL operations took"
    yield measure("operation_duration_seconds", text, ["operation", "cache"], tallies.durations)
    yield count("refusals", "Requests that were refused, by code", ["code"], tallies.refusals)
    yield count("unexpected_errors", "Errors outside of GraphQL's execution", [], {(): tallies.unexpected})
    yield measure("statement_duration_seconds", "How long SQL statements took", ["kind"], tallies.statements)
    yield count("statements_failed", "SQL statements that failed", ["kind"], tallies.failed_statements)


def list_memory(watched: Watched) -> Iterator[Metric]:
    """Yield what is kept in memory, and how often it was of use."""
    library, cache, service = watched.service.library, watched.cache, watched.service
    yield look(
        "head_revision", "The newest revision that this process has seen", service.database.head.revision
    )
    yield look("response_cache_bytes", "Bytes of kept answers", cache.size)
    yield look("response_cache_limit_bytes", "Bytes that kept answers may take", cache.limit)
    yield look("response_cache_entries", "Kept answers", len(cache))
    yield count("response_cache_dropped", "Answers dropped to make room", [], {(): cache.dropped})
    yield look("library_bytes", "Bytes of loaded editions", library.size)
    yield look("library_limit_bytes", "Bytes that editions and the live index may take", library.limit)
    yield look("library_editions", "Loaded editions", len(library))
    hits: dict[tuple[str, ...], float] = {("hit",): library.hits, ("load",): library.loads}
    yield count("library_requests", "Editions and parts of them that were asked for", ["result"], hits)
    yield look("live_index_bytes", "Bytes of the index of what is live", service.index.size)


def list_following(watched: Watched) -> Iterator[Metric]:
    """Yield who follows, and how far behind the followers are that this process holds."""
    yield look("streams_open", "Clients that follow, by WebSocket or event stream", watched.seats.count)
    yield look(
        "subscriptions_open", "Places in the change log at which somebody stands", len(watched.feed.places)
    )
    lag = GaugeMetricFamily(
        PREFIX + "follower_lag_revisions", "Revisions that a follower is behind", labels=["follower"]
    )
    for name, behind in find_lags(watched.following, watched.service.database).items():
        lag.add_metric([name], behind)
    yield lag


async def list_webhooks(watched: Watched) -> list[Metric]:
    """Return what is known of webhooks, and whether the database could be asked for it."""
    attempts: dict[tuple[str, ...], float] = {
        (outcome,): number for outcome, number in watched.webhooks.attempts.items()
    }
    made = count("webhook_attempts", "Attempts to deliver events", ["outcome"], attempts)
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            enabled, disabled, queued = await count_webhooks(watched.service.database)
    except (*TROUBLE, sqlite3.Error):
        return [made, look("database_up", "Whether the database could be read for these figures", 0)]
    states = GaugeMetricFamily(PREFIX + "webhooks", "Webhooks by state", labels=["state"])
    states.add_metric(["enabled"], enabled)
    states.add_metric(["disabled"], disabled)
    queue = look(
        "webhook_deliveries_queued", "Deliveries that somebody asked for and that are to be made", queued
    )
    return [
        made,
        states,
        queue,
        look("database_up", "Whether the database could be read for these figures", 1),
    ]


def list_further(observer: Observer) -> Iterator[Metric]:
    """Yield what others have put among the figures."""
    for name, (sentence, find) in observer.gauges.items():
        yield look(name, sentence, find())
    for name, (sentence, find) in observer.counts.items():
        yield count(name, sentence, [], {(): find()})


def find_lags(following: Following, database: Database) -> dict[str, int]:
    """Return how many revisions each follower is behind that this process holds, by name."""
    newest = database.head.revision
    return {
        name: max(0, newest - point.revision)
        for name, point in following.list_reached().items()
        if point is not None
    }


def count(name: str, sentence: str, labels: list[str], numbers: Mapping[tuple[str, ...], float]) -> Metric:
    """Return a count with a number for each combination of labels."""
    family = CounterMetricFamily(PREFIX + name, sentence, labels=labels)
    for values, number in numbers.items():
        family.add_metric(values, number)
    return family


def look(name: str, sentence: str, number: float) -> Metric:
    """Return a figure of this moment."""
    return GaugeMetricFamily(PREFIX + name, sentence, number)


def measure(
    name: str, sentence: str, labels: list[str], histograms: Mapping[tuple[str, ...], Histogram]
) -> Metric:
    """Return how long something took, in buckets that each count all that was as fast."""
    family = HistogramMetricFamily(PREFIX + name, sentence, labels=labels)
    bounds = [*map(str, BOUNDS), "+Inf"]
    for values, histogram in histograms.items():
        family.add_metric(
            values, list(zip(bounds, accumulate(histogram.counts), strict=True)), histogram.seconds
        )
    return family
