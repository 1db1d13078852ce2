"""The verbs that decide what is live: publish, unpublish, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.access import Actor, Right, no_article
from models.article import Article
from models.board import Board, Live
from models.database import Database
from models.edition import Edition
from models.errors import ContentError, Forbidden, InvalidArgument, NotFound
from models.idempotency import Receipt
from models.link import Link, LinkKind
from models.moment import FOREVER
from models.outcome import Done, Failure, Place, Refused, explain
from models.publication import Publication
from models.revision import ChangeKind, Writing, write


@dataclass(frozen=True, slots=True)
class Candidate:
    """The newest edition of an article that was named; `index` is the place among the named ones."""

    index: int
    edition: Edition
    site_id: str

    @property
    def place(self) -> Place:
        """Return the article and locale."""
        return Place(self.edition.article_id, self.edition.locale)

    def live(self, start: int, end: int) -> Live:
        """Return the publication of the edition from a moment to another."""
        edition = self.edition
        return Live(
            edition.article_id,
            self.site_id,
            edition.locale,
            edition.slug,
            edition.id,
            start,
            end,
            edition.published_at,
        )


async def publish_articles(
    database: Database,
    article_ids: Sequence[str],
    locales: Sequence[str] | None = None,
    *,
    actor: Actor,
    message: str | None = None,
    live_from: int | None = None,
    live_until: int = FOREVER,
    skip_failed: bool = False,
    receipt: Receipt | None = None,
) -> Done:
    """Make the newest edition of each article live, in these locales or in all it has, as one revision.

    `live_from` and `live_until` are moments; None is now. What was live in that window makes way. Refused with
    a failure for each article that does not exist, whose slug is taken, or which links to an article that is
    not live by then; with `skip_failed` the others are published. Raises InvalidArgument where the window is
    empty or lies in the past, Forbidden, or Refused.
    """
    actor.require(Right.PUBLISH)
    async with write(database, actor=actor, verb="publish", message=message, receipt=receipt) as writing:
        start = writing.moment if live_from is None else max(live_from, writing.moment)
        if live_until <= start:
            raise InvalidArgument("A publication ends after it begins, and not in the past.")
        candidates, failures = await find_candidates(writing, Right.PUBLISH, article_ids, locales)
        session = PublishSession(writing, start, live_until)
        await session.load(candidates)
        chosen = session.choose(candidates, failures, skip_failed=skip_failed)
        await session.flush(chosen)
        writing.finish(Done(None, tuple(c.place for c in chosen), failures=tuple(failures)))
    return writing.done


class PublishSession:
    """Several editions that are to be published in one window, as one."""

    def __init__(self, writing: Writing, start: int, end: int | None) -> None:
        """`end` None keeps the end that each article has, and what is scheduled."""
        self._writing = writing
        self._start = start
        self._end = end
        self._board = Board(writing)
        self._links: dict[int, list[Link]] = {}
        self._live: set[str] = set()

    async def load(self, candidates: Sequence[Candidate]) -> None:
        """Read the publications that are concerned, and where the editions' links lead."""
        connection = self._writing.connection
        ids = sorted({c.edition.article_id for c in candidates})
        await self._board.load(ids, (c.edition.slug for c in candidates))
        numbers = [c.edition.id for c in candidates]
        links = Link.filter(edition_id__in=numbers).using_db(connection)
        for link in await links.order_by("edition_id", "kind", "position"):
            self._links.setdefault(link.edition_id, []).append(link)
        linked = (link.target_id for group in self._links.values() for link in group)
        targets = sorted({target for target in linked if target is not None})
        live = Publication.filter(
            article_id__in=targets,
            until=FOREVER,
            live_from__lte=self._start,
            live_until__gt=self._start,
        ).using_db(connection)
        self._live = {row.article_id for row in await live}

    def shows(self, candidate: Candidate) -> bool:
        """Tell whether exactly this edition is live now."""
        rows = self._board.of(*place_of(candidate))
        live = [row for row in rows if row.live_from <= self._start < row.live_until]
        return [row.edition_id for row in live] == [candidate.edition.id]

    def choose(
        self, candidates: Sequence[Candidate], failures: list[Failure], *, skip_failed: bool
    ) -> list[Candidate]:
        """Return the candidates that can be published, and add a failure for each reason against another.

        Raises Refused where there are any and `skip_failed` is false.
        """
        chosen = list(candidates)
        while True:
            board = self._board.fork()
            found = self._try(board, chosen)
            failures.extend(failure for failed in found.values() for failure in failed)
            if failures and not skip_failed:
                raise Refused(failures)
            if not found:
                self._board = board
                return chosen
            chosen = [c for c in chosen if c.place not in found]

    def _try(self, board: Board, candidates: Sequence[Candidate]) -> dict[Place, list[Failure]]:
        """Publish on a board; return the failures of each place that cannot be."""
        lives = {self._live_of(board, c): c for c in candidates}
        failures: dict[Place, list[Failure]] = {}
        for live, error in board.publish_together(list(lives)).items():
            candidate = lives[live]
            failures[candidate.place] = [
                replace(failure, place=candidate.place)
                for failure in explain(error, "ids", str(candidate.index), "slug")
            ]
        shown = self._live | {c.edition.article_id for c in candidates}
        for candidate in candidates:
            dangling = list(self._find_dangling(candidate, shown))
            if dangling:
                failures.setdefault(candidate.place, []).extend(dangling)
        return failures

    def _live_of(self, board: Board, candidate: Candidate) -> Live:
        """Return the publication that a candidate is to have."""
        if self._end is not None:
            return candidate.live(self._start, self._end)
        ends = [
            row.live_until if row.live_from <= self._start else row.live_from
            for row in board.of(*place_of(candidate))
            if row.live_until > self._start
        ]
        return candidate.live(self._start, min(ends, default=FOREVER))

    def _find_dangling(self, candidate: Candidate, shown: set[str]) -> list[Failure]:
        """Return a failure for each link of an edition to an article that will not be live."""
        failures = []
        for kind, field in ((LinkKind.RELATED, "related"), (LinkKind.BODY, "links")):
            links = [link for link in self._links.get(candidate.edition.id, ()) if link.kind == kind]
            for index, link in enumerate(links):
                if link.target_id is not None and link.target_id not in shown:
                    message = f"The link {link.label!r} leads to an article that is not live then."
                    path = ("ids", str(candidate.index), field, str(index))
                    failures.append(Failure("TARGET_NOT_PUBLISHED", message, path, place=candidate.place))
        return failures

    async def flush(self, chosen: Sequence[Candidate]) -> None:
        """Write what was chosen."""
        for candidate in chosen:
            self._board.record(candidate.live(self._start, FOREVER))
        await self._board.flush()


async def publish_newest(writing: Writing, places: Sequence[Place]) -> None:
    """Publish now what this write has saved as the newest editions, as one; what is live already stays.

    An end that is set stays, and so does what is scheduled. Raises Refused, with paths as `publish_articles` has
    them for these articles.
    """
    ids = list(dict.fromkeys(place.article_id for place in places))
    candidates, failures = await find_candidates(writing, Right.PUBLISH, ids, None)
    if failures:
        raise Refused(failures)
    session = PublishSession(writing, writing.moment, None)
    wanted = [candidate for candidate in candidates if candidate.place in places]
    await session.load(wanted)
    hidden = [candidate for candidate in wanted if not session.shows(candidate)]
    await session.flush(session.choose(hidden, [], skip_failed=False))


async def unpublish_articles(
    database: Database,
    article_ids: Sequence[str],
    locales: Sequence[str] | None = None,
    *,
    actor: Actor,
    message: str | None = None,
    at: int | None = None,
    receipt: Receipt | None = None,
) -> Done:
    """Take articles off the site, in these locales or in all, now or at a moment; later schedules are withdrawn.

    All or nothing. Raises Forbidden, InvalidArgument for a moment of the past, or Refused where an article does
    not exist or none has anything to withdraw.
    """
    actor.require(Right.PUBLISH)
    async with write(database, actor=actor, verb="unpublish", message=message, receipt=receipt) as writing:
        if at is not None and at < writing.moment:
            raise InvalidArgument("An article cannot be unpublished at a moment of the past.")
        candidates = await find_all(writing, Right.PUBLISH, article_ids, locales)
        board = Board(writing)
        await board.load([c.edition.article_id for c in candidates], ())
        on = [c for c in candidates if board.is_on(*place_of(c))]
        withdrawn = [c for c in on if board.withdraw(*place_of(c), at)]
        if not withdrawn:
            raise NotFound("None of these articles is published or scheduled.")
        await board.flush()
        writing.finish(Done(None, tuple(c.place for c in withdrawn)))
    return writing.done


async def delete_articles(
    database: Database,
    article_ids: Sequence[str],
    locales: Sequence[str] | None = None,
    *,
    actor: Actor,
    message: str | None = None,
    receipt: Receipt | None = None,
) -> Done:
    """Put articles into the trash, in these locales or in all: nothing of them is live or a draft any more.

    Their history stays, and `restore_articles` brings them back. What is live takes the right to publish.
    All or nothing. Raises Forbidden or Refused.
    """
    actor.require(Right.EDIT)
    async with write(database, actor=actor, verb="delete", message=message, receipt=receipt) as writing:
        candidates = await find_all(writing, Right.EDIT, article_ids, locales)
        board = Board(writing)
        await board.load([c.edition.article_id for c in candidates], ())
        for candidate in candidates:
            if board.withdraw(*place_of(candidate)):
                actor.require(Right.PUBLISH)
            edition = candidate.edition
            writing.record(ChangeKind.DELETED, edition.article_id, edition.locale, edition.id)
        await board.flush()
        numbers = [c.edition.id for c in candidates]
        await Edition.filter(id__in=numbers).using_db(writing.connection).update(until=writing.revision)
        writing.finish(Done(None, tuple(c.place for c in candidates)))
    return writing.done


def place_of(candidate: Candidate) -> tuple[str, str]:
    """Return article id and locale."""
    return candidate.edition.article_id, candidate.edition.locale


async def find_all(
    writing: Writing, right: Right, article_ids: Sequence[str], locales: Sequence[str] | None
) -> list[Candidate]:
    """Return the candidates of all the articles named. Raises Refused where one does not exist."""
    candidates, failures = await find_candidates(writing, right, article_ids, locales)
    if failures:
        raise Refused(failures)
    return candidates


async def find_candidates(
    writing: Writing, right: Right, article_ids: Sequence[str], locales: Sequence[str] | None
) -> tuple[list[Candidate], list[Failure]]:
    """Return the newest edition of each article in each locale, those named or all that the actor may touch.

    A failure stands for each article that does not exist for the actor, or not in one of the locales named.
    """
    articles = await Article.filter(id__in=article_ids).using_db(writing.connection)
    sites = {article.id: article.site_id for article in articles}
    query = Edition.filter(article_id__in=article_ids, until=FOREVER).using_db(writing.connection)
    editions: dict[str, dict[str, Edition]] = {}
    for edition in await query.order_by("article_id", "locale"):
        editions.setdefault(edition.article_id, {})[edition.locale] = edition
    candidates, failures = [], []
    for article_id in dict.fromkeys(article_ids):
        index = article_ids.index(article_id)
        have = editions.get(article_id, {})
        try:
            for locale in choose_locales(writing.actor, article_id, have, locales):
                writing.actor.require_article(right, article_id, sites[article_id], locale)
                candidates.append(Candidate(index, have[locale], sites[article_id]))
        except Forbidden:
            raise
        except ContentError as error:
            failures += explain(error, "ids", str(index))
    return candidates, failures


def choose_locales(
    actor: Actor, article_id: str, have: dict[str, Edition], wanted: Sequence[str] | None
) -> list[str]:
    """Return the locales of an article that are meant. Raises NotFound where one or all are missing."""
    if wanted is None:
        chosen = [locale for locale in have if actor.scope.holds_locale(locale)]
        if not chosen:
            raise no_article(article_id)
        return chosen
    for locale in wanted:
        if locale not in have:
            raise no_article(article_id)
    return list(dict.fromkeys(wanted))
