"""No answer has more objects than its price said, whatever is asked."""

from __future__ import annotations

from random import Random
from typing import Any

import orjson
import pytest

from schema.answer import Request
from schema.service import Service
from tests.client import Client
from tests.dressing import Dresser
from tests.ways import READER, SILENT, clean_up, drawn, find_known

pytestmark = [pytest.mark.asyncio(loop_scope="module"), SILENT]


def count_objects(value: Any) -> int:
    """Return how many objects are in a value."""
    if isinstance(value, list):
        return sum(map(count_objects, value))
    if isinstance(value, dict):
        return 1 + sum(map(count_objects, value.values()))
    return 0


async def test_prices_bound_answers(reading: Client) -> None:
    """Whatever is asked, the answer has no more objects than its price says, of connections and edges aside."""
    service = Service(reading.database, reading.service.library)
    known = await find_known(service, range(reading.database.head.revision + 1), [])
    random, asked = Random(7), 0
    for number in range(4):
        for parts in drawn(300_000 + number):
            text, variables = Dresser(service.schema, known, random).write(parts)
            answer = await service.ask(Request(text, variables=variables), READER)
            if answer.data is not None:
                asked += 1
                data = orjson.loads(orjson.dumps(answer.data))
                # An item of a page is up to three objects: its edge, itself, and the connection of a page of one.
                assert count_objects(data) <= 3 * answer.price + 20, (text, variables)
    clean_up()
    assert asked > 50
