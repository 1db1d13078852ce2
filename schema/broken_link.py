"""Broken links: what leads to nothing that the view shows."""

from functools import partial

import strawberry

from models import broken_links
from models.broken_links import (
    KEY_TYPES,
    Breakage,
    broken_link_key,
    count_broken_links,
    list_broken_links,
)
from models.reading import Reader
from schema.article import Article, show_article
from schema.connections import Page
from schema.enums import describe_enum
from schema.paging import ListName, PageInfo, PageRequest, read_page
from schema.scalars import Url
from schema.section import Section

REASONS = {
    Breakage.NOT_SHOWN: "It leads to an article that this view does not show: not live, in the trash, or in other "
    "locales only. Where the link has a URL, only those who may preview are told so; to others nothing is there.",
    Breakage.NOTHING_THERE: "It leads to an address of the site at which this view shows nothing, now or formerly.",
}
describe_enum(Breakage, "BrokenLinkReason", "Why a link is broken.", REASONS)


@strawberry.type(description="A link that leads to nothing which the view shows.")
class BrokenLink:
    """A broken link."""

    stored: strawberry.Private[broken_links.BrokenLink]
    article: Article = strawberry.field(description="The article that has the link.")

    @strawberry.field(
        description="The section that the link stands in. Null in the introduction, in questions outside of "
        "sections, and for related links."
    )
    async def section(self) -> Section | None:
        """Return the section."""
        position = self.stored.section
        return None if position is None else await self.article.section_at(position)

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

    @strawberry.field(description="Why it is broken.")
    def reason(self) -> Breakage:
        """Return the reason."""
        return self.stored.breakage


@strawberry.type(description="A broken link in a list, with its place.")
class BrokenLinkEdge:
    """A broken link with its cursor."""

    cursor: str = strawberry.field(description="The place of the link in this list, at this revision.")
    node: BrokenLink = strawberry.field(description="The broken link.")


@strawberry.type(description="A page of broken links.")
class BrokenLinkConnection:
    """A page of broken links."""

    page: strawberry.Private[Page[broken_links.BrokenLink]]

    @strawberry.field(description="The broken links of the page, each with its cursor.")
    async def edges(self) -> list[BrokenLinkEdge]:
        """Return the edges."""
        page = self.page
        items = (await page.part()).items
        return [BrokenLinkEdge(cursor=page.cursor(one), node=page.show(page.reader, one)) for one in items]

    @strawberry.field(description="The broken links of the page.")
    async def nodes(self) -> list[BrokenLink]:
        """Return the broken links."""
        return [self.page.show(self.page.reader, one) for one in (await self.page.part()).items]

    @strawberry.field(description="Where the page stands in the list.")
    async def page_info(self) -> PageInfo:
        """Return where the page stands."""
        return await self.page.info()

    @strawberry.field(description="How many broken links the whole list has. Counted only when asked for.")
    async def total_count(self) -> int:
        """Return the number of broken links."""
        return await self.page.count()


def show_broken_link(reader: Reader, link: broken_links.BrokenLink) -> BrokenLink:
    """Return the contract's broken link."""
    return BrokenLink(stored=link, article=show_article(reader, link.article))


async def read_broken_links(reader: Reader, site: str | None, request: PageRequest) -> BrokenLinkConnection:
    """Return a page of the broken links of the site with a key, or of all. Raises UnknownSite or InvalidCursor."""
    site_id = None if site is None else (await reader.site_named(site)).id
    name = ListName("brokenLinks", reader.view, site, KEY_TYPES)
    reader, window = await read_page(request, name, reader)
    return BrokenLinkConnection(
        page=Page(
            reader,
            name,
            load=partial(list_broken_links, reader, site_id, window),
            count=partial(count_broken_links, reader, site_id),
            key=broken_link_key,
            show=show_broken_link,
        )
    )
