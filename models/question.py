"""Questions of an edition, in reading order."""

from __future__ import annotations

from typing import Any

from tortoise import fields

from models.edition import Edition
from models.fields import CodeField, JsonField, SortTextField
from models.table_model import TableModel


class Question(TableModel):
    """A question with its answer; `section` is the position of its section, null outside of all."""

    id = fields.BigIntField(primary_key=True)
    edition: fields.ForeignKeyRelation[Edition] = fields.ForeignKeyField(
        "models.Edition", related_name="questions", on_delete=fields.CASCADE
    )
    edition_id: int
    key = CodeField(max_length=36)
    position = fields.IntField()
    section = fields.IntField(null=True)
    anchor = fields.TextField()
    own_anchor = fields.TextField(null=True)
    question = fields.TextField()
    question_folded = SortTextField()
    answer_markdown = fields.TextField()
    answer_html = fields.TextField()
    answer_text = fields.TextField()
    word_count = fields.IntField()
    images: Any = JsonField()

    class Meta:
        table = "question"
        unique_together = (("edition_id", "position"),)
        indexes = (("key",),)
