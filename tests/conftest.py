"""What all tests share: a database for each test that asks, an in-process client, and counted statements.

A run tests one database: SQLite, or PostgreSQL with QUIET_TEST_DATABASE=postgres and the address of a server
whose user may create databases in QUIET_TEST_POSTGRES. `client` is over an empty database, `reading` over the
content of `tests.content`, shared by a module's tests, and `writable` over a copy of it for one test.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
import pytest_asyncio

import api.app
import api.webhooks
from api.settings import Settings
from models.database import Database, open_database
from models.draft import ArticleDraft
from models.migrating import migrate
from tests import content
from tests.client import Client, serve
from tests.databases import (
    copied_database,
    drop_spare_databases,
    empty_database,
    migrated_database,
    read_test_settings,
)
from tests.editor import Editor, sign_in_editor
from tests.live import Live, running
from tests.npm import find_node
from tests.receiver import Receiver, receiving

# A run is the same as the one before, however busy the machine; QUIET_TEST_EXAMPLES looks further, at random.
hypothesis.settings.register_profile(
    "steady", deadline=None, derandomize="QUIET_TEST_EXAMPLES" not in os.environ
)
hypothesis.settings.load_profile("steady")

# What a service does once at its start would be done by each test's, and keep all that the one before has left.
api.app.settle_interpreter()
api.app.settle_interpreter = lambda: None
gc.set_threshold(50_000, 10, 5)

ON_DATABASE = {"settings", "bare_settings", "content_settings", "database"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a database, so that they alone are run again on the other one."""
    for item in items:
        if ON_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


def pytest_sessionfinish() -> None:
    """Drop the databases that were kept for further tests."""
    asyncio.run(drop_spare_databases())


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings of a database with all tables and no content that is gone after the test."""
    async with migrated_database(tmp_path) as address:
        yield read_test_settings(address)


@pytest.fixture
async def bare_settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings of a database without tables that is gone after the test."""
    async with empty_database(tmp_path) as address:
        yield read_test_settings(address)


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    """A client of a service that runs in this process over an empty, migrated database."""
    async with serve(settings) as client:
        yield client


@pytest.fixture
async def live(settings: Settings) -> AsyncIterator[Live]:
    """A service that runs in this process on a real socket, over an empty, migrated database."""
    async with running(settings) as live:
        yield live


@pytest.fixture
def database(client: Client) -> Database:
    """Return the database that the client's service uses."""
    return client.database


@pytest.fixture
async def editor(client: Client) -> Editor:
    """Somebody who may do everything, and a site with the locales en and de."""
    return await sign_in_editor(client)


@pytest.fixture(scope="session")
def content_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a database with the content of `tests.content`, made once; nobody writes to it."""
    with ThreadPoolExecutor(1) as thread, pytest.MonkeyPatch.context() as monkeypatch:
        keeping = keep_content(tmp_path_factory.mktemp("content"), content.set_clock(monkeypatch))
        # A thread with an event loop of its own: pytest's may be at whatever stage.
        loop = asyncio.new_event_loop()
        address = thread.submit(loop.run_until_complete, anext(keeping)).result()
        monkeypatch.undo()
        yield read_test_settings(address)
        thread.submit(loop.run_until_complete, finish(keeping)).result()
        loop.close()


async def keep_content(folder: Path, clock: content.Clock) -> AsyncIterator[str]:
    """Yield the address of a database that holds the content until the iteration is finished."""
    async with empty_database(folder) as address:

        def set_day(day: int) -> None:
            clock.now = content.FIRST_DAY + day * content.DAY

        async with open_database(address) as database:
            await migrate(database)
            await content.write_content(database, set_day)
        yield address


async def finish(iterator: AsyncIterator[str]) -> None:
    """Let an iteration come to its end."""
    async for _ in iterator:
        raise AssertionError("there is one database only")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reading(content_settings: Settings) -> AsyncIterator[Client]:
    """A client for reading the content, shared by the module; the clock stands still."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        content.set_clock(monkeypatch)
        async with serve(content_settings) as client:
            yield client


@pytest.fixture
async def writable(
    content_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Client]:
    """A client of a copy of the content that one test may write to; the clock stands still."""
    content.set_clock(monkeypatch)
    async with (
        copied_database(content_settings.database, tmp_path) as address,
        serve(read_test_settings(address)) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def node() -> str:
    """The program `node`, with the packages of tests/clients installed."""
    return find_node()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server that takes whatever it is sent."""
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def brisk_webhooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let repetitions come soon, and let new webhooks be seen at once."""
    monkeypatch.setattr(api.webhooks, "FIRST_WAIT", 20)
    monkeypatch.setattr(api.webhooks, "LOOK_EVERY", 0.05)


@pytest.fixture
async def telling(settings: Settings, brisk_webhooks: None) -> AsyncIterator[Client]:
    """A client of a service that has a site, and that may tell webhooks on this machine."""
    async with serve(replace(settings, webhook_private=True)) as client:
        await client.save(ArticleDraft("en", "first", "First"), publish=False)
        yield client
