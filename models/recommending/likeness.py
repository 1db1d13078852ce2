"""Which articles of the same site have rare words in common with others, by the index of searches.

An article is known by some of its terms: those that stand in it prominently and in few other places. Texts are not
compared; who has several of these terms is like it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log, sqrt

import orjson

from models.database import Database
from models.dialect import SQLITE, Dialect, Sql, join
from models.reading import Reader
from models.recommending.reasons import Candidate, Evidence, ReasonKind, Subject
from models.searching.passages import PLACES
from models.searching.ranking import Rarity

MOST_TERMS = 24
MOST_MATCHES = 1_000
"""By how many terms an article is known, and how many passages may have them, counted together."""

FEWEST_SHARED, LEAST_LIKE = 3, 0.1
"""How many of them another article has at least, and which part of their weight, to be like it."""

USUAL_WORDS = 500
"""A longer article is less like another one by the same terms, as it has more of whatever terms."""

TITLE, HEADING, SUMMARY, BODY = 4.0, 2.0, 2.0, 1.0
"""How much a term counts by where it stands. The title stands in each passage, and counts once."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The terms by which an article is known, with their weights."""

    weights: Mapping[str, float]

    def compare(self, shared: Sequence[str], words: int) -> float:
        """Return how like an article of so many words is that has these terms, from 0 to 1; 0 where it is not."""
        if len(shared) < FEWEST_SHARED:
            return 0.0
        part = fsum(self.weights[term] for term in shared) / fsum(self.weights.values())
        likeness = part / sqrt(max(1.0, words / USUAL_WORDS))
        return likeness if likeness >= LEAST_LIKE else 0.0


async def find_by_text(reader: Reader, subjects: Sequence[Subject]) -> Mapping[Subject, Sequence[Evidence]]:
    """Return what has rare words in common with each article."""
    prominence = await read_prominence(reader.database, [subject.edition.id for subject in subjects])
    rarity = await read_rarity(
        reader.database, sorted({term for terms in prominence.values() for term in terms})
    )
    profiles = {one: choose_terms(prominence.get(one.edition.id, {}), rarity) for one in subjects}
    terms = sorted({term for profile in profiles.values() for term in profile.weights})
    having = await read_having(reader, terms, sorted({subject.site_id for subject in subjects}))
    return {one: list(compare(one, profile, having)) for one, profile in profiles.items()}


Having = Mapping[tuple[str, str], Sequence[tuple[Candidate, int]]]
"""Who has a term, by site, each with the number of its words."""


def compare(subject: Subject, profile: Profile, having: Having) -> Sequence[Evidence]:
    """Return the articles that are like one."""
    shared: defaultdict[tuple[Candidate, int], list[str]] = defaultdict(list)
    for term in profile.weights:
        for found in having.get((term, subject.site_id), ()):
            shared[found].append(term)
    likeness = {one: profile.compare(terms, words) for (one, words), terms in shared.items()}
    return [Evidence(one, ReasonKind.TEXT, strength) for one, strength in likeness.items() if strength]


def choose_terms(prominence: Mapping[str, float], rarity: Rarity) -> Profile:
    """Return the terms by which an article is known: prominent, rare, and not in too many passages together."""
    weights = {
        term: (1 + log(times)) * rarity.weigh(term)
        for term, times in prominence.items()
        if rarity.counts.get(term, 0) > 1
    }
    chosen: dict[str, float] = {}
    matches = 0
    for term in sorted(weights, key=lambda one: (-weights[one], one)):
        matches += rarity.counts[term]
        if matches <= MOST_MATCHES and len(chosen) < MOST_TERMS:
            chosen[term] = weights[term]
        else:
            matches -= rarity.counts[term]
    return Profile(chosen)


async def read_prominence(
    database: Database, edition_ids: Sequence[int]
) -> Mapping[int, Mapping[str, float]]:
    """Return how prominently each term stands in editions."""
    dialect = database.dialect
    found: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    rows = await database.read(select_passages(dialect, edition_ids))
    for edition_id, place, title, heading, summary, body in dialect.gathered(rows):
        # The article's own passage, at the place 0, has its tags for a heading: these are a reason of their own.
        own = ((TITLE, title),) if place == 0 else ((HEADING, heading),)
        for worth, text in (*own, (SUMMARY, summary), (BODY, body)):
            for term in text.split():
                found[edition_id][term] += worth
    return found


def select_passages(dialect: Dialect, edition_ids: Sequence[int]) -> Sql:
    """Return the statement that reads the terms of editions."""
    texts = ("t.title", "t.heading", "t.summary", "t.body")
    if dialect == SQLITE:
        columns = dialect.gathering((f"t.rowid / {PLACES}", f"t.rowid % {PLACES}", *texts))
        editions = dialect.one_of("e.id", edition_ids)
        span = f"t.rowid BETWEEN e.id * {PLACES} AND e.id * {PLACES} + {PLACES - 1}"
        return Sql(f"SELECT {columns} FROM edition e CROSS JOIN passage t ON {span} WHERE") + editions
    columns = dialect.gathering(("t.edition_id", f"t.id % {PLACES}", *texts))
    return Sql(f"SELECT {columns} FROM passage t WHERE") + dialect.one_of("t.edition_id", edition_ids)


async def read_rarity(database: Database, terms: Sequence[str]) -> Rarity:
    """Return how many passages there are, and how many have each of these terms."""
    rows = await database.read(
        Sql(
            "SELECT '' AS term, passages FROM search_index UNION ALL SELECT term, SUM(passages) FROM search_word WHERE"
        )
        + database.dialect.one_of("term", terms)
        + Sql("GROUP BY term")
    )
    counts = {row["term"]: int(row["passages"]) for row in rows}
    return Rarity(max(1, counts.pop("", 1)), counts)


async def read_having(reader: Reader, terms: Sequence[str], sites: Sequence[str]) -> Having:
    """Return which articles on these sites have each of these terms."""
    if not terms:
        return {}
    database = reader.database
    dialect = database.dialect
    where = [dialect.one_of("p.site_id", sites), reader.serves()]
    chosen = dialect.gathering(("f.term", "p.site_id", "p.article_id", "p.published_at", "e.word_count"))
    rows = await database.read(
        Sql("WITH found AS MATERIALIZED (")
        + match_terms(dialect, terms)
        + Sql(")")
        + reader.select(chosen, "JOIN found f ON f.edition_id = e.id")
        + join(" AND ", where)
    )
    having: defaultdict[tuple[str, str], list[tuple[Candidate, int]]] = defaultdict(list)
    for term, site_id, article_id, published_at, words in dialect.gathered(rows):
        having[term, site_id].append((Candidate(article_id, published_at), words))
    return having


def match_terms(dialect: Dialect, terms: Sequence[str]) -> Sql:
    """Return the statement that finds the editions that have each of these terms."""
    if dialect == SQLITE:
        # In this order, as a term is what the index of passages is asked for.
        return Sql(
            f"SELECT DISTINCT j.value AS term, t.rowid / {PLACES} AS edition_id FROM json_each(?) j "
            "CROSS JOIN passage t ON t.passage MATCH '\"' || j.value || '\"'",
            (orjson.dumps(list(terms)).decode(),),
        )
    return Sql(
        "SELECT DISTINCT j.term, t.edition_id FROM UNNEST(CAST(? AS TEXT[])) AS j(term) "
        "JOIN passage t ON t.terms @@ CAST('''' || j.term || '''' AS TSQUERY)",
        (list(terms),),
    )
