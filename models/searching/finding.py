"""From what a reader types to articles: candidates from the database, through the view, then ranked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from itertools import accumulate, chain

from models.conditions import TRUE, Condition, compile_condition
from models.database import Database, Row
from models.dialect import SQLITE, Sql, join
from models.reading import Reader
from models.searching.analysis import find_language
from models.searching.asking import Concept, Question, read_question
from models.searching.found import SCORE_PARTS, Found, Hit
from models.searching.matching import Among, find_newest, find_passages, find_phrase, find_with_phrases
from models.searching.passages import Passage
from models.searching.ranking import Ranking, Rarity, Scored, sum_up
from models.searching.spelling import choose_nearest, find_forms, is_correctable

CANDIDATES = 450
"""How many passages are ranked. It does not depend on the page, so that all pages are of one list."""

MOST_CONCEPTS = 8
FEWEST_CONCEPTS = 2
MOST_MATCHES = 4_000
"""By how many of the words candidates are found, the rarest: by so few at least, by more as long as not more passages
have one of them, as the database looks at each. All words count when candidates are ranked."""

MOST_RANKED = 6_000
"""Among how many matches the database looks for the most promising ones; of more, among the newest."""

COMMON = 10
"""A word that one of so many passages has finds no candidates and is not marked, as long as there are rarer ones."""

SHORTEST_BEGINNING, COMPLETIONS = 2, 5
"""How many letters of a word can be the beginning of another one, and how many other terms they stand for."""

COMPLETED, COMPLETED_KNOWN, CORRECTED = 0.8, 0.25, 0.7
"""How much a term counts that is not what was typed."""


async def search(reader: Reader, text: str, condition: Condition) -> Found:
    """Return the articles of a view that answer a text best, some hundred of them at the most.

    What is found at the newest revision is kept, so that the pages after the first are of the same list.
    Raises InvalidArgument where the text is too long.
    """
    make = partial(find, reader, text, condition)
    # A digest, because what is kept by it counts, and what was asked may be long.
    name = "search", blake2b(repr((text, condition)).encode(errors="surrogatepass"), digest_size=16).digest()
    live = reader.live
    if live is not None:
        return await live.work_out(name, make)
    reader.reads.give_up()
    known: Found | None = reader.recall(name)
    return known or await make()


async def find(reader: Reader, text: str, condition: Condition) -> Found:
    """Return what `search` does, found now."""
    question = read_question(text, await find_languages(reader))
    if not question.concepts:
        return Found([])
    rarity, going_on = await read_words(reader.database, question)
    search = Search(reader, question, condition, rarity)
    search.complete(going_on)
    ranked = await search.rank()
    if await search.correct(ranked):
        ranked = await search.rank()
    terms = frozenset([*search.list_terms(search.list_rare()), *map(" ".join, chain(*question.phrases))])
    hits = [
        Hit(one, round(sum_up(scored) * SCORE_PARTS), scored[0].place, terms)
        for one, scored in ranked.items()
    ]
    hits.sort(key=lambda hit: (-hit.relevance, hit.article_id))
    return Found(hits, search.choose_corrections(ranked))


async def find_languages(reader: Reader) -> list[str]:
    """Return the languages in which a view's words may be."""
    locales = reader.view.spoken or [locale for site in await reader.sites() for locale in site.locales]
    return sorted({find_language(locale) for locale in locales}) or [""]


async def read_words(database: Database, question: Question) -> tuple[Rarity, Sequence[Row]]:
    """Return how rare the terms of a question are, and the terms of words that go on as its last word begins."""
    terms = sorted({term for concept in question.concepts for term in concept.terms})
    statement = (
        Sql(
            "SELECT '' AS term, passages, 0 AS goes_on FROM search_index "
            "UNION ALL SELECT term, SUM(passages), 0 FROM search_word WHERE"
        )
        + database.dialect.one_of("term", terms)
        + Sql("GROUP BY term")
    )
    beginning = question.unfinished
    if beginning is not None and len(beginning) >= SHORTEST_BEGINNING:
        statement += Sql(
            "UNION ALL SELECT term, passages, 1 FROM (SELECT term, SUM(passages) AS passages FROM search_word "
            "WHERE word > ? AND word < ? GROUP BY term ORDER BY passages DESC, term LIMIT ?) going_on",
            (beginning, beginning + "\U0010ffff", COMPLETIONS),
        )
    rows = await database.read(statement)
    counts = {row["term"]: int(row["passages"]) for row in rows if not row["goes_on"]}
    going_on = sorted(
        (row for row in rows if row["goes_on"]), key=lambda row: (-row["passages"], row["term"])
    )
    return Rarity(max(1, counts.pop("", 1)), counts), going_on


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that are shown, with their articles; `is_exact` tells that no other passage that is has the words."""

    rows: Sequence[Row]
    is_exact: bool


class Search:
    """One search: what is looked for, and what was found out about it."""

    def __init__(self, reader: Reader, question: Question, condition: Condition, rarity: Rarity) -> None:
        self._reader = reader
        self._question = question
        self._condition = condition
        self._rarity = rarity
        self._near: dict[str, dict[str, str]] = {}

    def complete(self, going_on: Sequence[Row]) -> None:
        """Let the last word stand for words that begin with it as well; these are their terms."""
        if not going_on:
            return
        concept = next(one for one in self._question.concepts if one.word == self._question.unfinished)
        is_known = any(term in self._rarity.counts for term in concept.terms)
        self._admit(concept, going_on, COMPLETED_KNOWN if is_known else COMPLETED)

    async def correct(self, ranked: dict[str, list[Scored]]) -> bool:
        """Let words that nothing of what was found has stand for near ones as well; tell whether there are any.

        A word that was not looked for, because too much has it, is none of them.
        """
        found = await self._find_known(ranked)
        sought = {concept.word for concept in self._choose()}
        missing = {
            concept.word: concept
            for number, concept in enumerate(self._question.concepts)
            if number not in found
            and (concept.word in sought or not self._count(concept))
            and concept.is_typed
            and is_correctable(concept.word)
        }
        if not missing:
            return False
        forms = sorted({form for word in missing for form in find_forms(word)})
        dialect = self._reader.database.dialect
        rows = await self._read(
            Sql(
                "SELECT w.word, w.term, SUM(w.passages) AS passages FROM search_word w WHERE w.word IN "
                "(SELECT f.word FROM search_form f WHERE"
            )
            + dialect.one_of("f.form", forms)
            + Sql(") GROUP BY w.word, w.term ORDER BY w.word, w.term")
        )
        for word, concept in missing.items():
            nearest = choose_nearest(word, {row["word"] for row in rows})
            near = [row for row in rows if row["word"] in nearest and row["term"] not in concept.terms]
            self._admit(concept, near, CORRECTED)
            self._near[word] = {row["term"]: row["word"] for row in near}
        return any(self._near.values())

    async def _find_known(self, ranked: dict[str, list[Scored]]) -> set[int]:
        """Return which of the concepts something has, also of what a phrase or a minus leaves out."""
        found = {number for scored in ranked.values() for one in scored for number in one.found}
        question = self._question
        if len(found) == len(question.concepts) or not (question.phrases or question.excluded):
            return found
        loose = replace(question, phrases=[], excluded=[])
        others = await Search(self._reader, loose, self._condition, self._rarity).rank()
        return found.union(*(one.found for scored in others.values() for one in scored))

    def choose_corrections(self, ranked: dict[str, list[Scored]]) -> dict[str, str]:
        """Return for each corrected word the one that most of what was found has."""
        chosen = {}
        for word, near in self._near.items():
            counts = {
                term: sum(has(one.passage, term) for scored in ranked.values() for one in scored)
                for term in near
            }
            best = max(counts, key=lambda term: (counts[term], term), default=None)
            if best is not None and counts[best]:
                chosen[word] = near[best]
        return chosen

    def _admit(self, concept: Concept, rows: Sequence[Row], factor: float) -> None:
        for row in rows:
            concept.terms.setdefault(row["term"], factor)
        counts = {**self._rarity.counts, **{row["term"]: int(row["passages"]) for row in rows}}
        self._rarity = Rarity(self._rarity.total, counts)

    async def rank(self) -> dict[str, list[Scored]]:
        """Return the passages that answer best by article, the best first."""
        return self._score(await self._find_candidates())

    async def _find_candidates(self) -> Candidates:
        """Return the most promising passages that the view shows and the condition admits."""
        reader, dialect = self._reader, self._reader.database.dialect
        editions = reader.select("e.id") + join(" AND ", self._list_conditions())
        among = Among(dialect, editions, each=self._is_unfiltered())
        columns = "f.id, p.article_id, f.total, t.title, t.heading, t.summary, t.body"
        key = "rowid" if dialect == SQLITE else "id"
        joins = f"JOIN found f ON f.edition_id = e.id JOIN passage t ON t.{key} = f.id"
        rows = await reader.database.read(
            Sql("WITH found AS MATERIALIZED (")
            + self._choose_source(among)
            + Sql(")")
            + reader.select(columns, joins)
            # Of an article one row is shown; whether it is admitted was asked for its edition.
            + reader.serves()
        )
        return Candidates(rows, bool(rows) and int(rows[0]["total"]) < CANDIDATES)

    def _is_unfiltered(self) -> bool:
        """Tell whether most of what there is may be found: of publications, by their index."""
        return self._condition == TRUE and not self._reader.view.shows_drafts

    def _choose_source(self, among: Among) -> Sql:
        """Return the statement that chooses candidates."""
        chosen = self._choose()
        terms, rarity = self.list_terms(chosen), self._rarity
        if self._question.phrases:
            return find_with_phrases(among, self._question.phrases, terms, rarity, CANDIDATES)
        # Where very much has the words it takes seconds to look at all for the best: the best of the newest will do.
        is_much = sum(map(self._count, chosen)) > MOST_RANKED
        return (find_newest if is_much else find_passages)(among, terms, rarity, CANDIDATES)

    def _list_conditions(self) -> list[Sql]:
        """Return the conditions of the article that is found: it is shown, admitted, and has what its words must."""
        dialect, question = self._reader.database.dialect, self._question
        phrases = [(forms, "IN") for forms in question.phrases]
        phrases += [(forms, "NOT IN") for forms in question.excluded]
        return [
            self._reader.serves(),
            compile_condition(self._condition, dialect),
            *(Sql(f"e.id {how} (") + find_phrase(dialect, forms) + Sql(")") for forms, how in phrases),
        ]

    def list_rare(self) -> list[Concept]:
        """Return those of the concepts that the index has and that say something, the rarest first."""
        known = sorted(filter(self._count, self._question.concepts), key=self._count)
        return [one for one in known if self._count(one) * COMMON <= self._rarity.total] or known

    def _choose(self) -> list[Concept]:
        """Return the concepts by which candidates are found."""
        rare = self.list_rare()[:MOST_CONCEPTS]
        few = sum(1 for count in accumulate(map(self._count, rare)) if count <= MOST_MATCHES)
        return rare[: max(FEWEST_CONCEPTS, few)]

    def _count(self, concept: Concept) -> int:
        """Return about how many passages have a concept, in whatever language."""
        return sum(self._rarity.counts.get(term, 0) for term in concept.terms)

    def list_terms(self, concepts: Sequence[Concept]) -> list[str]:
        """Return the terms of concepts that the index has, each once."""
        terms = (term for concept in concepts for term in concept.terms if term in self._rarity.counts)
        return list(dict.fromkeys(terms))

    def _score(self, candidates: Candidates) -> dict[str, list[Scored]]:
        """Return passages with their scores by article, the best first."""
        passages = [
            Passage(int(row["id"]), row["title"], row["heading"], row["summary"], row["body"])
            for row in candidates.rows
        ]
        # The index counts drafts as well, which nobody is to notice by a score.
        rarity = self._rarity.blurred()
        if candidates.is_exact:
            rarity = rarity.counted(self.list_terms(self._choose()), passages)
        ranking = Ranking(self._question, rarity)
        found: defaultdict[str, list[Scored]] = defaultdict(list)
        for row, passage in zip(candidates.rows, passages, strict=True):
            scored = ranking.score(passage)
            if scored is not None:
                found[row["article_id"]].append(scored)
        for scored_of_one in found.values():
            scored_of_one.sort(key=lambda one: (-one.score, one.place))
        return found

    async def _read(self, statement: Sql) -> Sequence[Row]:
        return await self._reader.database.read(statement)


def has(passage: Passage, term: str) -> bool:
    """Tell whether a passage has a term."""
    return any(
        term in text.split() for text in (passage.title, passage.heading, passage.summary, passage.body)
    )
