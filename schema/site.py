"""Sites."""

import strawberry

from models.stored import StoredSite
from schema.node import Node
from schema.scalars import Locale, Url


@strawberry.type(description="Which locales stand in for a locale, for who asks with `fallback`.")
class Fallback:
    """What a site says of a locale."""

    locale: Locale = strawberry.field(description="The locale that readers want.")
    to: list[Locale] = strawberry.field(
        description="Those that stand in for it, the best first: no others do, so that with none nothing does."
    )


@strawberry.type(description="A site: where articles live. Slugs are unique per site and locale.")
class Site(Node):
    """A site."""

    stored: strawberry.Private[StoredSite]

    def identity(self) -> str:
        """Return the key, which never changes."""
        return self.stored.key

    @strawberry.field(description="The short name used in arguments and on the command line.")
    def key(self) -> str:
        """Return the key."""
        return self.stored.key

    @strawberry.field(description="The name for readers.")
    def name(self) -> str:
        """Return the name."""
        return self.stored.name

    @strawberry.field(description="Where the site's pages are. Null where nobody has said.")
    def url(self) -> Url | None:
        """Return the base URL."""
        return Url(self.stored.url) if self.stored.url else None

    @strawberry.field(description="The locale in which articles are shown to those who name none.")
    def default_locale(self) -> Locale:
        """Return the default locale."""
        return Locale(self.stored.default_locale)

    @strawberry.field(description="All locales that the site has content in, the default first.")
    def locales(self) -> list[Locale]:
        """Return the locales."""
        return [Locale(locale) for locale in self.stored.locales]

    @strawberry.field(
        description="Which locales stand in for others under `@view(fallback: true)`. For a locale that is not here, "
        "its shorter tags do (`de-AT`, then `de`), and in the end the default locale."
    )
    def fallbacks(self) -> list[Fallback]:
        """Return what the site says of locales."""
        return [Fallback(locale=Locale(one), to=list(map(Locale, to))) for one, to in self.stored.fallbacks]


@strawberry.type(description="A tag that articles carry.")
class Tag(Node):
    """A tag."""

    slug: str = strawberry.field(description="The tag in the form used for filtering and in addresses.")
    name: str = strawberry.field(description="The tag as its author wrote it.")

    def identity(self) -> str:
        """Return the slug."""
        return self.slug
