"""Backups and restores that are killed: there is never half a file, and never half a database."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from api.settings import Settings
from models.backup.archive import check_archive
from models.database import Database, open_database
from models.migrating import require_migrated
from models.reindexing import needs_reindexing
from tests.backups import hush, list_backups, make_folder, read_parts, save
from tests.databases import migrated_database
from tests.gates import Gate, closed_gate, kill_at
from tests.test_backup_restored import check_empty
from tests.test_verify import find_broken_promises

STOPPING = """
import time
from models.backup import archive, writing

def stop(*_):
    print("here", flush=True)
    time.sleep(3600)

def add(self, rows, add=archive.PartWriter.add):
    add(self, rows)
    if self._table.name == "question":
        stop()

PLACES = {"amid a table": (archive.PartWriter, "add", add), "before the end": (writing, "check_archive", stop)}
setattr(*PLACES[%r])
from api.cli import main
main()
"""
"""`quiet` that stops, and says so, where it is to be killed."""


async def start(address: str, *arguments: str, program: str | None = None) -> asyncio.subprocess.Process:
    """Start `quiet`, or a program like it, as a process of its own."""
    code = ("-m", "quiet_engine") if program is None else ("-c", program)
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *code,
        *arguments,
        env={"QUIET_DATABASE": address, "PATH": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def succeed(address: str, *arguments: str) -> None:
    """Run `quiet`, which must succeed."""
    process = await start(address, *arguments)
    printed, complaints = await process.communicate()
    assert process.returncode == 0, (printed + complaints).decode()


@pytest.mark.parametrize("place", ["amid a table", "before the end"])
async def test_a_killed_backup(content_settings: Settings, tmp_path: Path, place: str) -> None:
    """A backup that is killed leaves no file of its name, and the one before it as it was."""
    path = tmp_path / "b.zip"
    await save(content_settings.database, path)
    before = read_parts(path)
    for name in ("new.zip", "b.zip"):
        arguments = ("backup", "--replace", str(tmp_path / name))
        process = await start(content_settings.database, *arguments, program=STOPPING % place)
        assert process.stdout is not None
        assert (await process.stdout.readline()) == b"here\n"
        process.kill()
        await process.communicate()
        assert process.returncode == -signal.SIGKILL
    assert read_parts(path) == before
    assert {name for name in list_backups(tmp_path) if not name.endswith(".partial")} == {"b.zip"}
    await succeed(content_settings.database, "backup", str(tmp_path / "new.zip"))
    check_archive(tmp_path / "new.zip", hush)


async def test_a_killed_restore(content_settings: Settings, tmp_path: Path) -> None:
    """A restore that is killed amid its rows leaves an empty database; the next one brings all of it."""
    path = tmp_path / "b.zip"
    await save(content_settings.database, path)
    async with migrated_database(make_folder(tmp_path / "new")) as address:
        async with closed_gate(address, Gate("INSERT", "question", "")) as is_reached:
            await kill_at(await start(address, "restore", str(path)), is_reached)
        await check_empty(address)
        await succeed(address, "restore", str(path))
        await save(address, tmp_path / "again.zip")
    assert read_parts(tmp_path / "again.zip") == read_parts(path)


async def test_a_restore_killed_while_it_indexes(content_settings: Settings, tmp_path: Path) -> None:
    """What was restored is whole then; `quiet verify` tells that the index is not, and `quiet migrate` completes it."""
    path = tmp_path / "b.zip"
    await save(content_settings.database, path)
    async with migrated_database(make_folder(tmp_path / "new")) as address:
        async with closed_gate(address, Gate("INSERT", "search_word", "")) as is_reached:
            await kill_at(await start(address, "restore", str(path)), is_reached)
        async with open_database(address) as database:
            await require_migrated(database)
            assert await needs_reindexing(database)
            assert await find_promises(database) == {
                "The search index has the passages of every edition, and no others"
            }
        await succeed(address, "migrate")
        async with open_database(address) as database:
            assert await find_promises(database) == set()
        await save(address, tmp_path / "again.zip")
    assert read_parts(tmp_path / "again.zip") == read_parts(path)


async def find_promises(database: Database) -> set[str]:
    """Return the promises that a database breaks."""
    return set(await find_broken_promises(database))
