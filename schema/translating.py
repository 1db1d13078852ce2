"""The translations of a whole site, and the mutation that confirms one."""

from functools import partial
from typing import Annotated

import strawberry
from strawberry.types import Info

from models.access import Actor
from models.confirming import confirm_translation
from models.database import Database
from models.errors import InvalidArgument
from models.idempotency import Receipt
from models.outcome import Done, Place
from models.reading import Reader
from models.stored import StoredSite
from models.translation import (
    KEY_TYPES,
    TO_DO,
    StoredTranslation,
    TranslationStatus,
    Wanted,
    count_translations,
    list_locales,
    list_translations,
    translation_key,
)
from schema.article import show_article
from schema.connections import Page
from schema.editing import MESSAGE
from schema.inputs import read_id
from schema.operation import Operation
from schema.paging import ListName, PageInfo, PageRequest, read_page
from schema.payloads import ArticlePayload
from schema.scalars import Locale, Revision
from schema.translation import Translation


@strawberry.type(description="A translation in a list, with its place.")
class TranslationEdge:
    """A translation with its cursor."""

    cursor: str = strawberry.field(description="The place of the translation in this list, at this revision.")
    node: Translation = strawberry.field(description="The translation.")


@strawberry.type(description="A page of translations.")
class TranslationConnection:
    """A page of translations."""

    page: strawberry.Private[Page[StoredTranslation]]

    @strawberry.field(description="The translations of the page, each with its cursor.")
    async def edges(self) -> list[TranslationEdge]:
        """Return the edges."""
        page = self.page
        items = (await page.part()).items
        return [TranslationEdge(cursor=page.cursor(one), node=page.show(page.reader, one)) for one in items]

    @strawberry.field(description="The translations of the page.")
    async def nodes(self) -> list[Translation]:
        """Return the translations."""
        return [self.page.show(self.page.reader, one) for one in (await self.page.part()).items]

    @strawberry.field(description="Where the page stands in the list.")
    async def page_info(self) -> PageInfo:
        """Return where the page stands."""
        return await self.page.info()

    @strawberry.field(description="How many translations the whole list has. Counted only when asked for.")
    async def total_count(self) -> int:
        """Return the number of translations."""
        return await self.page.count()


def show_translation(reader: Reader, stored: StoredTranslation) -> Translation:
    """Return the contract's translation of a stored one."""
    return Translation(stored=stored, reader=reader, show=show_article)


async def read_translations(
    reader: Reader,
    key: str,
    locales: list[Locale] | None,
    statuses: list[TranslationStatus] | None,
    request: PageRequest,
) -> TranslationConnection:
    """Return a page of the translations of a site. Raises UnknownSite, InvalidArgument or InvalidCursor."""
    site = await reader.site_named(key)
    chosen = choose_locales(list_locales(reader, site), site, locales)
    wanted = Wanted(site, chosen, frozenset(TO_DO if statuses is None else statuses))
    states = sorted(status.value for status in wanted.statuses)
    name = ListName("translations", reader.view, (key, chosen, states), KEY_TYPES)
    reader, window = await read_page(request, name, reader)
    return TranslationConnection(
        page=Page(
            reader,
            name,
            load=partial(list_translations, reader, wanted, window),
            count=partial(count_translations, reader, wanted),
            key=translation_key,
            show=show_translation,
        )
    )


def choose_locales(known: list[str], site: StoredSite, wanted: list[Locale] | None) -> list[str]:
    """Return those of a site's locales that are wanted. Raises InvalidArgument where one is none of them."""
    for locale in wanted or ():
        if locale not in known:
            message = f"The site {site.key!r} has the locales {', '.join(known)}; {locale} is none of them."
            raise InvalidArgument(message)
    return [locale for locale in known if wanted is None or locale in wanted]


@strawberry.input(description="A translation that is still right.")
class ConfirmTranslationInput:
    """A translation that is still right."""

    id: strawberry.ID = strawberry.field(description="The article.")
    locale: Locale = strawberry.field(description="The locale of the translation.")
    if_revision: Revision = strawberry.field(
        description="The revision at which you have compared it with its original. What was changed of the original "
        "since is not confirmed; where the translation itself was saved since, or all that outdates it was, it is a "
        "conflict."
    )
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.type
class TranslationMutations:
    """Mutations of translations as such."""

    @strawberry.mutation(
        description="Say that a translation is still right, though its original has changed: it is CURRENT again, "
        "without a new edition. Where it is CURRENT already, nothing happens."
    )
    async def confirm_translation(
        self,
        info: Info[Operation, None],
        input: Annotated[ConfirmTranslationInput, strawberry.argument(description="The translation.")],
    ) -> ArticlePayload:
        """Confirm a translation."""

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            place = Place(read_id(input.id, "Article", "id"), input.locale)
            return await confirm_translation(
                database, place, input.if_revision, actor=actor, message=input.message, receipt=receipt
            )

        return await ArticlePayload.perform(info, verb)
