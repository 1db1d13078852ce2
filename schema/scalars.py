"""The contract's scalars: how moments, locales, revisions and texts are written and read."""

from __future__ import annotations

from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from models import moment
from models.draft import explain_tag, normalise_locale
from models.errors import InvalidContent

DateTime = NewType("DateTime", int)
Locale = NewType("Locale", str)
Revision = NewType("Revision", int)
Html = NewType("Html", str)
Markdown = NewType("Markdown", str)
Url = NewType("Url", str)

LARGEST_REVISION = 2**53 - 1
"""JavaScript's largest exact integer; revisions stay below it."""


def parse_date_time(value: object) -> int:
    """Return the moment that a client wrote."""
    if not isinstance(value, str):
        raise GraphQLError("A DateTime is a string such as 2026-03-01T09:30:00Z.")
    try:
        return moment.from_text(value)
    except (ValueError, OverflowError) as error:
        raise GraphQLError(f"{value!r} is not an RFC 3339 date and time: {error}.") from None


def parse_locale(value: object) -> str:
    """Return a client's language tag in BCP 47's usual case."""
    try:
        return normalise_locale(value if isinstance(value, str) else "")
    except InvalidContent:
        raise GraphQLError(explain_tag(value)) from None


def parse_revision(value: object) -> int:
    """Return a client's revision number."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_REVISION:
        raise GraphQLError(f"A Revision is a whole number from 0, not {value!r}.")
    return value


def keep(value: str) -> str:
    """Return a text as it is."""
    return value


def show_moment(value: int | None) -> DateTime | None:
    """Return a moment, where there is one, in the contract's form."""
    return None if value is None else DateTime(value)


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment, written as RFC 3339 in UTC: `2026-03-01T09:30:00Z`.",
        serialize=moment.to_text,
        parse_value=parse_date_time,
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    ),
    Locale: strawberry.scalar(
        name="Locale",
        description="A language tag of BCP 47 made of language, script, region and variants, such as `en`, `pt-BR` or "
        "`zh-Hans`. Case does not matter.",
        serialize=keep,
        parse_value=parse_locale,
        specified_by_url="https://www.rfc-editor.org/info/bcp47",
    ),
    Revision: strawberry.scalar(
        name="Revision",
        description="A position in the change log. Every committed change of content has the next number.",
        serialize=int,
        parse_value=parse_revision,
    ),
    Html: strawberry.scalar(
        name="HTML",
        description="Sanitised HTML without scripts, styles or event handlers; safe to put into a page.",
        serialize=keep,
    ),
    Markdown: strawberry.scalar(
        name="Markdown",
        description="CommonMark with tables, strikethrough, task lists, footnotes and bare links.",
        serialize=keep,
        specified_by_url="https://spec.commonmark.org/",
    ),
    Url: strawberry.scalar(
        name="URL",
        description="An absolute URL, or an address relative to the article's own.",
        serialize=keep,
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3986",
    ),
}
