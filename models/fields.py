"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model


class CodeField(fields.CharField[str]):
    """Short text compared and sorted by its bytes on both databases, never by a language's rules."""

    class _db_postgres:  # noqa: N801 - the name is Tortoise's hook for a dialect
        def __init__(self, field: CodeField) -> None:
            self.field = field

        @property
        def SQL_TYPE(self) -> str:  # noqa: N802 - the name is Tortoise's
            return f'VARCHAR({self.field.max_length}) COLLATE "C"'


class SortTextField(fields.TextField):
    """Text of any length compared and sorted by its bytes on both databases."""

    class _db_postgres:  # noqa: N801 - the name is Tortoise's hook for a dialect
        SQL_TYPE = 'TEXT COLLATE "C"'


class JsonField(fields.TextField):
    """A JSON value kept as its text, so that both databases give back the same bytes."""

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> str | None:
        """Return the value as compact JSON text; None is the database's own null."""
        return None if value is None else orjson.dumps(value).decode()

    def to_python_value(self, value: Any) -> Any:
        """Return the value that JSON text holds; values that are no text are already Python's."""
        return orjson.loads(value) if isinstance(value, str) else value
