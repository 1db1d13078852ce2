"""What all tables of the database are: Tortoise's models, made without what we do not use."""

from __future__ import annotations

from typing import Any

from tortoise.models import Model, ModelMeta


class TableModelMeta(ModelMeta):
    """Keeps Tortoise from reading each class's source for comments, which takes 2 ms of each start for each table."""

    def __new__(cls, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> ModelMeta:
        """Return the class of a table."""
        return super().__new__(cls, name, bases, {"_no_comments": True, **attributes})


class TableModel(Model, metaclass=TableModelMeta):
    """A table; its subclasses name it in their `Meta`."""

    class Meta:
        abstract = True
