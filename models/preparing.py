"""A database made ready for this version of the program."""

from __future__ import annotations

import logging

from models.database import Database
from models.dialect import SQLITE
from models.migrating import migrate, require_migrated
from models.reindexing import needs_reindexing

logger = logging.getLogger("quiet.start")


async def prepare_database(database: Database) -> None:
    """Bring the embedded database to this program's version; raise DatabaseNotReady where another one is not."""
    if database.dialect is SQLITE:
        await migrate(database)
    await require_migrated(database)
    if await needs_reindexing(database):
        logger.warning("The search index is not complete; searches find less. `quiet migrate` completes it.")
