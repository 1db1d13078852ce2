"""Fallback: which locales stand in for those that a view names, site by site. Pure.

What a site says of a locale is all of it. Where it says nothing, the locale's shorter tags follow (RFC 4647,
section 3.4, "lookup"), and the site's default locale comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from models.stored import StoredSite

Fallbacks = Mapping[str, Sequence[str]]
"""What a site says: for a locale, which ones stand in for it, the best first."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Locales, the most wanted first, and the ids of the sites on which they are the chain: None for all."""

    locales: tuple[str, ...]
    sites: tuple[str, ...] | None = None


def make_chains(sites: Sequence[StoredSite], named: Sequence[str]) -> tuple[Chain, ...]:
    """Return the chains of these sites for the locales that a view names; each begins with the first of them."""
    sharing: dict[tuple[str, ...], list[str]] = {}
    for site in sites:
        chain = make_chain(dict(site.fallbacks), site.default_locale, named)
        sharing.setdefault(chain, []).append(site.id)
    if len(sharing) < 2:
        return (Chain(next(iter(sharing), tuple(named))),)
    return tuple(Chain(chain, tuple(sorted(ids))) for chain, ids in sorted(sharing.items()))


def make_chain(fallbacks: Fallbacks, default: str, named: Sequence[str]) -> tuple[str, ...]:
    """Return the chain of a site for the locales that a view names.

    Each is followed by those that stand in for it in its own language. What does so in another language comes
    after all that are named: who wants Austrian German or else French gets French before the site's English.
    """
    chain: list[str] = []
    later: list[str] = []
    ends_in_default = False
    for locale in named:
        following, is_whole = follow(fallbacks, locale)
        near = list(takewhile(partial(is_same_language, locale), following))
        chain += [locale, *near]
        later += following[len(near) :]
        ends_in_default = ends_in_default or not is_whole
    chain += later
    if ends_in_default:
        chain.append(default)
    return tuple(dict.fromkeys(chain))


def follow(fallbacks: Fallbacks, locale: str) -> tuple[list[str], bool]:
    """Return what stands in for a locale, and whether that is all: it is where the site says it."""
    found: list[str] = []
    for tag in (locale, *shorten_tag(locale)):
        if tag != locale:
            found.append(tag)
        if tag in fallbacks:
            return [*found, *fallbacks[tag]], True
    return found, False


def shorten_tag(tag: str) -> Iterator[str]:
    """Yield a language tag without its last part, without its last two, and so on."""
    while "-" in tag:
        tag = tag.rpartition("-")[0]
        yield tag


def is_same_language(one: str, other: str) -> bool:
    """Tell whether two tags begin with the same language."""
    return one.partition("-")[0] == other.partition("-")[0]


def list_spoken(locales: Sequence[str], chains: Sequence[Chain]) -> tuple[str, ...]:
    """Return all locales of the chains, each once; without chains those that are named."""
    if not chains:
        return tuple(locales)
    return tuple(dict.fromkeys(locale for chain in chains for locale in chain.locales))


def chain_on(site_id: str, chains: Sequence[Chain]) -> tuple[str, ...]:
    """Return the chain of a site, an empty one of a site that there was not when the chains were made."""
    for chain in chains:
        if chain.sites is None or site_id in chain.sites:
            return chain.locales
    return ()
