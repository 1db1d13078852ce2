"""How much there is: what bounds the price of a list before it is read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from itertools import accumulate
from time import monotonic

from models.database import Database
from models.dialect import Sql
from models.moment import FOREVER
from models.stored import load_sites

LARGEST = 100
"""Of how many articles the parts are counted one by one: as many as one page has."""

SHARE = 1_000
"""Counting again takes at most one in so many parts of the time."""

PARTS = ("section", "question", "link")
TOTALS = Sql(
    "SELECT (SELECT COUNT(*) FROM article) AS articles, (SELECT COUNT(*) FROM site) AS sites, "
    "(SELECT COUNT(DISTINCT slug) FROM tag) AS tags, (SELECT COUNT(*) FROM question) AS questions, "
    "(SELECT COUNT(*) FROM publication) AS publications"
)
SOURCES = Sql(
    "SELECT COUNT(*) AS parts FROM link x JOIN publication p ON p.edition_id = x.edition_id "
    "WHERE p.until = ? AND x.target_id IS NOT NULL GROUP BY x.target_id ORDER BY parts DESC LIMIT ?",
    (FOREVER, LARGEST),
)
"""Counts the links to the articles that most link to."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is, and how many parts the largest live articles have.

    `publications` are all that ever were, `locales` those of the site that has most. `parts` has for each of PARTS
    how many the largest article has, the two largest together, and so on, and for `source` how many articles link to
    the one that most link to. `live` has for each of PARTS how many all live articles have.
    """

    articles: int = 0
    sites: int = 0
    tags: int = 0
    questions: int = 0
    publications: int = 0
    locales: int = 0
    parts: Mapping[str, Sequence[int]] = field(default_factory=dict)
    live: Mapping[str, int] = field(default_factory=dict)

    def most(self, part: str, articles: int) -> int:
        """Return how many parts so many different live articles have at the most."""
        sums = self.parts.get(part, ())
        if not sums or not articles:
            return 0
        if articles <= len(sums):
            return sums[articles - 1]
        last = sums[-1] - (sums[-2] if len(sums) > 1 else 0)
        return sums[-1] + (articles - len(sums)) * (last if len(sums) == LARGEST else 0)


class Counts:
    """The sizes of a database, counted again after a while where anything has changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sizes: Sizes | None = None
        self._revision = -1
        self._due = 0.0
        self._counting: asyncio.Task[Sizes] | None = None

    async def find(self) -> Sizes:
        """Return the sizes, perhaps of a short while ago. Raises DatabaseLost where they were never counted."""
        head = self._database.head.revision
        if self._sizes is not None and (head == self._revision or monotonic() < self._due):
            return self._sizes
        if self._counting is None or self._counting.done():
            # The statements are nobody's: whoever asks first is as good as any other.
            self._counting = asyncio.create_task(self._count(head), context=Context())
            # Those who have older counts do not wait, and an error is then nobody's.
            self._counting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._counting) if self._sizes is None else self._sizes

    async def _count(self, revision: int) -> Sizes:
        begun = monotonic()
        sites, totals, *parts = await asyncio.gather(
            load_sites(self._database),
            self._database.read(TOTALS),
            *(self._database.read(count_parts(part)) for part in PARTS),
            self._database.read(SOURCES),
        )
        locales = max((len(site.locales) for site in sites), default=0)
        sums = {
            part: tuple(accumulate(row["parts"] for row in rows))
            for part, rows in zip((*PARTS, "source"), parts, strict=True)
        }
        live = {part: int(rows[0]["total"]) if rows else 0 for part, rows in zip(PARTS, parts, strict=False)}
        self._sizes = sizes = Sizes(**dict(totals[0]), locales=locales, parts=sums, live=live)
        self._revision = revision
        self._due = monotonic() + SHARE * (monotonic() - begun)
        return sizes


def count_parts(part: str) -> Sql:
    """Return the statement that counts the parts of the largest live articles, and in each row those of all."""
    return Sql(
        f"SELECT COUNT(*) AS parts, SUM(COUNT(*)) OVER () AS total FROM {part} x "
        "JOIN publication p ON p.edition_id = x.edition_id "
        "WHERE p.until = ? GROUP BY p.id ORDER BY parts DESC LIMIT ?",
        (FOREVER, LARGEST),
    )
