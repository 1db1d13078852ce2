"""Migrations: from empty, twice, by two at once, broken half-way, and no drift from the models."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner
from tortoise import Tortoise

import migrations
from api.cli import main
from api.settings import Settings, WrongSetting, read_settings
from models.database import Address, Database, open_database
from models.dialect import POSTGRES, Sql
from models.errors import DatabaseNotReady
from models.migrating import LOCK, list_migrations, migrate, pending_migrations, require_migrated

COLUMNS = {
    "sqlite": "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" AS item FROM sqlite_master m "
    "JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' "
    "UNION ALL SELECT sql AS item FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1",
    "postgres": "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || "
    "coalesce(collation_name, '') AS item FROM information_schema.columns WHERE table_schema = 'public' "
    "UNION ALL SELECT indexdef AS item FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
}


async def describe(database: Database) -> list[str]:
    """Return every column and index of a database in words."""
    return [row["item"] for row in await database.read(Sql(COLUMNS[database.dialect.name]))]


async def test_upgrade_from_empty(bare_settings: Settings) -> None:
    """An empty database gets all migrations once; a second run does nothing."""
    async with open_database(bare_settings.database) as database:
        with pytest.raises(DatabaseNotReady, match="quiet migrate"):
            await require_migrated(database)
        assert len(await migrate(database)) == len(list_migrations()) > 0
        assert await migrate(database) == []
        assert await pending_migrations(database) == []
        await require_migrated(database)


async def test_models_and_migrations_agree(bare_settings: Settings) -> None:
    """Migrated tables have the columns and indexes that the models describe."""
    async with open_database(bare_settings.database) as database:
        await migrate(database)
        migrated = await describe(database)
        tables = "site article edition confirmation tag redirect section question link publication head revision change"
        names = [
            *reversed(tables.split()),
            "import_run",
            "idempotency_key",
            "token",
            "secret",
            "follower",
            "delivery",
            "webhook",
            "aerich",
        ]
        cascade = " CASCADE" if database.dialect is POSTGRES else ""
        async with database.transaction() as connection:
            for name in names:
                await connection.execute_query(f'DROP TABLE "{name}"{cascade}')
        await Tortoise.generate_schemas(safe=False)
        assert await describe(database) == migrated


async def run_migrate(address: str) -> str:
    """Run `quiet migrate` as a process of its own, which must succeed, and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "quiet_engine", "migrate"),
        env={"QUIET_DATABASE": address, "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return printed.decode()


async def test_two_migrate_at_once(bare_settings: Settings) -> None:
    """Two processes that migrate one empty database run each migration once; both end well, the tables are right."""
    at_once = start_together if bare_settings.database.startswith("postgres") else start_both
    both = await at_once(bare_settings.database)
    names = [module.name for module in list_migrations()]
    ran = [line for text in both for line in text.splitlines() if line.startswith("Ran ")]
    assert sorted(ran) == [f"Ran {name}." for name in names]
    async with open_database(bare_settings.database) as database:
        await require_migrated(database)
        rows = await database.read(Sql("SELECT version FROM aerich"))
        assert [row["version"] for row in rows] == [f"{name}.py" for name in names]
        assert len(await database.read(Sql("SELECT 1 FROM head"))) == 1


async def start_both(address: str) -> list[str]:
    """Run `quiet migrate` twice at the same time."""
    return list(await asyncio.gather(run_migrate(address), run_migrate(address)))


async def start_together(address: str) -> list[str]:
    """Run `quiet migrate` twice, and let both go on only when both are about to migrate."""
    waiting = f"SELECT count(*) FROM pg_locks WHERE objid = {LOCK & 0xFFFFFFFF} AND NOT granted"
    connection = await asyncpg.connect(**Address(address).server)
    try:
        await connection.execute(f"SELECT pg_advisory_lock({LOCK})")
        both = asyncio.create_task(start_both(address))
        while not both.done() and await connection.fetchval(waiting) < 2:  # noqa: ASYNC110 - others wake nobody
            await asyncio.sleep(0.02)
    finally:
        await connection.close()
    return await both


BROKEN = """
STATEMENTS = [
    'CREATE TABLE "half" ("id" INT NOT NULL PRIMARY KEY)',
    "INSERT INTO half VALUES (1)",
    "UPDATE head SET revision = 77",
    {statement!r},
    'CREATE TABLE "other_half" ("id" INT NOT NULL PRIMARY KEY)',
]
MODELS_STATE = ""


async def upgrade(db):
    return ";".join(STATEMENTS)
"""


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO half VALUES (1)", "INSERT INTO missing VALUES (1)", "INSERT INTO half VALUES (NULL)"],
)
async def test_broken_migration_leaves_nothing(
    bare_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    """A migration that fails half-way is undone as a whole, and the command says so and what to do."""
    async with open_database(bare_settings.database) as database:
        await migrate(database)
        before = await describe(database)
    folder = tmp_path / "migrations"
    shutil.copytree(Path(str(migrations.__file__)).parent, folder)
    (folder / "99_29990101000000_half.py").write_text(BROKEN.format(statement=statement))
    monkeypatch.setattr(migrations, "__file__", str(folder / "__init__.py"))
    for _ in range(2):
        environment = {"QUIET_DATABASE": bare_settings.database}
        result = await asyncio.to_thread(CliRunner().invoke, main, ["migrate"], env=environment)
        assert result.exit_code == 1
        assert "The migration 99_29990101000000_half failed, and nothing of it was kept" in result.stderr
        assert "run `quiet migrate` again" in result.stderr
    monkeypatch.undo()
    async with open_database(bare_settings.database) as database:
        assert await describe(database) == before
        await require_migrated(database)
        assert (await database.read(Sql("SELECT revision FROM head")))[0]["revision"] == 0


async def test_newer_database_is_refused(bare_settings: Settings) -> None:
    """A database that a newer version has migrated is left alone, with a sentence."""
    async with open_database(bare_settings.database) as database:
        await migrate(database)
        async with database.transaction() as connection:
            await connection.execute_query("UPDATE aerich SET version = '99_29990101000000_later.py'")
        with pytest.raises(DatabaseNotReady, match="newer version"):
            await migrate(database)


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A database in a folder that does not exist is a slip, not a new database."""
    folder = tmp_path / "nowhere"
    with pytest.raises(DatabaseNotReady, match="There is no folder"):
        async with open_database(f"sqlite://{folder}/quiet.sqlite3"):
            pass
    assert not folder.exists()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"QUIET_DATABSE": "x"}, "Did you mean QUIET_DATABASE"),
        ({"QUIET_FOO": "x"}, "The settings are QUIET_"),
        ({"QUIET_PORT": "eight"}, "a port is a number"),
        ({"QUIET_BODY_BYTES": "0"}, "at least 1024 bytes"),
        ({"QUIET_LIBRARY_BYTES": "much"}, "number of bytes"),
        ({"QUIET_DATABASE": "mysql://x"}, "begins with sqlite:// or postgres://"),
        ({"QUIET_GRAPHIQL": "yes"}, "on or off"),
    ],
)
def test_wrong_settings_stop_the_start(environment: dict[str, str], sentence: str) -> None:
    """An unknown name or a value that cannot be read is told in a sentence."""
    with pytest.raises(WrongSetting, match=sentence):
        read_settings(environment)
