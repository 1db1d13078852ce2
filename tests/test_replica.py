"""A replica of PostgreSQL: it answers what was written elsewhere, refuses to write, and may become the primary."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from models.access import Role
from models.database import Address, open_database
from models.head import CHANNEL
from models.migrating import migrate
from models.token import create_token
from models.webhook import Wanted, create_webhook
from tests.client import TESTER, Client, serve
from tests.databases import DIALECT, read_test_settings
from tests.logged import logging_by
from tests.standby import Server, replicating
from tests.test_head import OTHER_PROCESS

pytestmark = [pytest.mark.database, pytest.mark.skipif(DIALECT != "postgres", reason="a server is needed")]

CREATE = 'mutation { createArticle(input: {locale: "en", title: "A"}) { revision errors { message } } }'
TITLES = "query @view(minRevision: 1) { articles { nodes { title } } }"


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server]]:
    """Two servers, of which the second one follows the first one."""
    with replicating() as servers:
        yield servers


async def fill(address: str) -> str:
    """Bring a database to this version, with a webhook, and return the text of an editor's token."""
    async with open_database(address) as database:
        await migrate(database)
        await create_webhook(database, TESTER, "http://127.0.0.1:9/", Wanted(), private=True)
        _, secret = await create_token(database, TESTER, "editor", Role.EDITOR)
    return secret


async def write(address: str) -> None:
    """Publish an article in another process."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", OTHER_PROCESS, address)
    assert await process.wait() == 0


async def follow(primary: Server, replica: Server) -> None:
    """Wait until a replica has all that was written."""
    written = await ask(primary, "SELECT pg_current_wal_lsn()::text")
    async with asyncio.timeout(20):
        while not await ask(replica, f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def ask(server: Server, question: str) -> Any:
    """Return the answer of a server to a question."""
    connection = await asyncpg.connect(**Address(server.address).server)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def hear(server: Server, client: Client) -> None:
    """Wait until a service hears what it is told, which no table says."""
    async with asyncio.timeout(20):
        while client.database.head.revision < 1_000:
            await ask(server, f"SELECT pg_notify('{CHANNEL}', '1000 0 0')")
            await asyncio.sleep(0.1)


async def test_serving_from_a_replica(servers: tuple[Server, Server]) -> None:
    """A replica answers reads as soon as what was written is there, and mutations when it was promoted."""
    primary, replica = servers
    secret = await fill(primary.address)
    await follow(primary, replica)
    settings = replace(read_test_settings(replica.address), log_format="json", webhook_private=True)
    with logging_by(settings) as log:
        async with serve(settings) as client:
            await write(primary.address)
            read = await client.ask(TITLES)
            assert read.data == {"articles": {"nodes": [{"title": "From elsewhere"}]}}
            refused = await client.showing(secret).ask(CREATE)
            assert (refused.status, refused.codes) == (503, ["DATABASE_READ_ONLY"])
            assert (await client.get("/readyz"))[0].status_code == 200
            # Long enough for the webhook's follower to try more than once.
            await asyncio.sleep(4.5)
            assert [entry["message"] for entry in log.entries("quiet.followers")] == [
                "The database is read-only here: webhooks and purges are left to other processes."
            ]
            assert log.entries("quiet.webhooks") == []
            replica.promote()
            assert (await client.showing(secret).ask(CREATE)).data["createArticle"] == {
                "revision": 2,
                "errors": [],
            }
            await hear(replica, client)
