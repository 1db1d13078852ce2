"""A database that keeps writers waiting, or goes away: clear errors, nothing half done, and all is well afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
import pytest

from api.settings import Settings
from models import database as databases
from models.dialect import Sql
from tests.client import serve
from tests.databases import DIALECT, SERVER
from tests.editor import sign_in_editor

CREATE = 'mutation { createArticle(input: {locale: "en", title: "A"}) { revision } }'


@pytest.mark.skipif(DIALECT != "sqlite", reason="PostgreSQL waits for its command timeout, half a minute")
async def test_a_write_that_waits_too_long(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process keeps the write lock, writes are refused with a code, and reads go on."""
    monkeypatch.setattr(databases, "BUSY_MILLISECONDS", 50)
    async with serve(settings) as client:
        editor = await sign_in_editor(client)
        other = sqlite3.connect(Path(settings.database.removeprefix("sqlite://")), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        replies = await asyncio.gather(*(editor.client.ask(CREATE) for _ in range(3)))
        assert [reply.codes for reply in replies] == [["DATABASE_BUSY"]] * 3
        assert (await client.ask("{ articles { totalCount } }")).data == {"articles": {"totalCount": 0}}
        other.execute("ROLLBACK")
        other.close()
        await editor.do("createArticle", locale="en", title="A")


async def test_a_writer_that_is_cancelled(settings: Settings) -> None:
    """A writer that is cancelled at whatever point leaves nothing behind, and the next one goes on."""
    async with serve(settings) as client:
        editor = await sign_in_editor(client)
        for number in range(30):
            task = asyncio.ensure_future(editor.send("createArticle", locale="en", title=f"A {number}"))
            await asyncio.sleep(number / 5_000)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await editor.do("createArticle", locale="en", title="last")
        rows = await client.database.read(Sql("SELECT number FROM revision ORDER BY number"))
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.skipif(DIALECT != "postgres", reason="SQLite has no connections to lose")
async def test_connections_that_are_lost(settings: Settings) -> None:
    """When the server ends all connections, again and again, requests fail with a code and then succeed."""
    async with serve(settings) as client:
        editor = await sign_in_editor(client)
        name = client.database.address.server["database"]
        server = await asyncpg.connect(SERVER)
        for _ in range(6):
            await server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
            )
            for _ in range(6):
                reply = await editor.client.ask(CREATE)
                assert set(reply.codes) <= {"DATABASE_UNAVAILABLE"}
        await server.close()
        await editor.do("createArticle", locale="en", title="last")
