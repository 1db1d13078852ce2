"""Webhooks of a service under test: making them, publishing for them, and reading what they were sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from models.draft import ArticleDraft
from models.webhook import StoredWebhook, Wanted, create_webhook
from tests.client import TESTER, Client
from tests.receiver import Received, Receiver


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
