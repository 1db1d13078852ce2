"""Redirects: old addresses of a site, and the paths that they lead to now."""

from functools import partial

import strawberry

from models import redirecting
from models.reading import Reader
from models.redirecting import count_redirects, list_redirects, redirect_key
from schema.connections import Page
from schema.paging import ListName, PageInfo, PageRequest, read_page


@strawberry.type(description="An old address, and where it leads now.")
class Redirect:
    """A redirect."""

    from_: str = strawberry.field(
        name="from",
        description="The old address: a path within the site, without a slash at its end, as it was written then.",
    )
    to: str = strawberry.field(description="The present path of the article, in the view's locales.")


@strawberry.type(description="A redirect in a list, with its place.")
class RedirectEdge:
    """A redirect with its cursor."""

    cursor: str = strawberry.field(description="The place of the redirect in this list, at this revision.")
    node: Redirect = strawberry.field(description="The redirect.")


@strawberry.type(description="A page of redirects.")
class RedirectConnection:
    """A page of redirects."""

    page: strawberry.Private[Page[redirecting.Redirect]]

    @strawberry.field(description="The redirects of the page, each with its cursor.")
    async def edges(self) -> list[RedirectEdge]:
        """Return the edges."""
        page = self.page
        items = (await page.part()).items
        return [RedirectEdge(cursor=page.cursor(one), node=page.show(page.reader, one)) for one in items]

    @strawberry.field(description="The redirects of the page.")
    async def nodes(self) -> list[Redirect]:
        """Return the redirects."""
        return [self.page.show(self.page.reader, one) for one in (await self.page.part()).items]

    @strawberry.field(description="Where the page stands in the list.")
    async def page_info(self) -> PageInfo:
        """Return where the page stands."""
        return await self.page.info()

    @strawberry.field(description="How many redirects the whole list has. Counted only when asked for.")
    async def total_count(self) -> int:
        """Return the number of redirects."""
        return await self.page.count()


def show_redirect(_reader: Reader, redirect: redirecting.Redirect) -> Redirect:
    """Return the contract's redirect."""
    return Redirect(from_=redirect.path, to=redirect.to)


async def read_redirects(reader: Reader, site: str, request: PageRequest) -> RedirectConnection:
    """Return a page of the redirects of the site with a key. Raises UnknownSite, InvalidArgument or InvalidCursor."""
    site_id = (await reader.site_named(site)).id
    name = ListName("redirects", reader.view, site, (str,))
    reader, window = await read_page(request, name, reader)
    return RedirectConnection(
        page=Page(
            reader,
            name,
            load=partial(list_redirects, reader, site_id, window),
            count=partial(count_redirects, reader, site_id),
            key=redirect_key,
            show=show_redirect,
        )
    )
