"""Which articles a site has, by the key and by the slug under which an import would bring them again."""

from __future__ import annotations

from dataclasses import dataclass

from models.database import Database
from models.dialect import Sql
from models.moment import FOREVER


@dataclass(frozen=True, slots=True)
class KnownArticles:
    """Ids by key; and id with key by (locale, slug) of the newest edition."""

    by_key: dict[str, str]
    by_slug: dict[tuple[str, str], tuple[str, str | None]]


async def known_articles(database: Database, site_id: str) -> KnownArticles:
    """Return all articles of a site, published or not."""
    keys = await database.read(
        Sql("SELECT id, key FROM article WHERE site_id = ? AND key IS NOT NULL", (site_id,))
    )
    slugs = await database.read(
        Sql(
            "SELECT e.locale, e.slug, a.id, a.key FROM edition e JOIN article a ON a.id = e.article_id "
            "WHERE a.site_id = ? AND e.until = ?",
            (site_id, FOREVER),
        )
    )
    return KnownArticles(
        {row["key"]: row["id"] for row in keys},
        {(row["locale"], row["slug"]): (row["id"], row["key"]) for row in slugs},
    )
