"""A feed: the newest articles of a site in one locale, perhaps of one tag, and what is said of each."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence
from dataclasses import dataclass
from inspect import isawaitable
from urllib.parse import urlencode
from uuid import UUID, uuid5

from api.feeds.article_html import write_article
from api.feeds.asked import Asked, find_site
from api.graphql_request import Refusal
from models.addresses import site_url
from models.conditions import SITE_KEY, TAG, Compare, Condition, Every, Operator, Parts, Some
from models.draft import normalise_locale
from models.errors import InvalidContent
from models.listing import article_order, list_articles
from models.page import ArticlePage, open_page
from models.paging import Window
from models.reading import Reader, StoredArticle
from models.stored import StoredSite

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Item:
    """An article of a feed: its page, and all of it as HTML."""

    page: ArticlePage
    html: str

    @property
    def id(self) -> str:
        """Return what is the same for ever, wherever the article is, and another in each locale."""
        return uuid5(UUID(self.page.article.id), self.page.article.locale).urn


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: the site that it is of, its locale and tag, and its items, the newest first."""

    site: StoredSite
    locale: str
    tag: str | None
    items: Sequence[Item]

    @property
    def id(self) -> str:
        """Return what is the same for ever, and another for each site, locale and tag."""
        return uuid5(UUID(self.site.id), f"feed {self.locale} {self.tag or ''}").urn

    @property
    def title(self) -> str:
        """Return the name of the site, and of the tag."""
        named = (tag for item in self.items for tag in item.page.article.edition.tags)
        name = next((tag["name"] for tag in named if tag["slug"] == self.tag), self.tag)
        return f"{self.site.name}: {name}" if name else self.site.name

    @property
    def home(self) -> str | None:
        """Return the address of the site, None where none is known."""
        url = site_url(self.site)
        return None if url is None else f"{url}/"

    @property
    def updated_at(self) -> int:
        """Return when anything in it changed last."""
        return max((item.page.modified_at for item in self.items), default=0)

    def locate(self, path: str) -> str | None:
        """Return where this feed is on its site, at a path."""
        named = {"site": self.site.key, "tag": self.tag, "locale": self.locale}
        query = urlencode({name: value for name, value in named.items() if value})
        return f"{self.home}{path}?{query}" if self.home else None


async def load_feed(reader: Reader, asked: Asked) -> Feed:
    """Return the feed that is asked for. Raises Refusal or UnknownSite."""
    site = await find_site(reader, asked.site)
    locale = choose_locale(site, asked.locale)
    reader = reader.at(reader.view.speaking((locale,)))
    conditions: list[Condition] = [Compare(SITE_KEY, Operator.EQUAL, site.key)]
    if asked.tag:
        conditions.append(Some(Parts.TAGS, Compare(TAG, Operator.EQUAL, asked.tag)))
    found = await list_articles(reader, Every(tuple(conditions)), article_order(()), Window(NEWEST))
    return Feed(site, locale, asked.tag, await gather(*(load_item(reader, one) for one in found.items)))


def choose_locale(site: StoredSite, asked: str | None) -> str:
    """Return the locale that is asked for, or the site's own. Raises Refusal."""
    if asked is None:
        return site.default_locale
    try:
        locale = normalise_locale(asked)
    except InvalidContent:
        locale = asked
    if locale not in site.locales:
        message = f"The site {site.key!r} has the locales {', '.join(site.locales)}."
        raise Refusal(404, "NOT_FOUND", message)
    return locale


async def load_item(reader: Reader, article: StoredArticle) -> Item:
    """Return an article as an item; what many need is loaded together."""
    library, edition = reader.library, article.edition
    sections, questions = library.sections(edition), library.questions(edition)
    page = await open_page(reader, article)
    sections = await sections if isawaitable(sections) else sections
    questions = await questions if isawaitable(questions) else questions
    return Item(page, write_article(page, sections, questions))
