"""Links of an edition: what its author named as related, and what its text links to."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields

from models.article import Article
from models.edition import Edition
from models.fields import CodeField
from models.table_model import TableModel


class LinkKind(StrEnum):
    """Where a link stands."""

    RELATED = "related"
    BODY = "body"


class Link(TableModel):
    """A link; `target` is the article where it is one of ours, `section` the position it stands in."""

    id = fields.BigIntField(primary_key=True)
    edition: fields.ForeignKeyRelation[Edition] = fields.ForeignKeyField(
        "models.Edition", related_name="links", on_delete=fields.CASCADE
    )
    edition_id: int
    kind = CodeField(max_length=10)
    position = fields.IntField()
    section = fields.IntField(null=True)
    label = fields.TextField()
    url = fields.TextField(null=True)
    target: fields.ForeignKeyNullableRelation[Article] = fields.ForeignKeyField(
        "models.Article", related_name="linked_from", null=True, on_delete=fields.RESTRICT
    )

    target_id: str | None

    class Meta:
        table = "link"
        unique_together = (("edition_id", "kind", "position"),)
        indexes = (("target_id", "edition_id"),)  # who links to an article, the last editions first
