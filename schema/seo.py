"""What goes into the head of an article's page: for search engines, and for those who share its address."""

import strawberry

from models.page import ArticlePage, read_wish
from schema.scalars import DateTime, Url, show_moment


@strawberry.type(description="What the Open Graph protocol (ogp.me) says of an article's page.")
class OpenGraph:
    """An article's page as those show it who share its address."""

    page: strawberry.Private[ArticlePage]

    @strawberry.field(description="`og:type`: always `article`.")
    def type(self) -> str:
        """Return the type."""
        return "article"

    @strawberry.field(description="`og:title`.")
    def title(self) -> str:
        """Return the title."""
        return self.page.title

    @strawberry.field(description="`og:description`. Null where there is nothing to make it of.")
    def description(self) -> str | None:
        """Return the description."""
        return self.page.description

    @strawberry.field(description="`og:url`: the canonical address. Null where none is known.")
    def url(self) -> Url | None:
        """Return the address."""
        return show_url(self.page.canonical)

    @strawberry.field(
        description="`og:image`: the first picture, absolute. Null where there is none, or where its address is "
        "relative and the site has no `url`."
    )
    def image(self) -> Url | None:
        """Return the address of the picture."""
        return show_url(self.page.images[0] if self.page.images else None)

    @strawberry.field(description="`og:site_name`.")
    def site_name(self) -> str:
        """Return the name of the site."""
        return self.page.site.name

    @strawberry.field(description="`og:locale`, with an underscore: `en`, `pt_BR`.")
    def locale(self) -> str:
        """Return the locale in the form of Open Graph."""
        language, *parts = self.page.article.locale.split("-")
        region = next((part for part in parts if len(part) == 2 and part.isupper()), None)
        return f"{language}_{region}" if region else language

    @strawberry.field(description="`article:published_time`. Null where the article is not live.")
    def published_time(self) -> DateTime | None:
        """Return when it was published."""
        return show_moment(self.page.published_at)

    @strawberry.field(description="`article:modified_time`.")
    def modified_time(self) -> DateTime:
        """Return when it was changed."""
        return DateTime(self.page.modified_at)


@strawberry.type(
    description="What the author wrote for search engines, as it stands; null where the author wrote nothing."
)
class SeoWishes:
    """The wishes of an author."""

    page: strawberry.Private[ArticlePage]

    @strawberry.field(description="The title of the page.")
    def title(self) -> str | None:
        """Return the title."""
        return read_wish(self.page.seo, "title")

    @strawberry.field(description="What the page is about.")
    def description(self) -> str | None:
        """Return the description."""
        return read_wish(self.page.seo, "description")

    @strawberry.field(description="The address under which the page is to be found.")
    def canonical(self) -> Url | None:
        """Return the address."""
        return show_url(read_wish(self.page.seo, "canonical"))

    @strawberry.field(description="What search engines may do.")
    def robots(self) -> str | None:
        """Return the directives."""
        return read_wish(self.page.seo, "robots")

    @strawberry.field(description="Whether the page is not to be found.")
    def noindex(self) -> bool | None:
        """Return the truth value."""
        wish = self.page.seo.get("noindex")
        return wish if isinstance(wish, bool) else None

    @strawberry.field(description="The picture for those who share the page's address.")
    def image(self) -> Url | None:
        """Return the address of the picture."""
        return show_url(read_wish(self.page.seo, "image"))


@strawberry.type(
    description="What goes into the head of the article's page: what its author wrote for search engines, else what "
    "follows from the article."
)
class Seo:
    """The head of an article's page."""

    page: strawberry.Private[ArticlePage]

    @strawberry.field(description="The title of the page.")
    def title(self) -> str:
        """Return the title."""
        return self.page.title

    @strawberry.field(
        description="What the page is about: the author's own words, else the summary, else the beginning of the "
        "introduction. Null where there is none of them."
    )
    def description(self) -> str | None:
        """Return the description."""
        return self.page.description

    @strawberry.field(
        description="The one address under which the page is to be found, absolute: the author's, else that of the "
        "article on its site. Null where the site has no `url`."
    )
    def canonical(self) -> Url | None:
        """Return the canonical address."""
        return show_url(self.page.canonical)

    @strawberry.field(
        description="What search engines may do, for `<meta name=robots>`: what the author wrote, else `index, "
        "follow`. Always `noindex` under DRAFT."
    )
    def robots(self) -> str:
        """Return what robots may do."""
        return self.page.robots

    @strawberry.field(description="What others show who share the page's address.")
    def open_graph(self) -> OpenGraph:
        """Return what Open Graph says."""
        return OpenGraph(page=self.page)

    @strawberry.field(description="What of it the author wrote, for those who edit it.")
    def wishes(self) -> SeoWishes:
        """Return the wishes."""
        return SeoWishes(page=self.page)


@strawberry.type(description="A page of the article, for `<link rel=alternate hreflang=… href=…>`.")
class Alternate:
    """A page of an article in one of its languages."""

    hreflang: str = strawberry.field(
        description="The locale of the page, or `x-default`: the page for those who speak none of the languages."
    )
    url: Url = strawberry.field(description="The address of the page, absolute.")


def show_url(address: str | None) -> Url | None:
    """Return an address, where there is one, in the contract's form."""
    return None if address is None else Url(address)
