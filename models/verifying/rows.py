"""What the database itself promises: a sound file, and references that lead somewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator

from models.backup.tables import find_references, list_models
from models.database import Database
from models.dialect import SQLITE, Sql
from models.snapshot import Snapshot


async def find_broken_file(database: Database, snapshot: Snapshot) -> AsyncIterator[str]:
    """Yield what SQLite finds wrong with its file. PostgreSQL checks its pages by itself when it reads them."""
    if database.dialect is SQLITE:
        for row in await snapshot.read(Sql("PRAGMA integrity_check(20)")):
            if row[0] != "ok":
                yield str(row[0])


async def find_broken_references(_database: Database, snapshot: Snapshot) -> AsyncIterator[str]:
    """Yield the rows that name a row of another table which is not there."""
    for model in list_models():
        table, key = model._meta.db_table, model._meta.db_pk_column
        for column, other in find_references(model).items():
            found = Sql(
                f'SELECT t."{key}" AS id, t."{column}" AS missing FROM "{table}" t WHERE t."{column}" IS NOT NULL '
                f'AND NOT EXISTS (SELECT 1 FROM "{other}" o WHERE o."{find_key(other)}" = t."{column}")'
            )
            async for rows in snapshot.stream(found):
                for row in rows:
                    yield f"{table} {row['id']} names {other} {row['missing']}, which is not there."


def find_key(table: str) -> str:
    """Return the column by which a table's rows are named."""
    (key,) = (model._meta.db_pk_column for model in list_models() if model._meta.db_table == table)
    return key
