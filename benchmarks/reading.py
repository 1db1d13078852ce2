"""`python -m benchmarks.reading [ARTICLES …] [MODE …]`: requests a second over a real socket, as shares of a floor.

Q1 one article by slug with sections and questions; Q2 20 newest with title, summary, authors and tags; Q3 20
articles with all sections and questions; Q4 filtered, sorted, page 10 with totalCount. One server process on one
core, wrk on another; floors and product take turns in the same run. Q6, with kept responses, is Q1 as a persisted
GET whose tag is known. "Publishing" is the same while an editor changes and publishes ten articles a second.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic
from urllib.parse import urlencode
from urllib.request import urlopen

import orjson

from benchmarks.load import Load, Server, post, run_wrk, serve
from models.access import Role, system_actor
from models.composition import compose
from models.database import open_database
from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from models.editing import Identity, SiteDraft, Submission, save_articles
from models.identity import derive_article_id, derive_site_id
from models.migrating import migrate
from models.token import create_token

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
PUBLISHING = ", publishing"
COLD = "nothing kept"
PLACES_A_SECOND = 10
MODES: Mapping[str, Mapping[str, str]] = {
    "responses kept": {},
    "responses kept" + PUBLISHING: {},
    "library warm": {"QUIET_RESPONSE_CACHE_BYTES": "0"},
    "library warm" + PUBLISHING: {"QUIET_RESPONSE_CACHE_BYTES": "0"},
    COLD: {"QUIET_RESPONSE_CACHE_BYTES": "0", "QUIET_LIBRARY_BYTES": "0"},
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


async def fill(address: str, count: int) -> str:
    """Save and publish so many articles in a new database; return the token of somebody who may publish."""
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
        _, secret = await create_token(database, system_actor("bench"), "bench", Role.PUBLISHER)
        return secret


IMPORT = """mutation($input: ImportArticlesInput!) {
  importArticles(input: $input) { changed errors { message } } }"""


class Publisher(Thread):
    """An editor who changes and publishes one article after the other until stopped."""

    def __init__(self, server: Server, secret: str, count: int) -> None:
        super().__init__(daemon=True)
        self.published = 0
        self._salt = token_hex(4)
        self._server = server
        self._secret = secret
        self._count = count
        self._stopped = Event()

    def run(self) -> None:
        """Publish at the pace that is meant."""
        begin = monotonic()
        while not self._stopped.wait(max(0.0, begin + self.published / PLACES_A_SECOND - monotonic())):
            self._publish(self.published * 37 % self._count)
            self.published += 1

    def _publish(self, number: int) -> None:
        sections = [
            {"heading": f"Part {part}", "body": f"{PROSE}{self._salt} {self.published}"} for part in range(6)
        ]
        article = {
            "key": f"a{number}",
            "locale": "en",
            "slug": f"article-{number}",
            "title": f"Article {number}",
            "tags": ["Even" if number % 2 == 0 else "Odd", "All"],
            "sections": sections,
        }
        values = {"input": {"site": "bench", "articles": [article], "publish": True}}
        body = orjson.dumps({"query": IMPORT, "variables": values})
        answer = post(self._server.url("/graphql"), body, Authorization=f"Bearer {self._secret}")
        payload = orjson.loads(answer)["data"]["importArticles"]
        assert payload == {"changed": 1, "errors": []}, payload

    def stop(self) -> None:
        """End, and wait for the end."""
        self._stopped.set()
        self.join()


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


@dataclass(frozen=True, slots=True)
class Data:
    """What is measured on: where it is, how many articles, and the token of somebody who may publish."""

    address: str
    count: int
    secret: str


def measure_mode(mode: str, settings: Mapping[str, str], data: Data, folder: Path, connections: int) -> None:
    """Measure all queries in one mode, each right after its floors."""
    environment = {"QUIET_DATABASE": data.address, **settings}
    name = f"SQLite, {data.count} articles, {mode}"
    command = [sys.executable, "-m", "quiet_engine", "serve", "--port", str(SERVER_PORT)]
    floors = [*(sys.executable, "-m", "uvicorn", "benchmarks.floors:app", "--log-level", "warning"), "--port"]
    with ExitStack() as stack:
        server = stack.enter_context(serve(command, SERVER_PORT, environment))
        write_bodies(server, folder)
        bodies = {"QUIET_BENCH_BODIES": str(folder / "answers"), "QUIET_BENCH_DATABASE": data.address}
        floor = stack.enter_context(serve([*floors, str(FLOOR_PORT)], FLOOR_PORT, bodies))
        print(f"\n| {name}, {connections} connections | a second | p50 ms | p99 ms | CPU ms | share |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        publisher = Publisher(server, data.secret, data.count) if mode.endswith(PUBLISHING) else None
        if publisher:
            publisher.start()
            stack.callback(publisher.stop)
        for query, load, base in measure_queries(server, floor, folder, connections):
            print_row(query, load, base)
        if mode == "responses kept":
            print_row("Q6", *measure_known(server, floor, folder, connections))
        if mode == COLD:
            statement = run_wrk(floor, "/statement", folder / "Q3.json", connections, 3)
            print_row("Q3 statement by hand", statement, statement)
            print_row(
                "Q3 beside it", run_wrk(server, "/graphql", folder / "Q3.json", connections, 4), statement
            )
        if publisher:
            print(f"\n{publisher.published} articles were published meanwhile.")
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


def measure_known(server: Server, floor: Server, folder: Path, connections: int) -> tuple[Load, Load]:
    """Return the load of a persisted GET whose tag is known, and its floor."""
    text = QUERIES["Q1"]
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": sha256(text.encode()).hexdigest()}}
    extensions = orjson.dumps(persisted).decode()
    urlopen(server.url(f"/graphql?{urlencode({'query': text, 'extensions': extensions})}")).close()
    path = f"/graphql?{urlencode({'extensions': extensions})}"
    with urlopen(server.url(path)) as response:
        tag = response.headers["ETag"]
    body = folder / "Q1.json"
    base = run_wrk(floor, "/starlette/Q1", body, connections, 3)
    return run_wrk(server, path, body, connections, 4, tag), base


def main(arguments: list[str]) -> None:
    """Measure with so many articles each, in the modes that are named or in all."""
    names = [name for name in arguments if name in MODES] or list(MODES)
    for count in [int(number) for number in arguments if number not in MODES] or [2000]:
        with TemporaryDirectory() as name:
            folder = Path(name)
            address = f"sqlite://{folder}/bench.sqlite3"
            data = Data(address, count, asyncio.run(fill(address, count)))
            for mode in names:
                measure_mode(mode, MODES[mode], data, folder, 32)


if __name__ == "__main__":
    main(sys.argv[1:])
