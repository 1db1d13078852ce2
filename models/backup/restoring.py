"""The verb that brings a backup into an empty database, of whichever kind.

The archive is read to its end before anything is written, its rows come in one transaction, and the search index is
made from them. Who is killed on the way leaves an empty database, or a whole one whose index is not complete.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from models import moment
from models.backup.archive import Archive, Tell, check_archive, open_archive
from models.backup.loading import Loading, open_loading
from models.backup.manifest import Manifest, Part
from models.backup.tables import PRIVATE, Table, list_tables
from models.database import Database
from models.errors import ArchiveUnusable, BackupRefused
from models.migrating import applied_migrations, list_migrations, migrate, pending_migrations
from models.reindexing import reindex

DISABLED = "Disabled when a backup was restored."
HEAD = "head"


async def restore(database: Database, path: Path, *, tell: Tell, webhooks: bool = True) -> Manifest:
    """Fill an empty database from a backup, and return its manifest.

    Without `webhooks` all of them are disabled, so that a copy tells nobody anything. Raises ArchiveUnusable, or
    BackupRefused where the database is not empty or had later migrations; nothing is changed then.
    """
    manifest = await asyncio.to_thread(check_archive, path, tell)
    await check_migrations(database, manifest)
    await migrate(database, manifest.migration)
    async with open_loading(database.address) as loading:
        await require_empty(loading)
        with open_archive(path) as archive:
            await load(loading, archive, tell)
        if not webhooks and manifest.secrets:
            await disable_webhooks(loading)
    database.head.look()
    if await pending_migrations(database):
        await migrate(database)
    else:
        async for done, total in reindex(database):
            tell("Indexing", done, total)
    return manifest


async def check_migrations(database: Database, manifest: Manifest) -> None:
    """Raise where the backup is of a newer version, or older than tables that are there already."""
    known = [module.name for module in list_migrations()]
    if manifest.migration not in known:
        raise ArchiveUnusable(
            f"The backup was made by Quiet Engine {manifest.product}, after the migration {manifest.migration}, "
            "which this version does not know. Upgrade this program."
        )
    later = known[known.index(manifest.migration) + 1 :]
    if await applied_migrations(database) and set(later) - set(await pending_migrations(database)):
        raise BackupRefused(
            f"The backup is older than the database's tables, which had later migrations than {manifest.migration}. "
            "Restore into a new database without tables; what is missing is migrated then."
        )


async def require_empty(loading: Loading) -> None:
    """Raise BackupRefused where there is anything that would be mixed with the backup."""
    revision = await loading.head()
    if revision:
        raise BackupRefused(
            f"The database is at revision {revision}. A backup is restored into an empty database only: make a new one."
        )
    for table in list_tables():
        if (
            table.name != HEAD
            and await loading.columns(table.name)
            and not await loading.is_empty(table.name)
        ):
            raise BackupRefused(
                f"The database's table {table.name} has rows. A backup is restored into an empty database only: "
                "make a new one."
            )


async def load(loading: Loading, archive: Archive, tell: Tell) -> None:
    """Write all rows of an archive."""
    manifest, tables = archive.manifest, {table.name: table for table in list_tables()}
    await check_parts(loading, manifest.parts, tables)
    await loading.run(f'DELETE FROM "{HEAD}"')
    done = 0
    for part in manifest.parts:
        for rows in archive.read(part):
            await loading.insert(part.table, part.columns, [tuple(row.values()) for row in rows])
            done += len(rows)
            tell("Restoring", done, manifest.rows)
    for name, last in manifest.numbers.items():
        if name in tables and last:
            await loading.number(name, tables[name].columns[0], last)
    # Whoever finds it like this makes the index; it is derived.
    await loading.run("UPDATE search_index SET analysis = 0")
    if await loading.head() != manifest.revision:
        raise ArchiveUnusable(
            f"The backup's content is not at revision {manifest.revision}, as its manifest says."
        )


async def check_parts(loading: Loading, parts: Sequence[Part], tables: dict[str, Table]) -> None:
    """Raise ArchiveUnusable unless the parts are the tables of this database, with their columns."""
    for part in parts:
        if part.table not in tables or set(part.columns) != await loading.columns(part.table):
            raise ArchiveUnusable(f"{part.file} is of no table of this database, or of other columns.")
    names = [part.table for part in parts]
    wanted = [name for name in tables if name not in PRIVATE and await loading.columns(name)]
    if len(set(names)) != len(names) or not set(wanted) <= set(names):
        raise ArchiveUnusable("The backup has not each table once.")


async def disable_webhooks(loading: Loading) -> None:
    """Disable what is enabled."""
    await loading.run(
        f"UPDATE webhook SET disabled_at = {moment.now()}, disabled_reason = '{DISABLED}' WHERE disabled_at IS NULL"
    )
