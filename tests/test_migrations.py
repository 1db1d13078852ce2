"""Migrations: from empty, twice, in the middle, and no drift from the models."""

from __future__ import annotations

import pytest
from tortoise import Tortoise

from api.settings import Settings, WrongSetting, read_settings
from models.database import Database, open_database
from models.dialect import POSTGRES, Sql
from models.errors import DatabaseNotReady
from models.migrating import list_migrations, migrate, pending_migrations, require_migrated

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


async def test_upgrade_from_empty(settings: Settings) -> None:
    """An empty database gets all migrations once; a second run does nothing."""
    async with open_database(settings.database) as database:
        with pytest.raises(DatabaseNotReady, match="quiet migrate"):
            await require_migrated(database)
        assert len(await migrate(database)) == len(list_migrations()) > 0
        assert await migrate(database) == []
        assert await pending_migrations(database) == []
        await require_migrated(database)


async def test_models_and_migrations_agree(settings: Settings) -> None:
    """Migrated tables have the columns and indexes that the models describe."""
    async with open_database(settings.database) as database:
        await migrate(database)
        migrated = await describe(database)
        tables = "site article edition tag redirect section question link publication head revision change"
        names = [*reversed(tables.split()), "import_run", "aerich"]
        cascade = " CASCADE" if database.dialect is POSTGRES else ""
        async with database.transaction() as connection:
            for name in names:
                await connection.execute_query(f'DROP TABLE "{name}"{cascade}')
        await Tortoise.generate_schemas(safe=False)
        assert await describe(database) == migrated


async def test_newer_database_is_refused(settings: Settings) -> None:
    """A database that a newer version has migrated is left alone, with a sentence."""
    async with open_database(settings.database) as database:
        await migrate(database)
        async with database.transaction() as connection:
            await connection.execute_query("UPDATE aerich SET version = '99_29990101000000_later.py'")
        with pytest.raises(DatabaseNotReady, match="newer version"):
            await migrate(database)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"QUIET_DATABSE": "x"}, "Did you mean QUIET_DATABASE"),
        ({"QUIET_PORT": "eight"}, "a port is a number"),
        ({"QUIET_LIBRARY_BYTES": "much"}, "number of bytes"),
        ({"QUIET_DATABASE": "mysql://x"}, "begins with sqlite:// or postgres://"),
        ({"QUIET_GRAPHIQL": "yes"}, "on or off"),
    ],
)
def test_wrong_settings_stop_the_start(environment: dict[str, str], sentence: str) -> None:
    """An unknown name or a value that cannot be read is told in a sentence."""
    with pytest.raises(WrongSetting, match=sentence):
        read_settings(environment)
