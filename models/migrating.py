"""Bringing a database's tables to this program's version, with aerich's migrations and record.

Each migration runs in one transaction together with its record, under a lock, so that it is there or not,
and two processes that start at once do not run it twice.
"""

from __future__ import annotations

import logging
import pkgutil
from pathlib import Path

import asyncpg
from aerich.migrate import Migrate
from aerich.models import Aerich
from aerich.utils import decompress_dict, import_py_module
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import BaseORMException

import migrations
from models.database import Database
from models.dialect import POSTGRES, Sql
from models.errors import DatabaseNotReady
from models.reindexing import needs_reindexing, reindex

APP = "models"
logger = logging.getLogger("quiet.migrations")

LOCK = 5_071_220_441
"""The number of the advisory lock that PostgreSQL processes take while they migrate."""


def list_migrations() -> list[pkgutil.ModuleInfo]:
    """Return this program's migrations in their order."""
    Migrate.app = APP
    Migrate.migrate_location = Path(migrations.__file__ or "").parent
    return Migrate.get_all_version_modules()


async def applied_migrations(database: Database) -> list[str]:
    """Return the names of the migrations that the database has had."""
    if database.dialect is POSTGRES:
        # Not to_regclass: it may know from before a lock was waited for that there is no such table.
        table = Sql(
            "SELECT max(tablename) AS name FROM pg_tables "
            "WHERE tablename = 'aerich' AND schemaname = ANY(current_schemas(false))"
        )
    else:
        table = Sql("SELECT name FROM sqlite_master WHERE name = 'aerich' UNION ALL SELECT NULL")
    rows = await database.read(table)
    if rows[0]["name"] is None:
        return []
    return [row["version"] for row in await database.read(Sql("SELECT version FROM aerich ORDER BY id"))]


async def pending_migrations(database: Database) -> list[str]:
    """Return the names of the migrations that the database still needs.

    Raises DatabaseNotReady where it has had one that this program does not know: it is of a newer version.
    """
    known = [module.name for module in list_migrations()]
    applied = [name.removesuffix(".py") for name in await applied_migrations(database)]
    unknown = [name for name in applied if name not in known]
    if unknown:
        raise DatabaseNotReady(
            f"The database was migrated by a newer version of Quiet Engine ({unknown[-1]}). Upgrade this program."
        )
    return [name for name in known if name not in applied]


async def migrate(database: Database, last: str | None = None) -> list[str]:
    """Run the migrations that the database still needs, up to `last` or to the end, and return their names.

    Raises DatabaseNotReady where the database is of a newer version, or where a migration fails; what ran
    before it stays.
    """
    done: list[str] = []
    modules = list_migrations()
    names = [module.name for module in modules]
    for module in modules[: None if last is None else names.index(last) + 1]:
        if module.name not in await pending_migrations(database):
            continue
        try:
            async with database.transaction() as connection:
                if await run_migration(database, connection, module):
                    done.append(module.name)
        except (BaseORMException, asyncpg.PostgresError) as error:
            raise DatabaseNotReady(
                f"The migration {module.name} failed, and nothing of it was kept: {error}. Mend what this names "
                "and run `quiet migrate` again. Until then the version that you had before can go on."
            ) from error
    database.head.look()
    if await needs_reindexing(database):
        async for made, total in reindex(database):
            logger.info("Indexed %d of %d editions for searches.", made, total)
    return done


async def run_migration(
    database: Database, connection: BaseDBAsyncClient, module: pkgutil.ModuleInfo
) -> bool:
    """Run one migration and record it; tells False where another process was faster."""
    if database.dialect is POSTGRES:
        await connection.execute_query(f"SELECT pg_advisory_xact_lock({LOCK})")
    if module.name not in await pending_migrations(database):
        return False
    program = import_py_module(module)
    await connection.execute_script(await program.upgrade(connection))
    await Aerich.create(
        version=f"{module.name}.py",
        app=APP,
        content=decompress_dict(program.MODELS_STATE),
        using_db=connection,
    )
    return True


async def require_migrated(database: Database) -> None:
    """Raise DatabaseNotReady unless the database has had exactly this program's migrations."""
    pending = await pending_migrations(database)
    if pending:
        raise DatabaseNotReady(
            f"The database needs {len(pending)} migration(s): {', '.join(pending)}. Run `quiet migrate`."
        )
