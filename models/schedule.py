"""When the present changes by itself: the scheduled moments between which all that is live stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

from models.database import Database
from models.dialect import Sql
from models.moment import FOREVER
from models.view import present


@dataclass(frozen=True, slots=True)
class Window:
    """From moment `since` up to `until` nothing begins or ends, as long as `revision` is the newest."""

    revision: int
    since: int
    until: int


class Schedule:
    """Tells the window that the present lies in, and asks the database once for each."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._window = Window(-1, 0, 0)

    def is_current(self, window: Window) -> bool:
        """Tell whether the present still lies in a window."""
        now = present(self._database)
        return window.revision == self._database.head.revision and window.since <= now < window.until

    async def find_window(self) -> Window:
        """Return the window that the present lies in."""
        self._database.head.look()
        if not self.is_current(self._window):
            self._window = await self._load()
        return self._window

    async def _load(self) -> Window:
        revision, now = self._database.head.revision, present(self._database)
        boundaries = []
        for column in ("live_from", "live_until"):
            newest = Sql(f"SELECT MIN({column}) AS boundary FROM publication WHERE until = ?", (FOREVER,))
            rows = await self._database.read(newest + Sql(f"AND {column} > ?", (now,)))
            boundaries.append(rows[0]["boundary"] or FOREVER)
        return Window(revision, now, min(boundaries))
