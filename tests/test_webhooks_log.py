"""The log of what was sent to webhooks: written with their place, bounded, and read by indexes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import api.following
import api.webhook_sending
import api.webhooks
import models.changes
import models.delivery
from api.settings import Settings
from models import moment
from models.database import Database, record_statements
from models.delivery import (
    Delivery,
    Event,
    Outcome,
    find_queued,
    find_queued_webhooks,
    forget_old,
    record,
)
from models.dialect import POSTGRES, Sql
from models.errors import DatabaseLost
from models.follower import find_point
from models.webhook import (
    Changed,
    StoredWebhook,
    update_webhook,
)
from tests.client import TESTER, Client, serve
from tests.receiver import Receiver
from tests.webhooks import (
    deliveries,
    hook,
    publish,
    read,
    take,
    wait_until,
    whole_log,
)

pytestmark = pytest.mark.database


@pytest.fixture
def client(telling: Client) -> Client:
    """Return a client of a service that tells webhooks on this machine."""
    return telling


async def note(client: Client, webhook: StoredWebhook, event_id: str) -> None:
    """Store a delivery that arrived."""
    async with client.database.transaction() as connection:
        await record(connection, webhook, Event(event_id, "t", 1, "{}"), 1, Outcome(0, 200), None)


async def test_the_log_is_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """More deliveries of a webhook than are kept are forgotten, the oldest first."""
    made, _ = await hook(client, "http://127.0.0.1:9/")
    webhook = await update_webhook(client.database, TESTER, made.id, Changed(is_enabled=False), private=True)
    monkeypatch.setattr(models.delivery, "MOST_KEPT", 5)
    monkeypatch.setattr(models.delivery, "FORGET_ONE_IN", 1)
    for number in range(8):
        await note(client, webhook, f"evt_{number}")
    kept = [one.event_id for one in await deliveries(client, webhook)]
    assert kept == [f"evt_{number}" for number in range(3, 8)]


async def test_old_deliveries_are_forgotten(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent 30 days ago is forgotten, however few at once, also to webhooks that are told of nothing."""
    monkeypatch.setattr(models.delivery, "FORGOTTEN_AT_ONCE", 2)
    idle, _ = await hook(client, "http://127.0.0.1:9/")
    await update_webhook(client.database, TESTER, idle.id, Changed(is_enabled=False), private=True)
    for number in range(5):
        await note(client, idle, f"evt_{number}")
    later = moment.now() + 31 * 86_400_000
    monkeypatch.setattr(moment, "now", lambda: later)
    await note(client, idle, "evt_new")
    await forget_old(client.database)
    assert [one.event_id for one in await deliveries(client, idle)] == ["evt_new"]


async def test_each_process_forgets(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process forgets old deliveries from its beginning on, again and again."""
    monkeypatch.setattr(api.webhooks, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(api.webhooks, "FORGET_EVERY", 0.01)
    rounds: asyncio.Queue[Database] = asyncio.Queue()

    async def note(database: Database) -> None:
        rounds.put_nowait(database)

    monkeypatch.setattr(api.webhooks, "forget_old", note)
    async with serve(settings) as client, asyncio.timeout(10):
        assert {await rounds.get(), await rounds.get()} == {client.database}


async def test_looking_for_what_is_queued(client: Client) -> None:
    """Looking for what was asked for, which each process does all the time, reads no delivery that was made."""
    webhook, _ = await hook(client, "http://127.0.0.1:9/")
    made = Delivery(webhook_id=webhook.id, event_id="e", type="t", revision=1, attempt=1, at=1, request="{}")
    async with client.database.transaction() as connection:
        await Delivery.bulk_create([made] * 3_000, using_db=connection)
        if client.database.dialect is POSTGRES:
            await connection.execute_query("ANALYZE delivery")
    with record_statements() as statements:
        assert await find_queued_webhooks(client.database) == frozenset()
        assert await find_queued(client.database, webhook.id) is None
    explain = "EXPLAIN" if client.database.dialect is POSTGRES else "EXPLAIN QUERY PLAN"
    for statement, parameters in zip(statements, [(), (webhook.id,)], strict=True):
        plan = await client.database.read(Sql(f"{explain} {statement}", parameters))
        assert "idx_delivery_queued" in str([tuple(row) for row in plan])


async def test_an_event_is_stored_with_its_place(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That an event arrived and where the webhook stands are one transaction: nothing can fail between."""

    async def fail(*arguments: Any) -> None:
        raise DatabaseLost

    monkeypatch.setattr(api.following, "store_point", fail)
    webhook, _ = await hook(client, receiver.address)
    await publish(client, "A", "B", "C")
    assert [read(await take(receiver))[1] for _ in range(3)] == ["A", "B", "C"]
    await wait_until(lambda: whole_log(client, webhook, 3))
    point = await find_point(client.database, webhook.follower)
    assert point is not None
    assert point.revision == client.database.head.revision
