"""Restored databases: the same answers as before, from either database, and nothing at all where anything is wrong."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

import migrations
from api.cli import main
from api.settings import Settings
from models.access import system_actor
from models.backup.archive import open_archive
from models.backup.restoring import DISABLED, restore
from models.backup.tables import list_tables
from models.backup.writing import back_up
from models.database import Database, open_database
from models.dialect import POSTGRES, Sql
from models.errors import ArchiveUnusable, BackupRefused
from models.migrating import list_migrations, migrate, require_migrated
from models.reindexing import needs_reindexing
from models.webhook import Wanted, create_webhook
from tests.backups import (
    bring_back,
    change_manifest,
    flip,
    hush,
    make_folder,
    read_parts,
    restored,
    save,
    size_of,
    tamper,
    without_origin,
)
from tests.client import Client, serve
from tests.content import set_clock
from tests.databases import DIALECT, empty_database, migrated_database, read_test_settings
from tests.editor import Editor, sign_in_editor
from tests.test_golden_queries import QUERIES, ask, pretty, read_golden


@pytest.fixture
async def path(content_settings: Settings, tmp_path: Path) -> Path:
    """A backup of the content."""
    path = tmp_path / "backup.zip"
    await save(content_settings.database, path)
    return path


async def check_golden_queries(settings: Settings) -> None:
    """Fail unless a database has the answers of the golden queries."""
    async with serve(settings) as client:
        for name in QUERIES:
            golden = read_golden(name)
            reply = await ask(client, golden)
            assert pretty(reply.data) == golden.path("json").read_bytes(), name


async def test_the_same_answers(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restored database answers all golden queries, byte for byte, and is as its backup says."""
    set_clock(monkeypatch)
    async with restored(path, tmp_path / "new") as settings:
        again = tmp_path / "again.zip"
        await save(settings.database, again)
        assert read_parts(again) == read_parts(path)
        await check_golden_queries(settings)


@pytest.mark.skipif(DIALECT != "postgres", reason="needs PostgreSQL")
async def test_from_one_database_to_the_other_and_back(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From PostgreSQL to SQLite and back and again, backups are the same byte for byte, and so are the answers."""
    set_clock(monkeypatch)
    sqlite = read_file_settings(tmp_path / "one.sqlite3")
    await bring_back(sqlite.database, path)
    saved = [path, tmp_path / "1.zip", tmp_path / "2.zip", tmp_path / "3.zip"]
    await save(sqlite.database, saved[1])
    await check_golden_queries(sqlite)
    async with restored(saved[1], tmp_path / "postgres") as postgres:
        await save(postgres.database, saved[2])
        await check_golden_queries(postgres)
    other = read_file_settings(tmp_path / "two.sqlite3")
    await bring_back(other.database, saved[2])
    await save(other.database, saved[3])
    manifests = []
    for file in saved:
        with open_archive(file) as archive:
            manifests.append(archive.manifest)
        assert read_parts(file) == read_parts(path)
    assert [manifest.database for manifest in manifests] == ["PostgreSQL", "SQLite", "PostgreSQL", "SQLite"]
    assert len({orjson.dumps(without_origin(manifest)) for manifest in manifests}) == 1


def read_file_settings(file: Path) -> Settings:
    """Return the settings of an SQLite database, whichever database is tested."""
    return read_test_settings(f"sqlite://{file}")


async def test_life_goes_on(editor: Editor, tmp_path: Path) -> None:
    """After a restore one can sign in, edit what was there, and ids go on where they were."""
    client = editor.client
    article = await editor.create("Tides", sections=[{"heading": "A", "body": "b"}], publish=True)
    await editor.do("deleteArticles", ids=[(await editor.create("Gone"))["id"]])
    path = tmp_path / "b.zip"
    manifest = await back_up(client.database, path, tell=hush)
    token = client.headers["authorization"].removeprefix("Bearer ")
    expected = await follow(editor, article)
    async with restored(path, tmp_path / "new") as settings, serve(settings) as other:
        assert other.database.head.revision == manifest.revision
        mine = Editor(other.showing(token))
        assert await follow(mine, article) == expected
        assert await sign_in_editor(other)


async def follow(editor: Editor, article: Any) -> list[Any]:
    """Edit, publish and restore, and return what came back, and the ids that the rows got."""
    changed = await editor.update(
        article, title="Ebb", sections=[{"heading": "New", "body": "c"}], publish=True
    )
    await editor.do("deleteArticles", ids=[changed["id"]])
    back = await editor.do("restoreArticles", ids=[changed["id"]])
    rows = await editor.client.database.read(
        Sql(
            "SELECT 'section' AS kind, MAX(id) AS id FROM section UNION ALL SELECT 'change', MAX(id) FROM change"
        )
    )
    return [drop_ids(changed), back["articles"][0]["title"], sorted((row["kind"], row["id"]) for row in rows)]


def drop_ids(article: Any) -> Any:
    """Return an article without the ids of its parts, which are random where they are new."""
    return {**article, "sections": [section["heading"] for section in article["sections"]]}


async def test_numbers_go_on_behind_what_is_gone(settings: Settings, tmp_path: Path) -> None:
    """Ids that were given out are not given out again, even where their rows are gone."""
    insert = Sql("INSERT INTO import_run (source, actor, started_at, counts) VALUES ('s', 'a', 1, '{}')")
    async with open_database(settings.database) as database, database.transaction() as connection:
        for _ in range(5):
            await connection.execute_query(insert.text)
        await connection.execute_query("DELETE FROM import_run WHERE id > 2")
    path = tmp_path / "b.zip"
    manifest = await save(settings.database, path)
    assert manifest.numbers["import_run"] == 5
    async with restored(path, tmp_path / "new") as copy, open_database(copy.database) as database:
        async with database.transaction() as connection:
            await connection.execute_query(insert.text)
        rows = await database.read(Sql("SELECT MAX(id) AS id FROM import_run"))
        assert rows[0]["id"] == 6


async def test_leases_are_not_kept(settings: Settings, tmp_path: Path) -> None:
    """A follower is held by nobody after a restore, and stands where it stood."""
    async with open_database(settings.database) as database, database.transaction() as connection:
        values = "'webhook 1', '[3,4,5,\"a\",\"en\"]', 'somebody', 99999999999999"
        await connection.execute_query(
            f"INSERT INTO follower (name, point, holder, held_until) VALUES ({values})"
        )
    path = tmp_path / "b.zip"
    await save(settings.database, path)
    async with restored(path, tmp_path / "new") as copy, open_database(copy.database) as database:
        rows = await database.read(Sql("SELECT name, point, holder, held_until FROM follower"))
        assert [tuple(row) for row in rows] == [("webhook 1", '[3,4,5,"a","en"]', None, 0)]


@pytest.mark.parametrize("webhooks", [True, False])
async def test_webhooks(settings: Settings, tmp_path: Path, *, webhooks: bool) -> None:
    """Webhooks are as they were, with their secrets, or all disabled if a copy is to tell nobody anything."""
    async with open_database(settings.database) as database:
        owner = system_actor("owner")
        hook, _ = await create_webhook(database, owner, "http://127.0.0.1/hook", Wanted(), private=True)
    path = tmp_path / "b.zip"
    await save(settings.database, path)
    async with empty_database(make_folder(tmp_path / "new")) as address:
        await bring_back(address, path, webhooks=webhooks)
        async with open_database(address) as database:
            (row,) = await database.read(Sql("SELECT id, secrets, disabled_reason FROM webhook"))
    assert (row["id"], hook.secrets[0][0] in row["secrets"]) == (hook.id, True)
    assert row["disabled_reason"] == (None if webhooks else DISABLED)


async def test_idempotency_keys_hold(editor: Editor, tmp_path: Path) -> None:
    """What was asked before the backup is answered with what it did, and not done again."""
    values = {"locale": "en", "title": "Once"}
    first = await editor.send("createArticle", idempotency="k", **values)
    path = tmp_path / "b.zip"
    await back_up(editor.client.database, path, tell=hush)
    token = editor.client.headers["authorization"].removeprefix("Bearer ")
    async with restored(path, tmp_path / "new") as settings, serve(settings) as other:
        again = await Editor(other.showing(token)).send("createArticle", idempotency="k", **values)
        assert (again["article"]["id"], again["revision"]) == (first["article"]["id"], first["revision"])


async def test_only_into_an_empty_database(path: Path, writable: Client) -> None:
    """A database with content is refused and stays as it is."""
    before = await dump(writable.database)
    with pytest.raises(BackupRefused, match="at revision 7"):
        await restore_here(writable, path)
    assert await dump(writable.database) == before


async def restore_here(client: Client, path: Path) -> None:
    """Restore into the database that a client's service has open."""
    await restore(client.database, path, tell=hush)


async def dump(database: Database) -> list[Any]:
    """Return all rows of a database."""
    rows = []
    for table in list_tables():
        rows += [tuple(row) for row in await database.read(table.select())]
    return rows


async def test_a_database_with_a_site_is_not_empty(path: Path, client: Client) -> None:
    """A database with a site alone is refused too."""
    await sign_in_editor(client)
    with pytest.raises(BackupRefused, match="revision 1"):
        await restore_here(client, path)


async def test_a_token_alone(bare_settings: Settings, path: Path) -> None:
    """A database whose only row is a token is refused by the table's name."""
    async with open_database(bare_settings.database) as database:
        await migrate(database)
    environment = {"QUIET_DATABASE": bare_settings.database}
    command = ["token", "create", "x", "--role", "reader"]
    assert (await asyncio.to_thread(CliRunner().invoke, main, command, env=environment)).exit_code == 0
    result = await asyncio.to_thread(CliRunner().invoke, main, ["restore", str(path)], env=environment)
    assert result.exit_code == 1
    assert "table token has rows" in result.stderr


async def test_a_damaged_backup_changes_nothing(bare_settings: Settings, path: Path) -> None:
    """A backup with a bit that changed is refused before anything is written, tables included."""
    flip(path, size_of(path) // 2)
    with pytest.raises(ArchiveUnusable):
        await bring_back(bare_settings.database, path)
    async with open_database(bare_settings.database) as database:
        name = (
            "tablename FROM pg_tables WHERE schemaname = 'public'"
            if database.dialect is POSTGRES
            else ("name FROM sqlite_master")
        )
        assert list(await database.read(Sql(f"SELECT {name}"))) == []


async def test_rows_that_contradict_each_other(settings: Settings, path: Path) -> None:
    """A backup whose rows do not fit together leaves nothing behind: all is one transaction."""
    with open_archive(path) as archive:
        parts = [orjson.loads(orjson.dumps(part)) for part in archive.manifest.parts]
    # The articles come after their sites; without sites the first of them is refused.
    empty = {"rows": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
    tamper(path, site=b"")
    change_manifest(path, parts=[{**part, **empty} if part["table"] == "site" else part for part in parts])
    environment = {"QUIET_DATABASE": settings.database}
    result = await asyncio.to_thread(CliRunner().invoke, main, ["restore", str(path)], env=environment)
    assert result.exit_code == 1
    assert "cannot be used" in result.stderr
    await check_empty(settings.database)


async def check_empty(address: str) -> None:
    """Fail unless a database is migrated and has no rows."""
    async with open_database(address) as database:
        await require_migrated(database)
        assert database.head.revision == 0
        assert await dump(database) == [(1, 0, 0, 0)]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"table": "nothing"}, "no table"),
        ({"table": "aerich"}, "no table"),
        ({"table": 'site" WHERE 1=1; --'}, "no table"),
        ({"table": "tag"}, "other columns"),
    ],
)
async def test_parts_of_other_tables(
    settings: Settings, path: Path, changed: dict[str, str], sentence: str
) -> None:
    """A manifest that names other tables than those of content is refused, and nothing is written."""
    with open_archive(path) as archive:
        parts = [orjson.loads(orjson.dumps(part)) for part in archive.manifest.parts]
    change_manifest(
        path, parts=[{**part, **changed} if part["table"] == "article" else part for part in parts]
    )
    with pytest.raises(ArchiveUnusable, match=sentence):
        await bring_back(settings.database, path)
    await check_empty(settings.database)


async def test_parts_that_are_missing(settings: Settings, path: Path) -> None:
    """A manifest without one of the tables is refused, and nothing is written."""
    with open_archive(path) as archive:
        parts = [orjson.loads(orjson.dumps(part)) for part in archive.manifest.parts]
    change_manifest(path, parts=[part for part in parts if part["table"] != "tag"])
    with pytest.raises(ArchiveUnusable, match="each table once"):
        await bring_back(settings.database, path)
    await check_empty(settings.database)


async def test_a_newer_migration(bare_settings: Settings, path: Path) -> None:
    """A backup after a migration that this version does not know says that the program must be upgraded."""
    change_manifest(path, migration="99_29990101000000_later")
    with pytest.raises(ArchiveUnusable, match=r"99_29990101000000_later.*Upgrade"):
        await bring_back(bare_settings.database, path)


LATER = """
MODELS_STATE = {state!r}


async def upgrade(db):
    return 'ALTER TABLE "import_run" ADD "colour" VARCHAR(9) NOT NULL DEFAULT \\'blue\\''
"""


async def test_an_older_backup(
    path: Path, tmp_path: Path, bare_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup from before a migration is restored as it was and then migrated; tables that had it are refused."""
    async with open_database(bare_settings.database) as database:
        await migrate(database)
    folder = tmp_path / "migrations"
    shutil.copytree(Path(str(migrations.__file__)).parent, folder)
    newest = __import__(f"migrations.{list_migrations()[-1].name}", fromlist=["MODELS_STATE"])
    (folder / "99_29990101000000_later.py").write_text(LATER.format(state=newest.MODELS_STATE))
    monkeypatch.setattr(migrations, "__file__", str(folder / "__init__.py"))
    async with open_database(bare_settings.database) as database:
        assert await migrate(database) == ["99_29990101000000_later"]
    with pytest.raises(BackupRefused, match="older than the database's tables"):
        await bring_back(bare_settings.database, path)
    async with restored(path, tmp_path / "new") as copy, open_database(copy.database) as database:
        await require_migrated(database)
        assert database.head.revision == 7
        assert not await needs_reindexing(database)
        assert list(await database.read(Sql("SELECT colour FROM import_run"))) == []


async def test_without_secrets(editor: Editor, tmp_path: Path) -> None:
    """A backup without secrets is restored to the same content, with nobody's tokens."""
    await editor.create("Tides", publish=True)
    path = tmp_path / "b.zip"
    await back_up(editor.client.database, path, tell=hush, secrets=False)
    token = editor.client.headers["authorization"].removeprefix("Bearer ")
    async with restored(path, tmp_path / "new") as settings, serve(settings) as other:
        assert (await other.ask("{ articles { nodes { title } } }")).data["articles"]["nodes"] == [
            {"title": "Tides"}
        ]
        assert (await other.showing(token).ask("{ head }")).codes == ["UNAUTHENTICATED"]


async def test_a_running_server_learns_of_it(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server over the empty database that was not stopped shows what was restored."""
    set_clock(monkeypatch)
    async with (
        migrated_database(make_folder(tmp_path / "served")) as address,
        serve(read_test_settings(address)) as client,
    ):
        assert (await client.ask("{ articles { totalCount } }")).data["articles"]["totalCount"] == 0
        await restore_here(client, path)
        await client.database.head.reach(7, 30)
        golden = read_golden("articles")
        assert pretty((await ask(client, golden)).data) == golden.path("json").read_bytes()
