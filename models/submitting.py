"""The verb behind imports through the API: articles named by their source's keys, saved as one revision."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from slugify import slugify

from models.access import Actor, Right
from models.checking import check_key
from models.database import Database
from models.draft import ArticleDraft
from models.editing import Action, Identity, Outcome, SaveSession, Submission, ensure_identities
from models.errors import ContentError, InvalidContent, NotFound, Problem
from models.idempotency import Receipt
from models.identity import derive_article_id, derive_site_id
from models.linking import compose_linked
from models.outcome import Done, Failure, Place, explain
from models.revision import Writing, write
from models.site import Site


@dataclass(frozen=True, slots=True)
class Entry:
    """An article to import: its source's key, its locale, and what returns its draft or raises InvalidContent."""

    key: str
    locale: str
    draft: Callable[[], ArticleDraft]


async def submit_articles(
    database: Database,
    site_key: str,
    entries: Sequence[Entry],
    *,
    actor: Actor,
    message: str | None = None,
    publish: bool = False,
    rehearse: bool = False,
    receipt: Receipt | None = None,
) -> Done:
    """Save a new edition of each article whose content changed; one that breaks a rule is left out.

    Return what became of each, in their order. Raises Forbidden, or NotFound where there is no such site.
    """
    actor.require_site(Right.EDIT, derive_site_id(site_key), site_key)
    if publish:
        actor.require(Right.PUBLISH)
    site = await Site.filter(id=derive_site_id(site_key)).using_db(database.connection).first()
    if site is None:
        raise NotFound(f"There is no site {site_key!r}.")
    work = Submitting(database, actor, site)
    await work.compose(entries)
    async with write(
        database, actor=actor, verb="import", message=message, rehearse=rehearse, receipt=receipt
    ) as writing:
        await work.save(writing, publish=publish)
        writing.finish(work.describe(entries))
    return writing.done


class Submitting:
    """The articles of one import on their way into the database."""

    def __init__(self, database: Database, actor: Actor, site: Site) -> None:
        self._database = database
        self._actor = actor
        self._site = site
        self._errors: dict[int, ContentError] = {}
        self._submissions: dict[int, Submission] = {}
        self._outcomes: dict[int, Outcome] = {}

    async def compose(self, entries: Sequence[Entry]) -> None:
        """Render all articles; what breaks a rule is remembered as refused."""
        drafts: dict[int, ArticleDraft] = {}
        for index, entry in enumerate(entries):
            try:
                drafts[index] = self._read(entry)
            except ContentError as error:
                self._errors[index] = error
        paths = {
            f"/{draft.locale}/{draft.slug}": self._identify(entries[index].key).id
            for index, draft in drafts.items()
        }
        seen: set[Place] = set()
        for index, draft in drafts.items():
            try:
                identity = self._identify(entries[index].key)
                self._check_place(Place(identity.id, draft.locale), seen)
                composition = await compose_linked(
                    self._database.connection, self._actor, self._site, draft, paths
                )
                self._submissions[index] = Submission(identity, composition)
            except ContentError as error:
                self._errors[index] = error
            # Rendering is work of the processor; others get their turn between two articles.
            await asyncio.sleep(0)

    def _identify(self, key: str) -> Identity:
        return Identity(derive_article_id(self._site.key, key), self._site.id, key)

    def _read(self, entry: Entry) -> ArticleDraft:
        """Return an article's draft, with a slug from its title where it has none. Raises InvalidContent."""
        problems = list(check_key(entry.key))
        known = [locale for locale in self._site.locales if self._actor.scope.holds_locale(locale)]
        if entry.locale not in known:
            has = f"the locales {', '.join(known)}; updateSite adds one" if known else "no locale of yours"
            problems.append(Problem(("locale",), f"The site {self._site.key} has {has}."))
        if problems:
            raise InvalidContent(problems)
        draft = entry.draft()
        return draft if draft.slug else replace(draft, slug=slugify(draft.title, allow_unicode=True))

    def _check_place(self, place: Place, seen: set[Place]) -> None:
        """Raise NotFound where the actor may not write there, InvalidContent where the article came before."""
        self._actor.require_article(Right.EDIT, place.article_id, self._site.id, place.locale)
        if place in seen:
            raise InvalidContent([Problem(("key",), "This key and locale stand in the import twice.")])
        seen.add(place)

    async def save(self, writing: Writing, *, publish: bool) -> None:
        """Save what was composed, and publish it if asked."""
        submissions = list(self._submissions.values())
        identities = {submission.identity.id: submission.identity for submission in submissions}
        for submission in submissions:
            for link in submission.composition.links:
                if link.target_id is not None:
                    identities.setdefault(link.target_id, Identity(link.target_id, self._site.id, None))
        await ensure_identities(writing, submissions, identities)
        session = SaveSession(writing, publish)
        await session.load(submissions)
        self._outcomes = dict(zip(self._submissions, session.save_all(submissions), strict=True))
        await session.flush()

    def describe(self, entries: Sequence[Entry]) -> Done:
        """Return what became of each article."""
        refused = Outcome(Action.REFUSED)
        outcomes = [self._outcomes.get(index, refused) for index in range(len(entries))]
        failures: list[Failure] = []
        for index, outcome in enumerate(outcomes):
            error = self._errors.get(index) or outcome.error
            failures += explain(error, "articles", str(index)) if error else []
        return Done(
            None,
            places=tuple(Place(self._identify(entry.key).id, entry.locale) for entry in entries),
            failures=tuple(failures),
            actions=tuple((outcome.action.value, outcome.published) for outcome in outcomes),
        )
