"""Confirmations: a translation is still right, though the original has changed since it was saved."""

from __future__ import annotations

from tortoise import fields

from models.edition import Edition
from models.table_model import TableModel


class Confirmation(TableModel):
    """An edition is right for the original as it stood at revision `as_of`; said in revision `since`."""

    id = fields.BigIntField(primary_key=True)
    edition: fields.ForeignKeyRelation[Edition] = fields.ForeignKeyField(
        "models.Edition", related_name="confirmations", on_delete=fields.CASCADE
    )
    edition_id: int
    as_of = fields.BigIntField()
    since = fields.BigIntField()

    class Meta:
        table = "confirmation"
        indexes = (("edition_id", "as_of"),)
