"""Where an address leads: to the article that is there, in whatever locale, or to where one has moved from there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum

from models.addresses import (
    WEB,
    article_path,
    escape_marks,
    path_within,
    spell_path,
    split_path,
    split_written,
)
from models.dialect import Sql
from models.draft import normalise_slug
from models.finding import Address, find_former, find_named, find_redirected, narrow, read_site
from models.reading import Reader, StoredArticle


class RouteKind(StrEnum):
    """What an address is to the article that it leads to."""

    PRESENT = "present"
    OTHER_LOCALE = "other_locale"
    FORMER = "former"
    IMPORTED = "imported"


MOVED = frozenset({RouteKind.FORMER, RouteKind.IMPORTED})
"""Of these kinds is an address at which there is nothing any more."""

WRITTEN = re.compile("[%?#]|://")
"""What has an address as a browser or a server has it, and none that is looked up most of the time."""

Named = tuple[str, str]
"""A locale and a slug."""


@dataclass(frozen=True, slots=True)
class FoundRoute:
    """An article, and what the address that was asked for is to it; `named` are locale and slug, if it has them."""

    article: StoredArticle
    kind: RouteKind
    named: Named | None


async def find_by_path(reader: Reader, path: str, site: str | None) -> StoredArticle | None:
    """Return the article that a path leads to, as `find_route` does and with its errors."""
    route = await find_route(reader, path, site)
    return None if route is None else route.article


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an address may mean: a path as it is looked up, a query, and the key of a site where one is meant."""

    path: str
    query: str
    site: str | None


async def find_route(reader: Reader, path: str, site: str | None) -> FoundRoute | None:
    """Return the article at `/{locale}/{slug}`, now or formerly, or at an address it was imported with.

    Outer slashes, and the case of the locale, do not count. The path's locale decides which translation is shown,
    unless the view names locales: then the path finds the article and the view chooses. `site` is a key, needed only
    where several sites use the path. The path may be percent-encoded, stand behind the address of its site, and have
    a query and a fragment; these find what was imported with that query, else they do not count.
    Raises AmbiguousAddress or UnknownSite.
    """
    if not WRITTEN.search(path):
        return await find_at(reader, path, site)
    async for meant in read_meanings(reader, path, site):
        found = await find_with_query(reader, meant) or await find_at(reader, meant.path, meant.site)
        if found is not None:
            return found
    return None


async def read_meanings(reader: Reader, written: str, site: str | None) -> AsyncIterator[Meaning]:
    """Yield what an address may mean; a whole URL is one of a site whose address it begins with. Raises UnknownSite."""
    try:
        path, query = split_written(written)
    except ValueError:
        return
    if not WEB.match(written.strip()):
        yield Meaning(path, query, site)
        return
    sites = await reader.sites() if site is None else [await reader.site_named(site)]
    # Of two addresses of which one begins with the other, the longer one is meant.
    for known in sorted(sites, key=lambda known: len(known.url or ""), reverse=True):
        inside = find_inside(written.strip(), known.url)
        if inside is not None:
            yield Meaning(spell_path(escape_marks(inside)), query, known.key)


def find_inside(address: str, base: str | None) -> str | None:
    """Return the path of a whole URL within a site, None where it is elsewhere or has a host that cannot be."""
    try:
        return path_within(address, base)
    except ValueError:
        return None


async def find_with_query(reader: Reader, meant: Meaning) -> FoundRoute | None:
    """Return the article that was imported with an address of this path and this query."""
    if not meant.query:
        return None
    address = f"{meant.path}?{meant.query}".rstrip("/")
    found = await find_redirected(reader, [address], meant.site)
    return judge(found, split_path(meant.path), RouteKind.IMPORTED)


async def find_at(reader: Reader, path: str, site: str | None) -> FoundRoute | None:
    """Return the article at a path without query and escapes, as `find_route` does and with its errors."""
    address = "/" + normalise_slug(path)
    named = split_path(address)
    if named is None:
        return judge(await find_redirected(reader, [address], site), named, RouteKind.IMPORTED)
    return (
        judge(await find_present(reader, named, site), named, RouteKind.OTHER_LOCALE)
        or judge(await find_moved(reader, named, site), named, RouteKind.FORMER)
        or judge(
            await find_redirected(reader, [address, article_path(*named)], site), named, RouteKind.IMPORTED
        )
    )


async def find_present(reader: Reader, named: Named, site: str | None) -> StoredArticle | None:
    """Return the article that has this locale and slug now, as the view shows it."""
    locale, slug = named
    return await find_named(reader, Address(slug, locale, await read_site(reader, site)))


async def find_moved(reader: Reader, named: Named, site: str | None) -> StoredArticle | None:
    """Return the article that had this locale and slug last, as the view shows it."""
    locale, slug = named
    where = await narrow(reader, [Sql("p.locale = ? AND p.slug = ?", (locale, slug))], site)
    return await find_former(reader, slug, where, locale)


def judge(article: StoredArticle | None, named: Named | None, kind: RouteKind) -> FoundRoute | None:
    """Return the route to an article that was found as one of a kind: it is present wherever its path is the same."""
    if article is None:
        return None
    is_present = (article.locale, article.slug) == named
    return FoundRoute(article, RouteKind.PRESENT if is_present else kind, named)


async def has_moved(reader: Reader, found: FoundRoute) -> bool:
    """Tell whether a redirect belongs at an address: nothing is there any more, and the article keeps its locale.

    A redirect out of a language would last for good. An imported address has a locale only where it begins with one
    of the site.
    """
    if found.kind not in MOVED:
        return False
    article, named = found.article, found.named
    if named is None or named[0] == article.locale:
        return True
    return found.kind is RouteKind.IMPORTED and named[0] not in (await reader.site(article.site_id)).locales
