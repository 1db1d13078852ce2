"""Traces by OpenTelemetry: a span for each operation, and one for each of its statements; never for a field.

The packages are an extra, `quiet-engine[telemetry]`. Without a setting none of them is imported. Sampling, the
service's name and the exporter's headers are OpenTelemetry's own settings, OTEL_TRACES_SAMPLER and so on.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from api.observing.seen import Seen
from schema.subject import Subject

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
CLOSE_SECONDS = 2.0
"""How long the last spans may take to be sent when the server goes."""


class TelemetryMissing(Exception):
    """Traces are wanted, and the packages for it are not installed."""

    def __init__(self) -> None:
        super().__init__(
            "QUIET_TRACES is set, but OpenTelemetry is not installed: pip install 'quiet-engine[telemetry]'."
        )


def require_telemetry() -> None:
    """Raise TelemetryMissing unless the packages are installed."""
    try:
        found = all(find_spec(name) is not None for name in NEEDED)
    except ModuleNotFoundError:
        found = False
    if not found:
        raise TelemetryMissing


def open_tracing(address: str) -> Tracing:
    """Return traces that are sent to this address by OTLP over HTTP. Raises TelemetryMissing."""
    require_telemetry()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    named = Resource.create()
    if str(named.attributes[SERVICE_NAME]).startswith("unknown_service"):
        named = named.merge(Resource({SERVICE_NAME: "quiet-engine"}))
    provider = TracerProvider(resource=named, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    return Tracing(provider)


class Tracing:
    """Makes spans with a provider."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry import trace  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415
            TraceContextTextMapPropagator,
        )

        self._provider = provider
        self._trace = trace
        self._tracer = provider.get_tracer("quiet-engine")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def operation(self, subject: Subject, seen: Seen) -> Iterator[object]:
        """Span an operation within the trace that its request belongs to, and tell what came of it."""
        carrier = {"traceparent": seen.parent, "tracestate": seen.state} if seen.parent else {}
        name = f"{subject.type} {subject.name}" if subject.name else subject.type
        with self._tracer.start_as_current_span(
            name[:200],
            context=self._propagator.extract(carrier),
            kind=self._trace.SpanKind.SERVER,
            attributes={
                "graphql.operation.type": subject.type,
                "graphql.operation.name": (subject.name or "")[:200],
                "graphql.document.hash": subject.hash,
                "quiet.request.id": seen.id,
            },
            # Its message may hold what the client sent; the log has it, under the id of the request.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            seen.trace = format(span.get_span_context().trace_id, "032x")
            try:
                yield span
            finally:
                span.set_attribute("quiet.outcome", seen.outcome)
                span.set_attribute("quiet.cache", seen.cache)
                if seen.outcome not in {"ok", "refused"}:
                    span.set_status(self._trace.StatusCode.ERROR)

    def statement(self, text: str, began: int, ended: int, *, has_failed: bool) -> None:
        """Span a statement that is done, where it belongs to an operation."""
        if not self._trace.get_current_span().is_recording():
            return
        verb = text.split(None, 1)[0].upper() if text.strip() else "SQL"
        span = self._tracer.start_span(
            verb, kind=self._trace.SpanKind.CLIENT, attributes={"db.query.text": text}, start_time=began
        )
        if has_failed:
            span.set_status(self._trace.StatusCode.ERROR)
        span.end(ended)

    async def close(self) -> None:
        """Send what was not sent yet, if that does not take long."""
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # nobody waits any more
                loop.call_soon_threadsafe(done.set)

        # Not a thread of the loop's, for which the process would wait however long it takes.
        threading.Thread(target=shut_down, daemon=True).start()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await done.wait()
        except TimeoutError:
            return
