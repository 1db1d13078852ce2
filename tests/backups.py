"""Backups in tests: made of a database, brought into a new one, damaged on purpose."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import orjson

from api.settings import Settings
from models.backup.archive import SEAL, SEAL_BYTES, hash_beginning
from models.backup.manifest import Manifest
from models.backup.restoring import restore
from models.backup.tables import PRIVATE
from models.backup.writing import back_up
from models.database import open_database
from tests.databases import empty_database, read_test_settings


def hush(_what: str, _done: int, _total: int) -> None:
    """Tell nobody how far it came."""


async def save(address: str, path: Path, *, secrets: bool = True) -> Manifest:
    """Back up a database that nobody in this process has open."""
    async with open_database(address) as database:
        return await back_up(database, path, tell=hush, secrets=secrets)


async def bring_back(address: str, path: Path, *, webhooks: bool = True) -> Manifest:
    """Restore a backup into a database that nobody in this process has open."""
    async with open_database(address) as database:
        return await restore(database, path, tell=hush, webhooks=webhooks)


@asynccontextmanager
async def restored(path: Path, folder: Path) -> AsyncIterator[Settings]:
    """Yield the settings of a new database that holds what a backup holds; it is gone afterwards."""
    make_folder(folder)
    async with empty_database(folder) as address:
        await bring_back(address, path)
        yield read_test_settings(address)


def make_folder(folder: Path) -> Path:
    """Make a folder and return it."""
    folder.mkdir()
    return folder


def list_backups(folder: Path) -> set[str]:
    """Return the names of the backups in a folder, half ones included."""
    return {path.name for path in folder.iterdir() if ".zip" in path.name}


def rewrite(path: Path, content: bytes) -> bytes:
    """Write a file anew, and return what it was."""
    before = path.read_bytes()
    path.write_bytes(content)
    return before


def mode_of(path: Path) -> int:
    """Return who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def size_of(path: Path) -> int:
    """Return how many bytes a file has."""
    return path.stat().st_size


def read_parts(path: Path) -> dict[str, bytes]:
    """Return the files of a backup by name, without the manifest."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist() if name != "manifest.json"}


def without_origin(manifest: Manifest) -> Manifest:
    """Return what a manifest says but for when it was made and of which kind of database."""
    return replace(manifest, moment="", database="")


def flip(path: Path, place: int) -> None:
    """Turn one bit of a file around."""
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1 << place % 8]))


def tamper(path: Path, **changed: bytes) -> None:
    """Write a backup anew, with other texts of some of its files, and a seal that fits."""
    with zipfile.ZipFile(path) as file:
        texts = {name: file.read(name) for name in file.namelist()}
    texts |= {
        name if name == "manifest.json" else f"tables/{name}.jsonl": text for name, text in changed.items()
    }
    with path.open("w+b") as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name, text in texts.items():
                archive.writestr(name, text)
            archive.comment = SEAL + b"0" * 64
        size = file.seek(0, 2) - SEAL_BYTES
        seal = SEAL + hash_beginning(file, size).encode()
        file.seek(size)
        file.write(seal)


def change_manifest(path: Path, **values: object) -> None:
    """Let a backup's manifest say something else."""
    with zipfile.ZipFile(path) as file:
        manifest = orjson.loads(file.read("manifest.json"))
    tamper(path, **{"manifest.json": orjson.dumps({**manifest, **values})})


PRIVATE_FILES = {f"tables/{table}.jsonl" for table in PRIVATE}
