"""How the translations of articles stand beside their originals, as a view shows them.

The original of an article is what a view without locales shows of it: its edition in the site's default locale, or
else in the first other one by name. A translation is up to date as of its basis: the revision that saved its edition,
or a later one for which somebody confirmed that edition. It is outdated where the original was saved after its basis.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.database import Row
from models.dialect import Sql, join
from models.listing import Part, cut, read_window
from models.paging import Key, Order, Window
from models.reading import Reader
from models.stored import StoredSite

ORDER = (Order("x.published_at", descending=True), Order("x.article_id", descending=True), Order("x.wanted"))
KEY_TYPES = (int, str, str)


class TranslationStatus(StrEnum):
    """How a translation stands."""

    MISSING = "missing"
    OUTDATED = "outdated"
    CURRENT = "current"


CONDITIONS = {
    TranslationStatus.MISSING: "x.basis IS NULL",
    TranslationStatus.OUTDATED: "x.basis < x.since",
    TranslationStatus.CURRENT: "x.basis >= x.since",
}
TO_DO = (TranslationStatus.MISSING, TranslationStatus.OUTDATED)


@dataclass(frozen=True, slots=True)
class StoredTranslation:
    """An article in a locale of its site, whether it is there or not. The original is one, and always current."""

    article_id: str
    locale: str
    status: TranslationStatus
    is_original: bool
    basis: int | None
    since: int | None
    published_at: int


def translation_key(translation: StoredTranslation) -> Key:
    """Return the sort key of a translation."""
    return translation.published_at, translation.article_id, translation.locale


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which translations of a site are wanted: the locales, and how they stand."""

    site: StoredSite
    locales: Sequence[str]
    statuses: Collection[TranslationStatus]


async def find_translations(reader: Reader, article_id: str) -> list[StoredTranslation]:
    """Return how an article stands in each locale of its site that lies in the actor's scope, in the site's order."""
    return await reader.batch(load_translations).request(article_id)


async def load_translations(reader: Reader, ids: Sequence[str]) -> dict[str, list[StoredTranslation]]:
    """Return how several articles stand, with one statement."""
    sites = {site: list_locales(reader, site) for site in await reader.sites()}
    found: dict[str, list[StoredTranslation]] = {one: [] for one in ids}
    places = {(site.id, locale): n for site, some in sites.items() for n, locale in enumerate(some)}
    if not places:
        return found
    where = reader.database.dialect.one_of("p.article_id", ids)
    rows = await reader.database.read(
        select_translations(reader, list(places), where) + Sql("ORDER BY x.article_id")
    )
    for row in sorted(rows, key=lambda row: places[row["site_id"], row["wanted"]]):
        found[row["article_id"]].append(read_translation(row))
    return found


def list_locales(reader: Reader, site: StoredSite) -> list[str]:
    """Return the locales of a site that lie in the actor's scope."""
    return [locale for locale in site.locales if reader.view.scope.holds_locale(locale)]


async def list_translations(reader: Reader, wanted: Wanted, window: Window) -> Part[StoredTranslation]:
    """Return a part of a site's translations: those of the newest articles first, each article's by locale."""
    if not wanted.locales or not wanted.statuses:
        return Part([], has_next=False, has_previous=False)
    select = select_wanted(reader, wanted) + Sql("WHERE")
    rows = await read_window(reader, select, [is_wanted(wanted)], ORDER, window)
    return cut([read_translation(row) for row in rows], window)


async def count_translations(reader: Reader, wanted: Wanted) -> int:
    """Return how many translations of a site are wanted."""
    if not wanted.locales or not wanted.statuses:
        return 0
    counted = select_wanted(reader, wanted, "COUNT(*) AS total") + Sql("WHERE") + is_wanted(wanted)
    return int((await reader.database.read(counted))[0]["total"])


def is_wanted(wanted: Wanted) -> Sql:
    """Return the condition that the row `x` stands as is wanted, and is no original."""
    stands = " OR ".join(CONDITIONS[status] for status in TranslationStatus if status in wanted.statuses)
    return Sql(f"x.wanted <> x.locale AND ({stands})")


def select_wanted(reader: Reader, wanted: Wanted, columns: str | None = None) -> Sql:
    """Return the statement about translations of a site into some locales, whatever their status."""
    pairs = [(wanted.site.id, locale) for locale in wanted.locales]
    return select_translations(reader, pairs, Sql("p.site_id = ?", (wanted.site.id,)), columns)


def select_translations(
    reader: Reader, pairs: Sequence[tuple[str, str]], where: Sql, columns: str | None = None
) -> Sql:
    """Return the statement about articles `p` that meet a condition, once for each of these pairs of site and locale.

    Its rows `x` have the original with the locale and revision of its edition, the locale that is `wanted`, and the
    basis of what the view has there.
    """
    original = reader.view.speaking(())
    chosen = columns or f"{FIRST_CHANGE[reader.view.shows_drafts]} AS changed, x.*"
    tag = reader.database.dialect.bytewise("CAST(? AS TEXT)")
    asked = " UNION ALL ".join(f"SELECT {tag} AS site_id, {tag} AS locale" for _ in pairs)
    return (
        Sql(
            f"SELECT {chosen} FROM (SELECT p.article_id, p.site_id, p.locale, p.published_at, e.since, "
            "w.locale AS wanted, ("
        )
        + select_basis(reader)
        + Sql(") AS basis FROM")
        + reader.tables()
        # SQLite takes what is cross joined last: the other way round it would choose each original once a locale.
        + Sql("CROSS JOIN (")
        + Sql(asked, tuple(value for pair in pairs for value in pair))
        + Sql(") w WHERE w.site_id = p.site_id AND")
        + join(" AND ", [original.serves("p", "s", reader.database.dialect), where])
        + Sql(") x")
    )


FIRST_CHANGE = {
    True: "(SELECT MIN(d.since) FROM edition d WHERE d.article_id = x.article_id AND d.locale = x.locale "
    "AND d.since > x.basis AND d.since <= x.since)",
    False: "x.since",
}
"""When the original was changed first after the basis, by whether drafts are shown: else that is nobody's business."""


def select_basis(reader: Reader) -> Sql:
    """Return the statement that reads the basis of what the view has of `p` in the locale of `w`."""
    view = reader.view
    edition, joined = ("t", "") if view.shows_drafts else ("te", "JOIN edition te ON te.id = t.edition_id ")
    return Sql(
        f"SELECT COALESCE((SELECT MAX(c.as_of) FROM confirmation c WHERE c.edition_id = {edition}.id "
        f"AND c.since <= ? AND c.as_of > {edition}.since), {edition}.since) FROM {view.table} t {joined}"
        "WHERE t.article_id = p.article_id AND t.locale = w.locale AND",
        (view.revision,),
    ) + view.stands("t")


def read_translation(row: Row) -> StoredTranslation:
    """Return the translation that a row holds."""
    basis, saved = row["basis"], row["since"]
    is_outdated = basis is not None and basis < saved
    status = TranslationStatus.OUTDATED if is_outdated else TranslationStatus.CURRENT
    return StoredTranslation(
        article_id=row["article_id"],
        locale=row["wanted"],
        status=TranslationStatus.MISSING if basis is None else status,
        is_original=row["wanted"] == row["locale"],
        basis=basis,
        since=row["changed"] if is_outdated else None,
        published_at=row["published_at"],
    )
