"""The statements that find passages by their terms, in what each database has for it.

Those that find passages have columns `id`, `edition_id` and `total`: how many have the terms, or the limit if not less.
They are chosen of what is shown and meets the filter, so that nothing else keeps any of that out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.dialect import SQLITE, Dialect, Sql, join
from models.searching.asking import Phrase
from models.searching.passages import PLACES
from models.searching.ranking import Rarity

MOST_OF_ONE = 3
"""How many passages of one edition are chosen: so many count for an article."""

NEWEST = 8
"""How many times as many passages are looked at as are chosen where only the newest are: an edition has many."""

COLUMNS = ("title", "heading", "summary", "body")
NOTHING = Sql("SELECT 0 AS id, 0 AS edition_id, 0 AS total WHERE 1 = 0")


@dataclass(frozen=True, slots=True)
class Among:
    """Among which passages is looked: those of editions that a statement reads, up to a condition.

    `each` tells that it is looked up for each passage that matches, instead of for all editions beforehand: that takes
    as long as there are matches, the other as there are editions.
    """

    dialect: Dialect
    editions: Sql
    each: bool

    def restrict(self, promising: Sql) -> Sql:
        """Return a statement that finds passages, and only these."""
        edition = f"passage.rowid / {PLACES}" if self.dialect == SQLITE else "passage.edition_id"
        if self.each:
            return promising + Sql("AND EXISTS (") + self.editions + Sql(f"AND e.id = {edition})")
        return promising + Sql(f"AND {edition} IN (") + self.editions + Sql(")")


def find_passages(among: Among, terms: Sequence[str], rarity: Rarity, limit: int) -> Sql:
    """Return the statement that finds the passages with any of these terms, the most promising first."""
    return choose_best(find_any(among, terms, rarity), limit) if terms else NOTHING


def find_newest(among: Among, terms: Sequence[str], rarity: Rarity, limit: int) -> Sql:
    """Return the statement that finds the most promising ones of the newest passages with any of these terms."""
    if not terms:
        return NOTHING
    newest = Sql("ORDER BY id DESC LIMIT ?", (NEWEST * limit,))
    return choose_best(find_any(among, terms, rarity) + newest, limit)


def find_any(among: Among, terms: Sequence[str], rarity: Rarity) -> Sql:
    """Return the statement that finds all passages with any of these terms, each with how promising it is."""
    if among.dialect == SQLITE:
        return among.restrict(match(match_any(terms)))
    return among.restrict(select(has_any(terms), terms, rarity))


def find_with_phrases(
    among: Among, phrases: Sequence[Phrase], terms: Sequence[str], rarity: Rarity, limit: int
) -> Sql:
    """Return the statement that finds the passages with any of these phrases, the most promising by the terms first."""
    if not terms:
        return NOTHING
    if among.dialect == SQLITE:
        some = " OR ".join(map(match_phrase, phrases))
        return choose_best(among.restrict(match(f"({some}) AND ({some} OR {match_any(terms)})")), limit)
    has_some = Sql("(") + join(" OR ", [has_phrase(phrase) for phrase in phrases]) + Sql(")")
    return choose_best(among.restrict(select(has_some, terms, rarity)), limit)


def find_phrase(dialect: Dialect, phrase: Phrase) -> Sql:
    """Return the statement that finds the ids of all editions of which a passage has a phrase in one of its forms."""
    if dialect == SQLITE:
        return Sql(f"SELECT rowid / {PLACES} FROM passage WHERE passage MATCH ?", (match_phrase(phrase),))
    return Sql("SELECT edition_id FROM passage WHERE") + has_phrase(phrase)


def match(query: str) -> Sql:
    """Return SQLite's statement that finds the passages which meet a query of FTS5, each with how promising it is."""
    return Sql(
        f"SELECT rowid AS id, rowid / {PLACES} AS edition_id, -bm25(passage, 2.0, 3.0, 2.0, 1.0) AS promise "
        "FROM passage WHERE passage MATCH ?",
        (query,),
    )


def choose_best(promising: Sql, limit: int) -> Sql:
    """Return the statement that chooses passages of the most promising editions: of each its own, then its best.

    Where they are not too many it chooses all.
    """
    return (
        Sql(
            "SELECT id, edition_id, total FROM (SELECT m.id, m.edition_id, COUNT(*) OVER () AS total, "
            "MAX(m.promise) OVER (PARTITION BY m.edition_id) AS best, ROW_NUMBER() OVER (PARTITION BY m.edition_id "
            f"ORDER BY CASE WHEN m.id % {PLACES} = 0 THEN 0 ELSE 1 END, m.promise DESC, m.id) AS turn FROM ("
        )
        + promising
        + Sql(
            ") m) n WHERE turn <= ? OR total < ? ORDER BY best DESC, edition_id DESC, turn LIMIT ?",
            (MOST_OF_ONE, limit, limit),
        )
    )


def match_any(terms: Sequence[str]) -> str:
    """Return the query of FTS5 that any of these terms meets."""
    return " OR ".join(f'"{term}"' for term in terms)


def match_phrase(phrase: Phrase) -> str:
    """Return the query of FTS5 that a phrase in any of its forms meets."""
    return match_any([" ".join(form) for form in phrase])


def select(condition: Sql, terms: Sequence[str], rarity: Rarity) -> Sql:
    """Return PostgreSQL's statement that finds the passages which meet a condition, each with how promising it is."""
    ranks = [
        Sql(
            "? * ts_rank('{0.2, 0.4, 0.6, 0.4}', terms, CAST(CAST(? AS TEXT) AS TSQUERY), 1)",
            (rarity.weigh(term), f"'{term}'"),
        )
        for term in terms
    ]
    return (
        Sql("SELECT id, edition_id,") + join(" + ", ranks) + Sql("AS promise FROM passage WHERE") + condition
    )


def has_any(terms: Sequence[str]) -> Sql:
    """Return PostgreSQL's condition that a passage has any of these terms."""
    match = " | ".join(f"'{term}'" for term in terms)
    return Sql("terms @@ CAST(CAST(? AS TEXT) AS TSQUERY)", (match,))


def has_phrase(phrase: Phrase) -> Sql:
    """Return PostgreSQL's condition that a passage has a phrase in any of its forms.

    Its vector says which terms a passage has, and its texts, which are terms with a space between, in what order.
    """
    return Sql("(") + join(" OR ", [has_form(form) for form in phrase]) + Sql(")")


def has_form(form: Sequence[str]) -> Sql:
    """Return PostgreSQL's condition that these terms stand side by side in one of a passage's texts."""
    has_all = Sql("(terms @@ CAST(CAST(? AS TEXT) AS TSQUERY)", (" & ".join(f"'{term}'" for term in form),))
    if len(form) == 1:
        return has_all + Sql(")")
    text = f"% {' '.join(form)} %"
    beside = [Sql(f"' ' || {column} || ' ' LIKE ?", (text,)) for column in COLUMNS]
    return has_all + Sql("AND (") + join(" OR ", beside) + Sql("))")
