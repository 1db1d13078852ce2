"""The mutations of articles: create, update, delete, restore."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from models.access import Actor
from models.database import Database
from models.draft import ArticleDraft
from models.idempotency import Receipt
from models.outcome import Done, Place
from models.publishing import delete_articles
from models.restoring import Restoration, restore_articles
from models.updating import Edit, create_article, update_article
from schema.inputs import ContentInput, apply_content, read_id
from schema.limits import read_ids, read_locales
from schema.operation import Operation
from schema.payloads import ArticlePayload, ArticlesPayload, DeletePayload
from schema.scalars import Locale, Revision

MESSAGE = "Why, for the history."
PUBLISH = "Publish it at once, in the same revision."
IF_REVISION = (
    "The revision that you have read: `Article.revision`, or any later one at which you saw it. What others "
    "have changed since is kept; where they changed the same, nothing is written and the error says so."
)


@strawberry.input(description="A new article, or a translation of one into another locale.")
class CreateArticleInput(ContentInput):
    """A new article."""

    locale: Locale = strawberry.field(description="The locale, one of the site's.")
    site: str | None = strawberry.field(
        default=None, description="The key of the site. May be left out where there is only one."
    )
    translation_of: strawberry.ID | None = strawberry.field(
        default=None, description="The article that this is a translation of. Without it, a new article."
    )
    publish: bool = strawberry.field(default=False, description=PUBLISH)
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.input(description="Changes of an article in one locale. What is left out stays as it is.")
class UpdateArticleInput(ContentInput):
    """Changes of an article."""

    id: strawberry.ID = strawberry.field(description="The article.")
    locale: Locale = strawberry.field(description="The locale.")
    if_revision: Revision = strawberry.field(description=IF_REVISION)
    publish: bool = strawberry.field(default=False, description=PUBLISH)
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.input(description="Articles to put into the trash.")
class DeleteArticlesInput:
    """Articles to delete."""

    ids: list[strawberry.ID] = strawberry.field(description="The articles, at most 100.")
    locales: list[Locale] | None = strawberry.field(
        default=None, description="Only these translations. Without it, all."
    )
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.input(description="Articles to bring back from the trash or to an earlier edition.")
class RestoreArticlesInput:
    """Articles to restore."""

    ids: list[strawberry.ID] = strawberry.field(description="The articles, at most 100.")
    locales: list[Locale] | None = strawberry.field(
        default=None, description="Only these translations. Without it, all that there are."
    )
    to_revision: Revision | None = strawberry.field(
        default=None,
        description="Back to how they were at this revision. Without it, from the trash, as they were deleted.",
    )
    if_revision: Revision | None = strawberry.field(
        default=None,
        description="The revision that you have read; needed with `toRevision`. Articles saved after it are "
        "not overwritten.",
    )
    publish: bool = strawberry.field(default=False, description=PUBLISH)
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.type
class EditingMutations:
    """Mutations of articles."""

    @strawberry.mutation(description="Create an article with its sections and questions.")
    async def create_article(
        self,
        info: Info[Operation, None],
        input: Annotated[CreateArticleInput, strawberry.argument(description="The article.")],
    ) -> ArticlePayload:
        """Create an article."""

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            empty = ArticleDraft(locale=input.locale, slug="", title="")
            translation_of = input.translation_of
            return await create_article(
                database,
                apply_content(empty, input),
                actor=actor,
                site_key=input.site,
                translation_of=translation_of and read_id(translation_of, "Article", "translationOf"),
                message=input.message,
                publish=input.publish,
                receipt=receipt,
            )

        return await ArticlePayload.perform(info, verb)

    @strawberry.mutation(
        description="Change an article. Edits of other fields, sections and questions that others made "
        "meanwhile are kept; nothing is ever overwritten in silence."
    )
    async def update_article(
        self,
        info: Info[Operation, None],
        input: Annotated[UpdateArticleInput, strawberry.argument(description="The changes.")],
    ) -> ArticlePayload:
        """Change an article."""

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            place = Place(read_id(input.id, "Article", "id"), input.locale)
            return await update_article(
                database,
                Edit(place, input.if_revision, lambda draft: apply_content(draft, input)),
                actor=actor,
                message=input.message,
                publish=input.publish,
                receipt=receipt,
            )

        return await ArticlePayload.perform(info, verb)

    @strawberry.mutation(
        description="Put articles into the trash: they are neither live nor drafts any more. Their history "
        "stays, and restoreArticles brings them back. What is live needs the right to publish."
    )
    async def delete_articles(
        self,
        info: Info[Operation, None],
        input: Annotated[DeleteArticlesInput, strawberry.argument(description="The articles.")],
    ) -> DeletePayload:
        """Delete articles."""

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            return await delete_articles(
                database,
                read_ids(input.ids),
                read_locales(input.locales),
                actor=actor,
                message=input.message,
                receipt=receipt,
            )

        return await DeletePayload.perform(info, verb)

    @strawberry.mutation(
        description="Save earlier editions as the newest ones: from the trash, or as of a revision. Sections "
        "and questions get back the ids they had."
    )
    async def restore_articles(
        self,
        info: Info[Operation, None],
        input: Annotated[RestoreArticlesInput, strawberry.argument(description="The articles.")],
    ) -> ArticlesPayload:
        """Restore articles."""

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            restoration = Restoration(
                read_ids(input.ids), read_locales(input.locales), input.to_revision, input.if_revision
            )
            return await restore_articles(
                database,
                restoration,
                actor=actor,
                message=input.message,
                publish=input.publish,
                receipt=receipt,
            )

        return await ArticlesPayload.perform(info, verb)
