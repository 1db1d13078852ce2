"""The delivering followers: each webhook hears of each change at least once and in order, from one process at a time.

An event that does not arrive is sent again and again, and those after it wait. After a day the webhook is disabled;
enabled again it goes on where it stopped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from hashlib import blake2b
from random import random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from api.change_stream import DOCUMENT, refusal_of, tell
from api.following import TROUBLE, Following, Lease
from api.live_feed import LiveFeed
from api.live_pages import Event as Happened
from api.live_pages import Page
from models import moment
from models.access import Actor, Right
from models.changes import Point
from models.database import Database
from models.delivery import (
    Event,
    StoredDelivery,
    find_queued,
    find_queued_webhooks,
    forget_old,
    list_failures,
    record,
    record_queued,
)
from models.errors import DatabaseReadOnly, NotFound, RevisionGone
from models.follower import LeaseLost
from models.webhook import StoredWebhook, Wanted, disable_webhook, find_webhook, load_webhooks
from schema.answer import Request
from schema.changes import read_cursor, write_cursor
from schema.following import Refused

if TYPE_CHECKING:
    from api.webhook_sending import Sender

FIRST_WAIT = 2_000
LONGEST_WAIT = 3_600_000
"""How long after a failure an event is sent again, which doubles with each, and at most, in milliseconds."""

PATIENCE = 24 * 3_600_000
"""How long an event may fail before its webhook is disabled, in milliseconds."""

LOOK_EVERY = 2.0
STORE_EVERY = 60.0
"""How often the place of a webhook is stored that has nothing to hear, in seconds."""

FORGET_EVERY = 3_600.0
"""How often old deliveries are forgotten, in seconds."""

GONE = 410
NO_ATTEMPTS = {"arrived": 0, "failed": 0}
ACTOR = Actor("webhooks", frozenset({Right.READ}))

logger = logging.getLogger("quiet.webhooks")


class Interrupted(Exception):
    """What a webhook is to hear is not what was being sent: it was disabled, changed, or moved."""


class Webhooks:
    """Keeps a follower for each webhook that there is, and tells it when something was asked of it."""

    def __init__(self, feed: LiveFeed, following: Following, *, private: bool) -> None:
        self._feed = feed
        self._following = following
        self._private = private
        self._deliverers: dict[str, Deliverer] = {}
        self._known: dict[str, StoredWebhook] = {}
        self._watching = asyncio.create_task(self._watch())

    @property
    def attempts(self) -> Mapping[str, int]:
        """Return how many attempts this process made, by what came of them."""
        return self._sender.attempts if "_sender" in vars(self) else NO_ATTEMPTS

    @cached_property
    def _sender(self) -> Sender:
        """What sends, made for the first webhook."""
        # Here and not above: a service without webhooks does not need the client, which takes a while to import.
        from api.webhook_sending import Sender  # noqa: PLC0415

        return Sender(private=self._private)

    async def close(self) -> None:
        """Stop; what is under way is sent again by whoever comes next."""
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)
        for webhook in self._known.values():
            await self._following.stop(webhook.follower)
        if "_sender" in vars(self):
            await self._sender.close()

    async def _watch(self) -> None:
        database, loop = self._feed.service.database, asyncio.get_running_loop()
        forget_at = loop.time()
        while True:
            try:
                await self._look(database)
                if loop.time() >= forget_at:
                    await forget(database)
                    forget_at = loop.time() + FORGET_EVERY
            except TROUBLE as error:
                logger.warning("The webhooks cannot be read, trying again: %s", error)
            # Whatever it is: without this watch no webhook is told of anything new.
            except Exception:
                logger.exception("Looking after the webhooks failed, trying again.")
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self, database: Database) -> None:
        """Start followers of new webhooks, stop those of deleted ones, and wake those that something is asked of."""
        found = {webhook.id: webhook for webhook in await load_webhooks(database)}
        queued = await find_queued_webhooks(database) if found else frozenset()
        for gone in self._known.keys() - found.keys():
            self._deliverers.pop(gone, None)
            await self._following.stop(self._known[gone].follower)
        for webhook in found.values():
            if webhook.id not in self._deliverers:
                self._deliverers[webhook.id] = Deliverer(self._feed, self._sender, webhook.id)
                self._following.start(webhook.follower, self._deliverers[webhook.id], begin=False)
            elif webhook != self._known[webhook.id] or webhook.id in queued:
                self._deliverers[webhook.id].poke()
        self._known = found


async def forget(database: Database) -> None:
    """Forget old deliveries, unless nothing can be written here: then somebody else does. Raises DatabaseLost …"""
    with suppress(DatabaseReadOnly):
        await forget_old(database)


class Deliverer:
    """Delivers to one webhook."""

    def __init__(self, feed: LiveFeed, sender: Sender, webhook_id: str) -> None:
        self._feed = feed
        self._sender = sender
        self._id = webhook_id
        self._database = feed.service.database
        self._poked = asyncio.Event()

    def poke(self) -> None:
        """Let it look whether anything was asked of it."""
        self._poked.set()

    async def __call__(self, lease: Lease) -> None:
        """Deliver while the lease is held and the webhook is there."""
        with suppress(NotFound):
            await self._follow(lease)

    async def _follow(self, lease: Lease) -> None:
        loop = asyncio.get_running_loop()
        point, stored_at = lease.point, loop.time()
        while True:
            turn = self._feed.turn
            self._poked.clear()
            webhook = await self._serve()
            kept = await lease.find()
            if kept != lease.point:
                lease.point = point = kept
            # A disabled one stands still, which is not a lag.
            lease.reached = point if webhook.is_enabled else None
            if point is None or not webhook.is_enabled:
                await self._wait(turn, None)
                continue
            page = await self._read(webhook, point)
            if page is None:
                continue
            try:
                for change in page.events:
                    after = read_cursor(change.position)
                    await self._deliver(lease, webhook, make_event(webhook, change), after)
                    point = lease.reached = after
            except Interrupted:
                continue
            if page.step.more:
                continue
            point = lease.reached = max(point, read_cursor(page.step.end))
            if point.revision > (lease.point or point).revision and loop.time() - stored_at > STORE_EVERY:
                stored_at = loop.time()
                await lease.store(point)
            await self._wait(turn, None)

    async def _serve(self) -> StoredWebhook:
        """Send one of what somebody asked for, and return the webhook as it is now. Raises NotFound.

        One only, so that the events that happen need not wait for all of it.
        """
        webhook = await find_webhook(self._database, self._id)
        queued = await find_queued(self._database, self._id)
        if queued is None:
            return webhook
        event = Event(queued.event_id, queued.type, queued.revision, queued.request)
        await record_queued(self._database, queued, await self._sender.send(webhook, event))
        self.poke()  # there may be more
        return await find_webhook(self._database, self._id)

    async def _wait(self, turn: int | None, seconds: float | None) -> None:
        """Wait until something may have happened since a turn, something is asked for, or so long."""
        waits: list[asyncio.Task[Any]] = [asyncio.create_task(self._poked.wait())]
        if turn is not None:
            waits.append(asyncio.create_task(self._feed.wait(turn, STORE_EVERY)))
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _read(self, webhook: StoredWebhook, point: Point) -> Page | None:
        """Return the changes after a point that a webhook wants; None, and it is disabled, where they are gone."""
        try:
            place = await self._feed.follow(write_request(webhook.wanted, point), ACTOR)
            return await self._feed.read(place.channel, place.position)
        except Refused as refused:
            refusal = refusal_of(refused.answer)
            if refusal.code != RevisionGone.code:
                raise refusal from None
            reason = "The history was compacted beyond what it was told. Enabled again it goes on from then."
            await self._disable(webhook, reason)
            return None

    async def _deliver(self, lease: Lease, webhook: StoredWebhook, event: Event, point: Point) -> None:
        """Send an event until it arrives, and remember the point after it.

        Raises Interrupted where something else is to be sent by now, or LeaseLost.
        """
        while True:
            self._poked.clear()
            now = await self._serve()
            if not now.is_enabled or now.wanted != webhook.wanted or await lease.find() != lease.point:
                raise Interrupted
            failures = await list_failures(self._database, webhook.id, event.id, now.counted_after)
            due = (failures[-1].next_attempt or 0) if failures and now == webhook else 0
            if due > moment.now():
                await self._wait(None, (due - moment.now()) / 1000)
                continue
            webhook = now
            if await self._attempt(lease, webhook, event, point, failures):
                return

    async def _attempt(
        self,
        lease: Lease,
        webhook: StoredWebhook,
        event: Event,
        point: Point,
        failures: Sequence[StoredDelivery],
    ) -> bool:
        """Send an event once and store what came of it; tell whether it arrived. Raises LeaseLost."""
        outcome = await self._sender.send(webhook, event)
        first = failures[0].at if failures else moment.now()
        again: int | None = None
        reason = None
        if outcome.status == GONE:
            reason = "The receiver answered 410 Gone."
        elif not outcome.is_done and moment.now() - first >= PATIENCE:
            reason = f"An event did not arrive for 24 hours. {outcome.error}"
        elif not outcome.is_done:
            again = moment.now() + choose_wait(len(failures))
        async with self._database.transaction() as connection:
            await record(connection, webhook, event, len(failures) + 1, outcome, again)
            kept = not outcome.is_done or await lease.advance(connection, point)
        if not kept:
            raise LeaseLost(lease.name)
        if reason is not None:
            await self._disable(webhook, reason)
        if outcome.is_done:
            lease.point = point
        return outcome.is_done

    async def _disable(self, webhook: StoredWebhook, reason: str) -> None:
        # Neither the whole address nor the reason, which may name it: at some services it is the secret.
        host = urlsplit(webhook.address).hostname
        logger.warning("The webhook %s to %s is disabled; `quiet webhook list` tells why.", webhook.id, host)
        await disable_webhook(self._database, webhook.id, reason)


def choose_wait(failures: int) -> int:
    """Return how many milliseconds to wait after one more failure than these: longer each time, never the same."""
    return int(min(FIRST_WAIT * 2 ** min(failures, 30), LONGEST_WAIT) * (0.75 + random() / 2))  # noqa: S311


def write_request(wanted: Wanted, after: Point) -> Request:
    """Return the subscription to what a webhook wants, from a point on."""
    where = {
        "sites": wanted.sites,
        "kinds": None if wanted.kinds is None else [kind.name for kind in wanted.kinds],
    }
    variables = {
        "perspective": "PUBLISHED",
        "locales": wanted.locales,
        "where": {name: listed for name, listed in where.items() if listed is not None},
        "after": write_cursor(after),
    }
    return Request(DOCUMENT, None, variables, may_change=False)


def make_event(webhook: StoredWebhook, change: Happened) -> Event:
    """Return the event of a change; its id is the same whenever and by whomever it is sent.

    Raises Refusal where the change could not be read.
    """
    answer = change.answer
    if answer.errors or answer.data is None:
        raise refusal_of(answer)
    told = tell(answer.data)
    subject = "article" if told["articleId"] else "site"
    kind = f"{subject}.{told['kind'].lower()}"
    body = {"type": kind, "timestamp": told.pop("at"), "data": {"cursor": change.position, **told}}
    name = blake2b(f"{webhook.id}\0{change.position}".encode(), digest_size=16).hexdigest()
    return Event(f"evt_{name}", kind, told["revision"], orjson.dumps(body).decode())
