"""The pages of an article in all its locales, as they name each other to search engines (hreflang).

Sitemaps and articles say the same of them: each page names all, itself among them, and all name the same. A page that
is not to be found names none and is named by none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import orjson

from models.addresses import article_url
from models.database import Row
from models.dialect import Sql, join
from models.page import is_to_be_found
from models.reading import Reader, StoredArticle
from models.stored import StoredSite

LONGEST_ADDRESS = 2_047
DEFAULT = "x-default"
COLUMNS = "p.article_id AS shown_id, p.locale, p.slug, p.published_at, e.saved_at, e.seo"


@dataclass(frozen=True, slots=True)
class PageAddress:
    """The address of a page, its locale, and when its readers saw it change last."""

    locale: str
    url: str
    modified_at: int


Translations = tuple[PageAddress, ...]
"""The pages of one article, one a locale, sorted by locale."""


def list_alternates(site: StoredSite, pages: Translations) -> list[tuple[str, str]]:
    """Return the languages and addresses that each page of an article names, itself among them; none of a lone one.

    Who speaks none of the languages gets the site's default one, or else the first: what a view without locales shows.
    """
    if len(pages) < 2:
        return []
    default = next((page for page in pages if page.locale == site.default_locale), pages[0])
    return [*((page.locale, page.url) for page in pages), (DEFAULT, default.url)]


def read_page(site: StoredSite, row: Row) -> PageAddress | None:
    """Return the page that a row of COLUMNS holds, None where it is not to be found."""
    url = article_url(site, row["locale"], row["slug"])
    if url is None or len(url) > LONGEST_ADDRESS:
        return None
    if row["seo"] != "{}" and not is_to_be_found(orjson.loads(row["seo"]), url):
        return None
    return PageAddress(row["locale"], url, max(row["saved_at"], row["published_at"]))


def group_pages(sites: Mapping[str, StoredSite], rows: Sequence[Row]) -> dict[str, Translations]:
    """Return the pages of articles by their ids, of rows sorted by article and locale; `sites` are their sites."""
    return {
        article_id: tuple(page for row in group if (page := read_page(sites[article_id], row)))
        for article_id, group in groupby(rows, key=lambda row: str(row["shown_id"]))
    }


async def find_alternates(reader: Reader, article: StoredArticle) -> list[tuple[str, str]]:
    """Return the languages and addresses of an article's pages, whatever the view's locales.

    None where its own page is not to be found, or its site has no address.
    """
    return await reader.batch(load_alternates).request((article.id, article.site_id, article.locale))


Wanted = tuple[str, str, str]
"""The id of an article, that of its site, and the locale of the page."""


async def load_alternates(reader: Reader, wanted: Sequence[Wanted]) -> dict[Wanted, list[tuple[str, str]]]:
    """Return what the pages of several articles name, with one statement."""
    ids = sorted({article_id for article_id, _, _ in wanted})
    database = reader.database_about(*(("article", article_id) for article_id in ids))
    rows = await database.read(
        reader.select(COLUMNS)
        + join(" AND ", [database.dialect.one_of("p.article_id", ids), reader.view.admits("p")])
        + Sql("ORDER BY p.article_id, p.locale")
    )
    sites = {site.id: site for site in await reader.sites()}
    homes = {article_id: sites[site_id] for article_id, site_id, _ in wanted}
    pages = group_pages(homes, rows)
    return {one: name_others(homes[one[0]], pages.get(one[0], ()), one[2]) for one in wanted}


def name_others(site: StoredSite, pages: Translations, locale: str) -> list[tuple[str, str]]:
    """Return what the page in a locale names."""
    return list_alternates(site, pages) if any(page.locale == locale for page in pages) else []
