"""The change log for clients that keep a copy: each change once, in order."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

import orjson
import strawberry

from models.batching import Batch
from models.changes import Change as LoggedChange
from models.changes import (
    ChangeFilter,
    Point,
    Then,
    check_point,
    gather_articles,
    list_changes,
    start_after,
)
from models.errors import InvalidArgument, InvalidCursor
from models.moment import FOREVER
from models.reading import Reader, StoredArticle
from models.revision import ChangeKind
from schema.article import Article
from schema.filters import absent, given
from schema.node import decode_id, encode_id
from schema.scalars import DateTime, Locale, Revision
from schema.site import Site

DEFAULT_SIZE = 100
LARGEST_SIZE = 500
MOST_NAMED = 100

CURSOR_TYPES = (int, int, int, str, str)


@strawberry.input(description="Which changes are wanted. Their locales are those of `@view`.")
class ChangeWhere:
    """Which changes are wanted."""

    kinds: list[ChangeKind] | None = absent("Only changes of these kinds.")
    sites: list[str] | None = absent("Only changes in the sites with these keys.")
    article_ids: list[strawberry.ID] | None = absent("Only changes of these articles.")


@strawberry.type(description="Something that happened to an article in a locale, or to a site.")
class Change:
    """An entry of the change log."""

    logged: strawberry.Private[LoggedChange]
    reader: strawberry.Private[Reader]
    articles: strawberry.Private[Batch[Then, StoredArticle | None]]

    @strawberry.field(description="The place of the change: ask for what comes `after` it.")
    def cursor(self) -> str:
        """Return the cursor."""
        return write_cursor(self.logged.point)

    @strawberry.field(
        description="The revision: of what was done its own, of what was scheduled the one before its moment."
    )
    def revision(self) -> Revision:
        """Return the revision."""
        return Revision(self.logged.point.revision)

    @strawberry.field(description="When it happened.")
    def at(self) -> DateTime:
        """Return the moment."""
        return DateTime(self.logged.point.moment)

    @strawberry.field(
        description="What happened. Of published content: PUBLISHED where it is live since, or live in another "
        "edition, UNPUBLISHED where it is not live any more, RENDERED. A schedule that comes due is one of them."
    )
    def kind(self) -> ChangeKind:
        """Return the kind."""
        return self.logged.kind

    @strawberry.field(description="The site.")
    async def site(self) -> Site:
        """Return the site as it is now."""
        return Site(stored=await self.reader.site(self.logged.site_id))

    @strawberry.field(description="The id of the article. Null where the site itself was changed.")
    def article_id(self) -> strawberry.ID | None:
        """Return the article's opaque id."""
        return encode_id("Article", self.logged.article_id) if self.logged.article_id else None

    @strawberry.field(description="The locale that it happened in. Null where the site itself was changed.")
    def locale(self) -> Locale | None:
        """Return the locale."""
        return Locale(self.logged.locale) if self.logged.locale else None

    @strawberry.field(
        description="The article as this view shows it right after the change, in the first of the view's "
        "locales that it has. Null where it shows none any more."
    )
    async def article(self) -> Article | None:
        """Return the article as of the change."""
        if self.logged.article_id is None:
            return None
        point = self.logged.point
        stored = await self.articles.request((point.revision, point.moment, self.logged.article_id))
        if stored is None:
            return None
        then = self.reader.at(self.reader.view.pinned_to(point.revision, point.moment))
        return Article(stored=stored, reader=then)


@strawberry.type(description="Some changes, the oldest first.")
class ChangePage:
    """Some changes."""

    changes: list[Change] = strawberry.field(description="The changes, in the order in which they happened.")
    cursor: str = strawberry.field(
        description="Where to go on: ask for what comes `after` it, at once if there is more, else later."
    )
    revision: Revision = strawberry.field(
        description="The revision of the last change; the view's where no more changes follow: a copy with all of "
        "them is as of then."
    )
    has_more: bool = strawberry.field(description="Whether more changes follow by now.")


Since = Annotated[
    Revision | None,
    strawberry.argument(
        description="Only what happened after this revision: that of your snapshot, or 0 for everything."
    ),
]
AfterChange = Annotated[
    str | None,
    strawberry.argument(description="Only what happened after the change or page with this cursor."),
]
FirstChanges = Annotated[int, strawberry.argument(description=f"How many changes, at most {LARGEST_SIZE}.")]
WantedChanges = Annotated[ChangeWhere | None, strawberry.argument(description="Only changes that meet this.")]


async def read_changes(
    reader: Reader, since: int | None, after: str | None, first: int, where: ChangeWhere | None
) -> ChangePage:
    """Return changes after a revision or a cursor.

    Raises InvalidArgument, InvalidCursor, RevisionUnknown, RevisionGone or UnknownSite.
    """
    if not 1 <= first <= LARGEST_SIZE:
        raise InvalidArgument(f"changes(first:) takes 1 to {LARGEST_SIZE}, not {first}.")
    point = await find_start(reader, since, after)
    part = await list_changes(reader, point, first, await read_where(reader, where))
    articles = gather_articles(reader)
    return ChangePage(
        changes=[Change(logged=change, reader=reader, articles=articles) for change in part.changes],
        cursor=write_cursor(part.end),
        revision=Revision(part.end.revision),
        has_more=part.more,
    )


async def find_start(reader: Reader, since: int | None, after: str | None) -> Point:
    """Return the point that comes before what is asked for."""
    if (since is None) == (after is None):
        raise InvalidArgument("Say since which revision, or after which cursor; one of them.")
    if after is None:
        assert since is not None
        return await start_after(reader.database, since)
    point = read_cursor(after)
    check_point(reader.database, point)
    return point


async def read_where(reader: Reader, where: ChangeWhere | None) -> ChangeFilter:
    """Return the filter that an input means."""
    values = given(where) if where else {}
    for named in values.values():
        if len(named) > MOST_NAMED:
            raise InvalidArgument(f"A filter of changes names at most {MOST_NAMED} of a kind.")
    wanted = {name: frozenset(named) for name, named in values.items()}
    if "sites" in wanted:
        wanted["sites"] = frozenset([(await reader.site_named(key)).id for key in values["sites"]])
    if "article_ids" in wanted:
        wanted["article_ids"] = frozenset(decode_id(text, "Article")[1] for text in values["article_ids"])
    return ChangeFilter(wanted.get("kinds"), wanted.get("sites"), wanted.get("article_ids"))


def write_cursor(point: Point) -> str:
    """Return the cursor of a point."""
    parts = [point.revision, point.moment, point.position, point.article_id, point.locale]
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_cursor(text: str) -> Point:
    """Return the point of a cursor. Raises InvalidCursor."""
    try:
        parts = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        parts = None
    if (
        not isinstance(parts, list)
        or tuple(map(type, parts)) != CURSOR_TYPES
        or not all(0 <= number <= FOREVER for number in parts[:3])
        or "\0" in parts[3] + parts[4]
    ):
        raise InvalidCursor(f"{text[:100]!r} is not a cursor that this server gave out.")
    return Point(*parts)
