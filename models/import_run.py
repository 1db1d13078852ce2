"""What each import did, kept for the operator."""

from __future__ import annotations

from typing import Any

from tortoise import fields

from models.fields import JsonField
from models.table_model import TableModel


class ImportRun(TableModel):
    """One run of an import with its counts; `finished_at` stays null when the run was cut off."""

    id = fields.BigIntField(primary_key=True)
    source = fields.TextField()
    actor = fields.TextField()
    started_at = fields.BigIntField()
    finished_at = fields.BigIntField(null=True)
    counts: Any = JsonField()

    class Meta:
        table = "import_run"
