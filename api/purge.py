"""The purging follower: what changes make void is dropped from the caches in front, shortly after each change.

A cache may store an answer that was made just before a change only after the change was purged. So each purge is
sent a second time some seconds later, and the follower's position moves only then.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from hashlib import blake2b
from random import random

import httpx2

from api.following import Lease
from api.live_feed import LiveFeed
from api.purge_styles import STYLES, TIMEOUT, PurgeRefused, purge
from models.access import system_actor
from models.purging import Void, find_void

AGAIN_AFTER = 5.0
"""How long after the first purge the second one is sent, in seconds: longer than an answer takes on its way."""

LOOK_EVERY = 5.0
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
"""How long to wait after a first failure, which doubles with each one after it, and at most, in seconds."""

ACTOR = system_actor("purge")

logger = logging.getLogger("quiet.purge")


@dataclass(frozen=True, slots=True)
class Target:
    """A cache: the address that purges are sent to, in which style, and the token that allows them."""

    address: str
    style: str
    token: str

    @property
    def name(self) -> str:
        """Return the name of its follower; another address is another follower, which begins by purging all."""
        return f"purge {self.style} {blake2b(self.address.encode(), digest_size=8).hexdigest()}"


class Purger:
    """Purges one cache."""

    def __init__(self, feed: LiveFeed, target: Target) -> None:
        self._feed = feed
        self._target = target

    async def __call__(self, lease: Lease) -> None:
        """Follow the change log while the lease is held."""
        # No redirects: a purge that went elsewhere would purge nothing.
        async with httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False) as http:
            await self._follow(lease, http)

    async def _follow(self, lease: Lease, http: httpx2.AsyncClient) -> None:
        loop = asyncio.get_running_loop()
        seen = lease.point
        again: deque[tuple[float, Void]] = deque()
        while True:
            turn = self._feed.turn
            void = await find_void(self._feed.service.open_reader(ACTOR), seen)
            seen = lease.reached = void.end
            if void.keys:
                await self._purge(http, void)
                again.append((loop.time() + AGAIN_AFTER, void))
            while again and again[0][0] <= loop.time():
                _, void_again = again.popleft()
                await self._purge(http, void_again)
                await lease.store(void_again.end)
            if not void.more:
                wait = again[0][0] - loop.time() if again else LOOK_EVERY
                await self._feed.wait(turn, max(0.01, min(LOOK_EVERY, wait)))

    async def _purge(self, http: httpx2.AsyncClient, void: Void) -> None:
        """Purge until the cache says that it is done."""
        target = self._target
        wait = FIRST_WAIT
        while True:
            try:
                await purge(http, STYLES[target.style], target.address, target.token, void.keys)
            except PurgeRefused as refusal:
                pause = max(refusal.wait, wait * (0.75 + random() / 2))  # noqa: S311 - no secret
                wait = min(2 * wait, LONGEST_WAIT)
                logger.warning(
                    "The cache at %s keeps what is old; the purge is sent again in %.0f s: %s",
                    target.address,
                    pause,
                    refusal,
                )
                await asyncio.sleep(pause)
            else:
                return
