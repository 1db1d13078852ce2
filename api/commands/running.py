"""How commands run: with settings read, a database open, and errors told in a sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
import click
import uvloop
from tortoise.exceptions import BaseORMException

from api.settings import Settings, WrongSetting, read_settings
from models.access import system_actor
from models.database import Address, Database, open_database
from models.errors import ContentError
from models.library import Library
from models.live_index import LiveIndex
from models.reading import Reader, Sources
from models.view import ViewRequest, open_view

T = TypeVar("T")

FAILURES = (
    OSError,
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    BaseORMException,
)
"""What drivers raise when a database cannot be used."""


def load_settings() -> Settings:
    """Return the settings of the environment; a wrong one ends the command with a sentence."""
    try:
        return read_settings(os.environ)
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Run `work` on the database of the settings; what an operator can mend ends the command with a sentence."""

    async def run() -> T:
        async with open_database(settings.database) as database:
            return await work(database)

    try:
        return uvloop.run(run())
    except ContentError as error:
        raise click.ClickException(error.message) from error
    except FAILURES as error:
        place = Address(settings.database).describe()
        raise click.ClickException(f"The {place} cannot be used: {error}") from error


async def open_reader(database: Database) -> Reader:
    """Return the reader of what is live now, for somebody who may see everything."""
    actor = system_actor("quiet")
    view = await open_view(database, ViewRequest(), actor)
    return Reader(Sources(database, Library(database, 0), LiveIndex(database, 0)), view, actor)
