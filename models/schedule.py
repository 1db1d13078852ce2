"""When the present changes by itself: the scheduled moments between which all that is live stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

from models.database import Database
from models.dialect import Sql
from models.moment import FOREVER
from models.view import present


@dataclass(frozen=True, slots=True)
class Span:
    """From moment `since` up to `until` nothing begins or ends, as long as `revision` is the newest."""

    revision: int
    since: int
    until: int


def is_current(database: Database, span: Span) -> bool:
    """Tell whether the present still lies in a span."""
    now = present(database)
    return span.revision == database.head.revision and span.since <= now < span.until


class Schedule:
    """Tells the span that the present lies in, and asks the database once for each."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._span = Span(-1, 0, 0)

    async def find_span(self) -> Span:
        """Return the span that the present lies in."""
        if not is_current(self._database, self._span):
            self._span = await self._load()
        return self._span

    async def _load(self) -> Span:
        revision, now = self._database.head.revision, present(self._database)
        boundaries = []
        for column in ("live_from", "live_until"):
            newest = Sql(f"SELECT MIN({column}) AS boundary FROM publication WHERE until = ?", (FOREVER,))
            rows = await self._database.read(newest + Sql(f"AND {column} > ?", (now,)))
            boundaries.append(rows[0]["boundary"] or FOREVER)
        return Span(revision, now, min(boundaries))
