"""docs/operating.md is true: its examples are answered, its tables complete, and `quiet serve` logs as it says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from api.cli import main
from api.observing import tracing
from api.settings import Settings
from tests.client import Client, serve
from tests.logged import logging_by
from tests.serving import NO_CERTIFICATES, QUIET_SERVE, serving
from tests.webhooks import hook

TEXT = (Path(__file__).parent.parent / "docs" / "operating.md").read_text()
READY, ENTRY = re.findall(r"```json\n(.*?)\n```", TEXT, re.DOTALL)


async def test_readiness(client: Client) -> None:
    """`/readyz` answers as the documentation shows."""
    assert (await client.http.get("/readyz")).text == READY


async def test_an_entry_of_the_log(settings: Settings) -> None:
    """A request is logged with the fields that the documentation shows, in their order."""
    chosen = replace(settings, log_format="json", access_log=True)
    shown = json.loads(ENTRY)
    async with serve(chosen) as client:
        with logging_by(chosen) as log:
            parent = f"00-{shown['trace_id']}-00f067aa0ba902b7-01"
            await client.http.post(
                "/graphql", json={"query": "query Tides { head }"}, headers={"traceparent": parent}
            )
    (entry,) = log.entries("quiet.access")
    assert list(entry) == list(shown)
    fixed = ("level", "logger", "message", "trace_id", "operation", "operation_type", "outcome", "cache")
    assert [entry[name] for name in fixed] == [shown[name] for name in fixed]


async def test_the_figures(settings: Settings) -> None:
    """Every figure that is told is in the table, and every one of the table is told."""
    async with serve(replace(settings, metrics="everybody", webhook_private=True)) as client:
        await hook(client, "http://127.0.0.1:9/")
        await client.ask("{ head }")
        text = (await client.http.get("/metrics")).text
    told = set()
    for family in text_string_to_metric_families(text):
        name = family.name + ("_total" if family.type == "counter" else "")
        told.add("process_…" if name.startswith("process_") else name)
    rows = re.findall(r"^\| (`(?:quiet|process)_.*?) \|", TEXT.split("Worth an alarm")[0], re.MULTILINE)
    assert told == {name for row in rows for name in re.findall("`(.*?)`", row)}
    alarms = set(re.findall(r"quiet_[a-z_]+", TEXT.split("Worth an alarm")[1]))
    assert alarms <= told


def test_serving_with_logs_in_json(tmp_path: Path) -> None:
    """`quiet serve` writes nothing but entries where logs are in JSON, from its first line to its last."""
    environment = {
        "QUIET_DATABASE": f"sqlite://{tmp_path}/a.sqlite3",
        "QUIET_LOG_FORMAT": "json",
        "QUIET_ACCESS_LOG": "on",
    }
    with serving(
        QUIET_SERVE, tmp_path, {"PYTHONPATH": str(Path(__file__).parent.parent), **environment}
    ) as base:
        named = {"X-Request-ID": "one-of-mine"}
        response = httpx2.post(
            f"{base}/graphql",
            json={"query": "query Served { head }"},
            headers=named,
            trust_env=False,
            verify=NO_CERTIFICATES,
        )
        assert response.headers["x-request-id"] == "one-of-mine"
        assert httpx2.get(f"{base}/readyz", trust_env=False, verify=NO_CERTIFICATES).status_code == 200
    entries = [json.loads(line) for line in (tmp_path / "server.log").read_text().splitlines()]
    assert entries[0]["message"].startswith("Quiet Engine answers GraphQL at http://127.0.0.1:")
    (served,) = [entry for entry in entries if entry.get("request_id") == "one-of-mine"]
    assert (served["operation"], served["status"]) == ("Served", 200)
    assert not [entry for entry in entries if entry["level"] in {"warning", "error"}]


def test_serving_without_packages_for_traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where traces are wanted and the packages are missing, `quiet serve` ends with a sentence."""
    monkeypatch.setattr(tracing, "find_spec", lambda _: None)
    environment = {"QUIET_DATABASE": f"sqlite://{tmp_path}/a.sqlite3", "QUIET_TRACES": "http://127.0.0.1:9/"}
    result = CliRunner().invoke(main, ["serve"], env=environment)
    assert result.exit_code == 1
    assert "pip install 'quiet-engine[telemetry]'" in result.output
    assert "Traceback" not in result.output
