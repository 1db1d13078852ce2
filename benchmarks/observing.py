"""What it costs to be seen: processor time for a kept answer, with one setting after the other.

`python -m benchmarks.observing` prints the table of docs/operating.md. No network is in between, so that a few
microseconds show.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import uvloop

from api.app import create_app
from api.observing.logs import configure_logs
from api.settings import read_settings

ROUNDS, EACH = 15, 2_000
BODY = b'{"query": "query Measured { head sites { key name } }"}'
HEADERS = [
    (b"host", b"localhost:8000"),
    (b"user-agent", b"benchmark"),
    (b"accept", b"application/json"),
    (b"content-type", b"application/json"),
    (b"content-length", str(len(BODY)).encode()),
]
CASES: Mapping[str, Mapping[str, str]] = {
    "counted, as always": {},
    "and logged as JSON": {"QUIET_ACCESS_LOG": "on", "QUIET_LOG_FORMAT": "json"},
    "and logged for people": {"QUIET_ACCESS_LOG": "on"},
    "and traced": {"QUIET_TRACES": "http://127.0.0.1:9/v1/traces"},
}


async def measure(others: Mapping[str, str]) -> float:
    """Return the microseconds of the fastest round."""
    with TemporaryDirectory() as folder:
        settings = read_settings({"QUIET_DATABASE": f"sqlite://{folder}/quiet.sqlite3", **others})
        configure_logs(settings, io.StringIO())
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            return min([await run(app) for _ in range(ROUNDS)])


async def run(app: Any) -> float:
    """Return the microseconds that an answer takes in one round."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(_message: Any) -> None:
        return

    began = process_time()
    for _ in range(EACH):
        await app(scope(), receive, send)
    return (process_time() - began) / EACH * 1e6


def scope() -> dict[str, Any]:
    """Return a request as a server passes it on."""
    return {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": HEADERS,
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
        "extensions": {},
    }


async def main() -> None:
    """Print the table."""
    print(f"| {'a kept answer':<24} | µs |")
    print(f"| {'-' * 24} | -: |")
    for name, others in CASES.items():
        print(f"| {name:<24} | {await measure(others):.0f} |", flush=True)


if __name__ == "__main__":
    assert Path("api").is_dir(), "run it from the repository"
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
