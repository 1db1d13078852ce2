"""`python -m benchmarks.reading [ARTICLES …]`: requests a second over a real socket, as shares of a floor.

Q1 one article by slug with sections and questions; Q2 20 newest with title, summary, authors and tags; Q3 20
articles with all sections and questions; Q4 filtered, sorted, page 10 with totalCount. One server process on one
core, wrk on another; floors and product take turns in the same run. QUIET_BENCH_POSTGRES measures PostgreSQL, too.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from benchmarks.load import Load, Server, post, run_wrk, serve
from models.access import system_actor
from models.composition import compose
from models.database import open_database
from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from models.editing import Identity, SiteDraft, Submission, save_articles
from models.identity import derive_article_id, derive_site_id
from models.migrating import migrate

SITE = SiteDraft(derive_site_id("bench"), "bench", "Bench", "en")
PROSE = "Water moves **slowly** here, and the tide turns twice a day. " * 4
WHOLE = (
    "id slug title summary sections { id heading body { html } } questions { id question answer { html } }"
)
QUERIES = {
    "Q1": '{ article(by: { slug: "article-700" }) { ' + WHOLE + " } }",
    "Q2": "{ articles(first: 20) { nodes { id title summary authors tags { slug name } } } }",
    "Q3": "{ articles(first: 20) { nodes { " + WHOLE + " } } }",
    "Q4": '{ articles(first: 20, offset: 180, where: { tags: { some: { eq: "even" } } }, '
    "orderBy: [{ field: TITLE, direction: ASC }]) { totalCount nodes { id title summary } } }",
}
MODES: Mapping[str, Mapping[str, str]] = {
    "responses kept": {},
    "library warm": {"QUIET_RESPONSE_CACHE_BYTES": "0"},
    "projector off": {"QUIET_RESPONSE_CACHE_BYTES": "0", "QUIET_PROJECTOR": "off"},
}
SERVER_PORT, FLOOR_PORT = 8701, 8702


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


async def fill(address: str, count: int) -> None:
    """Save and publish so many articles in a new database."""
    async with open_database(address) as database:
        await migrate(database)
        for first in range(0, count, 200):
            numbers = range(first, min(first + 200, count))
            submissions = [
                Submission(
                    Identity(derive_article_id("bench", f"a{n}"), SITE.id, f"a{n}"),
                    compose(make_article(n), lambda _address: None),
                )
                for n in numbers
            ]
            await save_articles(
                database, submissions, actor=system_actor("bench"), sites=[SITE], publish=True
            )


def write_bodies(server: Server, folder: Path) -> None:
    """Write the request and the answer of each query into the folder."""
    (folder / "answers").mkdir(exist_ok=True)
    for name, query in QUERIES.items():
        request = folder / f"{name}.json"
        request.write_bytes(orjson.dumps({"query": query}))
        answer = post(server.url("/graphql"), request.read_bytes())
        assert "errors" not in orjson.loads(answer), answer[:500]
        (folder / "answers" / name).write_bytes(answer)


def print_row(name: str, load: Load, floor: Load) -> None:
    """Print one line of a table."""
    share = load.rate / floor.rate
    print(
        f"| {name:24} | {load.rate:8.0f} | {load.p50:7.2f} | {load.p99:7.2f} | {load.cpu:7.3f} | {share:6.2f} |",
        flush=True,
    )


def measure_mode(name: str, environment: Mapping[str, str], folder: Path, connections: int) -> None:
    """Measure all queries in one mode, each right after its floors."""
    command = [sys.executable, "-m", "quiet_engine", "serve", "--port", str(SERVER_PORT)]
    floors = [*(sys.executable, "-m", "uvicorn", "benchmarks.floors:app", "--log-level", "warning"), "--port"]
    with ExitStack() as stack:
        server = stack.enter_context(serve(command, SERVER_PORT, environment))
        write_bodies(server, folder)
        bodies = {"QUIET_BENCH_BODIES": str(folder / "answers")}
        floor = stack.enter_context(serve([*floors, str(FLOOR_PORT)], FLOOR_PORT, bodies))
        print(f"\n| {name}, {connections} connections | a second | p50 ms | p99 ms | CPU ms | share |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for query, load, base in measure_queries(server, floor, folder, connections):
            print_row(query, load, base)
        print(f"\nMost memory of the server: {server.memory():.0f} MiB")


def measure_queries(
    server: Server, floor: Server, folder: Path, connections: int
) -> Iterator[tuple[str, Load, Load]]:
    """Yield name, load and floor of each query and floor."""
    for query in QUERIES:
        body = folder / f"{query}.json"
        run_wrk(server, "/graphql", body, connections, 1)
        base = run_wrk(floor, f"/starlette/{query}", body, connections, 3)
        load = run_wrk(server, "/graphql", body, connections, 4)
        yield f"{query} Starlette floor", base, base
        yield f"{query} bare ASGI", run_wrk(floor, f"/bare/{query}", body, connections, 2), base
        yield query, load, base


def main(arguments: list[str]) -> None:
    """Measure with so many articles each."""
    for count in map(int, arguments or ["2000"]):
        with TemporaryDirectory() as name:
            folder = Path(name)
            address = f"sqlite://{folder}/bench.sqlite3"
            asyncio.run(fill(address, count))
            for mode, settings in MODES.items():
                environment: dict[str, Any] = {"QUIET_DATABASE": address, **settings}
                measure_mode(f"SQLite, {count} articles, {mode}", environment, folder, 32)


if __name__ == "__main__":
    main(sys.argv[1:])
