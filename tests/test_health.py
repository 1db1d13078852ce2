"""Whoever watches the server learns whether it lives and is ready, and nothing else unless it operates it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import api.health
from api.settings import Settings, WrongSetting
from models.access import Role
from models.database import Database, open_database
from models.dialect import Sql
from models.draft import ArticleDraft
from models.errors import DatabaseLost
from models.migrating import migrate
from tests.client import Client, serve
from tests.databases import DIALECT, read_test_settings
from tests.tcp_proxy import proxying

TOKEN = "operator-token-for-tests-only"


def show(token: str) -> dict[str, str]:
    """Return the headers that show a token."""
    return {"authorization": f"Bearer {token}"}


async def ready(client: Client) -> tuple[int, Any]:
    """Return the status of `/readyz` and its checks; a moment later than any answer before."""
    await asyncio.sleep(api.health.KEPT_SECONDS)
    response = await client.http.get("/readyz")
    body = response.json()
    assert (response.status_code == 200) == (body["status"] == "ready")
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, body["checks"]


async def test_a_server_that_is_ready(client: Client) -> None:
    """A server that is ready says so check by check, with its head and the lag of its followers."""
    status, checks = await ready(client)
    assert status == 200
    assert checks == {
        "server": {"ok": True},
        "database": {"ok": True},
        "migrations": {"ok": True},
        "head": {"ok": True},
        "followers": {"ok": True, "held": 0, "lag": 0},
    }


async def test_a_database_that_is_lost(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its database a server lives and is not ready, says why and no more, and is ready when it is back."""

    async def lose(*_: object) -> None:
        raise DatabaseLost from OSError("connect to 10.1.2.3 as quiet")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "read", lose)
        status, checks = await ready(client)
        assert (status, checks["server"], checks["followers"]["ok"]) == (503, {"ok": True}, True)
        assert checks["database"] == {"ok": False, "reason": "The database cannot be reached."}
        assert not checks["migrations"]["ok"]
        assert not checks["head"]["ok"]
        assert "10.1.2.3" not in str(checks)
        assert (await client.http.get("/livez")).json() == {"status": "alive"}
    assert (await ready(client))[0] == 200


async def test_a_database_that_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that takes too long counts as gone, and however many ask, it is asked once."""
    asked = 0

    async def hang(*_: object) -> None:
        nonlocal asked
        asked += 1
        await asyncio.Event().wait()

    monkeypatch.setattr(api.health, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(Database, "read", hang)
    await asyncio.sleep(api.health.KEPT_SECONDS)
    responses = await asyncio.gather(*(client.http.get("/readyz") for _ in range(20)))
    assert {response.status_code for response in responses} == {503}
    assert "did not answer within 0.05 s" in responses[0].json()["checks"]["database"]["reason"]
    assert asked == 1


@pytest.mark.skipif(DIALECT != "postgres", reason="SQLite has no connections to lose")
async def test_connections_that_are_cut(settings: Settings) -> None:
    """When the way to PostgreSQL is cut the server is not ready, and it is again when the way is there again."""
    async with proxying() as proxy:
        parts = urlsplit(settings.database)
        port = proxy.target = parts.port or 5432
        user = parts.netloc.rpartition("@")[0]
        address = parts._replace(netloc=f"{user}@127.0.0.1:{proxy.port}").geturl()
        async with serve(replace(settings, database=address)) as client:
            assert (await ready(client))[0] == 200
            proxy.target = 1
            proxy.cut()
            assert (await ready(client))[0] == 503
            assert (await client.http.get("/livez")).status_code == 200
            proxy.target = port
            async with asyncio.timeout(10):
                while (await ready(client))[0] != 200:
                    pass


async def test_a_process_that_is_behind(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has not seen the newest revision, and does not soon, is not ready."""
    await client.save(ArticleDraft("en", "a", "A"))
    monkeypatch.setattr(api.health, "CHECK_SECONDS", 0.2)
    monkeypatch.setattr(client.database.head, "look", lambda: None)
    monkeypatch.setattr(client.database.head, "advance", lambda *_: None)
    monkeypatch.setattr(client.database.head, "revision", 0)
    status, checks = await ready(client)
    assert (status, checks["database"]["ok"]) == (503, True)
    assert checks["head"] == {"ok": False, "reason": "This process is 1 revision(s) behind its database."}


async def test_migrations(bare_settings: Settings) -> None:
    """A server whose database lacks a migration is not ready; one that was migrated further goes on, and tells it."""
    async with open_database(bare_settings.database) as database:
        await migrate(database)
    async with serve(bare_settings) as client:
        (last,) = await client.database.read(Sql("SELECT id, version FROM aerich ORDER BY id DESC LIMIT 1"))
        await rename(client.database, last["id"], "99_later.py")
        status, checks = await ready(client)
        # The renamed one is missing as well, but a newer database is what is told.
        assert (status, checks["migrations"]["ok"]) == (200, True)
        assert "newer version" in checks["migrations"]["note"]
        async with client.database.transaction() as connection:
            await connection.execute_query(f"DELETE FROM aerich WHERE id = {last['id']}")
        status, checks = await ready(client)
        assert (status, checks["migrations"]["ok"], checks["database"]["ok"]) == (503, False, True)


async def rename(database: Database, row: int, version: str) -> None:
    """Let a migration have had another name."""
    async with database.transaction() as connection:
        await connection.execute_query(f"UPDATE aerich SET version = '{version}' WHERE id = {row}")


async def test_a_server_that_goes(client: Client) -> None:
    """A server that is going away is not ready, at once, and lives on."""
    assert (await client.http.get("/readyz")).status_code == 200
    client.app.state.departure.begin()
    response = await client.http.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["server"] == {"ok": False, "reason": "The server is going away."}
    assert (await client.http.get("/livez")).status_code == 200


async def test_lives_without_touching_the_database(client: Client) -> None:
    """`/livez` runs no statement and reads no credential."""
    response, statements = await client.get("/livez", authorization="Bearer nonsense")
    assert (response.status_code, response.json(), statements) == (200, {"status": "alive"}, [])


@pytest.mark.parametrize("path", ["/version", "/metrics"])
async def test_who_operates(settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Version and metrics are for the operator token and for administrators without limits, and nobody else."""
    async with serve(replace(settings, operator_token=TOKEN)) as client:
        administrator = await client.sign_in(Role.ADMINISTRATOR)
        limited = await client.sign_in(Role.ADMINISTRATOR, locales=["en"])
        editor = await client.sign_in(Role.EDITOR)
        asked = [{}, show(TOKEN[:-1]), show("x"), show(TOKEN + "a"), editor.headers, limited.headers]
        statuses = [(await client.http.get(path, headers=headers)).status_code for headers in asked]
        assert statuses == [401, 401, 401, 401, 403, 403]
        for headers in (administrator.headers, show(TOKEN)):
            assert (await client.http.get(path, headers=headers)).status_code == 200

        async def lose(*_: object) -> None:
            raise DatabaseLost

        monkeypatch.setattr(Database, "read", lose)
        assert (await client.http.get(path, headers=show(TOKEN))).status_code == 200


async def test_who_reads_metrics(settings: Settings) -> None:
    """Everybody reads metrics where the setting says so, and nobody where they are off."""
    async with serve(replace(settings, metrics="everybody")) as client:
        assert (await client.http.get("/metrics")).status_code == 200
    async with serve(replace(settings, metrics="off", operator_token=TOKEN)) as client:
        assert (await client.http.get("/metrics", headers=show(TOKEN))).status_code == 404


async def test_no_version_anywhere(client: Client) -> None:
    """Nothing that anybody gets tells the version of this program or of a package."""
    for path in ("/livez", "/readyz", "/version", "/metrics", "/none", "/graphql", "/robots.txt"):
        for method in ("GET", "POST", "OPTIONS"):
            response = await client.http.request(method, path)
            told = response.text + str(response.headers)
            assert api.health.find_version() not in told
            assert not {"server", "x-powered-by", "via"} & set(response.headers)


async def test_methods(client: Client) -> None:
    """What is for looking is served to GET and HEAD."""
    for path in api.health.PATHS:
        response = await client.http.post(path)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
    assert (await client.http.head("/readyz")).status_code == 200


def test_an_operator_token_cannot_be_guessed(tmp_path: Path) -> None:
    """An operator token that is short, or could not be sent, stops the start."""
    for token in ("short", "with a space that no header takes", "ü" * 30):
        with pytest.raises(WrongSetting, match="24 to 256 letters"):
            read_test_settings(f"sqlite://{tmp_path}/a.sqlite3", QUIET_OPERATOR_TOKEN=token)
