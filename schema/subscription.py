"""The root of all following: its fields answer one event. `schema/following.py` tells when there is one.

The root value of an event of `changes` is its change; `article` is the lookup of the query, asked again.
"""

import strawberry
from strawberry.types import Info

from schema.article import Article
from schema.changes import AfterChange, Change, Since, WantedChanges
from schema.operation import Operation
from schema.query import By, SiteKey, find_article


@strawberry.type(description="Everything that can be followed, by WebSocket or as server-sent events.")
class Subscription:
    """The root of all following."""

    @strawberry.field(
        description="First what happened since a revision or after a cursor, then what happens: each change once and "
        "in order, schedules that come due included. Without either it begins now."
    )
    def changes(
        event: strawberry.Parent[Change],  # noqa: N805 - the root value
        since: Since = None,
        after: AfterChange = None,
        where: WantedChanges = None,
    ) -> Change:
        """Return the change of the event."""
        return event

    @strawberry.field(
        description="One article, or null where the view does not show it: at once, and again whenever the answer "
        "is another one. The same answer never comes twice in a row."
    )
    async def article(
        self,
        info: Info[Operation, None],
        by: By,
        site: SiteKey = None,
    ) -> Article | None:
        """Return the article as it is now."""
        return await find_article(info.context.reader, by, site)
