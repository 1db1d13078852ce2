"""Logs say what happened, on lines that nobody can forge, with ids that find each other, and without any secret."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.observing import slow_log
from api.observing.logs import escape
from api.observing.redaction import HIDDEN, Redaction
from api.observing.seen import WELL_FORMED, begin, current
from api.settings import Settings
from models.access import Role
from models.database import Address
from models.draft import ArticleDraft
from models.errors import DatabaseLost
from schema import query as query_module
from tests.client import Client, serve
from tests.live import running
from tests.logged import logging_by
from tests.receiver import Receiver
from tests.webhooks import publish, take

READ = "query Read($slug: String!) { article(by: {slug: $slug}) { title } }"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def in_json(settings: Settings, **others: Any) -> Settings:
    """Return settings that log in JSON, each request too."""
    return replace(settings, log_format="json", access_log=True, response_cache_bytes=1_000_000, **others)


async def test_requests(settings: Settings) -> None:
    """A request is logged with its ids, operation, document, status, duration and cache, and without variables."""
    settings = in_json(settings)
    async with serve(settings) as client:
        await client.save(ArticleDraft("en", "planted-slug", "Title"))
        with logging_by(settings) as log:
            for _ in range(2):
                await client.http.post(
                    "/graphql",
                    json={"query": READ, "variables": {"slug": "planted-slug"}},
                    headers={"X-Request-ID": "mine-1", "traceparent": PARENT},
                )
            await client.http.get(
                "/graphql", params={"query": "{ head }", "variables": '{"a": "planted-slug"}'}
            )
            await client.http.get("/none?planted-slug")
            await client.http.get("/livez")
            made, kept, other, none = log.entries("quiet.access")
    assert "planted-slug" not in log.text
    assert (made["request_id"], made["trace_id"]) == ("mine-1", TRACE)
    assert (made["level"], made["method"], made["path"], made["status"]) == ("info", "POST", "/graphql", 200)
    assert (made["operation"], made["operation_type"], made["outcome"]) == ("Read", "query", "ok")
    assert re.fullmatch("[0-9a-f]{64}", made["document"])
    assert (made["cache"], kept["cache"], kept["statements"]) == ("made", "kept", 0)
    assert made["duration_ms"] >= made["operation_ms"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", made["time"])
    assert (other["operation"], "trace_id" in other) == ("", False)
    assert (none["path"], none["status"], none["message"]) == ("/none", 404, "GET /none 404")


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [
        ("abc-DEF_1.2:3/4", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("", False),
        ("a b", False),
        ('a"b', False),
        ("a\tlevel=error", False),
        ("ä", False),
    ],
)
async def test_request_ids(client: Client, sent: str, is_taken: bool) -> None:
    """A request id that is well formed is taken over, any other replaced; the response names it at every address."""
    for path in ("/graphql?query={head}", "/livez", "/none", "/robots.txt", "/graphql?query={"):
        response = await client.http.get(path, headers={b"X-Request-ID": sent.encode()})
        (named,) = response.headers.get_list("x-request-id")
        assert (named == sent) is is_taken
        assert WELL_FORMED.fullmatch(named.encode())


async def test_ids_of_their_own(client: Client) -> None:
    """Requests that name no id have each another one."""
    ids = {(await client.http.get("/livez")).headers["x-request-id"] for _ in range(100)}
    assert len(ids) == 100
    assert current.get() is None


@given(st.binary(max_size=80))
def test_any_header(value: bytes) -> None:
    """Whatever a client sends as its ids, what is taken of it is plain."""
    seen = begin([(b"x-request-id", value), (b"traceparent", value), (b"tracestate", value)])
    assert WELL_FORMED.fullmatch(seen.id.encode())
    assert re.fullmatch("([0-9a-f]{32})?", seen.trace)


@pytest.mark.parametrize(
    "parent", ["", PARENT.upper(), PARENT[:-1], f"ff{PARENT[2:]}", f"00-{'0' * 32}-{'1' * 16}-01"]
)
def test_wrong_traces(parent: str) -> None:
    """A trace context that is none is ignored."""
    assert begin([(b"traceparent", parent.encode())]).trace == ""


FORGED = "in\n2026-01-01T00:00:00.000Z ERROR quiet.errors: forged\r\x1b[2J\u2028\x85\x00"


@pytest.mark.parametrize("form", ["json", "console"])
async def test_forged_lines(settings: Settings, form: str) -> None:
    """Nothing that a client or an exception says begins a line of its own, or moves the cursor."""
    settings = replace(settings, log_format=form, access_log=True)
    async with serve(settings) as client:
        with logging_by(settings) as log:
            path = httpx2.URL("http://quiet.test").copy_with(raw_path=b"/a%0A2026%20ERROR%0D%1B[2J")
            await client.http.get(path)
            await client.http.get("/livez", headers={b"X-Request-ID": b"a 2026 ERROR"})
            try:
                raise ValueError(FORGED)
            except ValueError:
                logging.getLogger("quiet.test").exception("It failed: %s", FORGED, extra={"detail": FORGED})
    assert not [line for line in log.lines if line.startswith("2026-01-01")]
    assert all(line.isprintable() for line in log.lines)
    if form == "json":
        (entry,) = log.entries("quiet.test")
        assert (entry["detail"], "Traceback" in entry["exception"]) == (FORGED, True)


@given(st.text())
def test_escaping(text: str) -> None:
    """A text on the console stands on one line, and says itself where it is harmless."""
    assert escape(text).isprintable()
    assert escape(text) == text or not text.isprintable()


async def test_unexpected_errors(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is answered by an id, within GraphQL and outside; the log has one traceback under it."""

    async def fail(*_: object) -> None:
        raise RuntimeError("inside")

    settings = in_json(settings)
    async with serve(settings) as client:
        monkeypatch.setattr(query_module, "find_by_slug", fail)
        monkeypatch.setattr(type(client.service), "find_span", fail)
        with logging_by(settings) as log:
            outside = await client.ask(READ, slug="a")
            monkeypatch.undo()
            monkeypatch.setattr(query_module, "find_by_slug", fail)
            within = await client.ask(READ, slug="a")
            errors = log.entries("quiet.errors")
    assert (outside.status, within.status) == (500, 200)
    assert outside.codes == within.codes == ["INTERNAL_ERROR"]
    assert "inside" not in outside.content.decode() + within.content.decode()
    for reply, entry in zip((outside, within), errors, strict=True):
        told = reply.body["errors"][0]
        assert told["extensions"]["id"] == entry["error_id"]
        assert entry["error_id"] in told["message"]
        assert entry["request_id"] == reply.headers["x-request-id"]
        assert "RuntimeError: inside" in entry["exception"]


async def test_an_error_that_cuts_a_response(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that fails is cut off, and so is a WebSocket, with an id in the log and one traceback each."""

    async def fail(*_: object) -> None:
        raise RuntimeError("inside")

    settings = in_json(settings)
    with logging_by(settings) as log:
        async with running(settings) as live:
            monkeypatch.setattr("api.live_feed.Place.advance", fail)
            with pytest.raises(httpx2.RemoteProtocolError):
                await live.client.http.get("/changes?since=0")
            monkeypatch.setattr("api.graphql_socket.Connection.run", fail)
            async with live.socket() as socket:
                assert (await socket.closed())[0] == 1011
    errors = log.entries("quiet.errors")
    assert len({entry["error_id"] for entry in errors}) == 2
    assert log.text.count("RuntimeError: inside") == 2


async def test_slow_operations(settings: Settings) -> None:
    """An operation that takes long is logged with name, document and statements, and without variables."""
    settings = in_json(settings, slow_operation_seconds=0.000001, log_level="warning")
    async with serve(settings) as client:
        with logging_by(settings) as log:
            await client.ask(READ, slug="planted-slug")
            (entry,) = log.entries()
    assert (entry["logger"], entry["level"], entry["operation"]) == ("quiet.slow", "warning", "Read")
    assert len(entry["document"]) == 64
    assert entry["operation_ms"] > 0
    assert "planted-slug" not in log.text


async def test_many_slow_operations(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything is slow some lines say so, and one how many more there were, which is about no request."""
    monkeypatch.setattr(slow_log, "LINES", 2)
    monkeypatch.setattr(slow_log, "MINUTE", 2.0)
    settings = in_json(settings, slow_operation_seconds=0.000001)
    with logging_by(settings) as log:
        async with serve(settings) as client:
            for _ in range(5):
                await client.ask(READ, slug="a")
            assert [entry.get("left_out") for entry in log.entries("quiet.slow")] == [None, None]
            await asyncio.sleep(2.2)
            told = log.entries("quiet.slow")[2]
            assert (told["left_out"], "request_id" in told) == (3, False)
            for _ in range(4):
                await client.ask(READ, slug="a")
        left_out = [entry.get("left_out") for entry in log.entries("quiet.slow")[3:]]
    assert left_out == [None, None, 2]


async def test_operations_that_are_not_slow(settings: Settings) -> None:
    """No operation is logged as slow that is not, or where none is to be."""
    for seconds in (100.0, 0.0):
        chosen = in_json(settings, slow_operation_seconds=seconds)
        async with serve(chosen) as client:
            with logging_by(chosen) as log:
                await client.ask(READ, slug="a")
                assert log.entries("quiet.slow") == []


async def test_levels(settings: Settings) -> None:
    """Libraries are heard from warnings on at any level: below that they log addresses and values."""
    settings = in_json(settings, log_level="debug")
    async with serve(settings) as client:
        with logging_by(settings) as log:
            logging.getLogger("quiet.test").debug("ours")
            for name in ("tortoise.db_client", "httpx2", "asyncpg", "uvicorn.access"):
                logging.getLogger(name).info("theirs")
            await client.http.get("/livez")
    assert [entry["message"] for entry in log.entries()] == ["ours", "GET /livez 200"]


PLANTED = "planted-secret-0123456789abcdef"
NEW = (
    "mutation($address: URL!) { createWebhook(input: {address: $address})"
    " { webhook { id } secret errors { message } } }"
)


async def test_no_secret_is_logged(
    settings: Settings, receiver: Receiver, brisk_webhooks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a session with all kinds of secrets and failures, at the finest level, none of them is logged."""
    if settings.database.startswith("postgres"):
        # The server asks this user for no password, and takes any.
        settings = replace(settings, database=settings.database.replace("@", f":{PLANTED}@", 1))
    settings = in_json(
        settings,
        log_level="debug",
        slow_operation_seconds=0.000001,
        operator_token=PLANTED + "-operator",
        webhook_private=True,
    )
    secrets = [PLANTED, "planted-secret-path", "planted-variable"]
    with logging_by(settings) as log:
        async with running(settings) as live:
            administrator = await live.client.sign_in(Role.ADMINISTRATOR)
            token = administrator.headers["authorization"].removeprefix("Bearer ")
            await live.client.save(ArticleDraft("en", "first", "First"))
            made = await administrator.ask(NEW, address=f"{receiver.address}/planted-secret-path")
            secret = made.data["createWebhook"]["secret"]
            secrets += [token, secret]
            await publish(live.client, "Second")
            assert (await take(receiver)).path == "/planted-secret-path"
            bad = {"authorization": f"Bearer quiet_{'x' * 43}"}
            secrets.append("quiet_" + "x" * 43)
            await live.client.http.get("/version", headers={"authorization": f"Bearer {PLANTED}-operator"})
            for headers in (bad, {"authorization": f"Basic {PLANTED}"}, {"authorization": PLANTED}):
                await live.client.http.get("/graphql?query={head}", headers=headers)
                await live.client.http.get("/changes", headers=headers)
            await live.client.http.get(
                "/graphql", params={"query": READ, "variables": '{"slug":"planted-variable"}'}
            )
            await administrator.ask(READ, slug="planted-variable")
            async with live.socket() as socket:
                await socket.send(type="connection_init", payload={"authorization": f"Bearer {token}"})
                await socket.next()
                await socket.subscribe("1", READ, slug="planted-variable")
                await socket.result("1")
            await fail_with_secrets(administrator, token, secret, monkeypatch)
    assert len(log.entries("quiet.access")) > 10
    assert len(log.entries("quiet.errors")) == 1
    assert len(log.entries("quiet.slow")) >= 3
    assert HIDDEN in log.text
    assert [planted for planted in secrets if planted in log.text] == []


async def fail_with_secrets(client: Client, token: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an operation fail by an error that repeats what it was given."""

    async def fail(*_: object) -> None:
        raise RuntimeError(
            f"postgres://quiet:{PLANTED}@db/quiet; Authorization: Bearer {token}; {secret}; {PLANTED}-operator"
        ) from DatabaseLost()

    with monkeypatch.context() as patch:
        patch.setattr(query_module, "find_by_slug", fail)
        assert (await client.ask(READ, slug="other")).codes == ["INTERNAL_ERROR"]


def test_redaction() -> None:
    """What looks like a credential is hidden, and what does not stays."""
    hide = Redaction(["p@ss word", "abc"]).hide
    assert hide("at p@ss word") == f"at {HIDDEN}"
    assert hide("abcdef") == "abcdef"
    assert hide("postgres://u:p%40@h/n") == f"postgres://u:{HIDDEN}@h/n"
    assert hide("authorization: bearer abcdefgh.ijk") == f"authorization: bearer {HIDDEN}"
    assert hide(f"quiet_{'a' * 43}") == HIDDEN
    assert hide("quiet_head http://a.example/b?c=d the bearer of news") == (
        "quiet_head http://a.example/b?c=d the bearer of news"
    )


def test_databases_are_described_without_passwords() -> None:
    """What is said of a database does not say its password."""
    assert "geheim" not in Address("postgres://quiet:geheim@127.0.0.1/quiet").describe()
