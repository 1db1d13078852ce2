"""The verbs that decide what is live: publish, unpublish, delete; and the rules of publications.

Open publications of one article and locale never overlap in time, and no two open ones share site, locale and
slug at one moment. Both are checked inside the write, which is safe because writes are serialised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.article import Article
from models.database import Database
from models.edition import Edition
from models.errors import InvalidArgument, NotFound, SlugTaken
from models.moment import FOREVER
from models.publication import Publication
from models.revision import ChangeKind, Writing, write


@dataclass(frozen=True, slots=True)
class Live:
    """An edition that is to be live during a window of moments."""

    article_id: str
    site_id: str
    locale: str
    slug: str
    edition_id: int
    live_from: int
    live_until: int = FOREVER
    published_at: int | None = None


class Board:
    """The open publications that a write may touch, in memory, and what it does to them.

    `load` it with all articles and slugs concerned, change it with `publish` and `withdraw`, then `flush`.
    """

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._open: list[Publication] = []
        self._first: dict[tuple[str, str], int] = {}
        self._closed: list[int] = []
        self._added: list[Publication] = []

    async def load(self, article_ids: Sequence[str], slugs: Iterable[str]) -> None:
        """Read the open publications of these articles, and of any article with one of these slugs."""
        connection = self._writing.connection
        own = await Publication.filter(article_id__in=article_ids).using_db(connection)
        for row in own:
            pair = (row.article_id, row.locale)
            self._first[pair] = min(row.published_at, self._first.get(pair, row.published_at))
        others = await Publication.filter(until=FOREVER, slug__in=sorted(set(slugs))).using_db(connection)
        rows = {row.id: row for row in [*own, *others] if row.until == FOREVER}
        self._open = list(rows.values())

    def of(self, article_id: str, locale: str) -> list[Publication]:
        """Return the open publications of an article in a locale."""
        return [row for row in self._open if row.article_id == article_id and row.locale == locale]

    def shows(self, live: Live) -> bool:
        """Tell whether exactly this edition is live from that moment on, or since an earlier one."""
        rows = [r for r in self.of(live.article_id, live.locale) if r.live_until > self._writing.moment]
        return [r.edition_id for r in rows] == [live.edition_id] and rows[0].live_from <= live.live_from

    def publish(self, live: Live) -> None:
        """Make an edition live in its window; what was live there before makes way. Raises SlugTaken."""
        self._check_slug(live)
        for row in self.of(live.article_id, live.locale):
            if row.live_from < live.live_until and live.live_from < row.live_until:
                self._close(row)
                self._keep_outside(row, live)
        self._add(self._row(live))
        scheduled = live.live_from > self._writing.moment
        kind = ChangeKind.SCHEDULED if scheduled else ChangeKind.PUBLISHED
        self._writing.record(kind, live.article_id, live.locale, live.edition_id)

    def withdraw(self, article_id: str, locale: str, kind: ChangeKind) -> bool:
        """Close all open publications of an article in a locale; tells whether there were any."""
        rows = self.of(article_id, locale)
        for row in rows:
            self._close(row)
        if rows:
            self._writing.record(kind, article_id, locale, None)
        return bool(rows)

    async def flush(self) -> None:
        """Write what was changed."""
        connection = self._writing.connection
        if self._closed:
            closing = Publication.filter(id__in=self._closed).using_db(connection)
            await closing.update(until=self._writing.revision)
        added = [row for row in self._added if row.until == FOREVER]
        await Publication.bulk_create(added, using_db=connection)

    def _check_slug(self, live: Live) -> None:
        for row in self._open:
            same = (row.site_id, row.locale, row.slug) == (live.site_id, live.locale, live.slug)
            overlaps = row.live_from < live.live_until and live.live_from < row.live_until
            if same and overlaps and row.article_id != live.article_id:
                raise SlugTaken(
                    f"The slug {live.slug!r} is in use in {live.locale} by another article ({row.article_id})."
                )

    def _close(self, row: Publication) -> None:
        self._open.remove(row)
        if row in self._added:
            self._added.remove(row)
        else:
            self._closed.append(row.id)

    def _keep_outside(self, row: Publication, live: Live) -> None:
        """Keep what of a closed publication lies before or after the new one, unless it is past."""
        for start, end in ((row.live_from, live.live_from), (live.live_until, row.live_until)):
            if start < end and end > self._writing.moment:
                self._add(self._copy(row, start, end))

    def _add(self, row: Publication) -> None:
        self._open.append(row)
        self._added.append(row)

    def _row(self, live: Live) -> Publication:
        pair = (live.article_id, live.locale)
        first = min(self._first.get(pair, live.live_from), live.live_from)
        return Publication(
            article_id=live.article_id,
            site_id=live.site_id,
            locale=live.locale,
            slug=live.slug,
            edition_id=live.edition_id,
            since=self._writing.revision,
            until=FOREVER,
            live_from=live.live_from,
            live_until=live.live_until,
            published_at=first if live.published_at is None else live.published_at,
        )

    def _copy(self, row: Publication, live_from: int, live_until: int) -> Publication:
        return Publication(
            article_id=row.article_id,
            site_id=row.site_id,
            locale=row.locale,
            slug=row.slug,
            edition_id=row.edition_id,
            since=self._writing.revision,
            until=FOREVER,
            live_from=live_from,
            live_until=live_until,
            published_at=row.published_at,
        )


async def publish_articles(
    database: Database,
    article_ids: Sequence[str],
    locales: Sequence[str] | None = None,
    *,
    actor: str,
    message: str | None = None,
    live_from: int | None = None,
    live_until: int = FOREVER,
) -> int:
    """Make the newest edition of each article live, in these locales or in all it has; return the revision.

    `live_from` and `live_until` are moments; None is now. All or nothing. Raises NotFound, SlugTaken,
    or InvalidArgument where the window is empty or lies in the past.
    """
    async with write(database, actor=actor, verb="publish", message=message) as writing:
        start = writing.moment if live_from is None else max(live_from, writing.moment)
        if live_until <= start:
            raise InvalidArgument("A publication ends after it begins, and not in the past.")
        editions = await newest_editions(writing, article_ids, locales)
        board = Board(writing)
        await board.load(article_ids, (edition.slug for edition, _ in editions))
        for edition, site_id in editions:
            board.publish(
                Live(
                    edition.article_id,
                    site_id,
                    edition.locale,
                    edition.slug,
                    edition.id,
                    start,
                    live_until,
                    edition.published_at,
                )
            )
        await board.flush()
    return writing.revision


async def unpublish_articles(
    database: Database,
    article_ids: Sequence[str],
    locales: Sequence[str] | None = None,
    *,
    actor: str,
    message: str | None = None,
) -> int:
    """Take articles off the site, in these locales or in all; schedules are withdrawn too.

    Return the revision. Raises NotFound where an article has nothing to withdraw.
    """
    async with write(database, actor=actor, verb="unpublish", message=message) as writing:
        editions = await newest_editions(writing, article_ids, locales)
        board = Board(writing)
        await board.load(article_ids, ())
        for edition, _ in editions:
            board.withdraw(edition.article_id, edition.locale, ChangeKind.UNPUBLISHED)
        if not writing.changes:
            raise NotFound("None of these articles is published or scheduled.")
        await board.flush()
    return writing.revision


async def delete_articles(
    database: Database, article_ids: Sequence[str], *, actor: str, message: str | None = None
) -> int:
    """Delete articles in all locales: nothing of them is live or a draft any more, their history stays.

    Return the revision. Raises NotFound.
    """
    async with write(database, actor=actor, verb="delete", message=message) as writing:
        editions = await newest_editions(writing, article_ids, None)
        board = Board(writing)
        await board.load(article_ids, ())
        for edition, _ in editions:
            board.withdraw(edition.article_id, edition.locale, ChangeKind.UNPUBLISHED)
            writing.record(ChangeKind.DELETED, edition.article_id, edition.locale, edition.id)
        await board.flush()
        numbers = [edition.id for edition, _ in editions]
        await Edition.filter(id__in=numbers).using_db(writing.connection).update(until=writing.revision)
    return writing.revision


async def newest_editions(
    writing: Writing, article_ids: Sequence[str], locales: Sequence[str] | None
) -> list[tuple[Edition, str]]:
    """Return the newest edition of each article in each of the locales, with the article's site.

    Raises NotFound where one of the articles has none, or is missing in one of the locales named.
    """
    articles = await Article.filter(id__in=article_ids).using_db(writing.connection)
    sites = {article.id: article.site_id for article in articles}
    query = Edition.filter(article_id__in=article_ids, until=FOREVER).using_db(writing.connection)
    editions = await query.order_by("article_id", "locale")
    found = [edition for edition in editions if locales is None or edition.locale in locales]
    have = {(edition.article_id, edition.locale) for edition in found}
    for article_id in article_ids:
        wanted = locales or [locale for owner, locale in have if owner == article_id]
        missing = [locale for locale in wanted if (article_id, locale) not in have]
        if missing or not wanted:
            raise NotFound(f"There is no article {article_id}" + (f" in {missing[0]}." if missing else "."))
    return [(edition, sites[edition.article_id]) for edition in found]
