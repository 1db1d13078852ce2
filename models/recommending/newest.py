"""Who shares something on the same site: of the editions that have it only the last ones, by one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from models.dialect import Sql, join
from models.moment import FOREVER
from models.reading import Reader
from models.recommending.reasons import Candidate, Subject

NEWEST = 100
"""How many editions are looked at that have a tag, or that link to an article: those saved last, shown or not.

So what it costs to find who shares it does not depend on how many do. It is more than are recommended, as editions
that were replaced, are in other locales or on other sites are looked at in vain.
"""

MOST_SHARED = 8
"""By how many of its tags, and of the articles that it links to, others are found that share them: the first ones."""

Sharing = Mapping[tuple[str, str], Sequence[Candidate]]
"""Which articles share something, by it and their site."""


async def read_newest(
    reader: Reader, table: str, owner: str, owners: Sequence[str], subjects: Sequence[Subject]
) -> Sharing:
    """Return the articles on the sites of these subjects whose editions have each of these owners in a table."""
    if not owners:
        return {}
    dialect = reader.database.dialect
    sites = sorted({subject.site_id for subject in subjects})
    where = [dialect.one_of("p.site_id", sites), reader.serves()]
    rows = await reader.database.read(
        Sql(f"SELECT {dialect.gathering((f'n.{owner}', 'p.site_id', 'p.article_id', 'p.published_at'))} FROM")
        + dialect.last_editions(table, owner, owners, find_next(reader.view.revision), NEWEST)
        + Sql("n JOIN")
        + reader.view.source()
        + Sql("p ON p.edition_id = n.edition_id JOIN site s ON s.id = p.site_id WHERE")
        + join(" AND ", where)
    )
    found: defaultdict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for shared, site_id, article_id, published_at in dialect.gathered(rows):
        found[shared, site_id].append(Candidate(article_id, published_at))
    return found


def find_next(revision: int) -> Sql:
    """Return the first edition that was saved after a revision: ids are given in the order of saving."""
    first = f"SELECT c.id FROM edition c WHERE c.since > ? ORDER BY c.since, c.id LIMIT 1), {FOREVER}"
    return Sql(f"COALESCE(({first})", (revision,))
