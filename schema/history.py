"""An article's history: what was done to it, when, by whom and why."""

from dataclasses import dataclass
from functools import partial

import strawberry

from models.history import Event, count_events, list_events
from models.reading import Reader
from models.revision import ChangeKind
from schema.enums import describe_enum
from schema.paging import ListName, PageInfo, PageRequest, page_info, read_page
from schema.scalars import DateTime, Revision

KINDS = {
    ChangeKind.CREATED: "The first edition was saved.",
    ChangeKind.UPDATED: "A new edition was saved.",
    ChangeKind.PUBLISHED: "The newest edition went live.",
    ChangeKind.SCHEDULED: "The newest edition was to go live later.",
    ChangeKind.UNPUBLISHED: "It was taken off the site, or a schedule was withdrawn.",
    ChangeKind.DELETED: "It was put into the trash.",
    ChangeKind.RESTORED: "An earlier edition was saved as the newest one.",
    ChangeKind.CONFIRMED: "A translation was said to be still right after a change of the original.",
    ChangeKind.RENDERED: "Its HTML was made anew by a newer version of the renderer; the words are the same.",
    ChangeKind.COMPACTED: "Older revisions were removed; says nothing of single articles.",
}
describe_enum(ChangeKind, "ChangeKind", "What happened.", KINDS)


@strawberry.type(description="Something that was done to an article in one locale.")
class HistoryEntry:
    """An entry of the history."""

    event: strawberry.Private[Event]

    @strawberry.field(
        description="The revision. With `@view(perspective: DRAFT, revision: …)` it can be read."
    )
    def revision(self) -> Revision:
        """Return the revision."""
        return Revision(self.event.revision)

    @strawberry.field(description="When.")
    def at(self) -> DateTime:
        """Return the moment."""
        return DateTime(self.event.moment)

    @strawberry.field(description="What happened.")
    def kind(self) -> ChangeKind:
        """Return the kind."""
        return self.event.kind

    @strawberry.field(description="Who did it.")
    def by(self) -> str:
        """Return who did it."""
        return self.event.actor

    @strawberry.field(description="Why, as they said. Null where they said nothing.")
    def message(self) -> str | None:
        """Return the message."""
        return self.event.message


@strawberry.type(description="An entry of the history, with its place.")
class HistoryEdge:
    """An entry with its cursor."""

    cursor: str = strawberry.field(description="The place of the entry in this history.")
    node: HistoryEntry = strawberry.field(description="The entry.")


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of a history and what it takes to count the whole."""

    reader: Reader
    name: ListName
    article_id: str
    locale: str
    events: list[Event]
    more: bool
    continued: bool


@strawberry.type(description="A page of a history, the newest entry first.")
class HistoryConnection:
    """A page of a history."""

    page: strawberry.Private[HistoryPage]

    @strawberry.field(description="The entries, each with its cursor.")
    def edges(self) -> list[HistoryEdge]:
        """Return the edges."""
        return [HistoryEdge(cursor=self.cursor(e), node=HistoryEntry(event=e)) for e in self.page.events]

    @strawberry.field(description="The entries.")
    def nodes(self) -> list[HistoryEntry]:
        """Return the entries."""
        return [HistoryEntry(event=event) for event in self.page.events]

    @strawberry.field(description="Where the page stands in the history.")
    def page_info(self) -> PageInfo:
        """Return where the page stands."""
        page = self.page
        cursors = [partial(self.cursor, event) for event in page.events]
        return page_info(cursors, has_next=page.more, has_previous=page.continued)

    @strawberry.field(description="How many entries the whole history has. Counted only when asked for.")
    async def total_count(self) -> int:
        """Return the number of entries."""
        return await count_events(self.page.reader, self.page.article_id, self.page.locale)

    def cursor(self, event: Event) -> str:
        """Return the cursor of an entry."""
        return self.page.name.cursor(self.page.reader.view, (event.revision, event.position))


async def read_history(
    reader: Reader, article_id: str, locale: str, first: int | None, after: str | None
) -> HistoryConnection:
    """Return a page of an article's history. Raises Forbidden, InvalidArgument or InvalidCursor."""
    name = ListName("history", reader.view, (article_id, locale), (int, int))
    reader, window = await read_page(PageRequest(first, after), name, reader)
    place = None if window.after is None else (int(window.after[0]), int(window.after[1]))
    events = list(await list_events(reader, article_id, locale, window.size + 1, place))
    return HistoryConnection(
        page=HistoryPage(
            reader,
            name,
            article_id,
            locale,
            events[: window.size],
            more=len(events) > window.size,
            continued=after is not None,
        )
    )
