"""Which of our articles the links of a new edition lead to, when somebody edits rather than imports.

An address keeps the target that it had in the edition before; any other is looked up by its path.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tortoise.backends.base.client import BaseDBAsyncClient

from models.access import Actor
from models.addresses import path_within, split_path
from models.article import Article
from models.composition import ComposedLink, Composition, compose, hash_content
from models.draft import ArticleDraft, normalise_slug
from models.edition import Edition
from models.errors import InvalidContent, Problem
from models.moment import FOREVER
from models.site import Site

COMPOSING = ThreadPoolExecutor(1, thread_name_prefix="composing")
"""Texts are rendered beside the event loop, one after the other: a long one keeps no reader waiting."""

Address = tuple[str, str]
"""Locale and slug."""


async def compose_linked(
    connection: BaseDBAsyncClient,
    actor: Actor,
    site: Site,
    draft: ArticleDraft,
    known: Mapping[str, str],
    linked: frozenset[str | None] = frozenset(),
) -> Composition:
    """Return a draft ready to be stored, its links resolved. Raises InvalidContent.

    `known` are the targets of addresses in the edition before, `linked` the articles that it named as related:
    who may not see these need not lose them.
    """
    await check_related(connection, actor, draft, linked)
    composition = await get_running_loop().run_in_executor(COMPOSING, compose, draft, known.get)
    addresses = {link.url: read_address(link.url, site.url) for link in composition.links if link.url}
    targets = await find_targets(connection, actor, site, {a for a in addresses.values() if a})
    links = tuple(point(link, addresses, targets) for link in composition.links)
    return replace(composition, links=links, content_hash=hash_content(composition.draft, links))


def point(
    link: ComposedLink, addresses: Mapping[str, Address | None], targets: Mapping[Address, str]
) -> ComposedLink:
    """Return a link with the article that its address leads to, if it is one of ours."""
    address = addresses.get(link.url or "")
    if link.target_id is not None or address is None:
        return link
    return replace(link, target_id=targets.get(address))


def read_address(url: str, base: str | None) -> Address | None:
    """Return locale and slug of `/{locale}/{slug}`, alone or under the site's address; None of anything else."""
    try:
        path = path_within(url, base)
    except ValueError:
        return None
    return None if path is None else split_path("/" + normalise_slug(path))


async def find_targets(
    connection: BaseDBAsyncClient, actor: Actor, site: Site, addresses: Iterable[Address]
) -> dict[Address, str]:
    """Return the articles whose newest edition stands at these addresses."""
    # A locale that the actor may not see has no articles for them, not even as the end of a link.
    slugs = sorted({slug for locale, slug in addresses if actor.scope.holds_locale(locale)})
    if not slugs:
        return {}
    query = Edition.filter(slug__in=slugs, until=FOREVER).using_db(connection).order_by("id")
    # The site is compared here: databases would begin with all articles of the site.
    rows = await query.values_list("locale", "slug", "article_id", "article__site_id")
    return {
        (locale, slug): article_id
        for locale, slug, article_id, site_id in rows
        if site_id == site.id and actor.scope.holds_locale(locale)
    }


async def check_related(
    connection: BaseDBAsyncClient, actor: Actor, draft: ArticleDraft, linked: frozenset[str | None]
) -> None:
    """Raise InvalidContent where a related link newly names an article that does not exist for this actor."""
    ids = {link.article_id for link in draft.related if link.article_id} - linked
    if not ids:
        return
    articles = await Article.filter(id__in=sorted(ids)).using_db(connection)
    known = {article.id for article in articles if actor.scope.holds_site(article.site_id)}
    problems = [
        Problem(("related", str(index), "articleId"), f"There is no article {link.article_id}.")
        for index, link in enumerate(draft.related)
        if link.article_id in ids and link.article_id not in known
    ]
    if problems:
        raise InvalidContent(problems)
