"""The tags of all articles that a view shows: counted in memory where the list of all articles is, else read."""

from __future__ import annotations

from models.conditions import SITE_KEY, TRUE, Compare, Condition, Operator
from models.finding import find_tags
from models.listing import article_order, name_list
from models.reading import Reader
from models.traits import Trait

MOST_TAGS = 1_000_000
"""More than there are."""


async def list_tags(reader: Reader, *, site: str | None, limit: int) -> list[tuple[str, str]]:
    """Return slug and name of the tags in the view, or of a site's with this key, by slug. Raises UnknownSite."""
    condition: Condition = TRUE
    if site is not None:
        condition = Compare(SITE_KEY, Operator.EQUAL, (await reader.site_named(site)).key)
    live = reader.live
    if live is not None:
        counted = live.rank(name_list(live.lens, condition, article_order(())), Trait.TAG, MOST_TAGS)
        if counted is not None:
            return sorted((tag.value, tag.name) for tag in counted)[:limit]
    return await find_tags(reader, site=site, limit=limit)
