"""Routes: where an address leads, and whether the article that was there has moved."""

import strawberry

from models.addresses import article_path, article_url
from models.reading import Reader
from models.route import FoundRoute, RouteKind, has_moved
from models.route import find_route as find
from schema.article import Article
from schema.enums import describe_enum
from schema.scalars import Url

KINDS = {
    RouteKind.PRESENT: "The article's own address, whatever slashes stand at its ends and in whatever case its locale "
    "is written.",
    RouteKind.OTHER_LOCALE: "The present address of the article in another locale than the one in which the view "
    "shows it.",
    RouteKind.FORMER: "An address that the article had, in whatever locale, and has no more.",
    RouteKind.IMPORTED: "An address that the article had elsewhere, before it was imported.",
}

describe_enum(RouteKind, "RouteKind", "What an address is to the article that it leads to.", KINDS)


@strawberry.type(description="Where an address leads.")
class Route:
    """An article that is found at an address."""

    reader: strawberry.Private[Reader]
    found: strawberry.Private[FoundRoute]

    @strawberry.field(description="The article.")
    def article(self) -> Article:
        """Return the article."""
        return Article(stored=self.found.article, reader=self.reader)

    @strawberry.field(
        description="The address within the site at which the article is now, as the view shows it. There, with "
        "the article's site named, the same view finds it as PRESENT."
    )
    def path(self) -> str:
        """Return the present path."""
        return article_path(self.found.article.locale, self.found.article.slug)

    @strawberry.field(description="The same as an absolute address. Null where the site has none.")
    async def url(self) -> Url | None:
        """Return the present address."""
        stored = self.found.article
        url = article_url(await self.reader.site(stored.site_id), stored.locale, stored.slug)
        return None if url is None else Url(url)

    @strawberry.field(description="What the address that was asked for is to the article.")
    def kind(self) -> RouteKind:
        """Return the kind."""
        return self.found.kind

    @strawberry.field(
        description="Whether the article is no longer at the address that was asked for, which is FORMER or IMPORTED, "
        "and is shown in the locale of that address, if it has one: a page there should answer with a redirect (301 or "
        "308) to `path`."
    )
    async def is_moved(self) -> bool:
        """Tell whether the article has moved."""
        return await has_moved(self.reader, self.found)


async def find_route(reader: Reader, path: str, site: str | None) -> Route | None:
    """Return where an address leads, None where nothing is shown. Raises AmbiguousAddress or UnknownSite."""
    found = await find(reader, path, site)
    return None if found is None else Route(reader=reader, found=found)
