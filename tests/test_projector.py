"""The projector changes nothing but time: the same answers, byte for byte, with it and without."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from models.library import Library
from schema.answer import Request
from schema.plain import PLAIN
from schema.projection import Projection
from schema.service import Service
from tests.client import Client
from tests.content import DAY, FIRST_DAY, NOW, REGATTA_FROM
from tests.ways import (
    LIMITS,
    READER,
    ROUNDS,
    SEED,
    SILENT,
    clean_up,
    drawn,
    find_known,
    make_ways,
    write,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), SILENT]


async def test_generated_documents_have_the_same_answers(reading: Client) -> None:
    """Whatever is asked through whatever view is answered alike: field by field, projected, and from memory."""
    ways = make_ways(reading.database)
    moments = [NOW, NOW, REGATTA_FROM, FIRST_DAY + 3 * DAY]
    known = await find_known(ways.plain, range(reading.database.head.revision + 1), moments)
    for number in range(ROUNDS):
        random = Random(SEED * 1_000_000 + number)
        ways.forget(random.choice(LIMITS))
        for parts in drawn(100_000 + number):
            await ways.compare(parts, known, random)
    clean_up()
    assert ways.counts["shown"] > 0.4 * ways.counts["asked"] > 0, ways.counts


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
        await service.ask(Request(query, variables={"n": first}), READER)
    assert len(compiled) == 1


async def test_finished_json_counts_as_memory(reading: Client) -> None:
    """What the library holds includes finished JSON, and its bound holds for all of it."""
    database = reading.database
    for limit in (3_000, 10_000_000):
        service = Service(database, Library(database, limit))
        sizes = []
        for field in ("html", "text", "markdown"):
            query = f"{{ articles {{ nodes {{ sections {{ body {{ {field} }} }} }} }} }}"
            await service.ask(Request(query), READER)
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
    answers = await make_ways(database).ask(query, {"n": 501})
    assert len(set(write([(answer.data, answer.errors) for answer in answers]))) == 1
    assert answers[0].errors[0]["path"]
