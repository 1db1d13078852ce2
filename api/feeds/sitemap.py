"""`/sitemap.xml`: the addresses of pages for search engines (sitemaps.org), with those of their translations."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from api.feeds.asked import Asked, choose_located, find_sites
from api.feeds.xml import add, write_document
from api.graphql_request import Refusal
from models import moment
from models.addresses import site_url
from models.alternates import Translations, list_alternates
from models.reading import Reader
from models.sitemap import count_parts, list_part
from models.stored import StoredSite

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


async def write_sitemap(reader: Reader, asked: Asked) -> bytes:
    """Return the sitemap of a site or a part of it, or an index of all parts: of a large site, or of several sites.

    Raises Refusal or UnknownSite.
    """
    part = read_part(asked.part)
    known = await find_sites(reader, asked.site)
    sites = choose_located(known)
    parts = await count_parts(reader)
    if len(known) > 1:
        if part is not None:
            raise Refusal(400, "BAD_REQUEST", "A part is one of a site's; name the site: ?site=KEY&part=1.")
        return write_index([address for site in sites for address in list_parts(site, parts[site.id])])
    (site,) = sites
    if part is None and parts[site.id] > 1:
        return write_index(list_parts(site, parts[site.id]))
    if part is not None and not 1 <= part <= parts[site.id]:
        raise Refusal(404, "NOT_FOUND", f"The sitemap has the parts 1 to {parts[site.id]}.")
    articles = await list_part(reader, site, part or 1)
    # Tens of thousands of elements take a while, and others are served meanwhile.
    return await asyncio.to_thread(write_part, site, articles, is_first=part in {None, 1})


def read_part(text: str | None) -> int | None:
    """Return the number of the part that is meant. Raises Refusal."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refusal(400, "BAD_REQUEST", "part is a whole number from 1.")
    return int(text)


def list_parts(site: StoredSite, count: int) -> list[str]:
    """Return the addresses of the parts of a site's sitemap."""
    return [f"{site_url(site)}/sitemap.xml?site={site.key}&part={part}" for part in range(1, count + 1)]


def write_index(addresses: Sequence[str]) -> bytes:
    """Return a sitemap index."""
    root = Element("sitemapindex", {"xmlns": SITEMAPS})
    for address in addresses:
        add(add(root, "sitemap"), "loc", address)
    return write_document(root)


def write_part(site: StoredSite, articles: Sequence[Translations], *, is_first: bool) -> bytes:
    """Return a sitemap of articles, with the site's own page in the first one, so that it never is empty."""
    root = Element("urlset", {"xmlns": SITEMAPS, "xmlns:xhtml": XHTML})
    if is_first:
        add(add(root, "url"), "loc", f"{site_url(site)}/")
    for pages in articles:
        alternates = list_alternates(site, pages)
        for page in pages:
            entry = add(root, "url")
            add(entry, "loc", page.url)
            add(entry, "lastmod", moment.to_text(page.modified_at))
            for locale, url in alternates:
                add(entry, "xhtml:link", rel="alternate", hreflang=locale, href=url)
    return write_document(root)
