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
from models.searching.passages import PLACES, QUESTIONS
from models.searching.ranking import Rarity

MOST_WORDS, MOST_PARTS = 1_000, 30
"""How many words of an article are looked at, the first ones, and of how many sections and as many questions."""

MOST_TERMS = 24
MOST_MATCHES = 600
"""By how many terms an article is known, and how many passages may have them, counted together."""

FEWEST_SHARED, LEAST_LIKE = 3, 0.1
"""How many of them another article has at least, and which part of their weight, to be like it."""

USUAL_WORDS = 500
"""A longer article is less like another one by the same terms, as it has more of whatever terms."""

TITLE, HEADING, SUMMARY, BODY = 4.0, 2.0, 2.0, 1.0
"""How much a term counts by where it stands. The title stands in each passage, and counts once."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The terms by which an article is known, with their weights, and what these are together."""

    weights: Mapping[str, float]
    total: float

    def compare(self, shared: Sequence[str], words: int) -> float:
        """Return how like an article of so many words is that has these terms, from 0 to 1; 0 where it is not."""
        if len(shared) < FEWEST_SHARED:
            return 0.0
        part = fsum(self.weights[term] for term in shared) / self.total
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
    having = await read_having(reader.database, terms)
    shared = {one: find_shared(profile, having) for one, profile in profiles.items()}
    shown = await read_shown(reader, sorted({edition for found in shared.values() for edition in found}))
    return {one: compare(one, profiles[one], shared[one], shown) for one in subjects}


Having = Mapping[str, Sequence[int]]
"""Which editions have a term, whatever the view shows."""

Shared = Mapping[int, Sequence[str]]
"""Which terms editions have that an article is known by: enough of them to be like it."""


def find_shared(profile: Profile, having: Having) -> Shared:
    """Return the editions that may be like an article, with the terms that they share with it."""
    shared: defaultdict[int, list[str]] = defaultdict(list)
    for term in profile.weights:
        for edition_id in having.get(term, ()):
            shared[edition_id].append(term)
    return {edition_id: terms for edition_id, terms in shared.items() if profile.compare(terms, 0)}


Shown = Mapping[int, tuple[str, Candidate, int]]
"""The articles that a view shows by their editions, each with its site and the number of its words."""


def compare(subject: Subject, profile: Profile, shared: Shared, shown: Shown) -> Sequence[Evidence]:
    """Return the articles that are like one."""
    found = []
    for edition_id, terms in shared.items():
        if edition_id in shown:
            site_id, candidate, words = shown[edition_id]
            likeness = profile.compare(terms, words) if site_id == subject.site_id else 0
            if likeness:
                found.append(Evidence(candidate, ReasonKind.TEXT, likeness))
    return found


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
    return Profile(chosen, fsum(chosen.values()))


async def read_prominence(
    database: Database, edition_ids: Sequence[int]
) -> Mapping[int, Mapping[str, float]]:
    """Return how prominently each term stands in editions."""
    dialect = database.dialect
    rows = await database.read(select_passages(dialect, edition_ids))
    found: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    left: defaultdict[int, int] = defaultdict(lambda: MOST_WORDS)
    for edition_id, place, *texts in sorted(map(tuple, dialect.gathered(rows))):
        for worth, text in weigh_texts(place, *texts):
            terms = text.split(maxsplit=left[edition_id])[: left[edition_id]]
            left[edition_id] -= len(terms)
            for term in terms:
                found[edition_id][term] += worth
    return found


def weigh_texts(place: int, title: str, heading: str, summary: str, body: str) -> Sequence[tuple[float, str]]:
    """Return the texts of a passage that count, each with what its terms are worth."""
    # The article's own passage, at the place 0, has its tags for a heading: these are a reason of their own.
    own = (TITLE, title) if place == 0 else (HEADING, heading)
    return own, (SUMMARY, summary), (BODY, body)


def select_passages(dialect: Dialect, edition_ids: Sequence[int]) -> Sql:
    """Return the statement that reads the terms of editions."""
    texts = ("t.title", "t.heading", "t.summary", "t.body")
    if dialect == SQLITE:
        columns = dialect.gathering((f"t.rowid / {PLACES}", f"t.rowid % {PLACES}", *texts))
        editions = dialect.one_of("e.id", edition_ids)
        spans = f"(SELECT 0 AS start UNION ALL SELECT {QUESTIONS}) z"
        span = f"t.rowid BETWEEN e.id * {PLACES} + z.start AND e.id * {PLACES} + z.start + {MOST_PARTS}"
        return (
            Sql(f"SELECT {columns} FROM edition e CROSS JOIN {spans} CROSS JOIN passage t ON {span} WHERE")
            + editions
        )
    columns = dialect.gathering(("t.edition_id", f"t.id % {PLACES}", *texts))
    parts = Sql(f"AND t.id % {QUESTIONS} <= {MOST_PARTS}")
    return Sql(f"SELECT {columns} FROM passage t WHERE") + dialect.one_of("t.edition_id", edition_ids) + parts


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


async def read_having(database: Database, terms: Sequence[str]) -> Having:
    """Return which editions have each of these terms."""
    if not terms:
        return {}
    dialect = database.dialect
    rows = await database.read(
        Sql(f"SELECT {dialect.gathering(('f.term', 'f.edition_id'))} FROM (")
        + match_terms(dialect, terms)
        + Sql(") f")
    )
    having: defaultdict[str, list[int]] = defaultdict(list)
    for term, edition_id in dialect.gathered(rows):
        having[term].append(edition_id)
    return having


async def read_shown(reader: Reader, edition_ids: Sequence[int]) -> Shown:
    """Return those of these editions that the view shows."""
    if not edition_ids:
        return {}
    dialect = reader.database.dialect
    columns = dialect.gathering(("e.id", "p.site_id", "p.article_id", "p.published_at", "e.word_count"))
    where = [dialect.one_of("p.edition_id", edition_ids), reader.serves()]
    rows = await reader.database.read(reader.select(columns) + join(" AND ", where))
    return {
        edition_id: (site_id, Candidate(article_id, published_at), words)
        for edition_id, site_id, article_id, published_at, words in dialect.gathered(rows)
    }


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
