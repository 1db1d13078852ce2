"""Where old addresses lead: former paths of articles, and addresses that they were imported with, as a view shows it.

It says of all addresses at once what `models.finding` says of one, in statements that do not grow with the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.database import Row
from models.dialect import Sql, join
from models.finding import has_been_live
from models.listing import Part, cut, read_window
from models.moment import FOREVER
from models.paging import Key, Order, Window
from models.reading import Reader
from models.stored import StoredSite

PATH = "'/' || p.locale || '/' || p.slug"
IMPORTED = "RTRIM(d.address, '/')"
ORDER = (Order("m.path"),)
REDIRECTED = "m.turn = 1 AND m.stays = 1"


@dataclass(frozen=True, slots=True)
class Redirect:
    """An old address, as a path without a slash at its end, and the present path of the article that was there."""

    path: str
    to: str


def redirect_key(redirect: Redirect) -> Key:
    """Return the sort key of a redirect."""
    return (redirect.path,)


async def list_redirects(reader: Reader, site_id: str, window: Window) -> Part[Redirect]:
    """Return a part of a site's redirects, sorted by their old address."""
    moved = await find_moved(reader, site_id)
    select = moved + Sql("SELECT m.path, m.article_id, m.locale FROM moved m WHERE")
    rows = await read_window(reader, select, [Sql(REDIRECTED)], ORDER, window)
    return cut(await lead(reader, rows), window)


async def count_redirects(reader: Reader, site_id: str) -> int:
    """Return how many redirects a site has."""
    counted = Sql(f"SELECT COUNT(*) AS total FROM moved m WHERE {REDIRECTED}")
    rows = await reader.database.read(await find_moved(reader, site_id) + counted)
    return int(rows[0]["total"])


async def lead(reader: Reader, rows: Sequence[Row]) -> list[Redirect]:
    """Return redirects with the present paths of their articles, preferably in the locale of the old address."""
    if not rows:
        return []
    view, dialect = reader.view, reader.database.dialect
    ids = sorted({row["article_id"] for row in rows})
    where = [dialect.one_of("p.article_id", ids), view.admits("p"), view.speaks("p", dialect)]
    shown = await reader.database.read(
        Sql("SELECT p.article_id, p.locale, p.slug FROM")
        + view.source()
        + Sql("p JOIN site s ON s.id = p.site_id WHERE")
        + join(" AND ", where)
        + Sql("ORDER BY")
        + view.rank("p", "s")
    )
    paths: dict[str, dict[str, str]] = {}
    for row in shown:
        paths.setdefault(row["article_id"], {})[row["locale"]] = f"/{row['locale']}/{row['slug']}"
    return [Redirect(row["path"], choose(paths[row["article_id"]], row["locale"], reader)) for row in rows]


def choose(paths: dict[str, str], locale: str, reader: Reader) -> str:
    """Return one of an article's paths, the best of the view first: a view without locales keeps the old locale."""
    first = next(iter(paths.values()))
    return first if reader.view.locales else paths.get(locale, first)


async def find_moved(reader: Reader, site_id: str | None) -> Sql:
    """Return the beginning of a statement about the tables `used` and `moved`, of one site or of all.

    `used` has the paths of all that the view admits; `spoken` is 1 where it is in the view's locales. `moved` has
    the old addresses that lead to an article which the view shows; the row counts whose `turn` is 1. `stays` is 1
    where it is shown in the locale of the old address, as `models.route.has_moved` says.
    """
    sites = await reader.sites()
    # One column compared, and CASE, let both databases look up in a table by hash rather than go through it for each.
    return (
        Sql("WITH used AS MATERIALIZED (")
        + select_used(reader, site_id)
        + Sql("), old AS (")
        + select_former(reader, site_id)
        + Sql("UNION ALL")
        + select_imported(reader, site_id, sites)
        + Sql(
            "), moved AS (SELECT o.site_id, o.path, o.article_id, o.locale, CASE WHEN o.own IS NULL THEN 1 WHEN"
        )
        + Sql("1 = 1" if reader.view.locales else "o.own = o.locale")
        + Sql(
            "AND o.article_id || o.own IN (SELECT u.article_id || u.locale FROM used u WHERE u.shown = 1) "
            "THEN 1 ELSE 0 END AS stays, ROW_NUMBER() OVER "
            "(PARTITION BY o.site_id, o.path ORDER BY o.source) AS turn FROM old o WHERE o.place = 1 "
            "AND o.site_id || o.path NOT IN (SELECT u.site_id || u.path FROM used u) "
            "AND"
        )
        + is_shown("o")
        + Sql(")")
    )


def is_shown(alias: str) -> Sql:
    """Return the condition that the view shows an article."""
    among = f"{alias}.article_id IN (SELECT u.article_id FROM used u WHERE u.spoken = 1)"
    return Sql(f"CASE WHEN {among} THEN 1 ELSE 0 END = 1")


def select_used(reader: Reader, site_id: str | None) -> Sql:
    """Return the statement that reads the paths in use.

    `shown` is 1 where the article may be shown in this locale: in a view that names some, of one only.
    """
    view = reader.view
    speaks = view.speaks("p", reader.database.dialect)
    spoken = Sql("CASE WHEN") + speaks + Sql("THEN 1 ELSE 0 END")
    shown = spoken
    if view.chooses:
        best = Sql("ROW_NUMBER() OVER (PARTITION BY p.article_id ORDER BY CASE WHEN") + speaks
        best += Sql("THEN 0 ELSE 1 END,") + view.rank("p", "s") + Sql(")")
        shown = Sql("CASE WHEN") + speaks + Sql("AND") + best + Sql("= 1 THEN 1 ELSE 0 END")
    return (
        Sql(f"SELECT p.site_id, {PATH} AS path, p.article_id, p.locale,")
        + spoken
        + Sql("AS spoken,")
        + shown
        + Sql("AS shown FROM")
        + view.source()
        + Sql("p JOIN site s ON s.id = p.site_id WHERE")
        + join(" AND ", [view.admits("p"), *within(site_id)])
    )


def select_former(reader: Reader, site_id: str | None) -> Sql:
    """Return the statement that reads the former paths of what is shown; `place` is 1 for what was live there last.

    The order is that of `models.finding.last_lived`.
    """
    view = reader.view
    ended = reader.database.dialect.least("p.live_until", "COALESCE(r.moment, p.live_until)", "?")
    return Sql(
        f"SELECT p.site_id, {PATH} AS path, p.article_id, p.locale, p.locale AS own, 0 AS source, ROW_NUMBER() OVER "
        f"(PARTITION BY p.site_id, p.locale, p.slug ORDER BY {ended} DESC, p.since DESC, p.id DESC) AS place "
        "FROM publication p LEFT JOIN revision r ON r.number = p.until AND r.number <= ? WHERE",
        (view.moment, view.revision),
    ) + join(" AND ", [has_been_live(view), is_shown("p"), *within(site_id)])


def select_imported(reader: Reader, site_id: str | None, sites: Sequence[StoredSite]) -> Sql:
    """Return the statement that reads imported addresses; `place` is 1 for the article that was published last.

    The order is that of `models.finding.find_redirected`.
    """
    view, dialect = reader.view, reader.database.dialect
    first = dialect.first_part("i.path")
    locales = dialect.one_of(
        f"i.site_id || {first}", [site.id + tag for site in sites for tag in site.locales]
    )
    where = [Sql("SUBSTR(d.address, 1, 1) = '/'"), view.admits("p"), *within(site_id)]
    return (
        Sql("SELECT i.site_id, i.path, i.article_id, i.locale, CASE WHEN i.path LIKE '/%/%' AND")
        + locales
        + Sql(
            f"THEN {first} END AS own, 1 AS source, ROW_NUMBER() OVER "
            "(PARTITION BY i.site_id, i.path ORDER BY i.newest DESC, i.article_id, "
            f"CASE WHEN i.published_at = {FOREVER} THEN 1 ELSE 0 END, i.published_at DESC, i.locale) AS place "
            f"FROM (SELECT p.site_id, {IMPORTED} AS path, p.article_id, p.locale, p.published_at, "
            f"MAX(p.published_at) OVER (PARTITION BY p.site_id, {IMPORTED}, p.article_id) AS newest FROM"
        )
        + view.source()
        + Sql("p JOIN redirect d ON d.edition_id = p.edition_id WHERE")
        + join(" AND ", where)
        + Sql(") i WHERE i.path <> ''")
    )


def within(site_id: str | None) -> list[Sql]:
    """Return the condition that `p` is of a site, none where all sites are meant."""
    return [] if site_id is None else [Sql("p.site_id = ?", (site_id,))]
