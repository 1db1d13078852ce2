"""Webhooks of a service under test: making them, publishing for them, and reading what they were sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from models import moment
from models.delivery import StoredDelivery, list_deliveries
from models.draft import ArticleDraft
from models.webhook import StoredWebhook, Wanted, create_webhook, find_webhook
from tests.client import TESTER, Client
from tests.receiver import Received, Receiver, Told, receiving


async def take(receiver: Receiver) -> Received:
    """Return the next request."""
    return await asyncio.to_thread(receiver.take)


async def hook(client: Client, address: str, wanted: Wanted | None = None) -> tuple[StoredWebhook, str]:
    """Make a webhook."""
    return await create_webhook(client.database, TESTER, address, wanted or Wanted(), private=True)


async def publish(client: Client, *titles: str) -> None:
    """Publish articles, each by a revision of its own."""
    for title in titles:
        await client.save(ArticleDraft("en", title.lower(), title))


def read(request: Received) -> tuple[str, str | None]:
    """Return type and title of an event."""
    body = json.loads(request.body)
    article = body["data"].get("article")
    return body["type"], article and article["title"]


async def wait_until(meets: Callable[[], Any]) -> Any:
    """Return what a coroutine function returns once that is true."""
    async with asyncio.timeout(20):
        while not (found := await meets()):  # noqa: ASYNC110 - what is waited for is in the database
            await asyncio.sleep(0.02)
    return found


async def deliveries(client: Client, webhook: StoredWebhook) -> list[StoredDelivery]:
    """Return all deliveries, the oldest first."""
    return (await list_deliveries(client.database, TESTER, webhook.id, 100))[::-1]


@asynccontextmanager
async def failing(client: Client, *answers: Told) -> AsyncIterator[tuple[Receiver, StoredWebhook]]:
    """Run a receiver that gives these answers and then 200, with a webhook to it."""
    given = iter(answers)
    with receiving(lambda _: next(given, Told(200, b"thanks"))) as receiver:
        webhook, _ = await hook(client, receiver.address)
        yield receiver, webhook


async def whole_log(client: Client, webhook: StoredWebhook, count: int) -> list[StoredDelivery] | None:
    """Return the deliveries once there are so many."""
    log = await deliveries(client, webhook)
    return log if len(log) >= count else None


async def find_disabled(client: Client, webhook: StoredWebhook) -> StoredWebhook | None:
    """Return the webhook once it is disabled."""
    found = await find_webhook(client.database, webhook.id)
    return None if found.is_enabled else found


async def is_done(client: Client, webhook: StoredWebhook) -> bool:
    """Tell whether the newest delivery arrived."""
    return (await deliveries(client, webhook))[-1].is_done


async def waits_long(client: Client, webhook: StoredWebhook) -> bool:
    """Tell whether the next attempt lies far ahead."""
    log = await deliveries(client, webhook)
    return (log[-1].next_attempt or 0) > moment.now() + 60_000


async def is_asked(receiver: Receiver) -> bool:
    """Tell whether a request came, answered or not."""
    return bool(receiver.received)
