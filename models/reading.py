"""Reading through a view: what one operation may ask of articles, gathered into few statements.

Knows no GraphQL. Lists are in `models.listing`, look-ups by address in `models.finding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import orjson

from models.batching import Batch
from models.database import Database, Row
from models.dialect import Sql, join
from models.errors import UnknownSite
from models.library import Library
from models.stored import EDITION_COLUMNS, StoredEdition
from models.view import View


@dataclass(frozen=True, slots=True)
class StoredSite:
    """A site as it is read."""

    id: str
    key: str
    name: str
    url: str | None
    default_locale: str
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StoredArticle:
    """An article as a view shows it: the edition that is live, and the publication that makes it so."""

    id: str
    site_id: str
    locale: str
    slug: str
    created_at: int
    published_at: int
    edition: StoredEdition


ARTICLE_COLUMNS = (
    "p.article_id AS shown_id, p.site_id, p.locale, p.slug, p.published_at, a.created_at, " + EDITION_COLUMNS
)
ARTICLE_TABLES = (
    "publication p JOIN edition e ON e.id = p.edition_id JOIN article a ON a.id = p.article_id "
    "JOIN site s ON s.id = p.site_id"
)
SELECT_ARTICLES = Sql(f"SELECT {ARTICLE_COLUMNS} FROM {ARTICLE_TABLES} WHERE")


class Reader:
    """One operation's way to content: a view, and loads gathered under it."""

    def __init__(self, database: Database, library: Library, view: View) -> None:
        self.database = database
        self.library = library
        self.view = view
        self._article_batch = Batch[str, StoredArticle | None](self._load_articles, remember=True)
        self._holder_batches = {
            table: Batch[str, StoredArticle | None](partial(self._load_holders, table), remember=True)
            for table in ("section", "question")
        }
        self._locales_batch = Batch[str, list[str]](self._load_locales, remember=True)
        self._site_batch = Batch[None, tuple[StoredSite, ...]](self._load_sites, remember=True)
        self._pinned: dict[View, Reader] = {}

    def at(self, view: View) -> Reader:
        """Return the reader of another view in the same operation."""
        if view == self.view:
            return self
        return self._pinned.setdefault(view, Reader(self.database, self.library, view))

    def read_article(self, row: Row) -> StoredArticle:
        """Return the article that a row with ARTICLE_COLUMNS holds."""
        return StoredArticle(
            id=row["shown_id"],
            site_id=row["site_id"],
            locale=row["locale"],
            slug=row["slug"],
            created_at=row["created_at"],
            published_at=row["published_at"],
            edition=self.library.keep(row),
        )

    def serves(self) -> Sql:
        """Return the condition that publication `p` of site `s` is the one this view shows."""
        return self.view.serves("p", "s", self.database.dialect)

    async def article(self, article_id: str) -> StoredArticle | None:
        """Return the article as this view shows it, or None where it shows none."""
        return await self._article_batch.request(article_id)

    async def holder(self, table: str, key: str) -> StoredArticle | None:
        """Return the article whose live edition has the section or question (`table`) with this key."""
        return await self._holder_batches[table].request(key)

    async def locales(self, article_id: str) -> list[str]:
        """Return the locales in which an article is live in this view, sorted."""
        return await self._locales_batch.request(article_id)

    async def sites(self) -> tuple[StoredSite, ...]:
        """Return all sites, sorted by key."""
        return await self._site_batch.request(None)

    async def site(self, site_id: str) -> StoredSite:
        """Return the site with this id."""
        return next(site for site in await self.sites() if site.id == site_id)

    async def site_named(self, key: str) -> StoredSite:
        """Return the site with this key; raises UnknownSite."""
        for site in await self.sites():
            if site.key == key:
                return site
        raise UnknownSite(f"There is no site with the key {key!r}.")

    async def _load_articles(self, ids: Sequence[str]) -> dict[str, StoredArticle | None]:
        dialect = self.database.dialect
        rows = await self.database.read(
            SELECT_ARTICLES + join(" AND ", [dialect.one_of("p.article_id", ids), self.serves()])
        )
        found = {row["shown_id"]: self.read_article(row) for row in rows}
        return {article_id: found.get(article_id) for article_id in ids}

    async def _load_holders(self, table: str, keys: Sequence[str]) -> dict[str, StoredArticle | None]:
        dialect = self.database.dialect
        where = [dialect.one_of("x.key", keys), self.view.admits("p"), self.view.speaks("p", dialect)]
        rows = await self.database.read(
            Sql(
                f"SELECT x.key AS part_key, {ARTICLE_COLUMNS} FROM {ARTICLE_TABLES} "
                f"JOIN {table} x ON x.edition_id = e.id WHERE"
            )
            + join(" AND ", where)
        )
        found = {row["part_key"]: self.read_article(row) for row in rows}
        return {key: found.get(key) for key in keys}

    async def _load_locales(self, ids: Sequence[str]) -> dict[str, list[str]]:
        condition = join(" AND ", [self.database.dialect.one_of("p.article_id", ids), self.view.admits("p")])
        rows = await self.database.read(
            Sql("SELECT p.article_id, p.locale FROM publication p WHERE")
            + condition
            + Sql("ORDER BY p.article_id, p.locale")
        )
        locales: dict[str, list[str]] = {article_id: [] for article_id in ids}
        for row in rows:
            locales[row["article_id"]].append(row["locale"])
        return locales

    async def _load_sites(self, _keys: Sequence[None]) -> dict[None, tuple[StoredSite, ...]]:
        rows = await self.database.read(
            Sql("SELECT id, key, name, url, default_locale, locales FROM site ORDER BY key")
        )
        sites = (
            StoredSite(
                id=row["id"],
                key=row["key"],
                name=row["name"],
                url=row["url"],
                default_locale=row["default_locale"],
                locales=tuple(orjson.loads(row["locales"])),
            )
            for row in rows
        )
        return {None: tuple(sites)}
