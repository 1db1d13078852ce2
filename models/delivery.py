"""Deliveries: what was sent to a webhook, what it answered, and what somebody wants to be sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import randrange
from typing import Any
from uuid import uuid4

import orjson
from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.indexes import PartialIndex

from models import moment
from models.access import Actor, Right
from models.changes import start_after
from models.database import Database, Row
from models.dialect import Sql, join
from models.errors import InvalidArgument, NotFound
from models.fields import CodeField
from models.follower import move_follower, run
from models.moment import FOREVER
from models.table_model import TableModel
from models.webhook import StoredWebhook, Webhook, begin_again, find_webhook, lock_webhook

KEPT = 30 * 24 * 3_600_000
"""How long deliveries are kept, in milliseconds."""

MOST_KEPT = 10_000
"""How many are kept of one webhook."""

FORGET_ONE_IN = 100
FORGOTTEN_AT_ONCE = 1_000
PAGES_AT_ONCE = 100
LONGEST_RESPONSE = 2_000
TEST = "webhook.test"


class Delivery(TableModel):
    """One attempt to send an event; `attempt` 0 is one that somebody asked for and that is still to be made.

    `next_attempt` is when the event is sent again, `error` why nothing came back.
    """

    id = fields.BigIntField(primary_key=True)
    webhook: fields.ForeignKeyRelation[Webhook] = fields.ForeignKeyField(
        "models.Webhook", related_name="deliveries", on_delete=fields.CASCADE
    )
    webhook_id: str
    event_id = CodeField(max_length=40)
    type = CodeField(max_length=40)
    revision = fields.BigIntField()
    attempt = fields.IntField()
    at = fields.BigIntField()
    duration = fields.IntField(null=True)
    status = fields.IntField(null=True)
    error = fields.TextField(null=True)
    request = fields.TextField()
    response = fields.TextField(null=True)
    next_attempt = fields.BigIntField(null=True)

    class Meta:
        table = "delivery"
        indexes = (
            ("webhook_id", "event_id"),
            ("webhook_id", "id"),
            PartialIndex(fields=("webhook_id",), name="idx_delivery_queued", condition={"attempt": 0}),
        )


COLUMNS = (
    "id, webhook_id, event_id, type, revision, attempt, at, duration, status, error, request, response, "
    "next_attempt"
)


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """An attempt to send an event, made or, with `attempt` 0, to be made."""

    id: int
    webhook_id: str
    event_id: str
    type: str
    revision: int
    attempt: int
    at: int
    duration: int | None
    status: int | None
    error: str | None
    request: str
    response: str | None
    next_attempt: int | None

    @property
    def is_done(self) -> bool:
        """Tell whether the receiver took the event."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Which deliveries are listed: the newest of a webhook, at most `size`, older than the one with the id `before`."""

    webhook_id: str
    size: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What is sent: an id that stays the same however often, a type, the revision, and the body."""

    id: str
    type: str
    revision: int
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: how long it took in milliseconds, the status and the response, or why there is none."""

    duration: int
    status: int | None = None
    response: str | None = None
    error: str | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether the receiver took the event."""
        return self.error is None and self.status is not None and 200 <= self.status < 300


async def request_test(database: Database, actor: Actor, webhook_id: str) -> StoredDelivery:
    """Ask for a test event to be sent to a webhook, enabled or not. Raises Forbidden or NotFound."""
    actor.require_everywhere(Right.ADMINISTER)
    webhook = await find_webhook(database, webhook_id)
    told = {"type": TEST, "timestamp": moment.to_text(moment.now()), "data": {"webhook": webhook.id}}
    event = Event(f"test_{uuid4().hex}", TEST, database.head.revision, orjson.dumps(told).decode())
    return await queue(database, webhook, event)


async def request_again(database: Database, actor: Actor, delivery_id: int) -> StoredDelivery:
    """Ask for a delivery to be sent once more, with the same id and body. Raises Forbidden or NotFound."""
    actor.require_everywhere(Right.ADMINISTER)
    old = await find_delivery(database, delivery_id)
    event = Event(old.event_id, old.type, old.revision, old.request)
    return await queue(database, await find_webhook(database, old.webhook_id), event)


async def queue(database: Database, webhook: StoredWebhook, event: Event) -> StoredDelivery:
    """Store an attempt that is to be made soon."""
    async with database.transaction() as connection:
        row = await Delivery.create(
            **describe(webhook, event),
            attempt=0,
            at=moment.now(),
            next_attempt=moment.now(),
            using_db=connection,
        )
    return await find_delivery(database, row.id)


def describe(webhook: StoredWebhook, event: Event) -> dict[str, Any]:
    """Return the columns that say what is sent to whom."""
    return {
        "webhook_id": webhook.id,
        "event_id": event.id,
        "type": event.type,
        "revision": event.revision,
        "request": event.body,
    }


async def redeliver_since(database: Database, actor: Actor, webhook_id: str, revision: int) -> StoredWebhook:
    """Send a webhook everything again that happened after a revision, in order, and go on from there.

    Raises Forbidden, NotFound, InvalidArgument, RevisionUnknown or RevisionGone.
    """
    actor.require_everywhere(Right.ADMINISTER)
    point = await start_after(database, revision)
    async with database.transaction() as connection:
        webhook = await lock_webhook(database, connection, webhook_id)
        if not webhook.is_enabled:
            raise InvalidArgument("The webhook is disabled; enable it first.")
        await move_follower(connection, webhook.follower, point)
        # By this whoever delivers sees that something was asked.
        await Webhook.filter(id=webhook_id).using_db(connection).update(**await begin_again(connection))
    return webhook


async def record(
    connection: BaseDBAsyncClient,
    webhook: StoredWebhook,
    event: Event,
    attempt: int,
    outcome: Outcome,
    next_attempt: int | None,
) -> None:
    """Store an attempt within a transaction, and forget the oldest where there are too many."""
    await Delivery.create(
        **describe(webhook, event),
        attempt=attempt,
        at=moment.now() - outcome.duration,
        duration=outcome.duration,
        status=outcome.status,
        error=outcome.error,
        response=outcome.response,
        next_attempt=next_attempt,
        using_db=connection,
    )
    # Not at each attempt: it is work for nothing most of the time.
    if randrange(FORGET_ONE_IN) == 0:  # noqa: S311 - no secret
        own = Delivery.filter(webhook_id=webhook.id, attempt__gt=0).using_db(connection)
        newest = await own.order_by("-id").offset(MOST_KEPT).first()
        if newest is not None:
            await own.filter(id__lte=newest.id).delete()


async def forget_old(database: Database) -> None:
    """Forget what was sent to any webhook longer ago than deliveries are kept. Raises DatabaseLost or DatabaseBusy.

    The oldest come first, a few at a time, so that nobody waits for long.
    """
    oldest = f"SELECT id FROM delivery ORDER BY id LIMIT {FORGOTTEN_AT_ONCE}"
    old = Sql(
        f"DELETE FROM delivery WHERE id IN ({oldest}) AND at < ? AND attempt > 0", (moment.now() - KEPT,)
    )
    forgotten = 1
    while forgotten:
        async with database.transaction() as connection:
            forgotten = await run(connection, database, old)


async def record_queued(database: Database, delivery: StoredDelivery, outcome: Outcome) -> None:
    """Store what came of an attempt that somebody asked for; it is made once."""
    async with database.transaction() as connection:
        queued = Delivery.filter(id=delivery.id, attempt=0).using_db(connection)
        await queued.update(
            attempt=1,
            at=moment.now() - outcome.duration,
            duration=outcome.duration,
            status=outcome.status,
            error=outcome.error,
            response=outcome.response,
            next_attempt=None,
        )


async def find_queued(database: Database, webhook_id: str) -> StoredDelivery | None:
    """Return the first attempt that is still to be made to a webhook because somebody asked for it, if there is one."""
    query = Sql(
        f"SELECT {COLUMNS} FROM delivery WHERE webhook_id = ? AND attempt = 0 ORDER BY id LIMIT 1",
        (webhook_id,),
    )
    return next(map(read_delivery, await database.read(query)), None)


async def find_queued_webhooks(database: Database) -> frozenset[str]:
    """Return the ids of the webhooks to which attempts are still to be made because somebody asked for them."""
    rows = await database.read(Sql("SELECT DISTINCT webhook_id FROM delivery WHERE attempt = 0"))
    return frozenset(row["webhook_id"] for row in rows)


async def count_webhooks(database: Database) -> tuple[int, int, int]:
    """Return how many webhooks are enabled and disabled, and how many attempts are still to be made for somebody."""
    query = Sql(
        "SELECT COUNT(*) - COUNT(disabled_at) AS enabled, COUNT(disabled_at) AS disabled, "
        "(SELECT COUNT(*) FROM delivery WHERE attempt = 0) AS queued FROM webhook"
    )
    (row,) = await database.read(query)
    return row["enabled"], row["disabled"], row["queued"]


async def list_failures(
    database: Database, webhook_id: str, event_id: str, after: int
) -> list[StoredDelivery]:
    """Return the failures of an event after the delivery with the id `after`, in order.

    Attempts that somebody asked for are none of them: nothing follows from how they end.
    """
    query = Sql(
        f"SELECT {COLUMNS} FROM delivery WHERE webhook_id = ? AND event_id = ? AND attempt > 0 "
        "AND next_attempt IS NOT NULL AND id > ? ORDER BY id",
        (webhook_id, event_id, after),
    )
    return [read_delivery(row) for row in await database.read(query)]


async def list_deliveries(
    database: Database, actor: Actor, webhook_id: str, size: int, before: int | None = None
) -> list[StoredDelivery]:
    """Return the newest deliveries to a webhook, at most `size`, those older than the one with the id `before`.

    Raises Forbidden.
    """
    page = DeliveryPage(webhook_id, size, before)
    return (await load_delivery_pages(database, actor, [page]))[page]


async def load_delivery_pages(
    database: Database, actor: Actor, pages: Sequence[DeliveryPage]
) -> dict[DeliveryPage, list[StoredDelivery]]:
    """Return the deliveries of pages, which are all different, by one statement for many. Raises Forbidden."""
    actor.require_everywhere(Right.ADMINISTER)
    found: dict[DeliveryPage, list[StoredDelivery]] = {page: [] for page in pages}
    for start in range(0, len(pages), PAGES_AT_ONCE):
        parts = [
            Sql(
                f"SELECT * FROM (SELECT {number} AS page, {COLUMNS} FROM delivery WHERE webhook_id = ? "
                "AND id < CAST(? AS BIGINT) ORDER BY id DESC LIMIT ?) AS deliveries",
                (page.webhook_id, FOREVER if page.before is None else page.before, page.size),
            )
            for number, page in enumerate(pages[start : start + PAGES_AT_ONCE], start)
        ]
        for row in await database.read(join(" UNION ALL ", parts) + Sql("ORDER BY id DESC")):
            columns = dict(row)
            found[pages[columns.pop("page")]].append(StoredDelivery(**columns))
    return found


async def find_delivery(database: Database, delivery_id: int) -> StoredDelivery:
    """Return the delivery with this id. Raises NotFound."""
    query = Sql(f"SELECT {COLUMNS} FROM delivery WHERE id = CAST(? AS BIGINT)", (delivery_id,))
    rows = await database.read(query)
    if not rows:
        raise NotFound(f"There is no delivery {delivery_id}.")
    return read_delivery(rows[0])


def read_delivery(row: Row) -> StoredDelivery:
    """Return the delivery of a row."""
    return StoredDelivery(**dict(row))


def cut_response(body: bytes) -> str:
    """Return the beginning of a response as a text that both databases can store."""
    return body[:LONGEST_RESPONSE].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
