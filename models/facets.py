"""Facets: how many articles of a list have each tag, author, year … of the whole list, through its view.

A list in memory is counted there. Any other is read with one statement for all traits that are asked for together,
and counted here: databases neither sort names alike nor look into JSON alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from models.backlinks import link_sources
from models.batching import Batch
from models.conditions import Condition, compile_condition
from models.dialect import Dialect, Sql, join
from models.listing import name_list
from models.paging import Order
from models.reading import Reader
from models.stored import read_list
from models.traits import (
    COUNT_KINDS,
    CountedArticle,
    Counts,
    Ranked,
    Trait,
    adjust,
    count_values,
    rank_values,
)

Rank = Callable[[Trait, int], Awaitable[Sequence[Ranked]]]
"""Returns so many values of a trait at the most, in the order of `rank_values`."""

Ranking = tuple[Ranked, ...]

COLUMNS: Mapping[Trait, str] = {
    Trait.TAG: "e.tags",
    Trait.SITE: "s.key",
    Trait.LOCALE: "p.locale",
    Trait.SECTION_KIND: COUNT_KINDS,
    Trait.AUTHOR: "e.authors",
    Trait.YEAR: "p.published_at",
}

Compile = Callable[[Dialect], Sql]
"""Writes a piece of a statement. It is written only where the database is asked, which ends the answer's memory."""


def once(_dialect: Dialect) -> Sql:
    """Return how many times each article of a list of articles counts."""
    return Sql("1")


def count_articles_by(reader: Reader, condition: Condition, orders: Sequence[Order]) -> Rank:
    """Return what counts the articles that meet a condition; `orders` says which list is likely in memory."""
    batch = Batch(partial(load_rankings, reader, partial(compile_condition, condition), once), remember=True)

    async def rank(trait: Trait, first: int) -> Sequence[Ranked]:
        live = reader.live
        found = live.rank(name_list(live.lens, condition, orders), trait, first) if live else None
        return (await batch.request(trait))[:first] if found is None else found

    return rank


def count_questions_by(reader: Reader, condition: Condition) -> Rank:
    """Return what counts the questions that meet a condition, by the traits of their articles."""

    def times(dialect: Dialect) -> Sql:
        asked = compile_condition(condition, dialect)
        return Sql("(SELECT COUNT(*) FROM question q WHERE q.edition_id = e.id AND") + asked + Sql(")")

    batch = Batch(partial(load_rankings, reader, lambda _: Sql("1 = 1"), times), remember=True)

    async def rank(trait: Trait, first: int) -> Sequence[Ranked]:
        return (await batch.request(trait))[:first]

    return rank


def count_found_by(reader: Reader, article_ids: Sequence[str]) -> Rank:
    """Return what counts these articles, which the view shows."""
    batch = Batch(
        partial(load_rankings, reader, lambda dialect: dialect.one_of("p.article_id", article_ids), once),
        remember=True,
    )

    async def rank(trait: Trait, first: int) -> Sequence[Ranked]:
        live = reader.live
        if live is None:
            return (await batch.request(trait))[:first]
        found = (live.article(article_id) for article_id in article_ids)
        return rank_values(trait, count_values(trait, filter(None, found)))[:first]

    return rank


def count_backlinks_by(reader: Reader, article_id: str) -> Rank:
    """Return what counts the other articles that link to an article: those of several articles together."""

    async def rank(trait: Trait, first: int) -> Sequence[Ranked]:
        return (await reader.batch(load_backlink_rankings).request((article_id, trait)))[:first]

    return rank


async def load_rankings(
    reader: Reader, where: Compile, times: Compile, traits: Sequence[Trait]
) -> dict[Trait, Ranking]:
    """Return the ranked values of traits of the articles that meet a condition, each counted so many times."""
    dialect = reader.database.dialect
    counted = times(dialect)
    columns = dialect.gathering([counted.text, *(COLUMNS[trait] for trait in traits)])
    rows = await reader.database.read(
        Sql(f"SELECT {columns} FROM", counted.parameters)
        + reader.tables()
        + Sql("WHERE")
        + join(" AND ", [reader.serves(), where(dialect)])
    )
    return rank_rows(traits, dialect.gathered(rows))


async def load_backlink_rankings(
    reader: Reader, wanted: Sequence[tuple[str, Trait]]
) -> dict[tuple[str, Trait], Ranking]:
    """Return the ranked values of traits of the articles that link to several others."""
    dialect = reader.database.dialect
    ids, traits = list(dict.fromkeys(one for one, _ in wanted)), list(dict.fromkeys(t for _, t in wanted))
    columns = dialect.gathering(["k.target_id", "1", *(COLUMNS[trait] for trait in traits)])
    edition = "JOIN edition e ON e.id = p.edition_id"
    rows = await reader.database.read(link_sources(reader, columns, ids, edition) + reader.serves())
    by_target: defaultdict[str, list[Sequence[Any]]] = defaultdict(list)
    for target_id, *values in dialect.gathered(rows):
        by_target[target_id].append(values)
    rankings = {one: rank_rows(traits, by_target[one]) for one in ids}
    return {(one, trait): rankings[one][trait] for one, trait in wanted}


def rank_rows(traits: Sequence[Trait], rows: Iterable[Sequence[Any]]) -> dict[Trait, Ranking]:
    """Return the ranked values of traits of rows that say how many times they count and what each trait is told by."""
    counts: dict[Trait, Counts] = {trait: Counter() for trait in traits}
    for times, *values in rows:
        article = read_counted(dict(zip(traits, values, strict=True)))
        for trait, counted in counts.items():
            adjust(counted, trait, article, int(times))
    return {trait: rank_values(trait, counted) for trait, counted in counts.items()}


def read_counted(values: Mapping[Trait, Any]) -> CountedArticle:
    """Return the article whose COLUMNS have these values."""
    article = CountedArticle()
    for trait, value in values.items():
        match trait:
            case Trait.TAG:
                tags = read_list(value)
                article.tags = tuple(tag["slug"] for tag in tags)
                article.tag_names = tuple(tag["name"] for tag in tags)
            case Trait.SITE:
                article.site_key = value
            case Trait.LOCALE:
                article.locale = value
            case Trait.SECTION_KIND:
                article.kinds = int(value or 0)
            case Trait.AUTHOR:
                article.authors = tuple(read_list(value))
            case Trait.YEAR:
                article.published_at = value
    return article
