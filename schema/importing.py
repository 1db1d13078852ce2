"""The mutation that imports: many articles by the names their source has for them, through the import's own verb."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from models.access import Actor
from models.database import Database
from models.draft import ArticleDraft
from models.editing import Action
from models.errors import LimitExceeded
from models.idempotency import Receipt
from models.outcome import Done
from models.submitting import Entry, submit_articles
from schema.editing import MESSAGE
from schema.enums import describe_enum
from schema.inputs import ContentInput, apply_content
from schema.limits import MOST_IMPORTED
from schema.node import encode_id
from schema.operation import Operation
from schema.payloads import Payload
from schema.scalars import Locale

ACTIONS = {
    Action.CREATED: "It is new.",
    Action.CHANGED: "It has a new edition.",
    Action.UNCHANGED: "It is the same as before; nothing was saved.",
    Action.REFUSED: "It breaks a rule; the errors say which. The others are saved all the same.",
}
describe_enum(Action, "ImportAction", "What importing did to an article.", ACTIONS)


@strawberry.input(description="An article under the name by which its source knows it.")
class ImportArticleInput(ContentInput):
    """An article to import."""

    key: str = strawberry.field(
        description="The source's own name for the article, the same in every locale and in every import."
    )
    locale: Locale = strawberry.field(description="The locale.")


@strawberry.input(description="Articles to import.")
class ImportArticlesInput:
    """Articles to import."""

    site: str = strawberry.field(description="The key of the site.")
    articles: list[ImportArticleInput] = strawberry.field(description="The articles, at most 500.")
    publish: bool = strawberry.field(default=False, description="Publish what is imported.")
    dry_run: bool = strawberry.field(default=False, description="Do everything but keep nothing.")
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.type(description="What became of an imported article.")
class ImportResult:
    """One line of the report."""

    id: strawberry.ID = strawberry.field(description="The article.")
    locale: Locale = strawberry.field(description="The locale.")
    action: Action = strawberry.field(description="What was done.")
    published: bool = strawberry.field(description="Whether this import published it.")


@strawberry.type(description="What an import did.")
class ImportPayload(Payload):
    """The report of an import."""

    @strawberry.field(description="What became of each article, in the order of the input.")
    def results(self) -> list[ImportResult]:
        """Return the lines."""
        return [
            ImportResult(
                id=encode_id("Article", place.article_id),
                locale=Locale(place.locale),
                action=Action(action),
                published=published,
            )
            for place, (action, published) in zip(self.done.places, self.done.actions, strict=True)
        ]

    @strawberry.field(description="How many articles are new.")
    def created(self) -> int:
        """Return the number."""
        return self.count(Action.CREATED)

    @strawberry.field(description="How many articles have a new edition.")
    def changed(self) -> int:
        """Return the number."""
        return self.count(Action.CHANGED)

    @strawberry.field(description="How many articles are as they were.")
    def unchanged(self) -> int:
        """Return the number."""
        return self.count(Action.UNCHANGED)

    @strawberry.field(description="How many articles were refused.")
    def refused(self) -> int:
        """Return the number."""
        return self.count(Action.REFUSED)

    def count(self, wanted: Action) -> int:
        """Return how many articles this was done to."""
        return sum(action == wanted for action, _ in self.done.actions)


@strawberry.type
class ImportMutations:
    """The mutation that imports."""

    @strawberry.mutation(
        description="Import articles, as `quiet import` does: the same again changes nothing, a changed article "
        "gets one new edition with the same ids, one that is refused does not hinder the others."
    )
    async def import_articles(
        self,
        info: Info[Operation, None],
        input: Annotated[ImportArticlesInput, strawberry.argument(description="The articles.")],
    ) -> ImportPayload:
        """Import articles."""

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            if len(input.articles) > MOST_IMPORTED:
                message = f"One import takes at most {MOST_IMPORTED} articles, not {len(input.articles)}."
                raise LimitExceeded(message)
            return await submit_articles(
                database,
                input.site,
                [read_entry(entry) for entry in input.articles],
                actor=actor,
                message=input.message,
                publish=input.publish,
                rehearse=input.dry_run,
                receipt=receipt,
            )

        return await ImportPayload.perform(info, verb)


def read_entry(entry: ImportArticleInput) -> Entry:
    """Return an article to import, with what reads its content."""
    return Entry(
        entry.key,
        entry.locale,
        lambda: apply_content(ArticleDraft(locale=entry.locale, slug="", title=""), entry),
    )
