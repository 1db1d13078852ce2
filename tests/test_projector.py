"""The projector changes nothing but time: the same answers, byte for byte, with it and without."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import orjson
import pytest

from models.access import system_actor
from models.database import Database
from models.library import Library
from models.moment import to_text
from schema.build import Answer, Request, Service
from schema.plain import PLAIN
from schema.projection import Projection
from tests.client import Client
from tests.content import DAY, FIRST_DAY, NOW, REGATTA_FROM
from tests.random_documents import Known, Writer

DOCUMENTS = int(os.environ.get("QUIET_TEST_DOCUMENTS", "500"))
READER = system_actor("reader")
EVERYTHING = """{ articles(first: 100) { nodes { id slug sections { id } questions { id } } }
  sites { id } tags { id } }"""

pytestmark = pytest.mark.asyncio(loop_scope="module")


def written(answer: Answer) -> bytes:
    """Return what an answer says, as bytes; where it looked is the same for all that are compared."""
    return orjson.dumps([answer.data, answer.errors, answer.executed])


def written_loosely(answer: Answer) -> bytes:
    """Return what an answer says, and whether there are errors.

    Of several errors that null the same object only the first to be found is told, and which one that is the
    specification leaves open (section 6.4.4).
    """
    return orjson.dumps([answer.data, bool(answer.errors), answer.executed])


async def find_known(service: Service) -> Known:
    """Return what there is to ask for."""
    drafts = f"query @view(perspective: DRAFT) {EVERYTHING}"
    answers = [await service.answer(Request(text), READER) for text in (EVERYTHING, drafts)]
    data = [orjson.loads(orjson.dumps(answer.data)) for answer in answers]
    articles = [article for found in data for article in found["articles"]["nodes"]]
    ids = {article["id"] for article in articles}
    ids |= {part["id"] for a in articles for part in (*a["sections"], *a["questions"])}
    ids |= {it["id"] for found in data for it in (*found["sites"], *found["tags"])}
    slugs = sorted({article["slug"] for article in articles})
    return Known(
        sorted(ids),
        [*slugs, "nowhere"],
        [f"/{locale}/{slug}" for slug in slugs for locale in ("en", "de")],
        range(service.database.head.revision + 1),
        [to_text(m) for m in (NOW, NOW, NOW, REGATTA_FROM, FIRST_DAY + 3 * DAY)],
    )


def make_services(database: Database) -> list[Service]:
    """Return a service that executes field by field on the database, and one that spares what it can."""
    return [Service(database, Library(database, 10_000_000), projects=on, indexes=on) for on in (False, True)]


async def ask_in_both_ways(
    services: Sequence[Service],
    text: str,
    variables: dict[str, Any],
    limit: int,
    write: Callable[[Answer], bytes] = written,
) -> list[bytes]:
    """Return the answers without the projector, with it and an empty library, and again from memory."""
    plain, projecting = services
    for service in services:
        service.library = Library(service.database, limit)
    request = Request(text, variables=variables)
    return [write(await service.answer(request, READER)) for service in (plain, projecting, projecting)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_random_documents_have_the_same_answers(reading: Client) -> None:
    """Random documents through random views are answered alike, from an empty library and a full one.

    Where a field nulls its parent, graphql-core drops what it has begun for the others, and Python warns of it.
    """
    database = reading.database
    services = make_services(database)
    known = await find_known(services[0])
    for seed in range(DOCUMENTS):
        random = Random(seed)
        text, variables = Writer(services[0].schema, known, random).write()
        answers = await ask_in_both_ways(
            services, text, variables, random.choice([1, 20_000, 10_000_000]), written_loosely
        )
        assert answers[0] == answers[1] == answers[2], f"seed {seed}\n{text}\n{variables}"
        assert b"VALIDATION_FAILED" not in answers[0], f"seed {seed}\n{text}\n{answers[0]!r}"
        assert b"INTERNAL_ERROR" not in answers[0], f"seed {seed}\n{text}"


async def test_plain_selections_are_projected(reading: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of whole articles takes one projection, which is compiled once, whatever their number."""
    compiled: list[object] = []
    begin = Projection.__init__

    def count(self: Projection, *arguments: Any) -> None:
        compiled.append(arguments)
        begin(self, *arguments)

    monkeypatch.setattr(Projection, "__init__", count)
    service = Service(reading.database, Library(reading.database, 10_000_000))
    for first in (2, 3, 4):
        query = (
            "query($n: Int) { articles(first: $n) { nodes { title sections { heading body { html } } } } }"
        )
        await service.answer(Request(query, variables={"n": first}), READER)
    assert len(compiled) == 1


async def test_finished_json_counts_as_memory(reading: Client) -> None:
    """What the library holds includes finished JSON, and its bound holds for all of it."""
    database = reading.database
    for limit in (3_000, 10_000_000):
        service = Service(database, Library(database, limit))
        sizes = []
        for field in ("html", "text", "markdown"):
            query = f"{{ articles {{ nodes {{ sections {{ body {{ {field} }} }} }} }} }}"
            await service.answer(Request(query), READER)
            sizes.append(service.library.size)
        assert max(sizes) <= limit
        assert limit < 10_000 or sizes[0] < sizes[1] < sizes[2]


async def test_plain_fields_exist(reading: Client) -> None:
    """Each field that is called plain stands in the contract, with its type."""
    for name, fields in PLAIN.items():
        assert set(fields) <= set(reading.service.schema.type_map[name].fields)  # type: ignore[attr-defined]


ERRORS = [
    "{ articles { nodes { title related(first: 1000) { label } } } }",
    "{ articles { nodes { title intro { excerpt(words: 0) } } } }",
    '{ article(by: { slug: "tides" }) { sections { body { text excerpt(words: 9999) } } } }',
    "query($n: Int!) { articles { nodes { intro { excerpt(words: $n) } } } }",
]


@pytest.mark.parametrize("query", ERRORS)
async def test_errors_have_the_same_place(query: str, reading: Client) -> None:
    """An error in a plain field has the path, the message and the null that it has without the projector."""
    database = reading.database
    services = make_services(database)
    answers = await ask_in_both_ways(services, query, {"n": 501}, 10_000_000)
    assert answers[0] == answers[1] == answers[2]
    assert b'"path":' in answers[0]
