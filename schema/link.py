"""Links and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from models.stored import StoredImage, StoredLink
from schema.scalars import Url

if TYPE_CHECKING:
    from schema.article import Article

LazyArticle = Annotated["Article", strawberry.lazy("schema.article")]


@strawberry.type(description="A link to one of our articles or to another address.")
class Link:
    """A link of an edition."""

    stored: strawberry.Private[StoredLink]
    origin: strawberry.Private[Article]

    @strawberry.field(description="The words of the link.")
    def label(self) -> str:
        """Return the label."""
        return self.stored.label

    @strawberry.field(
        description="The address as its author wrote it. Null where the author named an article, not an address."
    )
    def url(self) -> Url | None:
        """Return the address."""
        return Url(self.stored.url) if self.stored.url else None

    @strawberry.field(
        description="The article that the link leads to. Null where it leads elsewhere, or to an article that "
        "this view does not show."
    )
    async def article(self) -> LazyArticle | None:
        """Return the target as this view shows it."""
        if self.stored.target_id is None:
            return None
        return self.origin.show(await self.origin.reader.article(self.stored.target_id))


@strawberry.type(description="A picture.")
class Image:
    """A picture of an edition."""

    src: Url = strawberry.field(description="Where the picture is, as its author wrote it.")
    alt: str = strawberry.field(description="What the picture shows, in words. Empty where it is decoration.")
    caption: str | None = strawberry.field(description="The caption. Null where there is none.")
    width: int | None = strawberry.field(description="The width in pixels, if its author gave one.")
    height: int | None = strawberry.field(description="The height in pixels, if its author gave one.")


def show_images(images: list[StoredImage]) -> list[Image]:
    """Return stored pictures as the contract's."""
    return [
        Image(src=Url(i.src), alt=i.alt, caption=i.caption, width=i.width, height=i.height) for i in images
    ]
