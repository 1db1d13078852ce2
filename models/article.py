"""The identity of an article: an id that never changes. Content is in its editions."""

from __future__ import annotations

from tortoise import fields

from models.fields import CodeField
from models.site import Site
from models.table_model import TableModel


class Article(TableModel):
    """An article of a site; `key` is the name by which its source knows it, if it was imported."""

    id = CodeField(max_length=36, primary_key=True)
    site: fields.ForeignKeyRelation[Site] = fields.ForeignKeyField(
        "models.Site", related_name="articles", on_delete=fields.RESTRICT
    )
    site_id: str
    key = CodeField(max_length=500, null=True)
    created_at = fields.BigIntField()

    class Meta:
        table = "article"
        unique_together = (("site_id", "key"),)
