"""`make bench`: import 2,000 made-up articles (or the source named as argument), then read them.

Prints times, and the ratio of each to a floor that the same run measured.
"""

from __future__ import annotations

import asyncio
import gzip
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from api.importing.running import Import, Options
from api.importing.sources import open_sources
from models.access import anonymous_actor
from models.database import Database, open_database
from models.dialect import Sql
from models.library import Library
from models.migrating import migrate
from schema.answer import Request
from schema.service import Service

ARTICLES = 2_000
FULL = """{ articles(first: 20) { totalCount nodes { id title intro { html }
  sections { heading body { html } } questions { question answer { html } } related { label article { title } } } } }"""


def write_source(path: Path) -> None:
    """Write made-up articles as JSON Lines: six sections and four questions each, linked to their neighbours."""
    prose = "Water moves **slowly** here, as [this article](/en/article-{n}) explains. " * 8
    with gzip.open(path, "wb") as file:
        for number in range(ARTICLES):
            body = prose.format(n=(number + 1) % ARTICLES)
            article = {
                "slug": f"article-{number}",
                "locale": "en",
                "title": f"Article {number}",
                "intro_markdown": body,
                "sections": [
                    {
                        "position": i,
                        "level": 2,
                        "heading": f"Part {i}",
                        "kind": "prose",
                        "body_markdown": body,
                    }
                    for i in range(1, 7)
                ],
                "questions": [
                    {"position": i, "section": 6, "question": f"Why {i}?", "answer_markdown": body}
                    for i in range(1, 5)
                ],
                "related": [
                    {"type": "article", "target": f"article-{(number + 7) % ARTICLES}", "text": "More"}
                ],
            }
            file.write(orjson.dumps(article) + b"\n")


READER = anonymous_actor(may_read=True)


async def measure(
    name: str, work: Callable[[], Awaitable[object]], rounds: int, floor: float | None = None
) -> float:
    """Print the best time of `work` in milliseconds and its ratio to a floor; return the time."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        await work()
        best = min(best, (time.perf_counter() - start) * 1000)
    ratio = f"{best / floor:8.1f} x floor" if floor else ""
    print(f"{name:46}{best:10.2f} ms{ratio}")
    return best


async def read_rows(database: Database) -> bytes:
    """Return what a bare reading of 20 articles' rows as JSON takes: the floor of a cold list."""
    editions = await database.read(Sql("SELECT id, title, intro_html FROM edition ORDER BY id LIMIT 20"))
    ids = [row["id"] for row in editions]
    where = database.dialect.one_of("edition_id", ids)
    sections = await database.read(Sql("SELECT heading, body_html FROM section WHERE") + where)
    questions = await database.read(Sql("SELECT question, answer_html FROM question WHERE") + where)
    return orjson.dumps([[tuple(row) for row in rows] for rows in (editions, sections, questions)])


async def run(source: Path, folder: Path) -> None:
    """Import the source into a new SQLite database, then read from it."""
    async with open_database(f"sqlite://{folder}/bench.sqlite3") as database:
        await migrate(database)
        for name in ("import", "import of the same again"):
            work = Import(database, open_sources(source), Options("bench", publish=True))
            start = time.perf_counter()
            report = await work.run(lambda _done, _total: None)
            print(f"{name:46}{(time.perf_counter() - start) * 1000:10.0f} ms  {report.counts()}")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{'most memory so far':46}{memory:10.0f} MiB")
        floor = await measure("floor: rows of 20 articles as JSON", lambda: read_rows(database), 20)

        async def cold() -> object:
            return await Service(database, Library(database, 1 << 26)).ask(Request(FULL), READER)

        service = Service(database, Library(database, 1 << 26))
        await measure("20 articles with everything, new process", cold, 5, floor)
        await measure(
            "20 articles with everything, warm", lambda: service.ask(Request(FULL), READER), 20, floor
        )


def main() -> None:
    """Run all measurements."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        source = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "articles.jsonl.gz"
        if len(sys.argv) == 1:
            write_source(source)
        asyncio.run(run(source, folder))


if __name__ == "__main__":
    main()
