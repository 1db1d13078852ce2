"""Publications: which edition of an article is live in a locale, since which revision, and when."""

from __future__ import annotations

from tortoise import fields

from models.article import Article
from models.edition import Edition
from models.fields import CodeField
from models.site import Site
from models.table_model import TableModel


class Publication(TableModel):
    """From revision `since` to `until`, this edition is live from `live_from` to `live_until`."""

    id = fields.BigIntField(primary_key=True)
    article: fields.ForeignKeyRelation[Article] = fields.ForeignKeyField(
        "models.Article", related_name="publications", on_delete=fields.RESTRICT
    )
    article_id: str
    edition: fields.ForeignKeyRelation[Edition] = fields.ForeignKeyField(
        "models.Edition", related_name="publications", on_delete=fields.RESTRICT, db_index=True
    )
    edition_id: int
    site: fields.ForeignKeyRelation[Site] = fields.ForeignKeyField(
        "models.Site", related_name="publications", on_delete=fields.RESTRICT
    )
    site_id: str
    locale = CodeField(max_length=35)
    slug = CodeField(max_length=500)
    since = fields.BigIntField()
    until = fields.BigIntField()
    live_from = fields.BigIntField()
    live_until = fields.BigIntField()
    published_at = fields.BigIntField()

    class Meta:
        table = "publication"
        indexes = (
            ("article_id", "locale"),
            ("slug", "locale"),
            ("published_at", "article_id"),  # the order of lists that nobody sorts otherwise
            ("live_from",),  # what comes due between two moments
            ("live_until",),
        )
