"""A disk that is full or read-only, and a database that goes away: clear codes, reading goes on, all is well after."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import aiosqlite
import asyncpg
import pytest
from tortoise.exceptions import OperationalError

from api.settings import Settings
from models.database import Address, open_database
from models.dialect import Sql
from models.errors import DatabaseBusy, DatabaseFull, DatabaseLost, DatabaseNotReady, DatabaseReadOnly
from models.trouble import find_trouble
from tests.client import Client, serve
from tests.databases import DIALECT
from tests.editor import Editor, sign_in_editor
from tests.serving import free_port
from tests.tcp_proxy import Proxy, proxying

CREATE = (
    "mutation($input: CreateArticleInput!) { createArticle(input: $input) { revision errors { message } } }"
)
COUNT = "query @view(perspective: DRAFT) { articles { totalCount } }"
ON_SQLITE = pytest.mark.skipif(DIALECT != "sqlite", reason="a file is needed")
ON_POSTGRES = pytest.mark.skipif(DIALECT != "postgres", reason="a server is needed")


def sqlite_error(name: str) -> sqlite3.OperationalError:
    """Return an error of SQLite with a result code."""
    error = sqlite3.OperationalError(name)
    error.sqlite_errorcode = getattr(sqlite3, name)
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sqlite_error("SQLITE_FULL"), DatabaseFull),
        (OperationalError(sqlite_error("SQLITE_FULL")), DatabaseFull),
        (sqlite_error("SQLITE_READONLY_DBMOVED"), DatabaseReadOnly),
        (sqlite_error("SQLITE_IOERR_WRITE"), DatabaseReadOnly),
        (sqlite_error("SQLITE_IOERR_READ"), DatabaseLost),
        (sqlite_error("SQLITE_CANTOPEN"), DatabaseLost),
        (sqlite_error("SQLITE_BUSY_SNAPSHOT"), DatabaseBusy),
        (asyncpg.DiskFullError(""), DatabaseFull),
        (OperationalError(asyncpg.ReadOnlySQLTransactionError("")), DatabaseReadOnly),
        (asyncpg.TooManyConnectionsError(""), DatabaseLost),
        (asyncpg.SerializationError(""), DatabaseLost),
        (ConnectionResetError(), DatabaseLost),
        (sqlite_error("SQLITE_CONSTRAINT"), type(None)),
        (ValueError(), type(None)),
    ],
)
def test_what_drivers_raise(error: Exception, kind: type) -> None:
    """What drivers raise through nobody's fault has a code; what is a fault of ours stays one."""
    assert type(find_trouble(error)) is kind


async def create(editor: Editor, text: str = "") -> tuple[int, list[str]]:
    """Create an article; return status and codes."""
    sections = [{"heading": "Part", "body": text}] if text else []
    given = {"locale": "en", "title": "A", "sections": sections}
    reply = await editor.client.ask(CREATE, input=given)
    return reply.status, reply.codes


async def check(client: Client) -> None:
    """See whether the database is whole, and its history without a gap."""
    rows = await client.database.read(Sql("SELECT number FROM revision ORDER BY number"))
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    with closing(sqlite3.connect(client.database.address.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a file system of four megabytes; skips the test where that is not allowed."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("file systems may not be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def write_protect(folder: Path) -> None:
    """Let nobody write to a mounted file system any more."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


@ON_SQLITE
async def test_full_disk(settings: Settings, tmp_path: Path) -> None:
    """On a full disk writes are refused with a code and reads go on; with room again all is as it was."""
    with small_disk(tmp_path / "disk") as disk:
        path = disk / "quiet.sqlite3"
        shutil.copy(Address(settings.database).path, path)
        async with serve(replace(settings, database=f"sqlite://{path}")) as client:
            editor = await sign_in_editor(client)
            ballast, text, written = disk / "ballast", "word " * 20_000, 0
            ballast.write_bytes(bytes(1_000_000))
            while (answer := await create(editor, text))[0] == 200:
                written += 1
            assert answer == (503, ["DATABASE_FULL"])
            for _ in range(3):
                assert (await create(editor, text))[0] == 503
                assert (await editor.client.ask(COUNT)).data == {"articles": {"totalCount": written}}
            ballast.unlink()
            assert await create(editor) == (200, [])
            assert (await editor.client.ask(COUNT)).data == {"articles": {"totalCount": written + 1}}
            await check(client)


@ON_SQLITE
async def test_read_only(settings: Settings) -> None:
    """Where nothing may be written any more, writes are refused with a code, reads go on, and all is well after."""
    async with serve(settings) as client:
        editor = await sign_in_editor(client)
        await editor.do("createArticle", locale="en", title="A")
        async with read_only(client):
            assert await create(editor) == (503, ["DATABASE_READ_ONLY"])
            assert (await editor.client.ask(COUNT)).data == {"articles": {"totalCount": 1}}
        assert await create(editor) == (200, [])
        await check(client)


@ON_SQLITE
async def test_starting_on_a_read_only_disk(settings: Settings, tmp_path: Path) -> None:
    """On a disk that cannot be written, what a killed process left is served; a closed file has a sentence."""
    source = Address(settings.database).path
    with small_disk(tmp_path / "disk") as disk:
        left, closed = disk / "left.sqlite3", disk / "closed.sqlite3"
        shutil.copy(source, closed)
        async with serve(settings) as client:
            editor = await sign_in_editor(client)
            await editor.do("createArticle", locale="en", title="A")
            for beside in ("", "-wal", "-shm"):
                shutil.copy(f"{source}{beside}", f"{left}{beside}")
        write_protect(disk)
        async with serve(replace(settings, database=f"sqlite://{left}")) as client:
            again = Editor(replace(client, headers=editor.client.headers))
            assert await create(again) == (503, ["DATABASE_READ_ONLY"])
            assert (await again.client.ask(COUNT)).data == {"articles": {"totalCount": 1}}
        with pytest.raises(DatabaseNotReady, match=f"The folder {disk} cannot be written to"):
            async with open_database(f"sqlite://{closed}"):
                pass


@ON_POSTGRES
async def test_starting_where_nothing_may_be_written(settings: Settings) -> None:
    """A service whose transactions are all read-only starts, answers reads, and refuses to write with a code."""
    async with serve(settings) as client:
        editor = await sign_in_editor(client)
        await editor.do("createArticle", locale="en", title="A")
    server = Address(settings.database).server
    connection = await asyncpg.connect(**server)
    setting = f'ALTER DATABASE "{server["database"]}" {{}} default_transaction_read_only'
    await connection.execute(setting.format("SET") + " = on")
    try:
        async with serve(settings) as client:
            again = Editor(replace(client, headers=editor.client.headers))
            assert await create(again) == (503, ["DATABASE_READ_ONLY"])
            assert (await again.client.ask(COUNT)).data == {"articles": {"totalCount": 1}}
    finally:
        await connection.execute(setting.format("RESET"))
        await connection.close()


@asynccontextmanager
async def read_only(client: Client) -> AsyncIterator[None]:
    """Let nothing be written.

    A file system with a file that is open to be written cannot become read-only from outside, only by its own faults.
    """
    writer: aiosqlite.Connection = client.database.connection._connection
    await writer.execute("PRAGMA query_only=ON")
    yield
    await writer.execute("PRAGMA query_only=OFF")


@asynccontextmanager
async def through_proxy(settings: Settings) -> AsyncIterator[tuple[Client, Editor, Proxy]]:
    """A service whose connections to the database go through a proxy."""
    server = Address(settings.database).server
    async with proxying() as proxy:
        proxy.target = server["port"]
        user = server["user"] + (f":{server['password']}" if server["password"] else "")
        address = f"postgres://{user}@127.0.0.1:{proxy.port}/{server['database']}"
        async with serve(replace(settings, database=address, operation_seconds=1)) as client:
            yield client, await sign_in_editor(client), proxy


@ON_POSTGRES
async def test_a_database_that_goes_and_comes_back(settings: Settings) -> None:
    """While nothing listens any more every operation has a code at once; when something does, all connections work."""
    async with through_proxy(settings) as (client, editor, proxy):
        target = proxy.target
        for _ in range(3):
            proxy.target = free_port()
            proxy.cut()
            async with asyncio.timeout(5):
                replies = await asyncio.gather(*(editor.client.ask(COUNT) for _ in range(20)))
            assert {(reply.status, *reply.codes) for reply in replies} == {(503, "DATABASE_UNAVAILABLE")}
            assert await create(editor) == (503, ["DATABASE_UNAVAILABLE"])
            proxy.target = target
            async with asyncio.timeout(5):
                assert await create(editor) == (200, [])
                replies = await asyncio.gather(*(client.ask(f"query Q{n} {{ head }}") for n in range(30)))
            assert not any(reply.codes for reply in replies)


@ON_POSTGRES
async def test_a_network_that_says_nothing(settings: Settings) -> None:
    """Where no word comes from the database any more, operations end at their time limit, and go on in time."""
    async with through_proxy(settings) as (_, editor, proxy):
        proxy.silence()
        replies = await asyncio.gather(*(editor.client.ask(COUNT) for _ in range(12)))
        # Connections that are made by now are new ones, and work.
        answers = {(reply.status, *reply.codes) for reply in replies}
        assert (504, "TIMEOUT") in answers
        assert answers <= {(504, "TIMEOUT"), (503, "DATABASE_UNAVAILABLE"), (200,)}
        proxy.cut()
        async with asyncio.timeout(10):
            while (answer := await create(editor))[0] == 503:
                assert answer[1] == ["DATABASE_UNAVAILABLE"]
        assert answer == (200, [])
