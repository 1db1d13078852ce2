"""What sitemaps are made of: the addresses of all that is live on a site, in parts of whole articles."""

from __future__ import annotations

from collections.abc import Mapping

from models.alternates import COLUMNS, Translations, group_pages
from models.dialect import Sql, join
from models.reading import Reader
from models.stored import StoredSite

PART_ADDRESSES = 10_000
"""How many addresses a part has at most. A sitemap may have 50,000, and 50 MB: this many have room for all their
alternates, and are made and fetched in a moment.
"""


def count_part_articles(site: StoredSite) -> int:
    """Return how many articles of a site a part has."""
    return max(1, PART_ADDRESSES // len(site.locales))


async def count_parts(reader: Reader) -> Mapping[str, int]:
    """Return how many parts the sitemap of each site in the view has, by the site's id: at least one."""
    statement = Sql("SELECT p.site_id, COUNT(DISTINCT p.article_id) AS articles FROM") + reader.view.source()
    rows = await reader.database.read(
        statement + Sql("p WHERE") + reader.view.admits("p") + Sql("GROUP BY p.site_id")
    )
    articles = {row["site_id"]: row["articles"] for row in rows}
    return {
        site.id: max(1, -(-articles.get(site.id, 0) // count_part_articles(site)))
        for site in await reader.sites()
    }


async def list_part(reader: Reader, site: StoredSite, part: int) -> list[Translations]:
    """Return a part, from 1, of what is to be found of a site: each article with all its pages, whatever the locale.

    A page is left out whose author does not want it to be found there. The site has an address.
    """
    view, size = reader.view, count_part_articles(site)
    of_site = Sql("x.site_id = ?", (site.id,))
    chosen = Sql("SELECT DISTINCT x.article_id FROM") + view.source() + Sql("x WHERE")
    window = Sql("ORDER BY x.article_id LIMIT ? OFFSET ?", (size, (part - 1) * size))
    within = Sql("p.article_id IN (") + chosen + join(" AND ", [view.admits("x"), of_site]) + window
    rows = await reader.database.read(
        reader.select(COLUMNS)
        + join(" AND ", [view.admits("p"), within + Sql(")")])
        + Sql("ORDER BY p.article_id, p.locale")
    )
    homes = {str(row["shown_id"]): site for row in rows}
    return [pages for pages in group_pages(homes, rows).values() if pages]
