"""What articles of a list have in common, and how many of them: counted here, alike for every database. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from models.draft import SectionKind
from models.folding import fold
from models.moment import FOREVER, to_datetime

MOST_FOLDED = 20_000


class Trait(StrEnum):
    """What articles are counted by."""

    TAG = "tag"
    SITE = "site"
    LOCALE = "locale"
    SECTION_KIND = "section kind"
    AUTHOR = "author"
    YEAR = "year"


KINDS = tuple(SectionKind)
COUNT_KINDS = (
    "(SELECT SUM(DISTINCT CASE c.kind "
    + " ".join(f"WHEN '{kind.value}' THEN {1 << place}" for place, kind in enumerate(KINDS))
    + " ELSE 0 END) FROM section c WHERE c.edition_id = e.id)"
)
"""The kinds of an edition's sections as the bits of a number, an expression; null where there are no sections."""


@dataclass(slots=True, eq=False)
class CountedArticle:
    """An article as far as it is counted: of each trait that is not counted, what stands for none.

    A live publication in memory has the same attributes.
    """

    site_key: str = ""
    locale: str = ""
    published_at: int = FOREVER
    tags: tuple[str, ...] = ()
    tag_names: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    kinds: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A value that articles have: what it is called, and how many have it."""

    value: Any
    name: str
    count: int


Counts = Counter[Any]
"""How many articles have each value; tags are counted by slug and name."""


def read_years(article: Any) -> Iterable[int]:
    """Return the year, in UTC, in which an article was first published; none where it never was."""
    return () if article.published_at == FOREVER else (to_datetime(article.published_at).year,)


@lru_cache(maxsize=1 << len(KINDS))
def read_kinds(bits: int) -> tuple[SectionKind, ...]:
    """Return the kinds of sections that a number stands for."""
    return tuple(kind for place, kind in enumerate(KINDS) if bits >> place & 1)


VALUES: Mapping[Trait, Callable[[Any], Iterable[Any]]] = {
    Trait.TAG: lambda article: set(zip(article.tags, article.tag_names, strict=True)),
    Trait.SITE: lambda article: (article.site_key,),
    Trait.LOCALE: lambda article: (article.locale,),
    Trait.SECTION_KIND: lambda article: read_kinds(article.kinds),
    Trait.AUTHOR: lambda article: set(article.authors),
    Trait.YEAR: read_years,
}
"""The values that an article has of each trait, each once."""


def count_values(trait: Trait, articles: Iterable[Any]) -> Counts:
    """Return how many of the articles have each value of a trait."""
    values = VALUES[trait]
    return Counter(value for article in articles for value in values(article))


def adjust(counts: Counts, trait: Trait, article: Any, by: int) -> None:
    """Let an article be counted so many times more, or less."""
    for value in VALUES[trait](article):
        counts[value] += by
        if not counts[value]:
            del counts[value]


def rank_values(trait: Trait, counts: Counts) -> tuple[Ranked, ...]:
    """Return the values that most articles have first; then by name, years the newest first."""
    ranked = list(name_tags(counts) if trait is Trait.TAG else name_values(counts))
    if trait is Trait.YEAR:
        ranked.sort(key=lambda one: (-one.count, -one.value))
    else:
        ranked.sort(key=lambda one: (-one.count, fold_name(one.name), one.value))
    return tuple(ranked)


def name_values(counts: Counts) -> Iterator[Ranked]:
    """Yield values that are their own names."""
    return (Ranked(value, str(value), count) for value, count in counts.items())


def name_tags(counts: Counts) -> Iterator[Ranked]:
    """Yield tags by slug, each under the first of the names that it has."""
    spellings: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for (slug, name), count in counts.items():
        spellings[slug].append((name, count))
    for slug, names in spellings.items():
        yield Ranked(slug, min(names)[0], sum(count for _, count in names))


@lru_cache(maxsize=MOST_FOLDED)
def fold_name(name: str) -> str:
    """Return a name as it is sorted."""
    return fold(name)
