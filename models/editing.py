"""The verb that saves articles: one transaction, one revision, for one article or a batch of an import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.access import Actor, Right
from models.article import Article
from models.board import Board, Live
from models.composition import Composition
from models.database import Database
from models.edition import Edition
from models.errors import ContentError, SlugTaken
from models.moment import FOREVER
from models.revision import ChangeKind, Writing, write
from models.site import Site
from models.storing import Parts, edition_row, load_parts, part_rows, store


class Action(StrEnum):
    """What saving did to an article."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Identity:
    """An article that exists or shall exist, whether or not it has content yet."""

    id: str
    site_id: str
    key: str | None


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """A site that an import needs; made when it is missing, else only given new locales."""

    id: str
    key: str
    name: str
    default_locale: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """An article to be saved in one locale; `publish` allows it to go live when its batch is published."""

    identity: Identity
    composition: Composition
    publish: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission; `error` says why it was refused."""

    action: Action
    published: bool = False
    error: ContentError | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The revision that a batch became, None if nothing changed, and an outcome for each submission."""

    revision: int | None
    outcomes: list[Outcome]


async def save_articles(
    database: Database,
    submissions: Sequence[Submission],
    *,
    actor: Actor,
    sites: Sequence[SiteDraft] = (),
    identities: Mapping[str, Identity] | None = None,
    message: str | None = None,
    publish: bool = False,
    rehearse: bool = False,
) -> Saved:
    """Save a new edition of each submitted article whose content changed, and publish it if asked.

    A submission that breaks a rule is refused without harm to the others. `identities` are articles that
    links may point at although they are not stored yet. `rehearse` does everything but commit.
    Raises Forbidden where the actor may not edit, publish, or make a site that is missing.
    """
    actor.require(Right.EDIT)
    if publish:
        actor.require(Right.PUBLISH)
    async with write(database, actor=actor, verb="save", message=message, rehearse=rehearse) as writing:
        await ensure_sites(writing, sites, submissions)
        await ensure_identities(writing, submissions, identities or {})
        session = SaveSession(writing, publish)
        await session.load(submissions)
        outcomes = session.save_all(submissions)
        await session.flush()
    return Saved(writing.revision if writing.changes and not rehearse else None, outcomes)


class SaveSession:
    """What is stored of the articles in a batch, and the rows that saving it will write."""

    def __init__(self, writing: Writing, publish: bool) -> None:
        self._writing = writing
        self._publish = publish
        self._board = Board(writing)
        self._newest: dict[tuple[str, str], Edition] = {}
        self._parts: dict[int, Parts] = {}
        self._next_id = 0
        self._superseded: list[int] = []
        self._rows: list[Parts] = []

    async def load(self, submissions: Sequence[Submission]) -> None:
        """Read the newest editions of the submitted articles, and the parts of those that will change."""
        connection = self._writing.connection
        ids = sorted({submission.identity.id for submission in submissions})
        editions = await Edition.filter(article_id__in=ids, until=FOREVER).using_db(connection)
        self._newest = {(edition.article_id, edition.locale): edition for edition in editions}
        changing = [self._stored(submission) for submission in submissions]
        self._parts = await load_parts(connection, [edition.id for edition in changing if edition])
        last = await Edition.all().using_db(connection).order_by("-id").first().values_list("id")
        self._next_id = (last[0] if last else 0) + 1
        if self._publish:
            slugs = (submission.composition.draft.slug for submission in submissions)
            await self._board.load(ids, slugs)

    def _stored(self, submission: Submission) -> Edition | None:
        """Return the stored edition that a submission would supersede, None if there is none or it is the same."""
        draft = submission.composition.draft
        newest = self._newest.get((submission.identity.id, draft.locale))
        same = newest is not None and newest.content_hash == submission.composition.content_hash
        return None if same else newest

    def save_all(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Decide on all submissions; a slug that one of them gives up is free for the others, whatever their order."""
        outcomes = [self.save(submission) for submission in submissions]
        progress = True
        while progress:
            progress = False
            for index, outcome in enumerate(outcomes):
                if isinstance(outcome.error, SlugTaken):
                    outcomes[index] = self.save(submissions[index])
                    progress |= outcomes[index].error is None
        return outcomes

    def save(self, submission: Submission) -> Outcome:
        """Decide on one submission and remember what to write for it."""
        composition, identity = submission.composition, submission.identity
        newest = self._newest.get((identity.id, composition.draft.locale))
        if newest is not None and newest.content_hash == composition.content_hash:
            return self._publish_unchanged(submission, newest)
        live = self._live(submission, self._next_id)
        try:
            if live:
                self._board.publish(live)
        except SlugTaken as error:
            return Outcome(Action.REFUSED, error=error)
        edition = edition_row(self._next_id, self._writing, identity.id, composition)
        previous = self._parts.get(newest.id) if newest else None
        self._rows.append(part_rows(edition, composition, previous))
        self._next_id += 1
        if newest:
            self._superseded.append(newest.id)
        self._newest[(identity.id, edition.locale)] = edition
        kind = ChangeKind.UPDATED if newest else ChangeKind.CREATED
        self._writing.record(kind, identity.id, edition.locale, edition.id)
        if live:
            self._board.record(live)
        return Outcome(Action.CHANGED if newest else Action.CREATED, published=live is not None)

    def _publish_unchanged(self, submission: Submission, newest: Edition) -> Outcome:
        """Publish an edition that is stored already, unless it is live."""
        live = self._live(submission, newest.id)
        if live is None or self._board.shows(live):
            return Outcome(Action.UNCHANGED)
        try:
            self._board.publish(live)
        except SlugTaken as error:
            return Outcome(Action.REFUSED, error=error)
        self._board.record(live)
        return Outcome(Action.UNCHANGED, published=True)

    def _live(self, submission: Submission, edition_id: int) -> Live | None:
        """Return the publication that a submission asks for: from now, or from its author's date if that is ahead."""
        draft = submission.composition.draft
        if not (self._publish and submission.publish):
            return None
        return Live(
            article_id=submission.identity.id,
            site_id=submission.identity.site_id,
            locale=draft.locale,
            slug=draft.slug,
            edition_id=edition_id,
            live_from=max(self._writing.moment, draft.published_at or 0),
            published_at=draft.published_at,
        )

    async def flush(self) -> None:
        """Write all rows."""
        await store(self._writing, self._rows)
        if self._superseded:
            superseded = Edition.filter(id__in=self._superseded).using_db(self._writing.connection)
            await superseded.update(until=self._writing.revision)
        if self._publish:
            await self._board.flush()


async def ensure_sites(
    writing: Writing, sites: Sequence[SiteDraft], submissions: Iterable[Submission]
) -> None:
    """Create the sites that are missing, and add the locales that these submissions bring."""
    locales: dict[str, set[str]] = {}
    for submission in submissions:
        locales.setdefault(submission.identity.site_id, set()).add(submission.composition.draft.locale)
    for draft in sites:
        wanted = locales.get(draft.id, set())
        site = await Site.filter(id=draft.id).using_db(writing.connection).first()
        if site is None:
            writing.actor.require_everywhere(Right.ADMINISTER)
            names = [draft.default_locale, *sorted(wanted - {draft.default_locale})]
            await Site.create(
                id=draft.id,
                key=draft.key,
                name=draft.name,
                url=draft.url,
                default_locale=draft.default_locale,
                locales=names,
                using_db=writing.connection,
            )
            writing.record_site(ChangeKind.CREATED, draft.id)
        elif wanted - set(site.locales):
            site.locales = [*site.locales, *sorted(wanted - set(site.locales))]
            await site.save(using_db=writing.connection, update_fields=["locales"])
            writing.record_site(ChangeKind.UPDATED, site.id)


async def ensure_identities(
    writing: Writing, submissions: Sequence[Submission], identities: Mapping[str, Identity]
) -> None:
    """Create the articles that are submitted or linked to and do not exist yet."""
    needed = {submission.identity.id: submission.identity for submission in submissions}
    for submission in submissions:
        for link in submission.composition.links:
            if link.target_id is not None and link.target_id in identities:
                needed.setdefault(link.target_id, identities[link.target_id])
    missing = sorted(needed.keys() - await known_articles(writing, sorted(needed)))
    rows = [
        Article(id=i, site_id=needed[i].site_id, key=needed[i].key, created_at=writing.moment)
        for i in missing
    ]
    await Article.bulk_create(rows, using_db=writing.connection)


async def known_articles(writing: Writing, article_ids: Sequence[str]) -> set[str]:
    """Return those of the ids that exist. Asked in pieces, as databases limit the parameters of a statement."""
    known: set[str] = set()
    for start in range(0, len(article_ids), 5000):
        query = Article.filter(id__in=article_ids[start : start + 5000]).using_db(writing.connection)
        known.update(article.id for article in await query.only("id"))
    return known
