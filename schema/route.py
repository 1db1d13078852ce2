"""Routes: where an address leads, and whether the article that was there has moved."""

from __future__ import annotations

import strawberry

from models.addresses import article_path, article_url
from models.finding import find_by_path
from models.reading import Reader, StoredArticle
from schema.article import Article
from schema.scalars import Url


@strawberry.type(description="Where an address leads.")
class Route:
    """An article that is found at an address."""

    reader: strawberry.Private[Reader]
    stored: strawberry.Private[StoredArticle]
    asked: strawberry.Private[str]

    @strawberry.field(description="The article.")
    def article(self) -> Article:
        """Return the article."""
        return Article(stored=self.stored, reader=self.reader)

    @strawberry.field(description="The address within the site at which the article is now.")
    def path(self) -> str:
        """Return the present path."""
        return article_path(self.stored.locale, self.stored.slug)

    @strawberry.field(description="The same as an absolute address. Null where the site has none.")
    async def url(self) -> Url | None:
        """Return the present address."""
        url = article_url(await self.reader.site(self.stored.site_id), self.stored.locale, self.stored.slug)
        return None if url is None else Url(url)

    @strawberry.field(
        description="Whether the article is elsewhere than at the address that was asked for, letter by letter: a page "
        "there should answer with a redirect (301 or 308) to `path`."
    )
    def is_moved(self) -> bool:
        """Tell whether the article is elsewhere."""
        return self.asked != article_path(self.stored.locale, self.stored.slug)


async def find_route(reader: Reader, path: str, site: str | None) -> Route | None:
    """Return where an address leads, None where nothing is shown. Raises AmbiguousAddress or UnknownSite."""
    stored = await find_by_path(reader, path, site)
    return None if stored is None else Route(reader=reader, stored=stored, asked=path)
