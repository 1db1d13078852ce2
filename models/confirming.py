"""The verb that confirms a translation: it is still right, though the original has changed since it was saved."""

from __future__ import annotations

from models.access import Actor, Right, no_article
from models.confirmation import Confirmation
from models.database import Database
from models.edition import Edition
from models.errors import Conflict, InvalidArgument, RevisionGone
from models.idempotency import Receipt
from models.moment import FOREVER
from models.outcome import Done, Failure, Place, Refused
from models.revision import ChangeKind, Writing, write
from models.site import Site
from models.updating import find_article


async def confirm_translation(
    database: Database,
    place: Place,
    as_of: int,
    *,
    actor: Actor,
    message: str | None = None,
    receipt: Receipt | None = None,
) -> Done:
    """Say that the newest edition is right for the original as it stood at revision `as_of`.

    What of the original was changed later is not confirmed. Nothing happens where the translation is up to date.
    Raises Forbidden, NotFound, InvalidArgument, RevisionGone, or Refused with a conflict where the translation was
    saved after `as_of`, or all that outdates it was.
    """
    actor.require(Right.EDIT)
    async with write(database, actor=actor, verb="confirm", message=message, receipt=receipt) as writing:
        article, site = await find_article(writing, place.article_id)
        actor.require_article(Right.EDIT, article.id, site.id, place.locale)
        check_revision(writing, as_of)
        edition = await find_edition(writing, place, as_of)
        if await is_behind(writing, site, edition, as_of):
            await Confirmation.create(
                edition_id=edition.id, as_of=as_of, since=writing.revision, using_db=writing.connection
            )
            writing.record(ChangeKind.CONFIRMED, article.id, place.locale, edition.id)
        writing.finish(Done(None, (place,)))
    return writing.done


def check_revision(writing: Writing, as_of: int) -> None:
    """Raise InvalidArgument or RevisionGone where a revision cannot be known."""
    if as_of >= writing.revision:
        raise InvalidArgument(f"Revision {as_of} does not exist yet.")
    if as_of < writing.oldest:
        raise RevisionGone(as_of, writing.oldest)


async def find_edition(writing: Writing, place: Place, as_of: int) -> Edition:
    """Return the newest edition of a translation. Raises NotFound, or Refused where it was saved after `as_of`."""
    newest = Edition.filter(article_id=place.article_id, locale=place.locale, until=FOREVER)
    edition = await newest.using_db(writing.connection).first()
    if edition is None:
        raise no_article(place.article_id)
    if edition.since > as_of:
        message = f"The article was saved in {place.locale} at revision {edition.since}, after {as_of}."
        raise Refused([Failure(Conflict.code, message, place=place, base=as_of)])
    return edition


async def is_behind(writing: Writing, site: Site, edition: Edition, as_of: int) -> bool:
    """Tell whether the original was changed after a translation's basis, up to a revision.

    Raises InvalidArgument where the edition is the original, or Refused where it was changed after both only.
    """
    changed = Edition.filter(
        article_id=edition.article_id, locale=await find_original(writing, site, edition)
    ).using_db(writing.connection)
    confirmed = Confirmation.filter(edition_id=edition.id).using_db(writing.connection)
    newest = await confirmed.order_by("-as_of").first()
    basis = max(edition.since, newest.as_of if newest else 0)
    if await changed.filter(since__gt=basis, since__lte=as_of).exists():
        return True
    later = await changed.filter(since__gt=max(basis, as_of)).order_by("-since").first()
    if later is not None:
        message = f"The original was changed at revision {later.since}, after {as_of}; compare it with that."
        place = Place(edition.article_id, edition.locale)
        raise Refused([Failure(Conflict.code, message, place=place, base=as_of)])
    return False


async def find_original(writing: Writing, site: Site, edition: Edition) -> str:
    """Return the locale of the original of a translation. Raises InvalidArgument where the edition is the original."""
    standing = Edition.filter(article_id=edition.article_id, until=FOREVER).using_db(writing.connection)
    locales = sorted({locale for (locale,) in await standing.values_list("locale")})
    seen = [locale for locale in locales if writing.actor.scope.holds_locale(locale)]
    original = site.default_locale if site.default_locale in seen else seen[0]
    if original == edition.locale:
        raise InvalidArgument(f"The article's original is in {original}; it is no translation.")
    return original
