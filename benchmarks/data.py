"""What is read in the benchmarks: made-up articles or a corpus, where it lies, and the queries that suit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from api.importing.running import Import, Options
from api.importing.sources import open_sources
from models.access import Role, system_actor
from models.composition import compose
from models.database import Database, open_database
from models.dialect import Sql
from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from models.editing import Identity, SiteDraft, Submission, save_articles
from models.identity import derive_article_id, derive_site_id
from models.migrating import migrate
from models.moment import FOREVER
from models.token import create_token

SITE = SiteDraft(derive_site_id("bench"), "bench", "Bench", "en")
ACTOR = system_actor("bench")
PROSE = "Water moves **slowly** here, and the tide turns twice a day. " * 4
WHOLE = (
    "id slug title summary sections { id heading body { html } } questions { id question answer { html } }"
)
ONE = "query($path: String!) { article(by: { path: $path }) { " + WHOLE + " } }"
LIST = "query($first: Int!, $offset: Int!) { articles(first: $first, offset: $offset) { nodes { %s } } }"
NEWEST = LIST % "id title summary authors tags { slug name }"
NEWEST_WHOLE = LIST % WHOLE
TAGGED = (
    "query($tag: String!, $offset: Int!) { articles(first: 20, offset: $offset, "
    "where: { tags: { some: { eq: $tag } } }, orderBy: [{ field: TITLE, direction: ASC }]) "
    "{ totalCount nodes { id title summary } } }"
)
SEARCH = (
    "query($words: String!) { search(query: $words, first: 10) { nodes { fragments "
    "article { id title path } part { __typename } } } }"
)
PATHS = f"""SELECT p.slug, p.locale FROM publication p JOIN site s ON s.id = p.site_id
WHERE p.until = {FOREVER} AND p.locale = s.default_locale ORDER BY p.slug"""
TAGS = f"""SELECT t.slug, count(*) AS total FROM tag t JOIN publication p ON p.edition_id = t.edition_id
WHERE p.until = {FOREVER} GROUP BY t.slug ORDER BY total DESC, t.slug LIMIT 20"""


@dataclass(frozen=True, slots=True)
class Data:
    """A full database: its name for people, address, the paths and the tags of what is live, most used first.

    `secret` is the token of somebody who may publish; `is_made_up` tells that articles can be made anew by number.
    """

    name: str
    address: str
    paths: Sequence[str]
    tags: Sequence[tuple[str, int]]
    secret: str
    is_made_up: bool

    @property
    def queries(self) -> dict[str, bytes]:
        """Return the bodies of the requests, by the names of the benchmarks."""
        tag, total = self.tags[min(1, len(self.tags) - 1)]
        path = self.paths[len(self.paths) // 3]
        return {
            "Q1": one(path),
            "Q2": body(NEWEST, first=20, offset=0),
            "Q3": body(NEWEST_WHOLE, first=20, offset=0),
            "Q4": body(TAGGED, tag=tag, offset=180 if total > 200 else 20 * (total // 40)),
            "Q5": body(SEARCH, words=name_words(path)),
        }

    def many(self, count: int) -> list[bytes]:
        """Return so many bodies of Q1, each for another article as long as there are some."""
        return [one(path) for path in self.mix(count)]

    def many_searches(self, count: int) -> list[bytes]:
        """Return so many bodies of Q5, each for another article as long as there are some."""
        return [body(SEARCH, words=name_words(path)) for path in self.mix(count)]

    def mix(self, count: int) -> list[str]:
        """Return so many paths, not in their order."""
        return [self.paths[n * 37 % len(self.paths)] for n in range(count)]

    def all_kinds(self) -> list[bytes]:
        """Return bodies of every query over all articles, with other variables each time."""
        pages = range(0, len(self.paths), 20)
        lists = [body(text, first=20, offset=n) for n in pages for text in (NEWEST, NEWEST_WHOLE)]
        tagged = [body(TAGGED, tag=tag, offset=n) for tag, total in self.tags for n in range(0, total, 20)]
        bodies = [*map(one, self.paths), *lists, *tagged]
        return [bodies[n * 7_919 % len(bodies)] for n in range(len(bodies))]


def name_words(path: str) -> str:
    """Return the words of which a path is made."""
    return path.rpartition("/")[2].replace("-", " ")


def body(query: str, **variables: object) -> bytes:
    """Return the body of a request."""
    return orjson.dumps({"query": query, "variables": variables})


def one(path: str) -> bytes:
    """Return the body of a request for one whole article."""
    return body(ONE, path=path)


def make_article(number: int) -> ArticleDraft:
    """Return an article of six sections with four questions each, always the same for the same number."""
    sections = [
        SectionDraft(
            f"Part {part}",
            body=PROSE,
            questions=[QuestionDraft(f"Why is it {part}.{n}?", PROSE[:200]) for n in range(4)],
        )
        for part in range(6)
    ]
    return ArticleDraft(
        "en",
        f"article-{number}",
        f"Article {number}",
        summary=PROSE[:120],
        tags=["Even" if number % 2 == 0 else "Odd", "All"],
        authors=["Ada Bench"],
        sections=sections,
    )


async def make_up(address: str, name: str, count: int) -> Data:
    """Save and publish so many articles in a new database."""
    async with open_database(address) as database:
        await migrate(database)
        for first in range(0, count, 200):
            submissions = [
                Submission(
                    Identity(derive_article_id("bench", f"a{n}"), SITE.id, f"a{n}"),
                    compose(make_article(n), lambda _address: None),
                )
                for n in range(first, min(first + 200, count))
            ]
            await save_articles(database, submissions, actor=ACTOR, sites=[SITE], publish=True)
        return await describe(database, address, f"{name}, {count:,} articles", is_made_up=True)


async def import_corpus(address: str, name: str, source: Path) -> Data:
    """Import a file of articles into a new database and publish them."""
    async with open_database(address) as database:
        await migrate(database)
        work = Import(database, open_sources(source), Options("bench", publish=True))
        await work.run(lambda _done, _total: None)
        return await describe(database, address, f"{name}, {source.name}", is_made_up=False)


async def describe(database: Database, address: str, name: str, *, is_made_up: bool) -> Data:
    """Return what there is to ask for in a database."""
    paths = [f"/{row['locale']}/{row['slug']}" for row in await database.read(Sql(PATHS))]
    tags = [(row["slug"], row["total"]) for row in await database.read(Sql(TAGS))]
    _, secret = await create_token(database, ACTOR, "bench", Role.PUBLISHER)
    # A server that serves next plans by these; on PostgreSQL they would come by themselves after a minute.
    async with database.transaction() as connection:
        await connection.execute_query("ANALYZE")
    return Data(name, address, list(dict.fromkeys(paths)), tags, secret, is_made_up)
