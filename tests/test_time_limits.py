"""No operation takes longer than it may: it is answered with a code, its statement stops, and nobody else notices."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from api.settings import Settings
from models.database import Database
from models.dialect import SQLITE, Sql
from models.draft import ArticleDraft
from models.sqlite import ReadWriteClient
from tests.client import Client, serve
from tests.databases import DIALECT, SERVER
from tests.editor import sign_in_editor
from tests.gates import FOR_EVER
from tests.live import Live, running

SLOWLY = "SELECT pg_sleep(3600)" if DIALECT == "postgres" else FOR_EVER
READ = "{ articles { nodes { sections { heading } } } }"


class Slow:
    """Makes reads of sections take for ever, or until a gate is open, until it is over."""

    def __init__(
        self, database: Database, monkeypatch: pytest.MonkeyPatch, gate: asyncio.Event | None = None
    ) -> None:
        self.begun = asyncio.Event()
        self.count = 0
        self._gate = gate
        self._database = database
        self._read = database.read
        self._patch = monkeypatch
        monkeypatch.setattr(database, "read", self._wait)

    async def _wait(self, statement: Sql) -> Sequence[Any]:
        if "FROM section WHERE" in statement.text:
            self.begun.set()
            self.count += 1
            await (self._gate.wait() if self._gate else self._read(Sql(SLOWLY)))
        return await self._read(statement)

    def end(self) -> None:
        """Be as quick as before."""
        self._patch.setattr(self._database, "read", self._read)


@pytest.fixture
async def limited(settings: Settings) -> AsyncIterator[Live]:
    """A service with one article in which an operation may take a second."""
    async with running(replace(settings, operation_seconds=1, mutation_seconds=1, operation_cost=0)) as live:
        await live.client.save(ArticleDraft("en", "a", "A"))
        yield live


async def count_running(database: Database) -> int:
    """Return how many statements of a service still run."""
    if database.dialect is SQLITE:
        connection = database.connection
        assert isinstance(connection, ReadWriteClient)
        await asyncio.gather(*connection._stopping)
        return connection._reader_count - connection._idle.qsize()
    server = await asyncpg.connect(SERVER)
    try:
        name = database.address.server["database"]
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND query = $2 AND state = 'active'"
        return int(await server.fetchval(query, name, SLOWLY))
    finally:
        await server.close()


async def wait_for_none(database: Database) -> None:
    """Return when no statement runs any more; the test fails where that does not happen."""
    async with asyncio.timeout(10):
        while await count_running(database):  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.01)


async def check(client: Client) -> None:
    """See whether all connections of the pool can be used."""
    client.forget()
    replies = await asyncio.gather(*(client.ask(f"query Q{n} {READ}") for n in range(20)))
    assert [reply.codes for reply in replies] == [[]] * 20


async def test_requests(limited: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that takes too long is answered with 504 and a code, again and again; its statements end."""
    client = limited.client
    slow = Slow(client.database, monkeypatch)
    for _ in range(2):
        replies = await asyncio.gather(*(client.ask(f"query Q{n} {READ}") for n in range(12)))
        assert {(reply.status, *reply.codes) for reply in replies} == {(504, "TIMEOUT")}
        assert "1 s" in replies[0].message
        await wait_for_none(client.database)
    slow.end()
    await check(client)


async def test_event_streams_and_sockets(limited: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over sockets and in event streams an operation ends as it does over HTTP, and others go on."""
    client = limited.client
    Slow(client.database, monkeypatch)
    response, _ = await client.get("/graphql?query=" + READ, accept="text/event-stream")
    assert (response.status_code, "TIMEOUT" in response.text) == (504, True)
    async with limited.ready() as socket:
        await socket.subscribe("q", READ)
        await socket.subscribe("other", "{ head }")
        assert (await socket.result("other"))["data"] == {"head": 1}
        assert (await socket.next())["type"] == "complete"
        message = await socket.next()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "TIMEOUT")
    await wait_for_none(client.database)


async def test_subscriptions(limited: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A subscription whose events take too long to read ends with the code; another one goes on."""
    client = limited.client
    async with limited.ready() as socket:
        await socket.subscribe("s", "subscription { changes { article { sections { heading } } } }")
        await socket.subscribe("t", "subscription { changes { kind } }")
        await asyncio.sleep(0.1)
        Slow(client.database, monkeypatch)
        await client.save(ArticleDraft("en", "b", "B"))
        assert (await socket.result("t"))["data"]["changes"]["kind"] == "PUBLISHED"
        message = await socket.next()
        assert (message["id"], message["type"]) == ("s", "next" if "data" in str(message) else "error")
        assert "TIMEOUT" in str(message)
    await wait_for_none(client.database)


async def test_shared_work(limited: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes later to what another one gave up waiting for is answered as soon as it is done."""
    client = limited.client
    gate = asyncio.Event()
    slow = Slow(client.database, monkeypatch, gate)
    first = asyncio.create_task(client.ask(READ))
    await slow.begun.wait()
    await asyncio.sleep(0.7)
    second = asyncio.create_task(client.ask(READ))
    assert (await first).codes == ["TIMEOUT"]
    gate.set()
    assert (await second).codes == []
    assert slow.count == 1


@pytest.mark.parametrize("way", ["request", "socket", "completed"])
async def test_clients_that_go(settings: Settings, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """What nobody waits for any more is stopped, however long it might have taken."""
    async with running(replace(settings, operation_seconds=3600)) as live:
        client = live.client
        await client.save(ArticleDraft("en", "a", "A"))
        slow = Slow(client.database, monkeypatch)
        if way == "request":
            await send_and_go(live, slow)
        else:
            async with live.ready() as socket:
                await socket.subscribe("q", READ)
                await slow.begun.wait()
                if way == "completed":
                    await socket.send(id="q", type="complete")
                    await wait_for_none(client.database)
        await wait_for_none(client.database)
        slow.end()
        await check(client)


async def send_and_go(live: Live, slow: Slow) -> None:
    """Ask over HTTP, and end the connection when the statement runs."""
    _, writer = await asyncio.open_connection("127.0.0.1", live.port)
    body = b'{"query": "%s"}' % READ.encode()
    head = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    await slow.begun.wait()
    writer.transport.abort()


async def test_mutations(settings: Settings) -> None:
    """A mutation that takes too long leaves nothing behind, and the next writer is let in."""
    async with serve(replace(settings, mutation_seconds=1)) as client:
        editor = await sign_in_editor(client)
        create = 'mutation { createArticle(input: {locale: "en", title: "A"}) { revision } }'
        async with locked_head(client.database):
            replies = await asyncio.gather(*(editor.client.ask(create) for _ in range(3)))
            assert {(reply.status, *reply.codes) for reply in replies} == {(504, "TIMEOUT")}
            assert "@idempotent" in replies[0].message
            assert (await client.ask(READ)).codes == []
        await editor.do("createArticle", locale="en", title="B")
        rows = await client.database.read(Sql("SELECT title FROM edition"))
        assert [row["title"] for row in rows] == ["B"]


@asynccontextmanager
async def locked_head(database: Database) -> AsyncIterator[None]:
    """Keep the lock that every writer needs, as another process."""
    if database.dialect is SQLITE:
        with closing(sqlite3.connect(database.address.path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        return
    other = await asyncpg.connect(**database.address.server)
    try:
        async with other.transaction():
            await other.execute("SELECT * FROM head FOR UPDATE")
            yield
    finally:
        await other.close()
