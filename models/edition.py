"""Editions: immutable content versions of an article in one locale.

`since` is the revision that saved it, `until` the one that superseded it as the newest draft. Rows
never change otherwise, but for what `quiet rerender` derives anew, which `rendered` records.
"""

from __future__ import annotations

from typing import Any

from tortoise import fields

from models.article import Article
from models.fields import CodeField, JsonField, SortTextField
from models.table_model import TableModel


class Edition(TableModel):
    """One version of an article's content, with everything that can be derived from it.

    `own_images` are the pictures of the article as a whole; `images` holds those in the text as well.
    """

    id = fields.BigIntField(primary_key=True, generated=False)
    article: fields.ForeignKeyRelation[Article] = fields.ForeignKeyField(
        "models.Article", related_name="editions", on_delete=fields.RESTRICT
    )
    article_id: str
    locale = CodeField(max_length=35)
    since = fields.BigIntField()
    until = fields.BigIntField()
    saved_at = fields.BigIntField()
    saved_by = fields.TextField()
    title = fields.TextField()
    title_folded = SortTextField()
    slug = CodeField(max_length=500)
    slug_folded = SortTextField()
    summary = fields.TextField(null=True)
    intro_markdown = fields.TextField()
    intro_html = fields.TextField()
    intro_text = fields.TextField()
    tags: Any = JsonField()
    authors: Any = JsonField()
    images: Any = JsonField()
    own_images: Any = JsonField()
    seo: Any = JsonField()
    front_matter: Any = JsonField()
    published_at = fields.BigIntField(null=True)
    intro_words = fields.IntField()
    word_count = fields.IntField()
    reading_minutes = fields.IntField()
    content_hash = CodeField(max_length=64)
    renderer = fields.IntField()
    rendered = fields.BigIntField()

    class Meta:
        table = "edition"
        indexes = (
            ("article_id", "locale", "until"),
            ("slug", "locale"),
            ("renderer",),
            ("since", "id"),  # which was the last one at a revision
        )


class Tag(TableModel):
    """A tag of an edition, kept beside the edition so that lists can be filtered by it."""

    id = fields.BigIntField(primary_key=True)
    edition: fields.ForeignKeyRelation[Edition] = fields.ForeignKeyField(
        "models.Edition", related_name="tag_rows", on_delete=fields.CASCADE
    )
    position = fields.IntField()
    slug = CodeField(max_length=200)
    name = SortTextField()

    class Meta:
        table = "tag"
        unique_together = (("edition_id", "position"),)
        indexes = (("slug", "edition_id"),)


class Redirect(TableModel):
    """An address at which the article could be found before; it is live while its edition is."""

    id = fields.BigIntField(primary_key=True)
    edition: fields.ForeignKeyRelation[Edition] = fields.ForeignKeyField(
        "models.Edition", related_name="redirect_rows", on_delete=fields.CASCADE
    )
    edition_id: int
    position = fields.IntField()
    address = CodeField(max_length=2000)

    class Meta:
        table = "redirect"
        unique_together = (("edition_id", "position"),)
        indexes = (("address", "edition_id"),)
