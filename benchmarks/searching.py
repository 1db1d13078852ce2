"""`python -m benchmarks.searching SOURCE [ITEMS]`: how well searches find, how fast, and what the index costs.

SOURCE is a file of articles as `quiet import` takes it. It is imported once for the known items, and then again as
other sites, until there are 15,000 articles, for the times. QUIET_BENCH_POSTGRES names a server for the same on
PostgreSQL. Each search is one request through the whole service but HTTP.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson

from api.app import settle_interpreter
from api.importing.running import Import, Options
from api.importing.sources import open_sources
from benchmarks.databases import find_version, new_postgres, new_sqlite
from benchmarks.known_items import Item, Success, measure, read_items
from benchmarks.machine import describe_machine
from benchmarks.plain_search import find_by_default, find_like, write_plain
from models.access import anonymous_actor
from models.database import Database, open_database
from models.dialect import SQLITE, Sql
from models.library import Library
from models.migrating import migrate
from models.reindexing import reindex
from schema.answer import Request
from schema.node import decode_id
from schema.service import Service

MANY = 15_000
LIKE_ITEMS = 100
"""`LIKE` reads everything each time: of so many items it is clear how it does."""

QUERY = """query($words: String!, $locales: [Locale!]) @view(locales: $locales) {
  search(query: $words, first: 10) { nodes { article { id title path } fragments part { __typename } } } }"""

Find = Callable[[str, str], Awaitable[Sequence[str]]]


async def ask(service: Service, words: str, locale: str) -> list[str]:
    """Return the articles that the product finds."""
    request = Request(QUERY, variables={"words": words, "locales": [locale]})
    answer = await service.ask(request, anonymous_actor(may_read=True))
    assert not answer.errors, answer.errors
    data = orjson.loads(orjson.dumps(answer.data))
    return [decode_id(node["article"]["id"])[1] for node in data["search"]["nodes"]]


async def find_places(items: Sequence[Item], find: Find) -> tuple[Success, list[float]]:
    """Return the success of all items, and how many milliseconds each took."""
    places, times = [], []
    for item in items:
        begin = perf_counter()
        found = list(await find(item.query, item.locale))
        times.append(1_000 * (perf_counter() - begin))
        places.append(found.index(item.article_id) + 1 if item.article_id in found else 0)
    return measure(places), times


def write_success(success: Success) -> str:
    """Return a success as cells of a table."""
    return f"{success.at_1:.3f} | {success.at_10:.3f} | {success.reciprocal:.3f}"


async def compare(database: Database, service: Service, most: int) -> None:
    """Print how well the product finds, beside what there is without it."""
    await write_plain(database)
    print("\n| query | found by | first | among ten | reciprocal rank | p50 ms | p99 ms |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for name, items in (await read_items(database, "bench", most)).items():
        ways: dict[str, tuple[Find, Sequence[Item]]] = {
            "search": (partial(ask, service), items),
            "the database's own": (partial(find_by_default, database), items),
            "LIKE": (partial(find_like, database), items[:LIKE_ITEMS]),
        }
        for way, (find, chosen) in ways.items():
            success, times = await find_places(chosen, find)
            cuts = quantiles(times, n=100)
            print(
                f"| {name} | {way} | {write_success(success)} | {cuts[49]:.1f} | {cuts[98]:.1f} |", flush=True
            )


async def time_many(database: Database, service: Service, source: Path, most: int) -> None:
    """Print how long searches take among many articles, how long the index takes to make, and how large it is."""
    copies = 1
    while await count(database) < MANY:
        copies += 1
        await import_source(database, source, f"bench-{copies}")
    begin = perf_counter()
    async for _ in reindex(database):
        pass
    made = perf_counter() - begin
    items = [item for some in (await read_items(database, "bench", most)).values() for item in some]
    _, times = await find_places(items, partial(ask, service))
    cuts = quantiles(times, n=100)
    size = await measure_size(database)
    print(
        f"\n{await count(database):,} articles: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms; "
        f"index made in {made:.0f} s, {size / 2**20:.0f} MiB"
    )


async def count(database: Database) -> int:
    """Return how many articles there are in all locales."""
    return int((await database.read(Sql("SELECT COUNT(*) AS total FROM edition")))[0]["total"])


async def measure_size(database: Database) -> int:
    """Return the bytes of the index."""
    if database.dialect is SQLITE:
        statement = (
            "SELECT SUM(pgsize) AS total FROM dbstat WHERE name LIKE 'passage%' OR name LIKE '%search_%'"
        )
    else:
        statement = (
            "SELECT SUM(pg_total_relation_size(oid)) AS total FROM pg_class WHERE relkind = 'r' "
            "AND relname IN ('passage', 'search_word', 'search_form')"
        )
    return int((await database.read(Sql(statement)))[0]["total"])


async def import_source(database: Database, source: Path, site: str) -> None:
    """Import a source as a site and publish it."""
    work = Import(database, open_sources(source), Options(site, publish=True))
    await work.run(lambda _done, _total: None)


async def run(address: str, source: Path, most: int) -> None:
    """Measure on one database."""
    async with open_database(address) as database:
        await migrate(database)
        await import_source(database, source, "bench")
        async with database.transaction() as connection:
            await connection.execute_query("ANALYZE")
        service = Service(database, Library(database, 128 * 2**20))
        print(f"\n## {database.dialect.name}, {await count(database):,} articles")
        await compare(database, service, most)
        await time_many(database, service, source, most)


def main(arguments: list[str]) -> None:
    """Measure with the source and so many items of each kind."""
    if not arguments:
        sys.exit(__doc__)
    source, most = Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 300
    server = os.environ.get("QUIET_BENCH_POSTGRES")
    print(describe_machine(asyncio.run(find_version(server)) if server else None))
    # As the server does: what looks for circles among all that is in memory would make the slowest searches.
    settle_interpreter()
    with TemporaryDirectory() as folder, new_sqlite(Path(folder)) as address:
        asyncio.run(run(address, source, most))
    if server:
        with new_postgres(server) as address:
            asyncio.run(run(address, source, most))
    else:
        print("\n######## PostgreSQL was NOT measured: QUIET_BENCH_POSTGRES names no server ########")


if __name__ == "__main__":
    main(sys.argv[1:])
