"""What changes make void in caches of others: the keys, read from the change log point by point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.cache_keys import ALL, ANY, key_lists, key_thing
from models.changes import Change, ChangeFilter, Point, list_changes
from models.database import Database, Row
from models.dialect import Sql
from models.errors import RevisionGone
from models.follower import rewind
from models.moment import FOREVER
from models.reading import Reader
from models.stored import read_list

MOST_CHANGES = 500
MOST_KEYS = 2_000
"""Beyond that everything is void: an answer that outlives such a change is rare, and naming it costs more."""


@dataclass(frozen=True, slots=True)
class Void:
    """Keys that are void by what happened up to a point, and whether more happened after it."""

    keys: tuple[str, ...]
    end: Point
    more: bool


async def find_void(reader: Reader, after: Point | None) -> Void:
    """Return what is void by changes after a point, up to the reader's view.

    Everything is where there is no point, where the log does not reach back to it, and where the clock went back, so
    that what had ended is live again. Raises DatabaseLost.
    """
    view = reader.view
    here = Point(view.revision, view.moment, FOREVER)
    if after is None or view.moment < after.moment:
        return Void((ALL,), here, more=False)
    try:
        start = await rewind(reader.database, after)
        part = await list_changes(reader, start, MOST_CHANGES, ChangeFilter())
        keys = await key_changes(reader.database, part.changes, start)
        # The history may have been cut under the statements: then they missed what was cut.
        await require_history(reader.database, after.revision)
    except RevisionGone:
        return Void((ALL,), here, more=False)
    if part.end.revision > after.revision:
        keys.setdefault(ANY)
    return Void(tuple(keys) if len(keys) <= MOST_KEYS else (ALL,), part.end, part.more)


async def require_history(database: Database, revision: int) -> None:
    """Raise RevisionGone where the history does not reach back to a revision, as the database has it now."""
    oldest = (await database.read(Sql("SELECT oldest FROM head WHERE id = 1")))[0]["oldest"]
    if revision < oldest:
        raise RevisionGone(revision, oldest)


async def key_changes(database: Database, changes: Sequence[Change], after: Point) -> dict[str, None]:
    """Return the keys that these changes make void, in a fixed order.

    They are those of the articles; of the former addresses that they may have had since the point in the locales that
    changed, and of the slugs in all; and of the lists that may have had them. What ends in one locale may show an
    article in another one, so that lists, also of a slug, are found by its publications in all of them.
    """
    changed: dict[str, set[str]] = {}
    for change in changes:
        if change.article_id is None:
            return {ALL: None}
        changed.setdefault(change.article_id, set()).add(str(change.locale))
    if not changed:
        return {}
    keys = dict.fromkeys([ANY])
    for article_id in changed:
        keys.update(dict.fromkeys(key_thing(("article", article_id))))
    for row in await load_stood(database, after, sorted(changed)):
        locales = changed[row["article_id"]]
        keys.update(dict.fromkeys(key_thing(("slug", row["slug"]))))
        if row["locale"] in locales and row["address"] is not None:
            keys.update(dict.fromkeys(key_thing(("address", row["address"]))))
        tags = [tag["slug"] for tag in read_list(row["tags"])]
        keys.update(dict.fromkeys(key_lists(row["key"], tags, sorted(locales))))
    return keys


async def load_stood(database: Database, after: Point, ids: Sequence[str]) -> Sequence[Row]:
    """Return the publications of articles that may have been live since a point, once for each address they name."""
    return await database.read(
        Sql(
            "SELECT p.article_id, p.locale, p.slug, s.key, e.tags, d.address FROM publication p "
            "JOIN edition e ON e.id = p.edition_id JOIN site s ON s.id = p.site_id "
            "LEFT JOIN redirect d ON d.edition_id = e.id WHERE p.until >= ? AND p.live_until >= ? AND",
            (after.revision, after.moment),
        )
        + database.dialect.one_of("p.article_id", ids)
        + Sql("ORDER BY p.id, d.position")
    )
