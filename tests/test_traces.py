"""Traces: a span for each operation and each of its statements, within the trace that the request belongs to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

import api.app
from api.observing import tracing
from api.observing.tracing import TelemetryMissing, Tracing, open_tracing
from api.settings import Settings
from models.draft import ArticleDraft
from schema import query as query_module
from tests.client import Client, serve
from tests.live import running
from tests.logged import logging_by
from tests.receiver import Receiver
from tests.webhooks import take

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
READ = "query Read($slug: String!) { article(by: {slug: $slug}) { title sections { heading } } }"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Where the spans of a service go whose settings ask for traces."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(api.app, "open_tracing", lambda _: Tracing(provider))
    return exporter


@pytest.fixture
async def traced(settings: Settings, spans: InMemorySpanExporter) -> AsyncIterator[Client]:
    """A client of a service that traces."""
    chosen = replace(settings, traces="http://collector.example/", response_cache_bytes=1_000_000)
    async with serve(chosen) as client:
        await client.save(ArticleDraft("en", "planted-slug", "Title"))
        spans.clear()
        yield client


def parted(exporter: InMemorySpanExporter) -> tuple[list[ReadableSpan], list[ReadableSpan]]:
    """Return the spans of operations, and of statements."""
    spans = exporter.get_finished_spans()
    return [s for s in spans if s.kind is SpanKind.SERVER], [s for s in spans if s.kind is SpanKind.CLIENT]


async def test_operations_and_statements(traced: Client, spans: InMemorySpanExporter) -> None:
    """An operation is a span with its name, type, document, outcome and cache; its statements are below it."""
    for _ in range(2):
        assert (await traced.ask(READ, slug="planted-slug")).data["article"]["title"] == "Title"
    (made, kept), statements = parted(spans)
    assert (made.name, made.parent) == ("query Read", None)
    assert made.attributes is not None
    assert kept.attributes is not None
    assert made.attributes["graphql.operation.name"] == "Read"
    assert len(str(made.attributes["graphql.document.hash"])) == 64
    assert (made.attributes["quiet.outcome"], made.attributes["quiet.cache"]) == ("ok", "made")
    assert kept.attributes["quiet.cache"] == "kept"
    assert made.context is not None
    assert statements
    for statement in statements:
        assert statement.parent is not None
        assert statement.parent.span_id == made.context.span_id
        assert statement.name in {"SELECT", "WITH"}
        assert statement.attributes is not None
        assert str(statement.attributes["db.query.text"]).startswith(statement.name)
        assert made.start_time is not None
        assert statement.start_time is not None
        assert statement.end_time is not None
        assert made.start_time - 1_000_000 <= statement.start_time <= statement.end_time
    assert "planted-slug" not in "".join(span.to_json() for span in (made, kept, *statements))


async def test_never_per_field(traced: Client, spans: InMemorySpanExporter) -> None:
    """The number of spans does not depend on how many fields or rows there are."""
    await traced.save(*(ArticleDraft("en", f"more-{n}", f"More {n}") for n in range(20)))
    numbers = []
    for first in (1, 20):
        traced.forget()
        spans.clear()
        await traced.ask(
            f"{{ articles(first: {first}) {{ nodes {{ id title slug sections {{ heading }} }} }} }}"
        )
        numbers.append(len(spans.get_finished_spans()))
    assert numbers[0] == numbers[1]


async def test_context(traced: Client, spans: InMemorySpanExporter) -> None:
    """The trace of a request goes on in its operation, and stands in what is logged; another begins anew."""
    await traced.http.post(
        "/graphql", json={"query": "{ head }"}, headers={"traceparent": PARENT, "tracestate": "a=b"}
    )
    await traced.http.post("/graphql", json={"query": "{ head }"}, headers={"traceparent": "nonsense"})
    (first, second), _ = parted(spans)
    assert first.context is not None
    assert first.parent is not None
    assert second.context is not None
    assert format(first.context.trace_id, "032x") == TRACE
    assert format(first.parent.span_id, "016x") == "00f067aa0ba902b7"
    assert first.context.trace_state.to_header() == "a=b"
    assert second.parent is None
    assert second.context.trace_id != first.context.trace_id


async def test_logs_name_the_trace(settings: Settings, spans: InMemorySpanExporter) -> None:
    """A request that begins a trace is logged with it."""
    chosen = replace(settings, traces="http://a.example/", log_format="json", access_log=True)
    async with serve(chosen) as client:
        with logging_by(chosen) as log:
            await client.ask("{ head }")
    (entry,) = log.entries("quiet.access")
    (span,), _ = parted(spans)
    assert span.context is not None
    assert entry["trace_id"] == format(span.context.trace_id, "032x")
    assert span.attributes is not None
    assert entry["request_id"] == span.attributes["quiet.request.id"]


async def test_errors(traced: Client, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that fails is a span that failed, without what the error says."""

    async def fail(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(query_module, "find_by_slug", fail)
    await traced.ask(READ, slug="a")
    await traced.ask("{ nonsense }")
    (failed, refused), _ = parted(spans)
    assert failed.status.status_code is StatusCode.ERROR
    assert refused.status.status_code is StatusCode.UNSET
    assert "inside" not in failed.to_json()


async def test_operations_by_socket(settings: Settings, spans: InMemorySpanExporter) -> None:
    """Operations of one WebSocket are spans in the trace of its handshake, each with an id of its own."""
    chosen = replace(settings, traces="http://a.example/")
    async with running(chosen) as live, live.ready(additional_headers={"traceparent": PARENT}) as socket:
        for number in ("1", "2"):
            await socket.subscribe(number, "query Head { head }")
            await socket.result(number)
            await socket.next()
    operations, _ = parted(spans)
    assert [span.name for span in operations] == ["query Head"] * 2
    assert {format(span.context.trace_id, "032x") for span in operations if span.context} == {TRACE}
    assert len({str((span.attributes or {})["quiet.request.id"]) for span in operations}) == 2


async def test_sent_by_otlp(settings: Settings, receiver: Receiver) -> None:
    """Spans are sent to the collector, at the latest when the server stops, which does not wait for it for long."""
    async with serve(replace(settings, traces=f"{receiver.address}/v1/traces")) as client:
        await client.ask("query Sent { head }")
    request = await take(receiver)
    assert (request.method, request.path) == ("POST", "/v1/traces")
    assert request.headers["content-type"] == "application/x-protobuf"


def test_packages_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where traces are wanted and the packages for it are missing, the start ends with a sentence."""
    monkeypatch.setattr(tracing, "find_spec", lambda _: None)
    with pytest.raises(TelemetryMissing, match=r"pip install 'quiet-engine\[telemetry\]'"):
        open_tracing("http://collector.example/")
