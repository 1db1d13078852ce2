"""Reading through a view: what one operation may ask of articles, gathered into few statements.

Knows no GraphQL. Lists are in `models.listing`, look-ups by address in `models.finding`.
"""

from __future__ import annotations

from asyncio import Future, gather
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from inspect import isawaitable
from typing import Any, TypeVar

from models.access import Actor, Right
from models.batching import Batch
from models.cache_keys import Subject
from models.database import Database, Row
from models.dialect import Sql, join
from models.errors import RevisionGone, UnknownSite
from models.library import Library
from models.live_index import LiveIndex
from models.live_publication import LivePublication
from models.live_view import LiveView, Reads
from models.paging import PAGE_SIZE
from models.state import PublicationState, Standing, load_standings
from models.stored import EDITION_COLUMNS, Seo, StoredEdition, StoredSite, load_sites
from models.view import Perspective, View, limit_moment, present

Key = TypeVar("Key")
Value = TypeVar("Value")


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
ARTICLE_WIDTH = ARTICLE_COLUMNS.count(",") + 1
OWN_WIDTH = ARTICLE_WIDTH - EDITION_COLUMNS.count(",") - 1
JOINS = Sql(
    "p JOIN edition e ON e.id = p.edition_id JOIN article a ON a.id = p.article_id "
    "JOIN site s ON s.id = p.site_id"
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where readers read: the database, editions in memory, and what is live in memory; and how long a page may be."""

    database: Database
    library: Library
    index: LiveIndex
    page_size: int = PAGE_SIZE


class Reader:
    """One operation's way to content: a view, and loads gathered under it."""

    def __init__(self, sources: Sources, view: View, actor: Actor, reads: Reads | None = None) -> None:
        self.library = sources.library
        self.view = view
        self.actor = actor
        self.reads = Reads(sources.index) if reads is None else reads
        self._sources = sources
        self._live = LiveView(sources.index, view, self.reads)
        self._pinned: dict[View, Reader] = {}
        self._batches: dict[Any, Batch[Any, Any]] = {}

    @cached_property
    def _article_batch(self) -> Batch[str, StoredArticle | None]:
        return Batch(self._load_articles, remember=True)

    @cached_property
    def _holder_batches(self) -> dict[str, Batch[str, StoredArticle | None]]:
        tables = ("section", "question")
        return {table: Batch(partial(self._load_holders, table), remember=True) for table in tables}

    @cached_property
    def _locales_batch(self) -> Batch[str, list[str]]:
        return Batch(self._load_locales, remember=True)

    @cached_property
    def _site_batch(self) -> Batch[None, tuple[StoredSite, ...]]:
        return Batch(self._load_sites, remember=True)

    @cached_property
    def _standing_batch(self) -> Batch[tuple[str, str, int], Standing]:
        return Batch(partial(load_standings, self.database, self.view), remember=True)

    def batch(
        self, load: Callable[[Reader, Sequence[Key]], Awaitable[Mapping[Key, Value]]]
    ) -> Batch[Key, Value]:
        """Return what gathers requests for `load`, a function of another module, under this reader."""
        if load not in self._batches:
            self._batches[load] = Batch(partial(load, self), remember=True)
        return self._batches[load]

    @property
    def page_size(self) -> int:
        """Return how many items a page has at the most."""
        return self._sources.page_size

    @property
    def database(self) -> Database:
        """Return the database; what is read from it may change with any revision."""
        self.reads.give_up()
        return self._sources.database

    def database_about(self, *subjects: Subject) -> Database:
        """Return the database for statements whose answers change only with what is or was live of these subjects."""
        for subject in subjects:
            self.reads.ask_elsewhere(subject)
        return self._sources.database

    @property
    def live(self) -> LiveView | None:
        """Return the live index in this view, None where it does not stand there."""
        view = self.view
        if view.shows_drafts or not self._sources.index.covers(view.revision, view.moment):
            return None
        return self._live

    def recall(self, name: Hashable) -> Any:
        """Return what `LiveView.work_out` made by this name in this view when it was the newest, None if unknown."""
        view = self.view
        if view.shows_drafts:
            return None
        return self._sources.index.kept.recall(view.revision, view.moment, (self._live.lens, name))

    async def pinned_to(self, revision: int, at: int) -> Reader:
        """Return the reader of the same view at another point of the history, not later than the actor may see it.

        Raises RevisionUnknown, RevisionGone, or Forbidden where the point lies in a future that the actor may not see.
        """
        self.database.head.check(revision)
        if at > present(self.database):
            self.actor.require(Right.PREVIEW)
        at = await limit_moment(self.database, revision, at, self.actor)
        return self.at(self.view.pinned_to(revision, at))

    async def drafting(self, revision: int, locale: str, at: int | None = None) -> Reader:
        """Return the reader of drafts in a locale at a revision, and at a moment, the view's if None.

        Raises Forbidden or RevisionUnknown.
        """
        self.actor.require(Right.PREVIEW)
        pinned = await self.pinned_to(revision, self.view.moment if at is None else at)
        return self.at(replace(pinned.view.speaking((locale,)), perspective=Perspective.DRAFT))

    async def standing(self, article: StoredArticle) -> Standing:
        """Return how an article stands at the view's moment; under PUBLISHED no more than that it is live."""
        if not self.view.shows_drafts:
            return Standing(PublicationState.PUBLISHED)
        return await self._standing_batch.request((article.id, article.locale, article.edition.id))

    def forked(self) -> Reader:
        """Return a reader of the same view that remembers nothing."""
        return Reader(self._sources, self.view, self.actor, self.reads)

    def at(self, view: View) -> Reader:
        """Return the reader of another view in the same operation."""
        if view == self.view:
            return self
        pinned = self._pinned.get(view)
        if pinned is None:
            pinned = self._pinned[view] = Reader(self._sources, view, self.actor, self.reads)
        return pinned

    def read_article(self, row: Row) -> StoredArticle:
        """Return the article that a row holds whose last columns are ARTICLE_COLUMNS."""
        values = tuple(row)[-ARTICLE_WIDTH:]
        article_id, site_id, locale, slug, published_at, created_at = values[:OWN_WIDTH]
        edition = self.library.keep(values[OWN_WIDTH:])
        return StoredArticle(article_id, site_id, locale, slug, created_at, published_at, edition)

    def tables(self) -> Sql:
        """Return what articles are read from: source `p`, edition `e`, article `a` and site `s`."""
        return self.view.source() + JOINS

    def select(self, columns: str = ARTICLE_COLUMNS, joins: str = "") -> Sql:
        """Return the beginning of a statement that reads articles, up to its condition."""
        return Sql(f"SELECT {columns} FROM") + self.tables() + Sql(f"{joins} WHERE")

    def serves(self) -> Sql:
        """Return the condition that the row `p` of site `s` is the one this view shows."""
        return self.view.serves("p", "s", self.database.dialect)

    async def article(self, article_id: str) -> StoredArticle | None:
        """Return the article as this view shows it, or None where it shows none."""
        live = self.live
        if live is not None:
            found = live.article(article_id)
            return (await self.show([found]))[0] if found else None
        return await self._article_batch.request(article_id)

    async def show(self, found: Sequence[LivePublication]) -> list[StoredArticle]:
        """Return articles of the live index with their editions. Raises RevisionGone where one was removed since."""
        loads = [self.library.edition(p.edition_id, p.rendered) for p in found]
        waiting = [load for load in loads if isinstance(load, Future)]
        if waiting:
            await gather(*waiting)
        return [self._show(p, load) for p, load in zip(found, loads, strict=True)]

    def _show(
        self, publication: LivePublication, load: StoredEdition | Future[StoredEdition | None]
    ) -> StoredArticle:
        edition = load.result() if isinstance(load, Future) else load
        if edition is None:
            raise RevisionGone(self.view.revision, self._sources.database.head.oldest)
        return StoredArticle(
            publication.article_id,
            publication.site_id,
            publication.locale,
            publication.slug,
            publication.created_at,
            publication.published_at,
            edition,
        )

    async def holder(self, table: str, key: str) -> StoredArticle | None:
        """Return the article whose live edition has the section or question (`table`) with this key."""
        return await self._holder_batches[table].request(key)

    async def locales(self, article_id: str) -> list[str]:
        """Return the locales in which an article is live in this view, sorted."""
        live = self.live
        if live is not None:
            return list(live.locales(article_id))
        return await self._locales_batch.request(article_id)

    async def sites(self) -> tuple[StoredSite, ...]:
        """Return all sites, sorted by key."""
        live = self.live
        if live is not None:
            return live.sites()
        return await self._site_batch.request(None)

    async def site(self, site_id: str) -> StoredSite:
        """Return the site with this id."""
        return next(site for site in await self.sites() if site.id == site_id)

    async def seo(self, article: StoredArticle) -> Seo:
        """Return what an article's author wished for search engines."""
        seo = self.library.seo(article.edition)
        return await seo if isawaitable(seo) else seo

    async def site_named(self, key: str) -> StoredSite:
        """Return the site with this key; raises UnknownSite."""
        for site in await self.sites():
            if site.key == key:
                return site
        raise UnknownSite(f"There is no site with the key {key!r}.")

    async def _load_articles(self, ids: Sequence[str]) -> dict[str, StoredArticle | None]:
        dialect = self.database.dialect
        rows = await self.database.read(
            self.select() + join(" AND ", [dialect.one_of("p.article_id", ids), self.serves()])
        )
        found = {row["shown_id"]: self.read_article(row) for row in rows}
        return {article_id: found.get(article_id) for article_id in ids}

    async def _load_holders(self, table: str, keys: Sequence[str]) -> dict[str, StoredArticle | None]:
        dialect = self.database.dialect
        where = [dialect.one_of("x.key", keys), self.view.admits("p"), self.view.speaks("p", dialect)]
        rows = await self.database.read(
            self.select(f"x.key AS part_key, {ARTICLE_COLUMNS}", f"JOIN {table} x ON x.edition_id = e.id")
            + join(" AND ", where)
        )
        found = {row["part_key"]: self.read_article(row) for row in rows}
        return {key: found.get(key) for key in keys}

    async def _load_locales(self, ids: Sequence[str]) -> dict[str, list[str]]:
        condition = join(" AND ", [self.database.dialect.one_of("p.article_id", ids), self.view.stands("p")])
        rows = await self.database.read(
            Sql(f"SELECT p.article_id, p.locale FROM {self.view.table} p WHERE")
            + condition
            + Sql("ORDER BY p.article_id, p.locale")
        )
        locales: dict[str, list[str]] = {article_id: [] for article_id in ids}
        for row in rows:
            locales[row["article_id"]].append(row["locale"])
        return locales

    async def _load_sites(self, _keys: Sequence[None]) -> dict[None, tuple[StoredSite, ...]]:
        sites = await load_sites(self.database)
        return {None: tuple(site for site in sites if self.view.scope.holds_site(site.id))}
