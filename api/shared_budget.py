"""Budgets counted by several processes together, in a Redis or Valkey server.

Where that does not answer at once each process counts by itself until it does: a limit that is a little wide for a
while is better than no answers.
"""

from __future__ import annotations

import logging
from hashlib import blake2b
from time import monotonic
from typing import Any

from api.budget import MINUTE, OwnBudget, Spent
from models.beginning import settle

PATIENCE = 0.25
"""How many seconds the server has for an answer."""

AGAIN = 5.0
"""After how many seconds it is asked again where it did not answer."""

SCRIPT = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local each, cost, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local known = redis.call('HMGET', KEYS[1], 'left', 'moment')
local left = tonumber(known[1]) or each
local passed = math.max(0, now - (tonumber(known[2]) or now))
left = math.min(each, left + passed * each / window)
local allowed = 0
if cost <= left then
  allowed = 1
  left = left - cost
end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'moment', tostring(now))
redis.call('EXPIRE', KEYS[1], math.ceil(window) + 1)
return {allowed, tostring(left)}
"""
"""The token bucket of `OwnBudget`, by the server's clock and as one step of it."""

logger = logging.getLogger("quiet.budget")


class SharedBudget:
    """A budget counted in a Redis server; `own` is what counts while that does not answer."""

    def __init__(self, each: int, address: str) -> None:
        # Here and not above: nobody else needs the package.
        from redis.asyncio import Redis  # noqa: PLC0415
        from redis.exceptions import RedisError  # noqa: PLC0415

        self.each = each
        self.paid = 0
        self._errors = (RedisError, OSError, TimeoutError)
        self._redis: Any = Redis.from_url(address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._script = self._redis.register_script(SCRIPT)
        self._own = OwnBudget(each)
        self._silent_until = 0.0

    async def spend(self, client: str, cost: int) -> Spent:
        """Take a cost from what a client has left everywhere, or nothing where that is not enough."""
        if monotonic() < self._silent_until:
            return await self._own.spend(client, cost)
        # Who asks is nobody's business who may look into that server.
        name = f"quiet:budget:{blake2b(client.encode(), digest_size=16).hexdigest()}"
        await settle()
        try:
            allowed, left = await self._script(keys=[name], args=[self.each, cost, MINUTE])
        except self._errors as error:
            self._silent_until = monotonic() + AGAIN
            logger.warning(
                "Redis does not answer (%s); budgets are counted in this process.", type(error).__name__
            )
            return await self._own.spend(client, cost)
        return Spent(bool(allowed), float(left))

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
