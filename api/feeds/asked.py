"""What a feed, a sitemap or robots.txt is asked for: of which site, in which locale, about what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from starlette.datastructures import QueryParams

from api.graphql_request import Refusal
from models.addresses import site_url
from models.reading import Reader
from models.stored import StoredSite


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request; None where it does not say."""

    site: str | None = None
    tag: str | None = None
    locale: str | None = None
    part: str | None = None


def read_asked(parameters: QueryParams, known: frozenset[str]) -> Asked:
    """Return what is asked for by parameters of these names. Raises Refusal."""
    for name in sorted(set(parameters)):
        if name not in known:
            message = f"There is no parameter {name[:100]!r}; there are {', '.join(sorted(known))}."
            raise Refusal(400, "BAD_REQUEST", message)
        if len(parameters.getlist(name)) > 1:
            raise Refusal(400, "BAD_REQUEST", f"Give {name} once.")
    return Asked(**{field.name: parameters.get(field.name) or None for field in fields(Asked)})


async def find_sites(reader: Reader, key: str | None) -> Sequence[StoredSite]:
    """Return the site with this key, all of them where none is named. Raises Refusal or UnknownSite."""
    sites = (await reader.site_named(key),) if key is not None else await reader.sites()
    if not sites:
        raise Refusal(404, "NOT_FOUND", "There is no site yet.")
    return sites


async def find_site(reader: Reader, key: str | None) -> StoredSite:
    """Return the site with this key, the only one where none is named. Raises Refusal or UnknownSite."""
    sites = await find_sites(reader, key)
    if len(sites) > 1:
        keys = ", ".join(site.key for site in sites[:20])
        raise Refusal(400, "BAD_REQUEST", f"There are several sites; name one of them by ?site=: {keys}.")
    return sites[0]


def choose_located(sites: Sequence[StoredSite]) -> Sequence[StoredSite]:
    """Return those of the sites whose address is known. Raises Refusal where there are none."""
    located = [site for site in sites if site_url(site)]
    if not located:
        key = sites[0].key
        message = (
            f"Where the pages of the site {key!r} are is not known. Set its url: "
            f'mutation {{ updateSite(input: {{key: "{key}", url: "https://www.example.org"}}) '
            "{ errors { message } } }"
        )
        raise Refusal(404, "SITE_WITHOUT_URL", message)
    return located
