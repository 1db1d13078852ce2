"""The mutations that decide what is live."""

from enum import StrEnum
from typing import Annotated

import strawberry
from strawberry.types import Info

from models.access import Actor
from models.database import Database
from models.idempotency import Receipt
from models.moment import FOREVER
from models.outcome import Done
from models.publishing import publish_articles, unpublish_articles
from schema.editing import MESSAGE
from schema.enums import describe_enum
from schema.limits import read_ids, read_locales
from schema.operation import Operation
from schema.payloads import ArticlesPayload
from schema.scalars import DateTime, Locale


class ErrorPolicy(StrEnum):
    """What becomes of the others when one of several articles cannot be done."""

    ALL_OR_NOTHING = "all_or_nothing"
    SKIP_FAILED = "skip_failed"


POLICIES = {
    ErrorPolicy.ALL_OR_NOTHING: "Nothing is done if any article fails.",
    ErrorPolicy.SKIP_FAILED: "What can be done is done; the errors say what was left out.",
}
describe_enum(ErrorPolicy, "ErrorPolicy", "What one failing article means for the others.", POLICIES)


@strawberry.input(description="Articles to publish, now or in a window of time.")
class PublishArticlesInput:
    """Articles to publish."""

    ids: list[strawberry.ID] = strawberry.field(description="The articles, at most 100.")
    locales: list[Locale] | None = strawberry.field(
        default=None, description="Only these translations. Without it, all that there are."
    )
    from_: DateTime | None = strawberry.field(
        default=None,
        name="from",
        description="When they go live; what is live before stays until then. Without it, now.",
    )
    until: DateTime | None = strawberry.field(
        default=None,
        description="When they stop being live; what was to be live then comes back. Without it, never.",
    )
    policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy.ALL_OR_NOTHING, description="What one failing article means for the others."
    )
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.input(description="Articles to take off the site, now or at a moment.")
class UnpublishArticlesInput:
    """Articles to unpublish."""

    ids: list[strawberry.ID] = strawberry.field(description="The articles, at most 100.")
    locales: list[Locale] | None = strawberry.field(
        default=None, description="Only these translations. Without it, all that there are."
    )
    at: DateTime | None = strawberry.field(
        default=None, description="When; schedules after it are withdrawn. Without it, now."
    )
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.type
class PublishingMutations:
    """Mutations of what is live."""

    @strawberry.mutation(
        description="Make the newest edition of articles live, together and as one revision. Refused where a "
        "slug is in use at that time, or an article links to one that is not live then."
    )
    async def publish_articles(
        self,
        info: Info[Operation, None],
        input: Annotated[PublishArticlesInput, strawberry.argument(description="The articles.")],
    ) -> ArticlesPayload:
        """Publish articles."""

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            return await publish_articles(
                database,
                read_ids(input.ids),
                read_locales(input.locales),
                actor=actor,
                message=input.message,
                live_from=input.from_,
                live_until=FOREVER if input.until is None else input.until,
                skip_failed=input.policy is ErrorPolicy.SKIP_FAILED,
                receipt=receipt,
            )

        return await ArticlesPayload.perform(info, verb)

    @strawberry.mutation(description="Take articles off the site. Drafts and history stay.")
    async def unpublish_articles(
        self,
        info: Info[Operation, None],
        input: Annotated[UnpublishArticlesInput, strawberry.argument(description="The articles.")],
    ) -> ArticlesPayload:
        """Unpublish articles."""

        async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
            return await unpublish_articles(
                database,
                read_ids(input.ids),
                read_locales(input.locales),
                actor=actor,
                message=input.message,
                at=input.at,
                receipt=receipt,
            )

        return await ArticlesPayload.perform(info, verb)
