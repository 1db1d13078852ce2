"""The verb that makes a backup, while others read and write.

It is written under another name, read back and compared, and only then gets its own: there is never half a backup.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from models import moment
from models.backup.archive import ArchiveWriter, Tell, check_archive
from models.backup.manifest import Manifest, Part, product_version
from models.backup.tables import PRIVATE, TRANSIENT, Table, list_tables
from models.database import Database
from models.dialect import SQLITE, Sql
from models.errors import BackupRefused
from models.migrating import list_migrations, require_migrated
from models.snapshot import Snapshot, open_snapshot

NUMBERS = {
    "sqlite": "SELECT COALESCE(MAX(seq), 0) AS number FROM sqlite_sequence WHERE name = '{table}'",
    "postgres": "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence('\"{table}\"', '{key}')), 0) AS number",
}
"""How to ask for the last id that a table gave out."""


async def back_up(
    database: Database, path: Path, *, tell: Tell, secrets: bool = True, replaces: bool = False
) -> Manifest:
    """Write all that the database holds now into a new file, and return its manifest.

    Without `secrets` it leaves out tokens, webhooks and what belongs to them. Raises BackupRefused where there is
    a file already that it does not replace, or no folder; DatabaseNotReady; OSError where the disk is full.
    """
    await require_migrated(database)
    check_place(path, replaces=replaces)
    partial = path.with_name(f".{path.name}.{token_hex(4)}.partial")
    try:
        with open_private(partial) as file:
            async with open_snapshot(database.address) as snapshot:
                with ArchiveWriter(file) as archive:
                    await Writing(database, snapshot, archive, tell).write(secrets=secrets)
        manifest = await asyncio.to_thread(check_archive, partial, tell)
        check_place(path, replaces=replaces)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(path.parent)
    return manifest


def check_place(path: Path, *, replaces: bool) -> None:
    """Raise BackupRefused where the file cannot be written, or would take the place of another one."""
    if not path.parent.is_dir():
        raise BackupRefused(f"There is no folder {path.parent} to write the backup to; make it first.")
    if path.exists() and not replaces:
        raise BackupRefused(f"There is a file {path} already. Name another one, or say --replace.")


def open_private(path: Path) -> BinaryIO:
    """Make a file that nobody else may read."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of files to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Writing:
    """A backup on its way into its file."""

    def __init__(self, database: Database, snapshot: Snapshot, archive: ArchiveWriter, tell: Tell) -> None:
        self._database = database
        self._snapshot = snapshot
        self._archive = archive
        self._tell = tell
        self._done = 0
        self._total = 0

    async def write(self, *, secrets: bool) -> None:
        """Write every table, then the manifest."""
        tables = [table for table in list_tables() if secrets or table.name not in PRIVATE]
        counts = {table.name: await self._count(table) for table in tables}
        self._total = sum(counts.values())
        parts = [await self._write_table(table) for table in tables]
        for part in parts:
            if part.rows != counts[part.table]:
                raise BackupRefused(
                    f"{counts[part.table]} rows of {part.table} were to come, not {part.rows}."
                )
        await asyncio.to_thread(self._archive.finish, await self._describe(tables, parts, secrets=secrets))

    async def _count(self, table: Table) -> int:
        rows = await self._snapshot.read(Sql(f'SELECT COUNT(*) AS total FROM "{table.name}"'))
        return int(rows[0]["total"])

    async def _write_table(self, table: Table) -> Part:
        with self._archive.part(table) as part:
            async for rows in self._read(table):
                await asyncio.to_thread(part.add, rows)
                self._done += len(rows)
                self._tell("Writing", self._done, self._total)
            return part.finish()

    async def _read(self, table: Table) -> AsyncIterator[Sequence[dict[str, Any]]]:
        transient = TRANSIENT.get(table.name, {})
        async for rows in self._snapshot.stream(table.select()):
            yield [{**dict(zip(table.columns, row, strict=True)), **transient} for row in rows]

    async def _describe(self, tables: Sequence[Table], parts: Sequence[Part], *, secrets: bool) -> Manifest:
        head = (await self._snapshot.read(Sql("SELECT revision, oldest FROM head WHERE id = 1")))[0]
        return Manifest(
            product=product_version(),
            migration=list_migrations()[-1].name,
            revision=head["revision"],
            oldest=head["oldest"],
            moment=moment.to_text(moment.now()),
            database="SQLite" if self._database.dialect is SQLITE else "PostgreSQL",
            secrets=secrets,
            numbers={table.name: await self._find_number(table) for table in tables if table.counts},
            parts=tuple(parts),
        )

    async def _find_number(self, table: Table) -> int:
        question = NUMBERS[self._database.dialect.name].format(table=table.name, key=table.columns[0])
        return int((await self._snapshot.read(Sql(question)))[0]["number"])
