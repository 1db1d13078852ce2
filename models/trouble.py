"""What drivers raise when a database is in trouble through nobody's fault, and which error that is here."""

from __future__ import annotations

import sqlite3

import asyncpg
from tortoise.exceptions import BaseORMException, DBConnectionError

from models.errors import DatabaseBusy, DatabaseFull, DatabaseLost, DatabaseReadOnly, Unavailable

LOST = (
    OSError,
    asyncpg.InterfaceError,
    # What asyncpg raises when it is asked between the words of a server that goes and the end of the line.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    # No connection, or no memory, is left for this.
    asyncpg.TooManyConnectionsError,
    asyncpg.OutOfMemoryError,
    # A replica ends what is in the way of what it has to repeat; nothing here is serialisable by itself.
    asyncpg.SerializationError,
    DBConnectionError,
)
"""What drivers raise when the server is gone, shuts down, or does not answer in time."""

FULL = (asyncpg.DiskFullError,)
READ_ONLY = (asyncpg.ReadOnlySQLTransactionError,)

SQLITE = {
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    # What cannot be opened: no descriptor is left, or the disk is gone.
    sqlite3.SQLITE_CANTOPEN: DatabaseLost,
    sqlite3.SQLITE_IOERR: DatabaseLost,
    sqlite3.SQLITE_IOERR_WRITE: DatabaseReadOnly,
    sqlite3.SQLITE_IOERR_TRUNCATE: DatabaseReadOnly,
    sqlite3.SQLITE_IOERR_SHMSIZE: DatabaseFull,
    sqlite3.SQLITE_BUSY: DatabaseBusy,
}
"""What the result codes of SQLite mean: of those that are not here, the lowest eight bits count."""


def find_trouble(error: BaseException) -> Unavailable | None:
    """Return what an error of a driver means where it is the database's trouble, None for any other."""
    cause: object = error
    if isinstance(error, BaseORMException) and error.args and isinstance(error.args[0], BaseException):
        # Tortoise puts the driver's error into one of its own.
        cause = error.args[0]
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        kind = None if code is None else SQLITE.get(code) or SQLITE.get(code & 0xFF)
        return kind() if kind else None
    if isinstance(cause, FULL):
        return DatabaseFull()
    if isinstance(cause, READ_ONLY):
        return DatabaseReadOnly()
    return DatabaseLost() if isinstance(error, LOST) or isinstance(cause, LOST) else None
