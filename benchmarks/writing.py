"""`python -m benchmarks.writing [ARTICLES …]`: how long editors wait, and how that grows with the number of articles.

Creates (6 sections, 8 questions), updates of a title, and publications, through the whole schema, on SQLite and on
PostgreSQL (QUIET_BENCH_POSTGRES names a server whose user may create databases). Ratios are against a floor of the
same run: one row inserted and committed with the same durability.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg

from models.access import system_actor
from models.composition import compose
from models.database import Database, open_database
from models.draft import ArticleDraft, SectionDraft
from models.editing import Identity, SiteDraft, Submission, save_articles
from models.identity import derive_article_id, derive_site_id
from models.library import Library
from models.migrating import migrate
from schema.answer import Request
from schema.service import Service

SITE = SiteDraft(derive_site_id("bench"), "bench", "Bench", "en")
ACTOR = system_actor("bench")
ROUNDS = 300
PROSE = "Water moves **slowly** here, and the tide turns twice a day. " * 8
CREATE = """mutation($input: CreateArticleInput!) {
  createArticle(input: $input) { article { id revision } errors { message } } }"""
UPDATE = """mutation($input: UpdateArticleInput!) {
  updateArticle(input: $input) { article { revision } errors { message } } }"""
PUBLISH = """mutation($input: PublishArticlesInput!) {
  publishArticles(input: $input) { articles { revision } errors { message } } }"""


async def fill(database: Database, start: int, end: int) -> None:
    """Save and publish small articles, so that there are `end` of them."""
    for first in range(start, end, 200):
        submissions = []
        for number in range(first, min(first + 200, end)):
            key = f"filler-{number}"
            sections = [SectionDraft(f"Part {n}", body="A few words.") for n in range(3)]
            draft = ArticleDraft("en", key, f"Filler {number}", sections=sections)
            identity = Identity(derive_article_id("bench", key), SITE.id, key)
            submissions.append(Submission(identity, compose(draft, lambda _address: None)))
        await save_articles(database, submissions, actor=ACTOR, sites=[SITE], publish=True)


async def measure(name: str, work: Callable[[int], Awaitable[object]], floor: float | None = None) -> float:
    """Do something many times; print how often it can be done in a second, p50 and p99; return the p50 in ms."""
    times = []
    for number in range(ROUNDS):
        start = time.perf_counter()
        await work(number)
        times.append((time.perf_counter() - start) * 1000)
    cuts = quantiles(times, n=100)
    ratio = f"{cuts[49] / floor:8.1f}" if floor else ""
    print(
        f"| {name:34} | {1000 * ROUNDS / sum(times):8.0f} | {cuts[49]:8.2f} | {cuts[98]:8.2f} | {ratio:8} |"
    )
    return cuts[49]


async def insert_row(database: Database) -> None:
    """Insert and commit one row: what no write can do without."""
    async with database.transaction() as connection:
        await connection.execute_query(f"INSERT INTO secret (name, value) VALUES ('{uuid4().hex}', 'x')")


class Editor:
    """Sends the mutations, each on the articles that the first created."""

    def __init__(self, database: Database) -> None:
        self._service = Service(database, Library(database, 1 << 26))
        self._articles: list[dict[str, Any]] = []

    async def send(self, query: str, values: dict[str, Any]) -> dict[str, Any]:
        """Send a mutation and return its payload, which must have no errors."""
        answer = await self._service.ask(Request(query, None, {"input": values}), ACTOR)
        assert answer.data is not None, answer.errors
        (payload,) = answer.data.values()
        assert payload["errors"] == [], payload["errors"]
        return dict(payload)

    async def create(self, number: int) -> None:
        """Create an article with 6 sections and 8 questions."""
        questions = [{"question": f"Why {n}?", "answer": PROSE} for n in range(8)]
        sections: list[dict[str, Any]] = [{"heading": f"Part {n}", "body": PROSE} for n in range(6)]
        sections[5]["questions"] = questions
        title = f"Article {number} {uuid4().hex[:6]}"
        values = {"site": "bench", "locale": "en", "title": title, "intro": PROSE, "sections": sections}
        self._articles.append((await self.send(CREATE, values))["article"])

    async def update(self, number: int) -> None:
        """Change the title of an article."""
        article = self._articles[number]
        named = {"id": article["id"], "locale": "en", "ifRevision": article["revision"]}
        payload = await self.send(UPDATE, {**named, "title": f"Changed {number}"})
        article["revision"] = payload["article"]["revision"]

    async def publish(self, number: int) -> None:
        """Publish an article."""
        await self.send(PUBLISH, {"ids": [self._articles[number]["id"]]})


async def run(name: str, address: str, sizes: list[int]) -> None:
    """Measure on one database with so many articles."""
    async with open_database(address) as database:
        await migrate(database)
        have = 0
        for size in sizes:
            await fill(database, have, size)
            have = size
            print(
                f"\n| {f'{name}, {size:,} articles':34} | {'a second':>8} | {'p50 ms':>8} | {'p99 ms':>8} | x floor  |"
            )
            print(f"| {'-' * 34} | {'-' * 7}: | {'-' * 7}: | {'-' * 7}: | {'-' * 7}: |")
            floor = await measure("floor: one row, committed", lambda _number: insert_row(database))
            editor = Editor(database)
            await measure("create, 6 sections, 8 questions", editor.create, floor)
            await measure("update of a title", editor.update, floor)
            await measure("publish", editor.publish, floor)


@asynccontextmanager
async def postgres_database(server: str) -> AsyncIterator[str]:
    """Yield the address of a new PostgreSQL database that is gone afterwards."""
    name = f"quiet_bench_{uuid4().hex[:8]}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
        yield f"{server.rpartition('/')[0]}/{name}"
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await connection.close()


async def run_on_postgres(server: str, sizes: list[int]) -> None:
    """Measure on PostgreSQL."""
    async with postgres_database(server) as address:
        await run("PostgreSQL", address, sizes)


def main() -> None:
    """Run all measurements, each database in its own event loop."""
    sizes = [int(size) for size in sys.argv[1:]] or [2_000]
    with TemporaryDirectory() as folder:
        asyncio.run(run("SQLite", f"sqlite://{Path(folder)}/bench.sqlite3", sizes))
    server = os.environ.get("QUIET_BENCH_POSTGRES")
    if server:
        asyncio.run(run_on_postgres(server, sizes))
    else:
        print("\n######## PostgreSQL was NOT measured: QUIET_BENCH_POSTGRES names no server ########")


if __name__ == "__main__":
    main()
