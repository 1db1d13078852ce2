"""What an article's page says of itself to search engines: what its author wished, else what can be derived."""

from __future__ import annotations

import textwrap
from asyncio import gather
from dataclasses import dataclass
from functools import cached_property

from models.addresses import article_url, resolve_url
from models.moment import FOREVER
from models.reading import Reader, StoredArticle
from models.stored import Seo, StoredSite

LONGEST_DESCRIPTION = 160
"""How long a description is that is cut from the text; search engines show about as much."""

INDEXED = "index, follow"
NOT_INDEXED = "noindex"


@dataclass(frozen=True)
class ArticlePage:
    """An article's page: the article as a view shows it, its site, and what its author wished for search engines.

    `is_draft` tells that the view shows drafts, which nobody is to find.
    """

    article: StoredArticle
    site: StoredSite
    seo: Seo
    is_draft: bool

    @cached_property
    def url(self) -> str | None:
        """Return the absolute address, None where the site has none."""
        return article_url(self.site, self.article.locale, self.article.slug)

    @property
    def title(self) -> str:
        """Return the title for search engines."""
        return read_wish(self.seo, "title") or self.article.edition.title

    @property
    def description(self) -> str | None:
        """Return what the page is about, None where there is neither a summary nor an introduction."""
        edition = self.article.edition
        return choose_description(self.seo, edition.summary) or shorten(edition.intro_text)

    @property
    def canonical(self) -> str | None:
        """Return the address under which the page is to be found, None where none is known."""
        return choose_canonical(self.seo, self.url)

    @property
    def robots(self) -> str:
        """Return what search engines may do with the page."""
        return NOT_INDEXED if self.is_draft else choose_robots(self.seo)

    @cached_property
    def images(self) -> list[str]:
        """Return the absolute addresses of the pictures, the article's own first, each once."""
        wish = read_wish(self.seo, "image")
        written = [*([wish] if wish else []), *(image.src for image in self.article.edition.images)]
        found = (resolve_url(address, self.url) for address in written)
        return list(dict.fromkeys(address for address in found if address))

    @property
    def published_at(self) -> int | None:
        """Return when it was first published, None where it is not live."""
        published = self.article.published_at
        return None if published == FOREVER else published

    @property
    def modified_at(self) -> int:
        """Return when readers saw it change last: never before it was published."""
        return max(self.article.edition.saved_at, self.published_at or 0)


def read_wish(seo: Seo, name: str) -> str | None:
    """Return what an author wrote for search engines under a name, in one line; None where it is no text."""
    value = seo.get(name)
    return (" ".join(value.split()) or None) if isinstance(value, str) else None


def choose_description(seo: Seo, summary: str | None) -> str | None:
    """Return what an author says that a page is about, in one line; None where neither wish nor summary says it."""
    return read_wish(seo, "description") or " ".join((summary or "").split()) or None


def choose_canonical(seo: Seo, url: str | None) -> str | None:
    """Return the address under which the page at an address is to be found."""
    wish = read_wish(seo, "canonical")
    return (resolve_url(wish, url) if wish else None) or url


def choose_robots(seo: Seo) -> str:
    """Return what search engines may do with a page that is live."""
    robots = read_wish(seo, "robots")
    if seo.get("noindex") is not True or not may_index(robots or ""):
        return robots or INDEXED
    # Who says it in one of two ways means it.
    kept = [part.strip() for part in (robots or "").split(",")]
    return ", ".join([NOT_INDEXED, *(part for part in kept if part.lower() not in {"", "index", "all"})])


def may_index(robots: str) -> bool:
    """Tell whether directives for search engines let them show the page."""
    return not {NOT_INDEXED, "none"} & set(robots.lower().replace(",", " ").split())


def is_to_be_found(seo: Seo, url: str) -> bool:
    """Tell whether search engines are to find the page at this very address."""
    return may_index(choose_robots(seo)) and choose_canonical(seo, url) == url


def shorten(text: str) -> str | None:
    """Return the beginning of a text in one line, None where there is no text."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_DESCRIPTION:
        return line or None
    cut = textwrap.shorten(line, LONGEST_DESCRIPTION, placeholder="…")
    # Not every language has spaces to cut at.
    return cut if len(cut) > LONGEST_DESCRIPTION // 2 else line[: LONGEST_DESCRIPTION - 1] + "…"


async def open_page(reader: Reader, article: StoredArticle) -> ArticlePage:
    """Return the page of an article."""
    site, seo = await gather(reader.site(article.site_id), reader.seo(article))
    return ArticlePage(article, site, seo, reader.view.shows_drafts)
