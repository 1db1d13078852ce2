"""Where an address leads: to the article that is there, in whatever locale, or to where one has moved from there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.addresses import split_path
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

Named = tuple[str, str]
"""A locale and a slug."""


@dataclass(frozen=True, slots=True)
class FoundRoute:
    """An article, and what the address that was asked for is to it."""

    article: StoredArticle
    kind: RouteKind


async def find_by_path(reader: Reader, path: str, site: str | None) -> StoredArticle | None:
    """Return the article that a path leads to, as `find_route` does and with its errors."""
    route = await find_route(reader, path, site)
    return None if route is None else route.article


async def find_route(reader: Reader, path: str, site: str | None) -> FoundRoute | None:
    """Return the article at `/{locale}/{slug}`, now or formerly, or at an address it was imported with.

    Outer slashes, and the case of the locale, do not count. The path's locale decides which translation is shown,
    unless the view names locales: then the path finds the article and the view chooses. `site` is a key, needed only
    where several sites use the path. Raises AmbiguousAddress or UnknownSite.
    """
    address = "/" + normalise_slug(path)
    named = split_path(address)
    if named is None:
        return judge(await find_redirected(reader, [address], site), named, RouteKind.IMPORTED)
    return (
        judge(await find_present(reader, named, site), named, RouteKind.OTHER_LOCALE)
        or judge(await find_moved(reader, named, site), named, RouteKind.FORMER)
        or judge(
            await find_redirected(reader, [address, "/{}/{}".format(*named)], site), named, RouteKind.IMPORTED
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
    return FoundRoute(article, RouteKind.PRESENT if (article.locale, article.slug) == named else kind)
