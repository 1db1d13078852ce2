"""Where an article stands between draft and publication, and when it is visible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.database import Database
from models.dialect import Sql, join
from models.moment import FOREVER
from models.view import View


class PublicationState(StrEnum):
    """How an article in one locale stands at a view's moment."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    CHANGED = "changed"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True, slots=True)
class Window:
    """A publication of an edition from one moment to another, by the history of a view."""

    edition_id: int
    live_from: int
    live_until: int


@dataclass(frozen=True, slots=True)
class Standing:
    """State of an article, and the window in which it is visible or will be next; None where there is none."""

    state: PublicationState
    visible_from: int | None = None
    visible_until: int | None = None


async def load_standings(
    database: Database, view: View, editions: Sequence[tuple[str, str, int]]
) -> dict[tuple[str, str, int], Standing]:
    """Return how each edition (article id, locale, edition id), the newest of its article, stands in a view."""
    ids = sorted({article_id for article_id, _, _ in editions})
    rows = await database.read(
        Sql(
            "SELECT article_id, locale, edition_id, live_from, live_until, since, until FROM publication p WHERE"
        )
        + join(" AND ", [database.dialect.one_of("p.article_id", ids), Sql("p.since <= ?", (view.revision,))])
        + Sql("ORDER BY live_from")
    )
    windows: dict[tuple[str, str], list[Window]] = {}
    known: set[tuple[str, str]] = set()
    for row in rows:
        pair = (row["article_id"], row["locale"])
        known.add(pair)
        if row["until"] > view.revision:
            window = Window(row["edition_id"], row["live_from"], row["live_until"])
            windows.setdefault(pair, []).append(window)
    return {
        key: judge(key[2], windows.get(key[:2], []), view.moment, was_known=key[:2] in known)
        for key in editions
    }


def judge(edition_id: int, windows: Iterable[Window], at: int, *, was_known: bool) -> Standing:
    """Return how an edition stands at a moment, given all open windows of its article in order."""
    ahead = [window for window in windows if window.live_until > at]
    for window in ahead:
        if window.live_from <= at:
            same = window.edition_id == edition_id
            state = PublicationState.PUBLISHED if same else PublicationState.CHANGED
            return Standing(state, window.live_from, end_of(window))
    if ahead:
        return Standing(PublicationState.SCHEDULED, ahead[0].live_from, end_of(ahead[0]))
    return Standing(PublicationState.UNPUBLISHED if was_known else PublicationState.DRAFT)


def end_of(window: Window) -> int | None:
    """Return when a window ends, None where it does not."""
    return None if window.live_until == FOREVER else window.live_until
