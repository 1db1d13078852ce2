"""Databases that live as long as a test: empty ones, migrated ones, and copies of one that is full."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg

from api.settings import Settings, read_settings
from models.database import open_database
from models.migrating import migrate
from tests.spare_databases import SpareDatabases

DIALECT = os.environ.get("QUIET_TEST_DATABASE", "sqlite")
SERVER = os.environ.get("QUIET_TEST_POSTGRES", "postgres://postgres@127.0.0.1/postgres")
SPARE = SpareDatabases()


def read_test_settings(address: str, **others: str) -> Settings:
    """Return the settings of a service over the database at this address.

    It keeps no answers, so that every request reads; tests of what it keeps set that themselves.
    """
    return read_settings({"QUIET_DATABASE": address, "QUIET_RESPONSE_CACHE_BYTES": "0", **others})


@asynccontextmanager
async def empty_database(folder: Path) -> AsyncIterator[str]:
    """Yield the address of a database without tables that is gone afterwards; SQLite's lies in this folder."""
    if DIALECT == "sqlite":
        yield f"sqlite://{folder}/test.sqlite3"
        return
    async with created("") as address:
        yield address


@asynccontextmanager
async def migrated_database(folder: Path) -> AsyncIterator[str]:
    """Yield the address of a database with all tables and no content; SQLite's lies in this folder.

    On PostgreSQL it may have been another test's: making and dropping one takes longer than most tests.
    """
    if DIALECT == "sqlite":
        template = await migrate_template(template_folder())
        shutil.copyfile(template, folder / "test.sqlite3")
        yield f"sqlite://{folder}/test.sqlite3"
        return
    address = SPARE.take() or await create_migrated()
    yield address
    # Not where the test failed: who knows what it left behind.
    await SPARE.give_back(address)


@cache
def template_folder() -> TemporaryDirectory[str]:
    """Return a folder that is there as long as this process."""
    return TemporaryDirectory()


async def migrate_template(folder: TemporaryDirectory[str]) -> Path:
    """Return an SQLite file in this folder that was migrated and that nobody has open."""
    path = Path(folder.name) / "template.sqlite3"
    if not path.exists():
        async with open_database(f"sqlite://{path}") as database:
            await migrate(database)
    return path


async def create_migrated() -> str:
    """Return the address of a new PostgreSQL database that was migrated; it is dropped when all tests are done."""
    server = await asyncpg.connect(SERVER)
    try:
        name = f"quiet_test_{uuid4().hex}"
        await server.execute(f'CREATE DATABASE "{name}"')
        # What a power cut would take is of no use to anybody.
        await server.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    finally:
        await server.close()
    address = address_of(name)
    async with open_database(address) as database:
        await migrate(database)
    await SPARE.add(address)
    return address


async def drop_spare_databases() -> None:
    """Drop the databases that were kept for further tests."""
    if not SPARE.addresses:
        return
    server = await asyncpg.connect(SERVER)
    try:
        for address in SPARE.addresses:
            name = address.rpartition("/")[2].partition("?")[0]
            await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await server.close()


@asynccontextmanager
async def copied_database(address: str, folder: Path) -> AsyncIterator[str]:
    """Yield the address of a copy of a database that nobody has open for writing; it is gone afterwards."""
    if DIALECT == "sqlite":
        shutil.copyfile(address.removeprefix("sqlite://"), folder / "copy.sqlite3")
        yield f"sqlite://{folder}/copy.sqlite3"
        return
    source = address.rpartition("/")[2].partition("?")[0]
    async with created(f' TEMPLATE "{source}"') as copy:
        yield copy


@asynccontextmanager
async def created(clause: str) -> AsyncIterator[str]:
    """Yield the address of a new PostgreSQL database and drop it afterwards."""
    name = f"quiet_test_{uuid4().hex}"
    server = await asyncpg.connect(SERVER)
    try:
        await server.execute(f'CREATE DATABASE "{name}"{clause}')
        yield address_of(name)
        await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await server.close()


def address_of(name: str) -> str:
    """Return the address of the database with this name on the server."""
    # Under the query: a server may be named by a socket's folder.
    base, question, options = SERVER.partition("?")
    suffix = f"&{options}" if question else ""
    return f"{base.rpartition('/')[0]}/{name}?pool=4{suffix}"
