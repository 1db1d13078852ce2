"""Two processes on one PostgreSQL: what one publishes the other tells, a little later where nothing woke it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from api.settings import Settings
from models.head import LOOK_EVERY, Head, PostgresHead
from tests.databases import DIALECT, SERVER
from tests.live import running
from tests.serving import QUIET_SERVE, quiet_environment, serving
from tests.test_change_stream import SITE, Site, prepare

QUERY = "subscription { changes(since: 1) { kind article { title } } }"

pytestmark = pytest.mark.skipif(DIALECT != "postgres", reason="SQLite wakes nobody in another process")


async def kill_listener(head: Head) -> None:
    """End the connection on which a process listens for commits."""
    assert isinstance(head, PostgresHead)
    listening = head._connection
    assert listening is not None
    connection = await asyncpg.connect(SERVER)
    try:
        assert await connection.fetchval("SELECT pg_terminate_backend($1)", listening.get_server_pid())
    finally:
        await connection.close()


@pytest.mark.database
async def test_lost_listener(settings: Settings, tmp_path: Path) -> None:
    """A listening connection that is killed costs no event, and no more delay than it takes to look again."""
    secret = await prepare(settings)
    loop = asyncio.get_running_loop()
    with serving(QUIET_SERVE, tmp_path, quiet_environment(settings)) as base:
        site = Site(base, secret)
        await asyncio.to_thread(site.send, SITE)
        async with running(settings) as live, live.ready() as socket:
            await socket.subscribe("s", QUERY)
            titles = []
            for number in range(8):
                if number in {2, 5}:
                    await kill_listener(live.client.database.head)
                began = loop.time()
                await asyncio.to_thread(site.publish, f"Article {number}")
                while True:
                    change = (await socket.result("s"))["data"]["changes"]
                    if change["kind"] == "PUBLISHED":
                        break
                titles.append(change["article"]["title"])
                assert loop.time() - began < LOOK_EVERY + 2
            assert titles == [f"Article {number}" for number in range(8)]
