"""Which articles link to an article, in their texts or as related: newest first, each once, through a view.

What is asked for several articles in the same turn is read with one statement, however many articles there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from models.dialect import Sql, join
from models.listing import Part, article_order, beyond, cut
from models.paging import Window
from models.reading import ARTICLE_COLUMNS, Reader, StoredArticle

ORDER = article_order(())
FORWARD = "p.published_at DESC, p.article_id DESC"
BACKWARD = "p.published_at, p.article_id"

Wanted = tuple[str, Window]
"""The id of the article that is linked to, and which part of the list."""


async def list_backlinks(reader: Reader, article_id: str, window: Window) -> Part[StoredArticle]:
    """Return a part of the articles that the view shows and whose edition there links to an article."""
    return await reader.batch(load_backlinks).request((article_id, window))


async def count_backlinks(reader: Reader, article_id: str) -> int:
    """Return how many other articles link to an article."""
    return await reader.batch(load_counts).request(article_id)


async def load_backlinks(reader: Reader, wanted: Sequence[Wanted]) -> dict[Wanted, Part[StoredArticle]]:
    """Return parts of the lists of several articles: one statement for each different window."""
    targets: defaultdict[Window, list[str]] = defaultdict(list)
    for article_id, window in wanted:
        targets[window].append(article_id)
    parts: dict[Wanted, Part[StoredArticle]] = {}
    for window, ids in targets.items():
        found = await read_backlinks(reader, ids, window)
        parts |= {(one, window): cut(found[one], window) for one in ids}
    return parts


async def read_backlinks(
    reader: Reader, ids: Sequence[str], window: Window
) -> dict[str, list[StoredArticle]]:
    """Return for each article those of a window in its direction, one more than asked for if there are more."""
    order = BACKWARD if window.backward else FORWARD
    where = [reader.serves()]
    if window.after is not None:
        where.append(beyond(ORDER, window.after, backward=False))
    if window.before is not None:
        where.append(beyond(ORDER, window.before, backward=True))
    place = f"ROW_NUMBER() OVER (PARTITION BY k.target_id ORDER BY {order}) AS place"
    found = link_sources(reader, f"k.target_id, p.id AS source_id, {place}", ids) + join(" AND ", where)
    rows = await reader.database.read(
        Sql(f"SELECT f.target_id, {ARTICLE_COLUMNS} FROM")
        + reader.tables()
        + Sql("JOIN (")
        + found
        + Sql(") f ON f.source_id = p.id WHERE f.place <= ?", (window.size + 1,))
        + Sql("ORDER BY f.target_id, f.place")
    )
    articles: dict[str, list[StoredArticle]] = {one: [] for one in ids}
    for row in rows:
        articles[row["target_id"]].append(reader.read_article(row))
    return articles


def link_sources(reader: Reader, columns: str, ids: Sequence[str], joins: str = "") -> Sql:
    """Return the beginning of a statement about the rows `p` whose editions link to other articles, once for each.

    `k.target_id` is the article that is linked to.
    """
    links = Sql("SELECT DISTINCT target_id, edition_id FROM link WHERE") + reader.database.dialect.one_of(
        "target_id", ids
    )
    return (
        Sql(f"SELECT {columns} FROM (")
        + links
        + Sql(") k JOIN")
        + reader.view.source()
        + Sql("p ON p.edition_id = k.edition_id AND p.article_id <> k.target_id")
        + Sql(f"JOIN site s ON s.id = p.site_id {joins} WHERE")
    )


async def load_counts(reader: Reader, ids: Sequence[str]) -> dict[str, int]:
    """Return how many other articles link to each of several."""
    rows = await reader.database.read(
        link_sources(reader, "k.target_id, COUNT(*) AS total", ids)
        + reader.serves()
        + Sql("GROUP BY k.target_id")
    )
    counts = {row["target_id"]: int(row["total"]) for row in rows}
    return {one: counts.get(one, 0) for one in ids}
