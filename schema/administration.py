"""The mutations of administrators: sites and tokens; and preview tokens, which previewers make."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from models.access import Actor, Role
from models.database import Database
from models.idempotency import Receipt
from models.outcome import Done
from models.preview import create_preview_token
from models.sites import SiteFields, create_site, update_site
from models.token import create_token, revoke_token
from schema.editing import MESSAGE
from schema.inputs import read_id
from schema.node import decode_id
from schema.operation import Operation
from schema.payloads import SitePayload
from schema.scalars import DateTime, Locale, Url
from schema.secret_payload import SecretPayload, refuse_under
from schema.token import Token


@strawberry.input(description="Which locales stand in for a locale, for who asks with `fallback`.")
class FallbackInput:
    """What a site says of a locale."""

    locale: Locale = strawberry.field(description="The locale that readers want; the site need not have it.")
    to: list[Locale] = strawberry.field(
        description="Those of the site's locales that stand in for it, the best first: no others do."
    )


FALLBACKS = (
    "Which locales stand in for others under `@view(fallback: true)`. For a locale that is not here, its shorter tags "
    "do (`de-AT`, then `de`), and in the end the default locale."
)


@strawberry.input(description="A new site.")
class CreateSiteInput:
    """A new site."""

    key: str = strawberry.field(
        description="The short name for arguments and the command line: a-z, 0-9 and hyphens. It never changes."
    )
    name: str = strawberry.field(description="The name for readers.")
    url: Url | None = strawberry.field(default=None, description="Where the site's pages are.")
    default_locale: Locale = strawberry.field(description="The locale shown to those who name none.")
    locales: list[Locale] | None = strawberry.field(default=None, description="The other locales.")
    fallbacks: list[FallbackInput] | None = strawberry.field(default=None, description=FALLBACKS)
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.input(description="Changes of a site. What is left out stays as it is.")
class UpdateSiteInput:
    """Changes of a site."""

    key: str = strawberry.field(description="The site.")
    name: str | None = strawberry.field(default=None, description="The name for readers.")
    url: Url | None = strawberry.field(
        default=strawberry.UNSET, description="Where the site's pages are. Null takes it away."
    )
    default_locale: Locale | None = strawberry.field(
        default=None, description="The locale shown to those who name none."
    )
    locales: list[Locale] | None = strawberry.field(
        default=None, description="All locales. One with articles cannot be taken away."
    )
    fallbacks: list[FallbackInput] | None = strawberry.field(
        default=None, description=f"{FALLBACKS} Replaces all that the site said before."
    )
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.input(description="A new token.")
class CreateTokenInput:
    """A new token."""

    name: str = strawberry.field(description="Who or what it is for; stands in the history.")
    role: Role = strawberry.field(description="What it may do.")
    sites: list[str] | None = strawberry.field(
        default=None, description="The keys of the sites in which it works. Without it, all."
    )
    locales: list[Locale] | None = strawberry.field(
        default=None, description="The locales in which it works. Without it, all."
    )
    expires_at: DateTime | None = strawberry.field(
        default=None, description="When it stops working. Without it, never."
    )


@strawberry.input(description="A new preview token, for a site or an article or all that you may preview.")
class CreatePreviewTokenInput:
    """A new preview token."""

    site: str | None = strawberry.field(default=None, description="Only drafts of the site with this key.")
    article_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only drafts of this article."
    )
    locales: list[Locale] | None = strawberry.field(default=None, description="Only these locales.")
    expires_at: DateTime | None = strawberry.field(
        default=None, description="When it stops working, at most 30 days from now. Without it, in a day."
    )


@strawberry.type(description="What a mutation of tokens answers.")
class TokenPayload(SecretPayload):
    """A token, or why there is none."""

    secret: str | None = strawberry.field(
        default=None, description="The text to send as `Authorization: Bearer …`. It is shown only here."
    )
    token: Token | None = strawberry.field(
        default=None, description="The token. Null where it was refused, and of preview tokens."
    )


def read_fields(input: CreateSiteInput | UpdateSiteInput, url: str | None) -> SiteFields:
    """Return what an input says of a site."""
    said = input.fallbacks
    fallbacks = None if said is None else [(fallback.locale, fallback.to) for fallback in said]
    return SiteFields(input.name, url, input.default_locale, input.locales, fallbacks)


@strawberry.type
class AdministrationMutations:
    """Mutations of sites and tokens."""

    @strawberry.mutation(description="Make a site.")
    async def create_site(
        self,
        info: Info[Operation, None],
        input: Annotated[CreateSiteInput, strawberry.argument(description="The site.")],
    ) -> SitePayload:
        """Make a site."""
        fields = read_fields(input, input.url)

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            return await create_site(
                database, input.key, fields, actor=actor, message=input.message, receipt=receipt
            )

        return await SitePayload.perform(info, verb)

    @strawberry.mutation(description="Change a site.")
    async def update_site(
        self,
        info: Info[Operation, None],
        input: Annotated[UpdateSiteInput, strawberry.argument(description="The changes.")],
    ) -> SitePayload:
        """Change a site."""
        url = None if input.url is strawberry.UNSET else input.url or ""
        fields = read_fields(input, url)

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            return await update_site(
                database, input.key, fields, actor=actor, message=input.message, receipt=receipt
            )

        return await SitePayload.perform(info, verb)

    @strawberry.mutation(description="Make a token. Its text is in the answer and nowhere else.")
    @refuse_under("input", TokenPayload)
    async def create_token(
        self,
        info: Info[Operation, None],
        input: Annotated[CreateTokenInput, strawberry.argument(description="The token.")],
    ) -> TokenPayload:
        """Make a token."""
        reader = info.context.reader
        stored, secret = await create_token(
            reader.database,
            reader.actor,
            input.name,
            input.role,
            input.sites,
            input.locales,
            input.expires_at,
        )
        return TokenPayload(secret=secret, token=Token(stored=stored))

    @strawberry.mutation(description="Let a token work no more, at once.")
    @refuse_under("id", TokenPayload)
    async def revoke_token(
        self,
        info: Info[Operation, None],
        id: Annotated[strawberry.ID, strawberry.argument(description="The token.")],
    ) -> TokenPayload:
        """Revoke a token."""
        reader = info.context.reader
        stored = await revoke_token(reader.database, reader.actor, decode_id(id, "Token")[1])
        return TokenPayload(token=Token(stored=stored))

    @strawberry.mutation(
        description="Make a token that shows drafts to whoever holds it, and nothing else, for a while."
    )
    @refuse_under("input", TokenPayload)
    async def create_preview_token(
        self,
        info: Info[Operation, None],
        input: Annotated[CreatePreviewTokenInput, strawberry.argument(description="What it shows.")],
    ) -> TokenPayload:
        """Make a preview token."""
        reader = info.context.reader
        article = input.article_id and read_id(input.article_id, "Article", "articleId")
        secret = await create_preview_token(
            reader.database,
            reader.actor,
            site=input.site,
            article=article,
            locales=input.locales,
            expires_at=input.expires_at,
        )
        return TokenPayload(secret=secret)
