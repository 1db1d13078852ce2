"""Facets of lists: how many of their items have each tag, author, year and so on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import strawberry

from models.errors import InvalidArgument
from models.facets import Rank
from models.reading import Reader
from models.traits import Ranked, Trait
from schema.scalars import Locale
from schema.section_kind import SectionKind
from schema.site import Site, Tag

DEFAULT_VALUES = 20
MOST_VALUES = 500

FirstValues = Annotated[
    int, strawberry.argument(description=f"How many at the most, from 0 to {MOST_VALUES}.")
]
COUNT = "How many items of the whole list have it."


@strawberry.type(description="A tag, and how many items of a list have it.")
class TagCount:
    """A tag with its count."""

    tag: Tag = strawberry.field(description="The tag.")
    count: int = strawberry.field(description=COUNT)


@strawberry.type(description="An author, and how many items of a list have it.")
class AuthorCount:
    """An author with a count."""

    author: str = strawberry.field(description="The name of the author.")
    count: int = strawberry.field(description=COUNT)


@strawberry.type(description="A year, and how many items of a list have it.")
class YearCount:
    """A year with its count."""

    year: int = strawberry.field(description="The year, in UTC.")
    count: int = strawberry.field(description=COUNT)


@strawberry.type(description="A site, and how many items of a list have it.")
class SiteCount:
    """A site with its count."""

    site: Site = strawberry.field(description="The site.")
    count: int = strawberry.field(description=COUNT)


@strawberry.type(description="A locale, and how many items of a list have it.")
class LocaleCount:
    """A locale with its count."""

    locale: Locale = strawberry.field(description="The locale that is really served.")
    count: int = strawberry.field(description=COUNT)


@strawberry.type(description="A kind of sections, and how many items of a list have it.")
class SectionKindCount:
    """A kind of sections with its count."""

    kind: SectionKind = strawberry.field(description="The kind.")
    count: int = strawberry.field(description=COUNT)


@dataclass(frozen=True, slots=True, eq=False)
class FacetCounts:
    """What counts a list."""

    reader: Reader
    rank: Rank

    async def find(self, name: str, trait: Trait, first: int) -> Sequence[Ranked]:
        """Return the first values of a trait. Raises InvalidArgument."""
        if not 0 <= first <= MOST_VALUES:
            raise InvalidArgument(f"{name}(first:) takes 0 to {MOST_VALUES}, not {first}.")
        return await self.rank(trait, first)


@strawberry.type(
    description="How many questions of a list stand in articles with each tag, author and so on: the most frequent "
    "first, then by name. All conditions of the list count, also one on the facet itself."
)
class QuestionFacets:
    """The facets of a list of questions."""

    counts: strawberry.Private[FacetCounts]

    @strawberry.field(description="By tag, each under the first of its spellings.")
    async def tags(self, first: FirstValues = DEFAULT_VALUES) -> list[TagCount]:
        """Return the tags."""
        found = await self.counts.find("tags", Trait.TAG, first)
        return [TagCount(tag=Tag(slug=one.value, name=one.name), count=one.count) for one in found]

    @strawberry.field(description="By author.")
    async def authors(self, first: FirstValues = DEFAULT_VALUES) -> list[AuthorCount]:
        """Return the authors."""
        found = await self.counts.find("authors", Trait.AUTHOR, first)
        return [AuthorCount(author=one.value, count=one.count) for one in found]

    @strawberry.field(
        description="By the year in which the article was first published, as `publishedAt` tells it; of two with "
        "the same count the newer comes first. What was never published has none."
    )
    async def years(self, first: FirstValues = DEFAULT_VALUES) -> list[YearCount]:
        """Return the years."""
        found = await self.counts.find("years", Trait.YEAR, first)
        return [YearCount(year=one.value, count=one.count) for one in found]

    @strawberry.field(description="By site; of two with the same count, sorted by key.")
    async def sites(self, first: FirstValues = DEFAULT_VALUES) -> list[SiteCount]:
        """Return the sites."""
        found = await self.counts.find("sites", Trait.SITE, first)
        sites = {site.key: site for site in await self.counts.reader.sites()} if found else {}
        return [SiteCount(site=Site(stored=sites[one.value]), count=one.count) for one in found]

    @strawberry.field(description="By the locale that is really served.")
    async def locales(self, first: FirstValues = DEFAULT_VALUES) -> list[LocaleCount]:
        """Return the locales."""
        found = await self.counts.find("locales", Trait.LOCALE, first)
        return [LocaleCount(locale=Locale(one.value), count=one.count) for one in found]


@strawberry.type(
    description="How many articles of a list have each tag, author and so on: the most frequent first, then by name. "
    "All conditions of the list count, also one on the facet itself."
)
class ArticleFacets(QuestionFacets):
    """The facets of a list of articles."""

    @strawberry.field(description="By kind of section: how many articles have at least one section of it.")
    async def section_kinds(self, first: FirstValues = DEFAULT_VALUES) -> list[SectionKindCount]:
        """Return the kinds of sections."""
        found = await self.counts.find("sectionKinds", Trait.SECTION_KIND, first)
        return [SectionKindCount(kind=one.value, count=one.count) for one in found]
