"""Lists of the articles that a search finds: the best first, or in any other order."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.conditions import ARTICLE_ID, Compare, Condition, Every, Operator
from models.listing import Part
from models.paging import Key, Window
from models.reading import Reader, StoredArticle
from models.searching.found import Found


@dataclass(slots=True, eq=False)
class FoundList:
    """The articles of a search, the best first."""

    reader: Reader
    ids: Sequence[str]
    places: Mapping[str, int]

    @staticmethod
    def of(reader: Reader, found: Found) -> FoundList:
        """Return the list of what a search found."""
        ids = [hit.article_id for hit in found.hits]
        return FoundList(reader, ids, {article_id: place for place, article_id in enumerate(ids)})

    def key(self, article: StoredArticle) -> Key:
        """Return the sort key of an article in this list."""
        return (self.places[article.id],)

    async def part(self, window: Window) -> Part[StoredArticle]:
        """Return the articles of a window."""
        low, high = self._bound(window)
        if window.backward:
            start, end = max(low, high - window.size), high
        else:
            start = min(high, low + window.offset)
            end = min(high, start + window.size)
        shown = await gather(*(self.reader.article(article_id) for article_id in self.ids[start:end]))
        items = [article for article in shown if article is not None]
        return Part(items, has_next=end < len(self.ids), has_previous=start > 0)

    async def count(self) -> int:
        """Return how many articles the list has."""
        return len(self.ids)

    def _bound(self, window: Window) -> tuple[int, int]:
        low, high = 0, len(self.ids)
        if window.after is not None:
            low = min(high, max(0, int(window.after[0]) + 1))
        if window.before is not None:
            high = max(low, min(high, int(window.before[0])))
        return low, high


def narrow(condition: Condition, found: Found) -> Condition:
    """Return a condition that only what was found meets, where it meets this one as well."""
    ids = [hit.article_id for hit in found.hits]
    return Every((Compare(ARTICLE_ID, Operator.IN, ids), condition))
