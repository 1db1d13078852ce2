"""graphql-transport-ws: each message and each mistake as the protocol says, and never a close without a reason."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

import models.changes
import models.token
from api import connections, graphql_socket
from api.settings import Settings
from models.access import Role
from models.draft import ArticleDraft
from models.token import list_tokens, revoke_token
from schema.answer import Answer
from schema.call import Call
from tests.client import TESTER
from tests.failing import fail_once
from tests.live import SECONDS, Live, running

CHANGES = "subscription($since: Revision) { changes(since: $since) { cursor kind article { title } } }"
CREATE_SITE = 'mutation { createSite(input: {key: "k", name: "K", defaultLocale: "en"}) { errors { code } } }'


async def test_subscription_from_replay_to_live(live: Live) -> None:
    """What happened since a revision is replayed, then what happens comes, each event once, until it is completed."""
    await live.client.save(ArticleDraft("en", "a", "A"))
    async with live.ready() as socket:
        await socket.subscribe("s", CHANGES, since=1)
        for title in ("B", "C"):
            await live.client.save(ArticleDraft("en", title.lower(), title))
            payload = await socket.result("s")
            change = payload["data"]["changes"]
            assert (change["kind"], change["article"]["title"]) == ("PUBLISHED", title)
            assert payload["extensions"]["cursor"] == change["cursor"]
            assert payload["extensions"]["view"]["revision"] == live.client.database.head.revision
        await socket.send(id="s", type="complete")
        await socket.subscribe("s", CHANGES, since=2)
        assert (await socket.result("s"))["data"]["changes"]["article"]["title"] == "C"


async def test_live_query(live: Live) -> None:
    """An article comes at once, again when its answer is another one, and never twice the same."""
    query = 'subscription { article(by: {slug: "a"}) { title } }'
    async with live.ready() as socket:
        await socket.subscribe("a", query)
        assert (await socket.result("a"))["data"] == {"article": None}
        for title in ("First", "Second"):
            await live.client.save(ArticleDraft("en", "a", title))
            await live.client.save(ArticleDraft("en", "other", f"Beside {title}"))
            payload = await socket.result("a")
            assert payload["data"] == {"article": {"title": title}}
            assert payload["extensions"]["view"]["revision"] >= live.client.database.head.revision - 1


async def test_a_read_that_fails(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change whose article cannot be read for once is told when it can be, with its article."""
    async with live.ready() as socket:
        await socket.subscribe("s", CHANGES)
        await socket.subscribe("q", "{ head }")
        assert (await socket.result("q"))["data"] == {"head": 0}
        failure = fail_once(monkeypatch, models.changes, "load_articles")
        await live.client.save(ArticleDraft("en", "a", "A"))
        assert await socket.next() == {"id": "q", "type": "complete"}
        payloads = [await socket.result("s") for _ in range(2)]
    assert failure.has_been
    assert [payload["data"]["changes"]["article"] for payload in payloads] == [None, {"title": "A"}]


async def test_queries_and_mutations(live: Live) -> None:
    """Queries and mutations have one result, errors before their execution an `error` that ends only them."""
    editor = await live.client.sign_in(Role.ADMINISTRATOR)
    async with live.ready({"authorization": editor.headers["authorization"]}) as socket:
        await socket.subscribe(
            "m",
            CREATE_SITE,
        )
        assert (await socket.result("m"))["data"] == {"createSite": {"errors": []}}
        assert await socket.next() == {"id": "m", "type": "complete"}
        await socket.subscribe("q", "{ sites { key } }")
        payload = await socket.result("q")
        assert payload["data"] == {"sites": [{"key": "k"}]}
        assert payload["extensions"]["view"]["revision"] == live.client.database.head.revision
        assert await socket.next() == {"id": "q", "type": "complete"}
        for query, code in (
            ("{ sites { ", "GRAPHQL_PARSE_FAILED"),
            ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { changes { kind } other: changes { kind } }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { changes @skip(if: true) { kind } }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription($n: Revision!) { changes(since: $n) { kind } }", "BAD_USER_INPUT"),
            ("subscription { changes(since: 999) { kind } }", "REVISION_UNKNOWN"),
            ('subscription { changes(after: "x") { kind } }', "INVALID_CURSOR"),
            ('subscription { changes(since: 0, after: "x") { kind } }', "INVALID_ARGUMENT"),
            ('subscription { changes(where: {sites: ["none"]}) { kind } }', "UNKNOWN_SITE"),
            ("subscription @view(revision: 1) { changes { kind } }", "INVALID_ARGUMENT"),
            ('subscription @view(at: "2026-01-01T00:00:00Z") { changes { kind } }', "INVALID_ARGUMENT"),
            ("query A { sites { key } } query B { sites { key } }", "BAD_USER_INPUT"),
        ):
            await socket.subscribe("e", query)
            message = await socket.next()
            assert (message["id"], message["type"]) == ("e", "error"), message
            assert [error["extensions"]["code"] for error in message["payload"]] == [code], query
        await socket.send(type="ping", payload={"any": "thing"})
        assert await socket.next() == {"type": "pong"}
        await socket.send(type="pong")


async def test_wrong_id_of_an_article(live: Live) -> None:
    """A live query that fails tells its error once, and goes on."""
    async with live.ready() as socket:
        await socket.subscribe("x", 'subscription { article(by: {id: "x"}) { title } }')
        payload = await socket.result("x")
        assert (payload["data"], payload["errors"][0]["extensions"]["code"]) == (
            {"article": None},
            "INVALID_ID",
        )
        await live.client.save(ArticleDraft("en", "a", "A"))
        await socket.subscribe("q", "{ head }")
        assert (await socket.result("q"))["data"] == {"head": 1}


INVALID: list[tuple[str | bytes, int]] = [
    ("nonsense", 4400),
    ("[1]", 4400),
    ("5", 4400),
    ("{}", 4400),
    ('{"type": 5}', 4400),
    ('{"type": "start", "id": "1", "payload": {"query": "{ head }"}}', 4400),
    ('{"type": "connection_ack"}', 4400),
    ('{"type": "ping", "payload": 5}', 4400),
    ('{"type": "subscribe", "payload": {"query": "{ head }"}}', 4400),
    ('{"type": "subscribe", "id": "", "payload": {"query": "{ head }"}}', 4400),
    ('{"type": "subscribe", "id": 1, "payload": {"query": "{ head }"}}', 4400),
    ('{"type": "subscribe", "id": "1"}', 4400),
    ('{"type": "subscribe", "id": "1", "payload": {"query": 5}}', 4400),
    ('{"type": "subscribe", "id": "1", "payload": {}}', 4400),
    ('{"type": "subscribe", "id": "1", "payload": {"query": "{ head }", "variables": []}}', 4400),
    ('{"type": "complete"}', 4400),
    (b"\x00", 4400),
    ('{"type": "connection_init"}', 4429),
    ("x" * 300_000, 1009),
    ("x" * 9_000_000, 1009),
]


async def test_invalid_messages(live: Live) -> None:
    """What the protocol does not have closes the connection with the code that it has for that, and a reason."""
    for message, code in INVALID:
        async with live.ready() as socket:
            # A message that is far too large is refused before its end has been sent.
            with contextlib.suppress(ConnectionClosed):
                await socket.connection.send(message)
            closed, reason = await socket.closed()
            assert closed == code, message[:100]
            assert reason


async def test_order_of_messages(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is executed before the initialisation, which must come in time, and no id is used twice at a time."""
    async with live.socket() as socket:
        await socket.send(type="ping")
        assert await socket.next() == {"type": "pong"}
        await socket.subscribe("1", "{ head }")
        assert (await socket.closed())[0] == 4401
    async with live.ready() as socket:
        await socket.subscribe("1", CHANGES)
        await socket.subscribe("1", CHANGES)
        assert await socket.closed() == (4409, "Subscriber for 1 already exists")
    monkeypatch.setattr(graphql_socket, "INIT_SECONDS", 0.05)
    async with live.socket() as socket:
        assert await socket.closed() == (4408, "Connection initialisation timeout")


@pytest.mark.parametrize("offered", [None, "graphql-ws", "other"])
async def test_other_protocols(live: Live, offered: str | None) -> None:
    """Whoever does not offer graphql-transport-ws is told so; the legacy graphql-ws is not spoken."""
    subprotocols = [Subprotocol(offered)] if offered else None
    async with live.socket(subprotocols=subprotocols) as socket:
        assert (await socket.closed())[0] == 4406


async def test_origins(settings: Settings) -> None:
    """Pages of the service's own origin may connect, others only where the settings name them."""
    allowed = replace(settings, origins=frozenset({"https://www.example.org"}))
    async with running(allowed) as live:
        for origin in (f"http://127.0.0.1:{live.port}", "https://www.example.org", None):
            async with live.ready(origin=origin):
                pass
        for origin in ("https://evil.example", "null", "http://127.0.0.1", "https://www.example.org:444"):
            async with live.socket(origin=origin) as socket:
                assert (await socket.closed())[0] == 4403


async def test_credentials(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential comes by payload or header; a rejected one, or one that is revoked later, ends the connection."""
    drafts = "query @view(perspective: DRAFT) { articles { totalCount } }"
    previewer = await live.client.sign_in(Role.PREVIEWER)
    credential = previewer.headers["authorization"]
    for options in (
        {"payload": {"Authorization": credential}},
        {"payload": {"authorization": credential}, "additional_headers": {"Authorization": "Bearer wrong"}},
        {"additional_headers": {"Authorization": credential}},
    ):
        async with live.ready(**options) as socket:
            await socket.subscribe("d", drafts)
            assert (await socket.result("d"))["data"]["articles"]["totalCount"] == 0
    async with live.ready() as socket:
        await socket.subscribe("d", drafts)
        message = await socket.next()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "FORBIDDEN")
    for wrong in ("Bearer quiet_wrong", "nonsense", 5, ["x"], "Bearer ä"):
        async with live.socket() as socket:
            await socket.send(type="connection_init", payload={"authorization": wrong})
            code, reason = await socket.closed()
            assert code == 4403
            assert reason
    monkeypatch.setattr(graphql_socket, "HEARTBEAT", 0.05)
    async with live.ready({"authorization": credential}) as socket:
        await socket.subscribe("s", "subscription @view(perspective: DRAFT) { changes { kind } }")
        await live.client.save(ArticleDraft("en", "a", "A"))
        assert (await socket.result("s"))["data"]["changes"]["kind"] == "CREATED"
        for token in await list_tokens(live.client.database, TESTER):
            await revoke_token(live.client.database, TESTER, token.id)
        code, reason = await socket.end()
        assert code == 4403
        assert "revoked" in reason


@pytest.mark.database
async def test_revoked_credential_changes_nothing(live: Live) -> None:
    """An operation that comes after its token was revoked is not executed, however short ago that was."""
    editor = await live.client.sign_in(Role.EDITOR)
    revision = live.client.database.head.revision
    async with live.ready({"authorization": editor.headers["authorization"]}) as socket:
        for token in await list_tokens(live.client.database, TESTER):
            await revoke_token(live.client.database, TESTER, token.id)
        await socket.subscribe(
            "m",
            'mutation { createArticle(input: {locale: "en", title: "A"}) { revision errors { message } } }',
        )
        code, reason = await socket.closed()
        assert code == 4403
        assert "revoked" in reason
    assert live.client.database.head.revision == revision


async def test_who_cannot_be_seen_at_the_moment(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection goes on when it cannot be looked up for once whose credential it is, but does not begin then."""
    reader = await live.client.sign_in(Role.READER)
    async with live.ready({"authorization": reader.headers["authorization"]}) as socket:
        failure = fail_once(monkeypatch, models.token, "authenticate_token")
        await socket.subscribe("q", "{ head }")
        assert (await socket.result("q"))["data"] == {"head": 0}
        assert failure.has_been
    fail_once(monkeypatch, models.token, "authenticate_token")
    async with live.socket() as socket:
        await socket.send(type="connection_init", payload={"authorization": reader.headers["authorization"]})
        assert (await socket.closed())[0] == 1013


async def test_what_is_given_up_is_counted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutation that goes on although its client gave it up is one of those that a connection may have."""
    async with running(replace(settings, socket_operations=2)) as live, live.ready() as socket:
        begun, may_end, answer = asyncio.Queue[None](), asyncio.Event(), live.client.service.answer

        async def wait(call: Call) -> Answer:
            begun.put_nowait(None)
            await may_end.wait()
            return await answer(call)

        monkeypatch.setattr(live.client.service, "answer", wait)
        for number in range(2):
            await socket.subscribe(str(number), CREATE_SITE)
            await asyncio.wait_for(begun.get(), SECONDS)
            await socket.send(id=str(number), type="complete")
        await socket.subscribe("2", "{ head }")
        message = await socket.next()
        assert (message["id"], message["payload"][0]["extensions"]["code"]) == ("2", "TOO_MANY_OPERATIONS")
        may_end.set()


async def test_limits(settings: Settings) -> None:
    """Connections and operations are bounded: of a process, of an address or token, of a connection."""
    several = replace(settings, streams=3, streams_each=2, socket_operations=2)
    async with running(several) as live:
        token = {"authorization": (await live.client.sign_in(Role.READER)).headers["authorization"]}
        async with live.ready() as socket, live.ready():
            for identity in ("1", "2", "3"):
                await socket.subscribe(identity, CHANGES)
            message = await socket.next()
            assert (message["id"], message["type"]) == ("3", "error")
            assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
            async with live.socket() as third:
                await third.send(type="connection_init")
                code, reason = await third.closed()
                assert code == 1013
                assert "2 times" in reason
            async with live.ready(token), live.socket() as fourth:
                code, reason = await fourth.closed()
                assert code == 1013
                assert "3 clients" in reason
                response = await live.client.http.get("/changes")
                assert response.status_code == 503
        async with live.ready(), live.ready():
            response = await live.client.http.get("/changes")
            assert response.status_code == 429
            assert response.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_STREAMS"


async def test_idle_connections(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without operations is closed after a while, one with an operation is not."""
    monkeypatch.setattr(graphql_socket, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(graphql_socket, "HEARTBEAT", 0.05)
    async with live.ready() as busy, live.ready() as idle:
        await busy.subscribe("s", CHANGES)
        assert await idle.closed() == (1000, "The connection was idle.")
        await live.client.save(ArticleDraft("en", "a", "A"))
        assert (await busy.result("s"))["data"]["changes"]["kind"]


async def test_unread_messages(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not read is let go with a reason, and resumes after what it has read."""
    monkeypatch.setattr(graphql_socket, "PATIENCE", 0.2)
    monkeypatch.setattr(connections, "LINGER", SECONDS)
    query = (
        "subscription($since: Revision, $after: String) { changes(since: $since, after: $after) "
        "{ articleId article { title intro { markdown } } } }"
    )
    titles = [f"Article {number}" for number in range(40)]
    for title in titles:
        await live.client.save(
            ArticleDraft("en", title.lower().replace(" ", "-"), title, intro="x" * 400_000)
        )
    read: list[str] = []
    start: dict[str, Any] = {"since": 0}
    async with live.ready(max_queue=1, max_size=None) as socket:
        await socket.subscribe("s", query, **start)
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*live.server.server_state.tasks)
        with contextlib.suppress(ConnectionClosed):
            while True:
                start = take(await socket.result("s"), read)
        code, reason = await socket.closed()
        assert code == 1013
        assert "resume" in reason
    assert 0 < len(read) < len(titles)
    async with live.ready(max_size=None) as socket:
        await socket.subscribe("s", query, **start)
        while len(read) < len(titles):
            start = take(await socket.result("s"), read)
    assert read == titles


def take(payload: Any, read: list[str]) -> dict[str, Any]:
    """Remember the title of a change of an article, and return where to go on."""
    article = payload["data"]["changes"]["article"]
    if article is not None:
        read.append(article["title"])
    return {"after": payload["extensions"]["cursor"]}


async def test_shutdown(settings: Settings) -> None:
    """When the server goes, connections are told to come again, and it is gone within two seconds."""
    loop = asyncio.get_running_loop()
    async with running(settings) as live, live.ready() as socket, live.ready() as other:
        await socket.subscribe("s", CHANGES)
        began = loop.time()
        live.server.should_exit = True
        assert await socket.closed() == (1001, "The server goes away; connect again.")
        assert (await other.closed())[0] == 1001
    assert loop.time() - began < 2
