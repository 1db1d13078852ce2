"""The followers of this process: each works while it holds its lease, and stops when another process may.

A process that dies lets go of its followers within the lease's time. What one sent and did not yet remember is
sent again by the next one, so that everything is sent at least once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import BaseORMException

from models.changes import Point
from models.database import Database
from models.errors import ContentError, DatabaseReadOnly
from models.follower import LeaseLost, advance, claim, find_point, release, renew, store_point
from models.trouble import LOST

LEASE = 10.0
"""How long a process holds its followers without renewing, in seconds: the most that others wait for a dead one."""

MARGIN = 2.0
"""How long before the end of a lease that cannot be renewed its work is stopped, in seconds."""

LOOK_EVERY = 2.0
"""How often a process looks whether a follower is free that another one holds, in seconds."""

RESTART_AFTER = 1.0

TROUBLE = (*LOST, ContentError, asyncpg.PostgresError, BaseORMException, TimeoutError)
"""What the database raises when it cannot be used now."""

logger = logging.getLogger("quiet.followers")


@dataclass(slots=True)
class Lease:
    """A follower that this process holds: its name, where it stood, and until when by the loop's clock."""

    database: Database
    name: str
    holder: str
    point: Point | None
    expires: float
    reached: Point | None = None
    """How far it came in this process, which is remembered later."""

    async def store(self, point: Point) -> None:
        """Remember how far the follower came. Raises LeaseLost."""
        await store_point(self.database, self.name, self.holder, self.point, point)
        self.point = point

    async def advance(self, connection: BaseDBAsyncClient, point: Point) -> bool:
        """Remember how far the follower came, with what else this transaction writes; tells False where it is lost."""
        return await advance(connection, self.name, self.holder, self.point, point)

    async def find(self) -> Point | None:
        """Return where the follower stands by now: somebody may have moved it."""
        return await find_point(self.database, self.name)


Work = Callable[[Lease], Awaitable[None]]
"""What a follower does while it is held; it ends by an error, or when it is cancelled."""


class Following:
    """Runs followers, and renews the leases of all of them together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holder = str(uuid4())
        self._followers: dict[str, asyncio.Task[None]] = {}
        self._working: dict[str, tuple[Lease, asyncio.Task[None]]] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._stands_aside = False

    def start(self, name: str, work: Work, *, begin: bool = True) -> None:
        """Run a follower until `stop` or `close`, whenever this process holds it; with `begin` also a new one."""
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        self._followers[name] = asyncio.create_task(self._follow(name, work, begin))

    def list_reached(self) -> dict[str, Point | None]:
        """Return how far each follower came that this process holds."""
        return {name: lease.reached for name, (lease, _) in self._working.items()}

    async def stop(self, name: str) -> None:
        """Run a follower no more."""
        task = self._followers.pop(name, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def close(self) -> None:
        """Stop all followers and let other processes have them at once."""
        for name in list(self._followers):
            await self.stop(name)
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
            with suppress(*TROUBLE):
                await release(self._database, self._holder)

    async def _follow(self, name: str, work: Work, begin: bool) -> None:
        """Wait for the follower to be free, work, and begin again whatever happens."""
        while True:
            try:
                if not await self._work(name, work, begin):
                    await asyncio.sleep(LOOK_EVERY)
                    continue
            except DatabaseReadOnly:
                self._stand_aside()
                await asyncio.sleep(LOOK_EVERY)
                continue
            except LeaseLost:
                logger.warning("Another process follows %s now, or somebody moved it.", name)
            except TROUBLE as error:
                logger.warning("The follower %s cannot go on, trying again: %s", name, error)
            # Whatever it is: a follower that ended would stay behind for ever.
            except Exception:
                logger.exception("The follower %s failed, trying again.", name)
            await asyncio.sleep(RESTART_AFTER)

    def _stand_aside(self) -> None:
        """Say, once, that others must follow here: on a replica this goes on as long as the process."""
        if not self._stands_aside:
            logger.warning("The database is read-only here: webhooks and purges are left to other processes.")
        self._stands_aside = True

    async def _work(self, name: str, work: Work, begin: bool) -> bool:
        """Work while the lease is held; tell whether it was to be had."""
        loop = asyncio.get_running_loop()
        expires = loop.time() + LEASE
        claimed = await claim(self._database, name, self._holder, LEASE, begin=begin)
        if claimed is None:
            return False
        self._stands_aside = False
        lease = Lease(self._database, name, self._holder, claimed.point, expires)
        task = asyncio.ensure_future(work(lease))
        self._working[name] = lease, task
        try:
            await asyncio.wait({task})
        finally:
            del self._working[name]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if task.cancelled():
            raise LeaseLost(name)
        task.result()
        return True

    async def _renew(self) -> None:
        """Renew all leases well before they end, and stop the work of those that are not held any more."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LEASE / 4)
            working = dict(self._working)
            if not working:
                continue
            expires = loop.time() + LEASE
            try:
                async with asyncio.timeout_at(min(lease.expires for lease, _ in working.values()) - MARGIN):
                    held = await renew(self._database, self._holder, LEASE)
            # Whatever it is: leases that nobody renews would be lost again and again.
            except Exception as error:
                logger.warning(
                    "The followers' leases cannot be renewed, trying again: %s",
                    str(error) or "too slow",
                    exc_info=not isinstance(error, TROUBLE),
                )
                stop(
                    working,
                    {name for name, (lease, _) in working.items() if lease.expires - MARGIN > loop.time()},
                )
                continue
            for lease, _ in working.values():
                lease.expires = expires
            stop(working, held)


def stop(working: Mapping[str, tuple[Lease, asyncio.Task[None]]], held: Collection[str]) -> None:
    """Stop the work of all followers but those that are held."""
    for name, (_, task) in working.items():
        if name not in held:
            task.cancel()
