"""Our Tortoise engine for PostgreSQL: Tortoise's own, but a transaction that cannot begin gives its connection back.

Otherwise each failed beginning, as when the server is restarted, takes a connection out of the pool for good.
"""

from __future__ import annotations

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

from models.statements import Watched


class PooledTransaction(TransactionContextPooled):
    """A transaction on a connection of the pool."""

    async def __aenter__(self) -> TransactionalDBClient:
        """Begin; where that fails, leave nothing behind."""
        await self.ensure_connection()
        pool = self.client._parent._pool
        self.client._connection = await pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            await pool.release(self.client._connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client


class WatchedTransaction(Watched, TransactionWrapper):
    """A transaction whose statements are told to those who watch."""


class PooledClient(Watched, AsyncpgDBClient):
    """A client whose transactions give their connection back, whatever happens."""

    def _in_transaction(self) -> TransactionContext:
        return PooledTransaction(WatchedTransaction(self), self._pool_init_lock)


client_class = PooledClient
