"""`/robots.txt` (RFC 9309): everything may be read, and where the sitemaps are."""

from __future__ import annotations

from api.feeds.asked import Asked, choose_located, find_sites
from models.addresses import site_url
from models.reading import Reader


async def write_robots(reader: Reader, asked: Asked) -> bytes:
    """Return the file for a site, or for all of them. Raises Refusal or UnknownSite."""
    sites = choose_located(await find_sites(reader, asked.site))
    lines = [f"Sitemap: {site_url(site)}/sitemap.xml?site={site.key}" for site in sites]
    return "\n".join(["User-agent: *", "Allow: /", "", *lines, ""]).encode()
