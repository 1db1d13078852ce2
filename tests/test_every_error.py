"""Every error is meant: whatever is sent, an answer is none of 5xx, its errors have codes, and nothing of the inside.

QUIET_TEST_CASES says how many requests are sent; with another QUIET_TEST_SEED they are others.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import httpx2

from api.settings import Settings
from schema.service import Service
from tests.client import Client, serve
from tests.dressing import Dresser
from tests.meant import find_fault
from tests.scrambling import Sent, scramble
from tests.ways import DRAWN_AT_ONCE, SEED, SILENT, clean_up, drawn, find_known

CASES = int(os.environ.get("QUIET_TEST_CASES", "150"))
pytestmark = SILENT


async def test_every_error_is_meant(content_settings: Settings) -> None:
    """Documents, variables, headers and bytes spoiled at random are refused by name, or answered."""
    statuses = Counter[int]()
    async with serve(content_settings) as client:
        service = client.service
        known = await find_known(service, range(client.database.head.revision + 1), [])
        for number in range(CASES):
            random = Random(SEED * 1_000_000 + number)
            parts = drawn(500_000 + number // DRAWN_AT_ONCE)[number % DRAWN_AT_ONCE]
            text, variables = Dresser(service.schema, known, random).write(parts)
            sent = scramble(text, variables, random)
            response = await send(client, sent)
            check(sent, response)
            statuses[response.status_code] += 1
        await check_health(client, service)
    clean_up()
    # Both are there, or nothing was tried.
    assert statuses[200] > CASES // 5
    assert statuses.total() - statuses[200] > CASES // 10


async def send(client: Client, sent: Sent) -> httpx2.Response:
    """Send a request as it is."""
    headers = [(name.encode(), value.encode("latin-1")) for name, value in sent.headers.items()]
    return await client.http.request(sent.method, sent.path, headers=headers, content=sent.body)


def check(sent: Sent, response: httpx2.Response) -> None:
    """Fail where an answer says more than it may, or less than it must."""
    media_type = response.headers.get("content-type", "")
    fault = find_fault(response.status_code, media_type, response.content)
    assert fault is None, f"{fault}\n{sent}\n{response.status_code} {response.content[:2_000]!r}"


async def check_health(client: Client, service: Service) -> None:
    """See that the service answers as before."""
    assert (await client.ask("{ articles { totalCount } }")).data["articles"]["totalCount"] > 0
    assert len(service.documents._kept) <= 1_000
