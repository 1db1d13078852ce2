"""What an overview of a site is made of: the newest articles in one locale, each with what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from models.addresses import article_url
from models.dialect import Sql, join
from models.page import choose_description, is_to_be_found
from models.reading import Reader
from models.stored import StoredSite

MOST_LISTED = 1_000
"""How many articles an overview has at most: about as much as somebody reads to find their way."""


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article of an overview; `tags` are the names by slug, in the author's order."""

    url: str
    title: str
    about: str | None
    tags: Mapping[str, str]


async def list_newest(reader: Reader, site: StoredSite) -> tuple[list[ListedArticle], bool]:
    """Return the newest articles of a site that are to be found, and whether there are more.

    The view names one locale, and the site has an address.
    """
    rows = await reader.database.read(
        reader.select(
            "p.article_id AS shown_id, p.locale, p.slug, p.published_at, e.title, e.summary, e.tags, e.seo"
        )
        + join(" AND ", [reader.serves(), Sql("p.site_id = ?", (site.id,))])
        + Sql("ORDER BY p.published_at DESC, p.article_id LIMIT ?", (MOST_LISTED + 1,))
    )
    found = (read_listed(site, row) for row in rows[:MOST_LISTED])
    return [article for article in found if article], len(rows) > MOST_LISTED


def read_listed(site: StoredSite, row: Mapping[str, object]) -> ListedArticle | None:
    """Return the article that a row holds, None where its author does not want it to be found there."""
    url = article_url(site, str(row["locale"]), str(row["slug"]))
    seo, summary = orjson.loads(str(row["seo"])), row["summary"]
    if url is None or not is_to_be_found(seo, url):
        return None
    tags: Sequence[dict[str, str]] = orjson.loads(str(row["tags"]))
    return ListedArticle(
        url,
        str(row["title"]),
        choose_description(seo, None if summary is None else str(summary)),
        {tag["slug"]: tag["name"] for tag in tags},
    )
