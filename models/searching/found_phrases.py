"""Titles, questions and tags for what is being typed, from the index of searches: as many as may be looked at.

Where something typed is rare, all passages that have it are looked at, else the newest passages. So the time that it
takes does not depend on how much there is, and with little in the index nothing is missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from models.database import Row
from models.dialect import SQLITE, Dialect, Sql, join
from models.reading import Reader
from models.revision import ChangeKind
from models.searching.passages import PLACES, QUESTIONS
from models.searching.phrases import Phrase, Phrases, Typed, normalise
from models.stored import StoredSite

MOST_MATCHES = 4_000
"""How many passages may have what is rare."""

MOST_PASSAGES, MOST_EDITIONS = 12_000, 3_000
"""How many of the newest questions and sections, and of the newest editions, are looked at where nothing is rare."""

MOST_FOUND = 600
"""How many passages the view is asked about, the newest that have what was typed and stand at its point."""

MOST_SOUGHT = 8
"""How many of the words find passages, the rarest. All words count when phrases are chosen."""

MOST_COMPLETIONS, MOST_GROWN = 50, 10_000
"""By how many words that begin with the last one rare passages are found, the most frequent, and among how many."""

LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Sought:
    """Something that must stand in a text: the terms that find it, and what the terms of a text then contain.

    Without terms no index finds it. `passages` is how many passages have it at the most.
    """

    terms: tuple[str, ...]
    pieces: tuple[str, ...]
    passages: int

    def stands_in(self, column: str, dialect: Dialect) -> Sql:
        """Return the condition that it may stand among the terms of a column."""
        ways = [dialect.contains(f"' ' || {column} || ' '", piece) for piece in self.pieces]
        return Sql("(") + join(" OR ", ways) + Sql(")")


@dataclass(frozen=True, slots=True)
class Source:
    """Which passages have one kind of phrases, in which column, and what is read of them beside their edition."""

    column: str
    columns: str
    is_question: bool = False

    @property
    def places(self) -> Sql:
        """Return the condition that a passage `w` is of this kind."""
        return Sql(f"w.id % {PLACES} {f'>= {QUESTIONS}' if self.is_question else '= 0'}")


TITLES = Source("title", "e.title")
ASKED = Source("heading", "q.question, q.position", is_question=True)
TAGS = Source("heading", "e.tags")


async def seek(reader: Reader, typed: Typed) -> Sequence[Sought] | None:
    """Return what must stand in a text, the rarest first; None where nothing can have all that was typed."""
    pairs = [run[place : place + 2] for run in typed.runs for place in range(len(run) - 1)]
    whole = list(dict.fromkeys([*typed.words, *pairs]))
    rows = await reader.database.read(find_words(reader.database.dialect, whole, typed.endings))
    by_word: defaultdict[str, list[Row]] = defaultdict(list)
    growing: list[Row] = []
    for row in rows:
        growing.append(row) if row["grows"] else by_word[row["word"]].append(row)
    if any(word not in by_word for word in whole) or (typed.endings and not growing):
        return None
    sought = [seek_word(by_word[word]) for word in whole]
    sought += [Sought((), (run,), MOST_MATCHES + 1) for run in typed.runs if len(run) == 1]
    if typed.endings:
        rare = any(one.passages <= MOST_MATCHES for one in sought)
        sought.append(seek_growing(growing, typed.endings, is_needed=not rare))
    return sorted(sought, key=lambda one: one.passages)[:MOST_SOUGHT]


def find_words(dialect: Dialect, whole: Sequence[str], endings: Sequence[str]) -> Sql:
    """Return the statement that reads the terms of words, and of words with one of these beginnings."""
    statement = Sql("SELECT word, term, passages, 0 AS grows FROM search_word WHERE") + dialect.one_of(
        "word", whole
    )
    for number, ending in enumerate(endings):
        statement += Sql(
            "UNION ALL SELECT word, term, passages, 1 AS grows FROM (SELECT word, term, passages FROM "
            "(SELECT word, term, passages FROM search_word WHERE word >= ? AND word < ? "
            f"ORDER BY word, language LIMIT ?) begin{number} ORDER BY CASE WHEN word = ? THEN 0 ELSE 1 END, "
            f"passages DESC, word, term LIMIT ?) most{number}",
            (ending, ending + LAST, MOST_GROWN, ending, MOST_COMPLETIONS),
        )
    return statement


def seek_word(rows: Sequence[Row]) -> Sought:
    """Return what a word is found by in whatever language."""
    terms = tuple(sorted({row["term"] for row in rows}))
    return Sought(terms, tuple(f" {term} " for term in terms), sum(int(row["passages"]) for row in rows))


def seek_growing(rows: Sequence[Row], endings: Sequence[str], *, is_needed: bool) -> Sought:
    """Return what a word is found by that is being typed: by not all that begin so only where nothing else is rare."""
    found = seek_word(rows)
    # Terms that are shorter than what was typed, or that end in another way, must stand as they are.
    others = (f" {term} " for term in found.terms if not term.startswith(tuple(endings)))
    pieces = (*(f" {ending}" for ending in endings), *others)
    is_all = len(rows) < MOST_COMPLETIONS
    return Sought(found.terms if is_all or is_needed else (), pieces, found.passages)


async def find_titles(reader: Reader, sought: Sequence[Sought], site: StoredSite | None) -> Phrases:
    """Return titles that may have what is sought."""
    rows = await read(reader, sought, site, TITLES)
    return Phrases(
        Phrase(normal, row["article_id"], row["edition_id"])
        for row in rows
        if (normal := normalise(row["title"]))
    )


async def find_questions(reader: Reader, sought: Sequence[Sought], site: StoredSite | None) -> Phrases:
    """Return questions that may have what is sought."""
    rows = await read(reader, sought, site, ASKED)
    return Phrases(
        Phrase(normal, row["article_id"], row["edition_id"], row["position"])
        for row in rows
        if (normal := normalise(row["question"]))
    )


async def find_tags(reader: Reader, sought: Sequence[Sought], site: StoredSite | None) -> Phrases:
    """Return tags that may have what is sought, each with the first of its names by their bytes."""
    names: dict[str, str] = {}
    for row in await read(reader, sought, site, TAGS):
        for tag in orjson.loads(row["tags"]):
            slug, name = tag["slug"], tag["name"]
            names[slug] = min(name, names.get(slug, name))
    return make_tags(names)


def make_tags(names: Mapping[str, str]) -> Phrases:
    """Return tags, names by their slugs, as phrases."""
    named = ((slug, name, normalise(name)) for slug, name in names.items())
    return Phrases(Phrase(normal, slug, name=name) for slug, name, normal in named if normal)


async def read(
    reader: Reader, sought: Sequence[Sought], site: StoredSite | None, source: Source
) -> Sequence[Row]:
    """Return of passages that the view shows what a source names."""
    dialect = reader.database.dialect
    stands = [source.places, *(one.stands_in(f"w.{source.column}", dialect) for one in sought), holds(reader)]
    found = (
        Sql("WITH found AS MATERIALIZED (SELECT w.id, w.edition_id FROM (")
        + choose_passages(reader, sought, source)
        + Sql(") w WHERE")
        + join(" AND ", stands)
        + Sql("ORDER BY w.id DESC LIMIT ?)", (MOST_FOUND,))
    )
    questions = f"JOIN question q ON q.edition_id = e.id AND q.position = f.id % {PLACES} - {QUESTIONS}"
    # SQLite reads tables joined like this in this order: it cannot know how little was found.
    tables = Sql("FROM found f CROSS JOIN") + reader.tables() + Sql(questions if source.is_question else "")
    where = Sql("WHERE f.edition_id = p.edition_id AND") + reader.serves()
    if site is not None:
        where += Sql("AND p.site_id = ?", (site.id,))
    columns = Sql(f"SELECT p.article_id, e.id AS edition_id, {source.columns}")
    return await reader.database.read(found + columns + tables + where)


def holds(reader: Reader) -> Sql:
    """Return the condition that the edition of a passage `w` stands in the view's point of the history and locales.

    It is part of what the view demands, and keeps what was superseded from crowding out what stands.
    """
    view = reader.view
    column = "id" if view.shows_drafts else "edition_id"
    condition = Sql(f"EXISTS (SELECT 1 FROM {view.table} h WHERE h.{column} = w.edition_id AND") + view.holds(
        "h"
    )
    if view.spoken:
        condition += Sql("AND") + reader.database.dialect.one_of("h.locale", view.spoken)
    return condition + Sql(")")


def choose_passages(reader: Reader, sought: Sequence[Sought], source: Source) -> Sql:
    """Return the statement that reads the passages that are looked at."""
    dialect = reader.database.dialect
    with_terms = [one for one in sought if one.terms]
    if with_terms and with_terms[0].passages <= MOST_MATCHES:
        return match(dialect, [one.terms for one in with_terms])
    passage_id = "t.rowid" if dialect == SQLITE else "t.id"
    columns = f"{passage_id} AS id, {passage_id} / {PLACES} AS edition_id, t.title, t.heading"
    newest = find_newest(reader)
    if source.is_question:
        return (
            Sql(f"SELECT {columns} FROM passage t WHERE {passage_id} < {PLACES} * (1 +")
            + newest
            + Sql(f") ORDER BY {passage_id} DESC LIMIT ?", (MOST_PASSAGES,))
        )
    return (
        Sql(f"SELECT {columns} FROM (SELECT n.id FROM edition n WHERE n.id <=")
        + newest
        + Sql("ORDER BY n.id DESC LIMIT ?) o", (MOST_EDITIONS,))
        + Sql(f"CROSS JOIN passage t WHERE {passage_id} = o.id * {PLACES}")
    )


def find_newest(reader: Reader) -> Sql:
    """Return the id of the newest edition that a view may show, an expression; later ones would only be in the way."""
    everything = "(SELECT MAX(m.id) FROM edition m)"
    if reader.view.revision >= reader.database.head.revision:
        return Sql(everything)
    kinds = ", ".join(f"'{kind}'" for kind in (ChangeKind.CREATED, ChangeKind.UPDATED))
    return Sql(
        "COALESCE((SELECT MAX(c.edition_id) FROM change c WHERE c.revision_id = (SELECT MAX(d.revision_id) "
        f"FROM change d WHERE d.revision_id <= ? AND d.kind IN ({kinds}))), {everything})",
        (reader.view.revision,),
    )


def match(dialect: Dialect, groups: Iterable[Sequence[str]]) -> Sql:
    """Return the statement that reads the passages that have one of the terms of each group."""
    if dialect == SQLITE:
        ways = (" OR ".join(f'"{term}"' for term in terms) for terms in groups)
        text = " AND ".join(f"({way})" for way in ways)
        return Sql(
            f"SELECT t.rowid AS id, t.rowid / {PLACES} AS edition_id, t.title, t.heading FROM passage t "
            "WHERE t.passage MATCH ?",
            (text,),
        )
    ways = (" | ".join(f"'{term}'" for term in terms) for terms in groups)
    text = " & ".join(f"({way})" for way in ways)
    return Sql(
        "SELECT t.id, t.edition_id, t.title, t.heading FROM passage t "
        "WHERE t.terms @@ CAST(CAST(? AS TEXT) AS TSQUERY) OFFSET 0",
        (text,),
    )
