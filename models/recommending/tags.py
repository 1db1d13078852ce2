"""Which articles of the same site share tags with others: one statement for however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from models.dialect import Sql, join
from models.reading import Reader
from models.recommending.reasons import NEWEST, Candidate, Evidence, ReasonKind, Subject, value_rarity

COLUMNS = ("slug", "site_id", "article_id", "published_at", "total")
TAGGED = (
    "t.slug, p.site_id, p.article_id, p.published_at, COUNT(*) OVER (PARTITION BY p.site_id, t.slug) AS total, "
    "ROW_NUMBER() OVER (PARTITION BY p.site_id, t.slug ORDER BY p.published_at DESC, p.article_id DESC) AS place"
)


async def find_by_tags(reader: Reader, subjects: Sequence[Subject]) -> Mapping[Subject, Sequence[Evidence]]:
    """Return what shares tags with each article."""
    slugs = sorted({tag["slug"] for subject in subjects for tag in subject.edition.tags})
    if not slugs:
        return {}
    found: defaultdict[tuple[str, str], list[Evidence]] = defaultdict(list)
    sites = sorted({subject.site_id for subject in subjects})
    for slug, site_id, article_id, published_at, total in await read_tagged(reader, slugs, sites):
        candidate = Candidate(article_id, published_at)
        evidence = Evidence(candidate, ReasonKind.TAG, value_rarity(total), slug)
        found[site_id, slug].append(evidence)
    return {
        subject: [
            one
            for slug in dict.fromkeys(tag["slug"] for tag in subject.edition.tags)
            for one in found[subject.site_id, slug]
        ]
        for subject in subjects
    }


async def read_tagged(
    reader: Reader, slugs: Sequence[str], sites: Sequence[str]
) -> Sequence[tuple[str, str, str, int, int]]:
    """Return the newest articles of each tag on each of these sites, with how many have it there."""
    database = reader.database
    dialect = database.dialect
    where = [dialect.one_of("t.slug", slugs), dialect.one_of("p.site_id", sites), reader.serves()]
    chosen = dialect.gathering([f"x.{column}" for column in COLUMNS])
    rows = await database.read(
        Sql(f"SELECT {chosen} FROM (")
        + reader.select(TAGGED, "JOIN tag t ON t.edition_id = e.id")
        + join(" AND ", where)
        + Sql(") x WHERE x.place <= ?", (NEWEST,))
    )
    return [tuple(row) for row in dialect.gathered(rows)]
