"""Databases that live as long as a test: empty ones, and copies of one that is full."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg

from api.settings import Settings, read_settings

DIALECT = os.environ.get("QUIET_TEST_DATABASE", "sqlite")
SERVER = os.environ.get("QUIET_TEST_POSTGRES", "postgres://postgres@127.0.0.1/postgres")


def read_test_settings(address: str, **others: str) -> Settings:
    """Return the settings of a service over the database at this address.

    It keeps no answers, so that every request reads; tests of what it keeps set that themselves.
    """
    return read_settings({"QUIET_DATABASE": address, "QUIET_RESPONSE_CACHE_BYTES": "0", **others})


@asynccontextmanager
async def empty_database(folder: Path) -> AsyncIterator[str]:
    """Yield the address of an empty database that is gone afterwards; SQLite's lies in this folder."""
    if DIALECT == "sqlite":
        yield f"sqlite://{folder}/test.sqlite3"
        return
    async with created("") as address:
        yield address


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
        # Under the query: a server may be named by a socket's folder.
        base, question, options = SERVER.partition("?")
        suffix = f"&{options}" if question else ""
        yield f"{base.rpartition('/')[0]}/{name}?pool=4{suffix}"
        await server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await server.close()
