"""A read is of one moment: readers of two articles that change together, with all their parts, all the time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from threading import Event, Thread
from typing import Any

import httpx2
import orjson

from benchmarks.data import ACTOR, SITE
from benchmarks.load import Server, post
from benchmarks.promises.places import NO_BUDGET, name_databases, new_database, serving_default, tell_missing
from benchmarks.promises.promise import Finding, Options, Progress, Promise
from benchmarks.publisher import IMPORT
from models.access import Role
from models.database import open_database
from models.editing import save_articles
from models.migrating import migrate
from models.token import create_token
from tests.serving import NO_CERTIFICATES
from tests.test_one_moment import QUERY, READERS

NOTHING_KEPT = {"QUIET_RESPONSE_CACHE_BYTES": "0", "QUIET_LIBRARY_BYTES": "0"}
WAYS = {"as by default": NO_BUDGET, "nothing kept in memory": NO_BUDGET | NOTHING_KEPT}
SLUGS = ("ebb", "flow")
PARTS = 3


@dataclass(slots=True)
class Seen:
    """What readers saw: how many answers, how many showed two states, or an older one than before, and which states."""

    answers: int = 0
    torn: int = 0
    older: int = 0
    failed: int = 0
    newest: int = 0
    states: int = 0


def describe(slug: str, number: int) -> dict[str, Any]:
    """Return an article all of whose texts name a number."""
    said = f"water {number}"
    questions = [{"question": f"Is {slug} {said}, {n}?", "answer": f"It is {said}."} for n in range(PARTS)]
    parts = [{"heading": f"{slug} {said} {n}", "body": f"It is {said}."} for n in range(PARTS)]
    named = {"key": slug, "locale": "en", "slug": slug, "title": f"{slug} {said}", "summary": said}
    return {**named, "sections": parts, "questions": questions}


class Changing(Thread):
    """An editor who changes both articles in one revision, again and again until stopped."""

    def __init__(self, server: Server, secret: str) -> None:
        super().__init__(daemon=True)
        self.changes = 0
        self._url = server.url("/graphql")
        self._secret = secret
        self._stopped = Event()

    def run(self) -> None:
        """Change."""
        while not self._stopped.is_set():
            self.change()

    def change(self) -> None:
        """Give both articles the next number."""
        articles = [describe(slug, self.changes) for slug in SLUGS]
        values = {"input": {"site": SITE.key, "articles": articles, "publish": True}}
        body = orjson.dumps({"query": IMPORT, "variables": values})
        answer = orjson.loads(post(self._url, body, Authorization=f"Bearer {self._secret}"))
        assert answer["data"]["importArticles"]["errors"] == [], answer
        self.changes += 1

    def stop(self) -> None:
        """End, and wait for the end."""
        self._stopped.set()
        self.join()


async def read(http: httpx2.AsyncClient, seen: Seen, total: int, progress: Progress) -> None:
    """Read until there are enough answers; of each three one is a document that was not asked for before."""
    newest = -1
    for number in count():
        if seen.answers >= total:
            return
        seen.answers += 1
        mark = f"{id(http)} {number} {seen.answers}" if number % 3 == 0 else str(number % 3)
        reply = await http.post("/graphql", json={"query": f"{QUERY}\n# {mark}"})
        found = {int(text) for text in re.findall(rb"water (\d+)", reply.content)}
        seen.failed += not found or b'"errors"' in reply.content
        seen.torn += len(found) > 1
        seen.older += bool(found) and min(found) < newest
        newest = max(found, default=newest)
        seen.states += newest > seen.newest
        seen.newest = max(seen.newest, newest)
        progress.tell(seen.answers)


async def read_all(server: Server, total: int) -> Seen:
    """Let readers read so many answers in all."""
    seen, progress = Seen(), Progress("reads", total)
    async with httpx2.AsyncClient(
        base_url=server.url(""), trust_env=False, timeout=60, verify=NO_CERTIFICATES
    ) as http:
        await asyncio.gather(*(read(http, seen, total, progress) for _ in range(READERS)))
    return seen


async def prepare(address: str) -> str:
    """Make an empty site; return a publisher's token."""
    async with open_database(address) as database:
        await migrate(database)
        await save_articles(database, [], actor=ACTOR, sites=[SITE])
        return (await create_token(database, ACTOR, "moments", Role.PUBLISHER))[1]


def show(options: Options) -> Iterator[Finding]:
    """Yield what readers saw on each database, with everything in memory and with nothing."""
    promised = "0 torn, 0 older than before"
    for kind in name_databases(options):
        with new_database(kind, options) as (address, _):
            secret = asyncio.run(prepare(address))
            for way, settings in WAYS.items():
                with serving_default(address, settings) as server:
                    changing = Changing(server, secret)
                    changing.change()
                    changing.start()
                    try:
                        seen = asyncio.run(read_all(server, options.reads))
                    finally:
                        changing.stop()
                told = (
                    f"{seen.torn} torn, {seen.older} older, {seen.failed} failed; {seen.states:,} states seen"
                )
                is_kept = not seen.torn + seen.older + seen.failed and seen.states > options.reads // 1_000
                what = f"{kind}, {way}: {seen.answers:,} reads, {changing.changes:,} changes"
                yield Finding(what, told, promised, is_kept)
    yield from tell_missing(options, promised)


PROMISE = Promise(
    "moments",
    "A read is of one moment: all that an answer shows belongs together, under constant changes, and is never older "
    "than what was seen before.",
    show,
)
