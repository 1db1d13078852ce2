"""The open publications that a write may touch, and the rules they keep.

Open publications of one article and locale never overlap in time, and no two open ones share site, locale and
slug at one moment. Both are checked inside the write, which is safe because writes are serialised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.edition import Edition
from models.errors import SlugTaken
from models.moment import FOREVER
from models.publication import Publication
from models.revision import ChangeKind, Revision, Writing

Pair = tuple[str, str]
"""An article and a locale."""


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
        self._lived: dict[Pair, int] = {}
        self._dates: dict[int, int] = {}
        self._touched: set[Pair] = set()
        self._closed: list[int] = []
        self._added: list[Publication] = []

    async def load(self, article_ids: Sequence[str], slugs: Iterable[str]) -> None:
        """Read the open publications of these articles, and of any article with one of these slugs."""
        connection = self._writing.connection
        own = await Publication.filter(article_id__in=article_ids).using_db(connection)
        await self._load_lived([row for row in own if row.until != FOREVER])
        dated = Edition.filter(id__in={row.edition_id for row in own}, published_at__isnull=False)
        self._dates = dict(await dated.using_db(connection).values_list("id", "published_at"))
        others = await Publication.filter(until=FOREVER, slug__in=sorted(set(slugs))).using_db(connection)
        rows = {row.id: row for row in [*own, *others] if row.until == FOREVER}
        self._open = list(rows.values())

    async def _load_lived(self, closed: Sequence[Publication]) -> None:
        """Find out since when each article was live under publications that are closed."""
        revisions = Revision.filter(number__in={row.until for row in closed})
        moments = dict(await revisions.using_db(self._writing.connection).values_list("number", "moment"))
        for row in closed:
            # A row without a moment was closed by this very write.
            if row.live_from <= moments.get(row.until, self._writing.moment):
                self._live_since(row)

    def _live_since(self, row: Publication) -> None:
        pair = (row.article_id, row.locale)
        self._lived[pair] = min(row.live_from, self._lived.get(pair, row.live_from))

    def of(self, article_id: str, locale: str) -> list[Publication]:
        """Return the open publications of an article in a locale."""
        return [row for row in self._open if row.article_id == article_id and row.locale == locale]

    def shows(self, live: Live) -> bool:
        """Tell whether exactly this edition is live as asked, or since an earlier moment."""
        rows = [r for r in self.of(live.article_id, live.locale) if r.live_until > self._writing.moment]
        shown = [(r.edition_id, r.live_until) for r in rows] == [(live.edition_id, live.live_until)]
        return shown and rows[0].live_from <= live.live_from

    def is_on(self, article_id: str, locale: str) -> bool:
        """Tell whether an article is on the site in a locale, or scheduled."""
        return any(row.live_until > self._writing.moment for row in self.of(article_id, locale))

    def fork(self) -> Board:
        """Return a board of the same state, to try something on."""
        board = Board(self._writing)
        board._open, board._lived, board._dates = list(self._open), dict(self._lived), dict(self._dates)
        board._closed, board._added = list(self._closed), list(self._added)
        board._touched = set(self._touched)
        return board

    def publish(self, live: Live) -> None:
        """Make an edition live in its window; what was live there before makes way. Raises SlugTaken.

        Nothing is recorded.
        """
        self._check_slug(live)
        self._make_way(live)
        self._add(self._row(live))

    def publish_together(self, lives: Sequence[Live]) -> dict[Live, SlugTaken]:
        """Publish several editions as one: slugs that one of them gives up are free for the others.

        Nothing is recorded. Return those that cannot be; then the board is of no use any more.
        """
        refused = {}
        for live in lives:
            self._make_way(live)
        for live in lives:
            try:
                self._check_slug(live)
                self._add(self._row(live))
            except SlugTaken as error:
                refused[live] = error
        return refused

    def _make_way(self, live: Live) -> None:
        for row in self.of(live.article_id, live.locale):
            if row.live_from < live.live_until and live.live_from < row.live_until:
                self._close(row)
                self._keep_outside(row, live)

    def record(self, live: Live) -> None:
        """Write the publication of an edition into the change log."""
        scheduled = live.live_from > self._writing.moment
        kind = ChangeKind.SCHEDULED if scheduled else ChangeKind.PUBLISHED
        self._writing.record(kind, live.article_id, live.locale, live.edition_id)

    def withdraw(self, article_id: str, locale: str, at: int | None = None) -> bool:
        """Take an article off the site in a locale, schedules included, at a moment or now; tells whether it was on.

        Withdrawing now closes the publications, at a later moment lets them end there.
        """
        was_on = self.is_on(article_id, locale)
        rows = [row for row in self.of(article_id, locale) if at is None or row.live_until > at]
        for row in rows:
            self._close(row)
            if at is not None and row.live_from < at:
                self._add(self._copy(row, row.live_from, at))
        if rows and was_on:
            self._writing.record(ChangeKind.UNPUBLISHED, article_id, locale, None)
        return bool(rows) and was_on

    async def flush(self) -> None:
        """Write what was changed."""
        connection = self._writing.connection
        for pair in self._touched:
            self._date(pair)
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

    def _date(self, pair: Pair) -> None:
        """Let the open publications of a pair say when it was first live, as far as their author does not."""
        rows = self.of(*pair)
        first = min((row.live_from for row in rows), default=FOREVER)
        first = min(first, self._lived.get(pair, FOREVER))
        for row in rows:
            date = self._dates.get(row.edition_id, first)
            if row.published_at != date:
                self._close(row)
                self._add(self._copy(row, row.live_from, row.live_until, date))

    def _close(self, row: Publication) -> None:
        self._touched.add((row.article_id, row.locale))
        # By identity: to Tortoise all rows that are not stored yet are equal.
        self._open = [other for other in self._open if other is not row]
        if any(other is row for other in self._added):
            self._added = [other for other in self._added if other is not row]
        else:
            self._closed.append(row.id)
            if row.live_from <= self._writing.moment:
                self._live_since(row)

    def _keep_outside(self, row: Publication, live: Live) -> None:
        """Keep what of a closed publication lies before or after the new one, unless it is past."""
        for start, end in ((row.live_from, live.live_from), (live.live_until, row.live_until)):
            if start < end and end > self._writing.moment:
                self._add(self._copy(row, start, end))

    def _add(self, row: Publication) -> None:
        self._touched.add((row.article_id, row.locale))
        self._open.append(row)
        self._added.append(row)

    def _row(self, live: Live) -> Publication:
        if live.published_at is not None:
            self._dates[live.edition_id] = live.published_at
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
            published_at=live.live_from,
        )

    def _copy(
        self, row: Publication, live_from: int, live_until: int, published_at: int | None = None
    ) -> Publication:
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
            published_at=row.published_at if published_at is None else published_at,
        )
