"""Translations beside their originals."""

from collections.abc import Callable
from typing import Any

import strawberry

from models.reading import Reader, StoredArticle
from models.translation import StoredTranslation, TranslationStatus
from schema.enums import describe_enum
from schema.link import LazyArticle
from schema.scalars import Locale, Revision

STATUSES = {
    TranslationStatus.MISSING: "The view has no translation into this locale: of what is live, or of drafts.",
    TranslationStatus.OUTDATED: "The original was saved after the translation's edition was saved or confirmed.",
    TranslationStatus.CURRENT: "The translation was saved or confirmed after the original, or with it.",
}
describe_enum(
    TranslationStatus, "TranslationStatus", "How a translation stands beside its original.", STATUSES
)


@strawberry.type(
    description="An article in one of its site's locales, whether it is there or not. Its original is what a view that "
    "names no locale shows: the edition in the site's default locale, or else in the first other one."
)
class Translation:
    """A translation."""

    stored: strawberry.Private[StoredTranslation]
    reader: strawberry.Private[Reader]
    show: strawberry.Private[Callable[[Reader, StoredArticle], Any]]

    @strawberry.field(description="The locale.")
    def locale(self) -> Locale:
        """Return the locale."""
        return Locale(self.stored.locale)

    @strawberry.field(description="How it stands. The original is always CURRENT.")
    def status(self) -> TranslationStatus:
        """Return the status."""
        return self.stored.status

    @strawberry.field(description="Whether it is the original.")
    def is_original(self) -> bool:
        """Tell whether it is the original."""
        return self.stored.is_original

    @strawberry.field(
        description="The revision as of which it is up to date: that of its edition, or a later one for which it was "
        "confirmed. `original { diff(from: …) }` from there tells what is to be translated. Null where it is missing."
    )
    def basis(self) -> Revision | None:
        """Return the basis."""
        return None if self.stored.basis is None else Revision(self.stored.basis)

    @strawberry.field(
        description="Where it is OUTDATED: the first revision after `basis` that saved the original; under PUBLISHED, "
        "where drafts are nobody's business, the one that saved what is live of it. Null where it is not."
    )
    def since(self) -> Revision | None:
        """Return since when it is outdated."""
        return None if self.stored.since is None else Revision(self.stored.since)

    @strawberry.field(description="The translation. Null where it is missing.")
    async def article(self) -> LazyArticle | None:
        """Return the article in this locale."""
        is_missing = self.stored.status is TranslationStatus.MISSING
        return None if is_missing else await self._read((self.stored.locale,))

    @strawberry.field(description="The original.")
    async def original(self) -> LazyArticle:
        """Return the article in its original locale."""
        found: LazyArticle = await self._read(())
        return found

    async def _read(self, locales: tuple[str, ...]) -> Any:
        reader = self.reader.at(self.reader.view.speaking(locales))
        stored = await reader.article(self.stored.article_id)
        return None if stored is None else self.show(reader, stored)
