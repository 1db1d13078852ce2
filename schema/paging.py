"""Relay's connections over lists whose cursors carry the revision, so that paging never tears.

A cursor names the list it belongs to, the point of the history that its page was read at, and the sort key of
its item. The next page is read at that same point, whatever was published since.
"""

import binascii
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import orjson
import strawberry

from models.errors import InvalidArgument, InvalidCursor
from models.moment import FOREVER
from models.paging import DEFAULT_SIZE, PAGE_SIZE, Key, Window
from models.reading import Reader
from models.view import View

DEEPEST_OFFSET = 100_000

AT_MOST = f"at most {PAGE_SIZE} unless the server is set otherwise"

First = Annotated[
    int | None, strawberry.argument(description=f"How many items, from the front; {AT_MOST}. 20 by default.")
]
After = Annotated[str | None, strawberry.argument(description="Only items after the one with this cursor.")]
Last = Annotated[int | None, strawberry.argument(description=f"How many items, from the end; {AT_MOST}.")]
Before = Annotated[str | None, strawberry.argument(description="Only items before the one with this cursor.")]


@strawberry.type(description="Where a page stands in its list (Relay's cursor connections specification).")
class PageInfo:
    """Where a page stands."""

    has_next_page: bool = strawberry.field(description="Whether items follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether items come before this page.")
    first_cursor: strawberry.Private[Callable[[], str] | None]
    last_cursor: strawberry.Private[Callable[[], str] | None]

    @strawberry.field(description="The first item's cursor. Null on an empty page.")
    def start_cursor(self) -> str | None:
        """Return the first cursor."""
        return self.first_cursor() if self.first_cursor else None

    @strawberry.field(description="The last item's cursor. Null on an empty page.")
    def end_cursor(self) -> str | None:
        """Return the last cursor."""
        return self.last_cursor() if self.last_cursor else None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The paging arguments of a list as they came."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None
    offset: int | None = None


@dataclass(frozen=True)
class ListName:
    """Which list a cursor belongs to: by the field, its filter and order, and the view's locales.

    What stands in for these is part of it: a walk through a list does not go on in another chain.
    """

    field: str
    view: View
    arguments: object
    key_types: tuple[type, ...]

    @cached_property
    def digest(self) -> str:
        """Return what cursors say of the list; most lists are read without one."""
        view = self.view
        described = (
            self.field,
            view.perspective,
            view.locales,
            describe_input(self.arguments),
            *view.chains,
        )
        return hashlib.blake2b(repr(described).encode(), digest_size=6).hexdigest()

    def cursor(self, view: View, key: Key) -> str:
        """Return the cursor of the item with this sort key, read in this view."""
        parts = orjson.dumps([self.digest, view.revision, view.moment, *key])
        return urlsafe_b64encode(parts).decode().rstrip("=")

    def read(self, cursor: str) -> tuple[int, int, Key]:
        """Return revision, moment and sort key of a cursor. Raises InvalidCursor."""
        try:
            parts = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except (binascii.Error, ValueError):
            parts = None
        if not isinstance(parts, list) or len(parts) < 3 or not isinstance(parts[0], str):
            raise InvalidCursor(f"{cursor[:100]!r} is not a cursor that this server gave out.")
        if parts[0] != self.digest:
            raise InvalidCursor("This cursor belongs to another list: its filter, order or locales differ.")
        types = tuple(type(part) for part in parts[1:])
        storable = all(abs(part) <= FOREVER for part in parts[1:] if isinstance(part, int))
        if types != (int, int, *self.key_types) or not storable:
            raise InvalidCursor(f"{cursor[:100]!r} is not a cursor that this server gave out.")
        return parts[1], parts[2], tuple(parts[3:])


async def read_page(request: PageRequest, name: ListName, reader: Reader) -> tuple[Reader, Window]:
    """Return the window that is asked for, and the reader of the point in history that its cursors carry.

    Raises InvalidArgument or InvalidCursor.
    """
    size, backward = read_size(request, reader.page_size)
    after = name.read(request.after) if request.after is not None else None
    before = name.read(request.before) if request.before is not None else None
    points = {(cursor[0], cursor[1]) for cursor in (after, before) if cursor}
    if len(points) > 1:
        raise InvalidCursor("The cursors in `after` and `before` were read at different revisions.")
    for revision, moment in points:
        reader = await reader.pinned_to(revision, moment)
    window = Window(
        size,
        after=after[2] if after else None,
        before=before[2] if before else None,
        offset=read_offset(request),
        backward=backward,
    )
    return reader, window


def read_size(request: PageRequest, most: int) -> tuple[int, bool]:
    """Return how many items are asked for, and whether from the end. Raises InvalidArgument."""
    if request.first is not None and request.last is not None:
        raise InvalidArgument("Give first or last, not both.")
    backward = request.last is not None
    size = request.last if backward else request.first
    name = "last" if backward else "first"
    if size is None:
        return DEFAULT_SIZE, False
    check_size(name, size, most)
    return size, backward


def check_size(name: str, size: int, most: int) -> None:
    """Raise InvalidArgument where a page cannot have so many items."""
    if not 0 <= size <= most:
        raise InvalidArgument(f"{name} takes 0 to {most}, not {size}.")


def read_offset(request: PageRequest) -> int:
    """Return how many items to skip."""
    if request.offset is None:
        return 0
    if request.last is not None or request.before is not None:
        raise InvalidArgument("offset goes with first and after, not with last or before.")
    if not 0 <= request.offset <= DEEPEST_OFFSET:
        raise InvalidArgument(
            f"offset takes 0 to {DEEPEST_OFFSET}, not {request.offset}. Page by cursor instead."
        )
    return request.offset


def page_info(cursors: Sequence[Callable[[], str]], *, has_next: bool, has_previous: bool) -> PageInfo:
    """Return where a page stands whose items have these cursors, made when they are asked for."""
    return PageInfo(
        has_next_page=has_next,
        has_previous_page=has_previous,
        first_cursor=cursors[0] if cursors else None,
        last_cursor=cursors[-1] if cursors else None,
    )


def describe_input(value: Any) -> object:
    """Return an input as plain values in a fixed order, to be digested."""
    if isinstance(value, tuple):
        return tuple(describe_input(item) for item in value)
    if isinstance(value, list):
        return [describe_input(item) for item in value]
    if hasattr(type(value), "__strawberry_definition__"):
        fields = sorted(vars(value).items())
        return [(n, describe_input(item)) for n, item in fields if item is not strawberry.UNSET]
    return value
