"""Sites: where articles live. Slugs are unique per site and locale."""

from __future__ import annotations

from typing import Any

from tortoise import fields

from models.fields import CodeField, JsonField
from models.table_model import TableModel


class Site(TableModel):
    """A site with its languages; `locales` lists every locale it has content in, the default first.

    `fallbacks` says for a `locale` which ones stand in for it, `to` the best first.
    """

    id = CodeField(max_length=36, primary_key=True)
    key = CodeField(max_length=100, unique=True)
    name = fields.TextField()
    url: Any = fields.TextField(null=True)
    default_locale = CodeField(max_length=35)
    locales: Any = JsonField()
    fallbacks: Any = JsonField(default=list, db_default="[]")

    class Meta:
        table = "site"
