"""The verb that brings content back: from the trash, or from an earlier edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.access import Actor, Right, no_article
from models.database import Database
from models.drafting import load_draft, load_targets
from models.editing import Identity
from models.edition import Edition
from models.errors import Conflict, ContentError, InvalidArgument, NotFound, RevisionGone
from models.idempotency import Receipt
from models.moment import FOREVER
from models.outcome import Done, Failure, Place, Refused, explain
from models.publishing import publish_newest
from models.revision import ChangeKind, Writing, write
from models.updating import check_rights, find_article, save_draft


@dataclass(frozen=True, slots=True)
class Restoration:
    """What is to be restored: to the edition of a revision, or as it was deleted; only if unchanged since `base`."""

    article_ids: Sequence[str]
    locales: Sequence[str] | None = None
    to_revision: int | None = None
    base: int | None = None


async def restore_articles(
    database: Database,
    restoration: Restoration,
    *,
    actor: Actor,
    message: str | None = None,
    publish: bool = False,
    receipt: Receipt | None = None,
) -> Done:
    """Save earlier editions again as the newest ones: the last before a deletion, or those of a revision.

    Sections and questions get back the ids they had. All or nothing, one revision. An article that has changed
    since `base` is a conflict. Raises Forbidden, InvalidArgument, or Refused.
    """
    check_rights(actor, publish=publish)
    async with write(database, actor=actor, verb="restore", message=message, receipt=receipt) as writing:
        check_revisions(writing, restoration)
        places: list[Place] = []
        failures: list[Failure] = []
        for index, article_id in enumerate(restoration.article_ids):
            try:
                places += await restore(writing, restoration, article_id)
            except ContentError as error:
                failures += explain(error, "ids", str(index))
        if failures:
            raise Refused(failures)
        if publish:
            await publish_newest(writing, places)
        writing.finish(Done(None, tuple(dict.fromkeys(places))))
    return writing.done


def check_revisions(writing: Writing, restoration: Restoration) -> None:
    """Raise InvalidArgument where a revision is missing or does not exist."""
    if restoration.to_revision is not None and restoration.base is None:
        raise InvalidArgument("Restoring to an earlier revision needs ifRevision, the one you have read.")
    for revision in (restoration.to_revision, restoration.base):
        if revision is not None and revision >= writing.revision:
            raise InvalidArgument(f"Revision {revision} does not exist yet.")
    if restoration.to_revision is not None and restoration.to_revision < writing.oldest:
        raise RevisionGone(restoration.to_revision, writing.oldest)


async def restore(writing: Writing, restoration: Restoration, article_id: str) -> list[Place]:
    """Restore one article in the locales that are meant. Raises NotFound or Refused with conflicts."""
    article, site = await find_article(writing, article_id)
    editions = await find_editions(writing, restoration, article_id)
    current = await newest_editions(writing, article_id)
    for edition in editions:
        place = Place(article_id, edition.locale)
        writing.actor.require_article(Right.EDIT, article_id, site.id, place.locale)
        check_unchanged(restoration, place, current.get(place.locale))
        draft = await load_draft(writing.connection, edition)
        known = await load_targets(writing.connection, [edition.id])
        identity = Identity(article.id, site.id, article.key)
        before = len(writing.changes)
        linked = frozenset(link.article_id for link in draft.related)
        await save_draft(writing, site, identity, draft, known, linked)
        for change in writing.changes[before:]:
            if change.kind in {ChangeKind.CREATED, ChangeKind.UPDATED}:
                change.kind = ChangeKind.RESTORED
    return [Place(article_id, edition.locale) for edition in editions]


def check_unchanged(restoration: Restoration, place: Place, current: Edition | None) -> None:
    """Raise Refused with a conflict where the article changed after the revision that the editor had read."""
    base = restoration.base
    if current is not None and base is not None and current.since > base:
        message = f"The article was saved in {place.locale} at revision {current.since}, after {base}."
        raise Refused([Failure(Conflict.code, message, place=place, base=base)])


async def newest_editions(writing: Writing, article_id: str) -> dict[str, Edition]:
    """Return the open editions of an article by locale."""
    query = Edition.filter(article_id=article_id, until=FOREVER).using_db(writing.connection)
    return {edition.locale: edition for edition in await query}


async def find_editions(writing: Writing, restoration: Restoration, article_id: str) -> list[Edition]:
    """Return the editions that are to be restored, one for each locale. Raises NotFound."""
    query = Edition.filter(article_id=article_id).using_db(writing.connection).order_by("locale", "id")
    revision = restoration.to_revision
    by_locale: dict[str, Edition] = {}
    seen = [edition for edition in await query if writing.actor.scope.holds_locale(edition.locale)]
    if not seen:
        raise no_article(article_id)
    # What compacting left of older editions, for the sake of old addresses, is not the whole.
    for edition in (edition for edition in seen if edition.until > writing.oldest):
        if revision is None or edition.since <= revision < edition.until:
            by_locale[edition.locale] = edition
    if revision is None:
        by_locale = {locale: e for locale, e in by_locale.items() if e.until != FOREVER}
    wanted = restoration.locales if restoration.locales is not None else sorted(by_locale)
    missing = [locale for locale in wanted if locale not in by_locale]
    if missing or not wanted:
        raise NotFound(say_missing(restoration, article_id, missing))
    return [by_locale[locale] for locale in wanted]


def say_missing(restoration: Restoration, article_id: str, missing: Sequence[str]) -> str:
    """Return the sentence that says what cannot be restored."""
    where = f" in {missing[0]}" if missing else ""
    if restoration.to_revision is None:
        return f"The article {article_id} is not in the trash{where}."
    return f"There was no article {article_id}{where} at revision {restoration.to_revision}."
