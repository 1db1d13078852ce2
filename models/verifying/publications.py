"""What is live: of editions of its own article, one at a time for each article and locale, and for each address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from models.database import Database, Row
from models.dialect import Sql
from models.snapshot import Snapshot

WRONG = Sql(
    "SELECT p.id FROM publication p JOIN edition e ON e.id = p.edition_id JOIN article a ON a.id = p.article_id "
    "WHERE e.article_id <> p.article_id OR e.locale <> p.locale OR e.slug <> p.slug OR a.site_id <> p.site_id "
    "OR e.since > p.since OR p.live_from >= p.live_until ORDER BY p.id"
)
BY_ARTICLE = ("article_id", "locale")
BY_ADDRESS = ("site_id", "locale", "slug")


class Window(NamedTuple):
    """A publication: from revision `since` to `until` it is live from a moment to another."""

    id: int
    since: int
    until: int
    live_from: int
    live_until: int

    def clashes(self, other: Window) -> bool:
        """Tell whether both are live at one moment as of one revision."""
        return (
            self.since < other.until
            and other.since < self.until
            and self.live_from < other.live_until
            and other.live_from < self.live_until
        )


async def find_wrong_publications(_database: Database, snapshot: Snapshot) -> AsyncIterator[str]:
    """Yield publications that are not of an edition of their article, locale, slug and site, or never live."""
    async for rows in snapshot.stream(WRONG):
        for row in rows:
            yield f"publication {row['id']} is not what its edition says."


async def find_clashes(_database: Database, snapshot: Snapshot) -> AsyncIterator[str]:
    """Yield publications of one article and locale, or of one address, that are live at one moment."""
    for columns in (BY_ARTICLE, BY_ADDRESS):
        key: tuple[str, ...] = ()
        standing: list[Window] = []
        async for rows in snapshot.stream(select_windows(columns)):
            for row in rows:
                window, owner = read_window(row), tuple(row[column] for column in columns)
                # In the order of revisions, what was closed before this one stands in nobody's way any more.
                standing = [one for one in standing if one.until > window.since] if owner == key else []
                for one in standing:
                    if one.clashes(window):
                        yield f"publications {one.id} and {window.id} of {'/'.join(owner)} are live at the same time."
                standing.append(window)
                key = owner


def select_windows(columns: Sequence[str]) -> Sql:
    """Return the statement that reads all publications, those with the same columns together."""
    order = ", ".join(columns)
    return Sql(
        f"SELECT {order}, id, since, until, live_from, live_until FROM publication ORDER BY {order}, since, id"
    )


def read_window(row: Row) -> Window:
    """Return the window of a row."""
    return Window(*(row[name] for name in Window._fields))
