"""The verbs with which editors write: create an article, and change one on the edition that they had read.

A change is a function from a draft to a draft. It is made on the edition of the revision that the editor
names, and merged with what others have saved since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

from slugify import slugify

from models import moment
from models.access import Actor, Right, no_article
from models.article import Article
from models.database import Database
from models.draft import ArticleDraft
from models.drafting import load_drafts, load_targets
from models.editing import Identity, SaveSession, Submission, ensure_identities
from models.edition import Edition
from models.errors import Conflict, InvalidArgument, InvalidContent, Problem, RevisionGone
from models.idempotency import Receipt
from models.linking import compose_linked
from models.merging import merge
from models.moment import FOREVER
from models.outcome import Done, Failure, Place, Refused
from models.publication import Publication
from models.publishing import publish_newest
from models.revising import name_parts
from models.revision import Writing, write
from models.site import Site

LONGEST_SLUG = 80

Change = Callable[[ArticleDraft], ArticleDraft]
"""Returns a changed draft; raises NotFound or InvalidContent."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of an article in one locale, made by somebody who had read it as of revision `base`.

    `part` is the key of the section or question that it is about, for the answer.
    """

    place: Place
    base: int
    change: Change
    part: str | None = None


def check_rights(actor: Actor, *, publish: bool) -> None:
    """Raise Forbidden unless the actor may edit, and publish where that is asked for."""
    actor.require(Right.EDIT)
    if publish:
        actor.require(Right.PUBLISH)


async def create_article(
    database: Database,
    draft: ArticleDraft,
    *,
    actor: Actor,
    site_key: str | None = None,
    translation_of: str | None = None,
    message: str | None = None,
    publish: bool = False,
    receipt: Receipt | None = None,
) -> Done:
    """Save the first edition of an article, or of a translation of one; return where it stands.

    `site_key` may be left out where the actor sees one site only. Raises Forbidden, NotFound, InvalidContent,
    or SlugTaken.
    """
    check_rights(actor, publish=publish)
    async with write(database, actor=actor, verb="create", message=message, receipt=receipt) as writing:
        site, identity = await choose_identity(writing, site_key, translation_of)
        if not actor.scope.holds_article(identity.id, site.id):
            raise no_article(identity.id)
        check_locale(site, actor, draft.locale)
        if (
            await Edition.filter(article_id=identity.id, locale=draft.locale, until=FOREVER)
            .using_db(writing.connection)
            .exists()
        ):
            message = f"The article exists in {draft.locale} already; update it."
            raise InvalidContent([Problem(("locale",), message)])
        if not draft.slug:
            draft = replace(draft, slug=await choose_slug(writing, site, draft))
        await save_draft(writing, site, identity, name_parts(draft), {})
        if publish:
            await publish_saved(writing, Place(identity.id, draft.locale))
        writing.finish(Done(None, (Place(identity.id, draft.locale),)))
    return writing.done


def check_locale(site: Site, actor: Actor, locale: str) -> None:
    """Raise InvalidContent where a site has no such locale that the actor may write in."""
    known = [name for name in site.locales if actor.scope.holds_locale(name)]
    if locale in known:
        return
    has = f"the locales {', '.join(known)}" if known else "no locale that you may write in"
    raise InvalidContent([Problem(("locale",), f"The site {site.key} has {has}.")])


async def choose_identity(
    writing: Writing, site_key: str | None, translation_of: str | None
) -> tuple[Site, Identity]:
    """Return the site and identity of a new article, or those of the article that is translated."""
    if translation_of is None:
        site = await choose_site(writing, site_key)
        return site, Identity(str(uuid4()), site.id, None)
    article, site = await find_article(writing, translation_of)
    if site_key is not None and site_key != site.key:
        raise InvalidContent([Problem(("site",), f"The article belongs to the site {site.key}.")])
    return site, Identity(article.id, site.id, article.key)


async def choose_site(writing: Writing, key: str | None) -> Site:
    """Return the site with this key, or the only one there is. Raises InvalidContent."""
    scope = writing.actor.scope
    sites = await Site.all().using_db(writing.connection).order_by("key")
    seen = [site for site in sites if scope.holds_site(site.id) and key in {None, site.key}]
    if len(seen) != 1:
        message = "There are several sites; say which one." if seen else "There is no such site."
        raise InvalidContent([Problem(("site",), message)])
    return seen[0]


async def choose_slug(writing: Writing, site: Site, draft: ArticleDraft) -> str:
    """Return a slug made from the title that no other article of the site has in this locale."""
    stem = slugify(draft.title, allow_unicode=True, max_length=LONGEST_SLUG, word_boundary=True) or "article"
    wanted = [stem, *(f"{stem}-{number}" for number in range(2, 100))]
    connection = writing.connection
    drafts = Edition.filter(locale=draft.locale, slug__in=wanted, until=FOREVER).using_db(connection)
    # The site is compared here: databases would begin with all articles of the site.
    rows = await drafts.values_list("slug", "article__site_id")
    taken = {slug for slug, site_id in rows if site_id == site.id}
    live = Publication.filter(site_id=site.id, locale=draft.locale, slug__in=wanted, until=FOREVER)
    taken |= {publication.slug for publication in await live.using_db(connection).only("slug")}
    return next((slug for slug in wanted if slug not in taken), f"{stem}-{uuid4().hex[:8]}")


async def update_article(
    database: Database,
    edit: Edit,
    *,
    actor: Actor,
    verb: str = "update",
    message: str | None = None,
    publish: bool = False,
    receipt: Receipt | None = None,
) -> Done:
    """Save a changed article as a new edition, unless nothing changed; publish it if asked.

    Raises Forbidden, NotFound, InvalidContent, InvalidArgument, SlugTaken, or Refused with the conflicts
    where others changed the same since the edit's revision.
    """
    check_rights(actor, publish=publish)
    async with write(database, actor=actor, verb=verb, message=message, receipt=receipt) as writing:
        if publish:
            await check_embargo(writing, edit.place)
        await apply_edit(writing, edit)
        if publish:
            await publish_saved(writing, edit.place)
        writing.finish(Done(None, (edit.place,), edit.part))
    return writing.done


async def apply_edit(writing: Writing, edit: Edit) -> None:
    """Merge an edit with what was saved since its revision, and save the result."""
    place = edit.place
    article, site = await find_article(writing, place.article_id)
    writing.actor.require_article(Right.EDIT, article.id, site.id, place.locale)
    current, base = await find_editions(writing, edit)
    drafts = await load_drafts(writing.connection, [current, base])
    mine = name_parts(edit.change(drafts[base.id]))
    merged = mine if current.id == base.id else merge_edit(edit, drafts[base.id], mine, drafts[current.id])
    known = await load_targets(writing.connection, [current.id, base.id])
    linked = frozenset(link.article_id for draft in drafts.values() for link in draft.related)
    identity = Identity(article.id, site.id, article.key)
    await save_draft(writing, site, identity, merged, known, linked)


def merge_edit(edit: Edit, base: ArticleDraft, mine: ArticleDraft, theirs: ArticleDraft) -> ArticleDraft:
    """Return both sides' changes together. Raises Refused with a failure for each conflict."""
    try:
        return merge(base, mine, theirs)
    except Conflict as conflict:
        message = f"Somebody else has changed this since revision {edit.base}, in another way."
        raise Refused(
            [
                Failure(conflict.code, message, path, place=edit.place, base=edit.base)
                for path in conflict.paths
            ]
        ) from conflict


async def find_article(writing: Writing, article_id: str) -> tuple[Article, Site]:
    """Return an article with its site. Raises NotFound where it does not exist in the actor's scope."""
    query = Article.filter(id=article_id).using_db(writing.connection).select_related("site")
    article = await query.first()
    if article is None or not writing.actor.scope.holds_article(article.id, article.site_id):
        raise no_article(article_id)
    return article, article.site


async def find_editions(writing: Writing, edit: Edit) -> tuple[Edition, Edition]:
    """Return the newest edition, and the one that was newest at the edit's revision.

    Raises NotFound, or InvalidArgument where the article had no edition then.
    """
    place = edit.place
    editions = Edition.filter(article_id=place.article_id, locale=place.locale).using_db(writing.connection)
    current = await editions.filter(until=FOREVER).first()
    if current is None:
        raise no_article(place.article_id)
    if edit.base >= writing.revision:
        raise InvalidArgument(f"Revision {edit.base} does not exist yet.")
    base = await editions.filter(since__lte=edit.base, until__gt=edit.base).first()
    gone = base is None or base.until <= writing.oldest
    if gone and edit.base < writing.oldest:
        raise RevisionGone(edit.base, writing.oldest)
    if base is None:
        raise InvalidArgument(f"The article had no edition in {place.locale} at revision {edit.base}.")
    return current, base


async def save_draft(
    writing: Writing,
    site: Site,
    identity: Identity,
    draft: ArticleDraft,
    known: dict[str, str],
    linked: frozenset[str | None] = frozenset(),
) -> None:
    """Store a draft as the newest edition of an article, unless it is the same. Raises InvalidContent.

    `known` and `linked` are what `compose_linked` takes.
    """
    composition = await compose_linked(writing.connection, writing.actor, site, draft, known, linked)
    submission = Submission(identity, composition)
    await ensure_identities(writing, [submission], {})
    session = SaveSession(writing, publish=False)
    await session.load([submission])
    outcome = session.save(submission)
    if outcome.error is not None:
        raise outcome.error
    await session.flush()


async def publish_saved(writing: Writing, place: Place) -> None:
    """Publish what was saved of one article. Raises Refused, with paths into the article's own input."""
    try:
        await publish_newest(writing, [place])
    except Refused as refused:
        raise Refused([replace(failure, path=failure.path[2:]) for failure in refused.failures]) from None


async def check_embargo(writing: Writing, place: Place) -> None:
    """Raise Refused where the newest edition is to go live later: an edit of it must not bring it out before."""
    query = Publication.filter(
        article_id=place.article_id, locale=place.locale, until=FOREVER, edition__until=FOREVER
    )
    rows = await query.using_db(writing.connection).order_by("live_from")
    now = writing.moment
    is_out = any(row.live_from <= now < row.live_until for row in rows)
    waiting = next((row for row in rows if row.live_from > now), None)
    scope = writing.actor.scope
    if waiting is None or is_out or not scope.holds_locale(place.locale):
        return
    if scope.holds_article(place.article_id, waiting.site_id):
        when = moment.to_text(waiting.live_from)
        message = f"The newest edition is scheduled for {when}; publishArticles decides when the changed one goes live."
        raise Refused([Failure("SCHEDULED", message, ("publish",), place=place)])
