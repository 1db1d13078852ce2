"""What a backup holds: the rows of every model's table. The search index is derived, and made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from tortoise import Tortoise
from tortoise.models import Model

from models.dialect import Sql

MIGRATIONS = "aerich"
"""The record of migrations; the manifest names the last one instead."""

DERIVED = frozenset({"passage", "search_word", "search_form", "search_index"})

PRIVATE = frozenset({"token", "secret", "webhook", "delivery", "follower", "idempotency_key"})
"""Tables with secrets, and those that make sense only with them."""

TRANSIENT = {"follower": {"holder": None, "held_until": 0}}
"""What holds only for the processes that run now: a follower that is restored is held by nobody."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, the first of which is its key; `counts` tells whether the database numbers its rows."""

    name: str
    columns: tuple[str, ...]
    counts: bool

    def select(self) -> Sql:
        """Return the statement that reads all rows in the order of their keys."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        return Sql(f'SELECT {columns} FROM "{self.name}" ORDER BY "{self.columns[0]}"')


def list_models() -> Sequence[type[Model]]:
    """Return all models whose rows are kept, each behind those that it refers to."""
    models = {
        model._meta.db_table: model
        for model in Tortoise.apps["models"].values()
        if model._meta.db_table != MIGRATIONS
    }
    order = TopologicalSorter[str]()
    for name in sorted(models):
        order.add(name, *sorted(find_references(models[name]).values()))
    return [models[name] for name in order.static_order()]


def find_references(model: type[Model]) -> dict[str, str]:
    """Return the columns of a model that name rows of other tables, each with the table."""
    fields = model._meta.fields_map
    related = {name: fields[name].related_model for name in model._meta.fk_fields}  # type: ignore[attr-defined]
    return {f"{name}_id": other._meta.db_table for name, other in related.items()}


def list_tables() -> list[Table]:
    """Return the tables, each behind those that it refers to."""
    return [describe(model) for model in list_models()]


def describe(model: type[Model]) -> Table:
    """Return the table of a model."""
    meta = model._meta
    columns = [column for column in meta.fields_db_projection.values() if column != meta.db_pk_column]
    return Table(meta.db_table, (meta.db_pk_column, *columns), bool(meta.pk.generated))
