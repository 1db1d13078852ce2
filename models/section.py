"""Sections of an edition, in reading order."""

from __future__ import annotations

from typing import Any

from tortoise import fields

from models.edition import Edition
from models.fields import CodeField, JsonField, SortTextField
from models.table_model import TableModel


class Section(TableModel):
    """A heading with its text; `key` stays the same across the editions of an article.

    `own_anchor` is the id that the author wrote, null where `anchor` is derived from the heading.
    """

    id = fields.BigIntField(primary_key=True)
    edition: fields.ForeignKeyRelation[Edition] = fields.ForeignKeyField(
        "models.Edition", related_name="sections", on_delete=fields.CASCADE
    )
    edition_id: int
    key = CodeField(max_length=36)
    position = fields.IntField()
    level = fields.IntField()
    kind = CodeField(max_length=20)
    heading = fields.TextField(null=True)
    heading_folded = SortTextField()
    anchor = fields.TextField()
    own_anchor = fields.TextField(null=True)
    body_markdown = fields.TextField()
    body_html = fields.TextField()
    body_text = fields.TextField()
    word_count = fields.IntField()
    images: Any = JsonField()
    pros: Any = JsonField()
    cons: Any = JsonField()

    class Meta:
        table = "section"
        unique_together = (("edition_id", "position"),)
        indexes = (("key",),)
