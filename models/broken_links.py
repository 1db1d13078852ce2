"""Links that lead to nothing which a view shows: hidden articles, and addresses of ours with nothing there.

An address of ours is one of the form `/{locale}/{slug}` in a locale of the site, or one that something which was live
was imported with; alone or under the site's address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.access import Right
from models.addresses import find_host, path_within, split_path
from models.database import Row
from models.dialect import Sql, join
from models.draft import normalise_slug
from models.finding import has_been_live
from models.listing import Part, article_order, cut, read_window
from models.paging import Key, Order, Window
from models.reading import ARTICLE_COLUMNS, Reader, StoredArticle
from models.redirecting import IMPORTED, find_moved, within
from models.stored import StoredSite

LINK = "JOIN link k ON k.edition_id = e.id"
PLACE = "p.site_id || k.url"
COLUMNS = ", ".join(f"k.{name} AS link_{name}" for name in ("kind", "position", "section", "label", "url"))
ORDER = (*article_order(()), Order("k.kind"), Order("k.position"))
KEY_TYPES = (int, str, str, int)


class Breakage(StrEnum):
    """Why a link is broken."""

    NOT_SHOWN = "not shown"
    NOTHING_THERE = "nothing there"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A broken link with the article that has it; `section` is the position it stands in."""

    article: StoredArticle
    kind: str
    position: int
    section: int | None
    label: str
    url: str | None
    breakage: Breakage


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses of ours in links without a target that is shown, as site id and URL: with nothing there, and others."""

    dead: Sequence[str]
    answered: Sequence[str]


def broken_link_key(link: BrokenLink) -> Key:
    """Return the sort key of a broken link."""
    return link.article.published_at, link.article.id, link.kind, link.position


async def list_broken_links(reader: Reader, site_id: str | None, window: Window) -> Part[BrokenLink]:
    """Return a part of the broken links of a site or of all: newest articles first, the links in their order."""
    target = "CASE WHEN k.target_id IS NULL THEN 0 ELSE 1 END AS has_target"
    select = reader.select(f"{COLUMNS}, {target}, {ARTICLE_COLUMNS}", LINK)
    rows = await read_window(reader, select, await find_broken(reader, site_id), ORDER, window)
    return cut([read_broken_link(reader, row) for row in rows], window)


async def count_broken_links(reader: Reader, site_id: str | None) -> int:
    """Return how many broken links a site has, or all have."""
    where = await find_broken(reader, site_id)
    rows = await reader.database.read(reader.select("COUNT(*) AS total", LINK) + join(" AND ", where))
    return int(rows[0]["total"])


def read_broken_link(reader: Reader, row: Row) -> BrokenLink:
    """Return the broken link that a row holds.

    That there is an article which is not shown is told to those who may preview, and where the link itself tells it.
    """
    url = row["link_url"]
    is_told = row["has_target"] and (url is None or reader.actor.may(Right.PREVIEW))
    return BrokenLink(
        reader.read_article(row),
        row["link_kind"],
        row["link_position"],
        row["link_section"],
        row["link_label"],
        url,
        Breakage.NOT_SHOWN if is_told else Breakage.NOTHING_THERE,
    )


async def find_broken(reader: Reader, site_id: str | None) -> list[Sql]:
    """Return the conditions that the link `k` of `p` is broken.

    A link to a hidden article whose URL is none of our addresses is told only to those who may preview: that it is
    broken tells that the article exists. One whose address something else answers is not broken.
    """
    addresses = await reader.batch(load_addresses).request(site_id)
    dialect = reader.database.dialect
    reasons = [dialect.one_of(PLACE, addresses.dead), Sql("(k.target_id IS NOT NULL AND k.url IS NULL)")]
    if reader.actor.may(Right.PREVIEW):
        answered = dialect.one_of(PLACE, addresses.answered)
        reasons.append(Sql("(k.target_id IS NOT NULL AND NOT") + answered + Sql(")"))
    broken = Sql("(") + join(" OR ", reasons) + Sql(")")
    return [reader.serves(), *within(site_id), leads_nowhere(reader), broken]


def leads_nowhere(reader: Reader) -> Sql:
    """Return the condition that the link `k` has no target that the view shows."""
    view = reader.view
    shown = [
        Sql("t.article_id = k.target_id"),
        view.admits("t"),
        view.speaks("t", reader.database.dialect),
    ]
    return Sql("NOT EXISTS (SELECT 1 FROM") + view.source() + Sql("t WHERE") + join(" AND ", shown) + Sql(")")


async def load_addresses(reader: Reader, site_ids: Sequence[str | None]) -> Mapping[str | None, Addresses]:
    """Return for each site, or for all, which addresses of ours are answered that links without a target have."""
    return {site_id: await read_addresses(reader, site_id) for site_id in site_ids}


async def read_addresses(reader: Reader, site_id: str | None) -> Addresses:
    """Return the addresses of a site or of all."""
    sites = {site.id: site for site in await reader.sites()}
    where = [reader.serves(), *within(site_id), may_be_ours(reader, sites.values()), leads_nowhere(reader)]
    rows = await reader.database.read(
        reader.select("DISTINCT p.site_id, k.url AS link_url", LINK) + join(" AND ", where)
    )
    paths = {
        row["site_id"] + row["link_url"]: path
        for row in rows
        if (path := find_path(row["link_url"], sites[row["site_id"]]))
    }
    wanted = {path.place for path in paths.values()}
    answered = await find_answered(reader, site_id, wanted)
    others = {path.place for path in paths.values() if not path.is_ours} - answered
    former = await find_imported(reader, others)
    return Addresses(
        sorted(
            link
            for link, path in paths.items()
            if path.place not in answered and (path.is_ours or path.place in former)
        ),
        sorted(link for link, path in paths.items() if path.place in answered),
    )


def may_be_ours(reader: Reader, sites: Iterable[StoredSite]) -> Sql:
    """Return the condition that the link `k` may lead to its site: to a path, or to something with the site's host."""
    ways = [Sql("SUBSTR(k.url, 1, 1) = '/'")]
    for site in sites:
        host = find_host(site.url)
        if host:
            named = reader.database.dialect.contains("LOWER(k.url)", host)
            ways.append(Sql("(p.site_id = ? AND", (site.id,)) + named + Sql(")"))
    return Sql("(") + join(" OR ", ways) + Sql(")")


@dataclass(frozen=True, slots=True)
class SitePath:
    """A path of a site as `place`, behind the site's id; `is_ours` tells that it is that of an article by its form."""

    place: str
    is_ours: bool


def find_path(url: str, site: StoredSite) -> SitePath | None:
    """Return the path that an address leads to on a site, None where it leads elsewhere."""
    try:
        path = path_within(url, site.url)
    except ValueError:
        return None
    if path is None:
        return None
    path = "/" + normalise_slug(path)
    address = split_path(path)
    if address is not None and address[0] in site.locales:
        return SitePath(f"{site.id}/{address[0]}/{address[1]}", is_ours=True)
    return SitePath(f"{site.id}{path}", is_ours=False)


async def find_imported(reader: Reader, places: set[str]) -> set[str]:
    """Return those of these paths, each after its site's id, that something which was live was imported with."""
    if not places:
        return set()
    database = reader.database
    place = f"p.site_id || {IMPORTED}"
    # The addresses themselves are compared first, as there is an index of them.
    addresses = {place[place.index("/") :] for place in places}
    spelled = database.dialect.one_of("d.address", sorted({*addresses, *(f"{one}/" for one in addresses)}))
    where = [spelled, database.dialect.one_of(place, sorted(places)), has_been_live(reader.view)]
    rows = await database.read(
        Sql(
            f"SELECT DISTINCT {place} AS place FROM publication p JOIN redirect d ON d.edition_id = p.edition_id WHERE"
        )
        + join(" AND ", where)
    )
    return {row["place"] for row in rows}


async def find_answered(reader: Reader, site_id: str | None, paths: set[str]) -> set[str]:
    """Return those of these paths, each after its site's id, at which the view shows something, now or from before."""
    if not paths:
        return set()
    wanted = reader.database.dialect.one_of("x.site_id || x.path", sorted(paths))
    rows = await reader.database.read(
        await find_moved(reader, site_id)
        + Sql(
            "SELECT x.site_id || x.path AS place FROM (SELECT u.site_id, u.path FROM used u WHERE u.spoken = 1 "
            "UNION ALL SELECT m.site_id, m.path FROM moved m WHERE m.turn = 1) x WHERE"
        )
        + wanted
    )
    return {row["place"] for row in rows}
