"""What sitemaps are made of: the addresses of all that is live on a site, in parts of whole articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import orjson

from models.addresses import article_url
from models.dialect import Sql, join
from models.page import is_to_be_found
from models.reading import Reader
from models.stored import StoredSite

PART_ADDRESSES = 10_000
"""How many addresses a part has at most. A sitemap may have 50,000, and 50 MB: this many have room for all their
alternates, and are made and fetched in a moment.
"""

LONGEST_ADDRESS = 2_047


@dataclass(frozen=True, slots=True)
class PageAddress:
    """The address of a page, its locale, and when its readers saw it change last."""

    locale: str
    url: str
    modified_at: int


Translations = tuple[PageAddress, ...]
"""The pages of one article, one a locale, sorted by locale."""


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
        reader.select("p.article_id AS shown_id, p.locale, p.slug, p.published_at, e.saved_at, e.seo")
        + join(" AND ", [view.admits("p"), within + Sql(")")])
        + Sql("ORDER BY p.article_id, p.locale")
    )
    articles = groupby(rows, key=lambda row: str(row["shown_id"]))
    found = (tuple(page for row in group if (page := read_page(site, row))) for _, group in articles)
    return [pages for pages in found if pages]


def read_page(site: StoredSite, row: Mapping[str, object]) -> PageAddress | None:
    """Return the page that a row holds, None where it is not to be found."""
    url = article_url(site, str(row["locale"]), str(row["slug"]))
    if url is None or len(url) > LONGEST_ADDRESS:
        return None
    if row["seo"] != "{}" and not is_to_be_found(orjson.loads(str(row["seo"])), url):
        return None
    saved_at, published_at = row["saved_at"], row["published_at"]
    assert isinstance(saved_at, int)
    assert isinstance(published_at, int)
    return PageAddress(str(row["locale"]), url, max(saved_at, published_at))
