"""Idempotency keys: a repeated request is answered with what the first one did, and does nothing.

The key is stored in the transaction of the change itself, so that either both are there or neither is.
After "The Idempotency-Key HTTP Header Field" (IETF draft-ietf-httpapi-idempotency-key-header).
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from models.errors import InvalidArgument, KeyReused
from models.fields import CodeField, JsonField
from models.outcome import Done, read_done
from models.table_model import TableModel

LIFETIME = 24 * 60 * 60 * 1000
"""How long a key is remembered, in milliseconds."""

LONGEST_KEY = 255


class IdempotencyKey(TableModel):
    """A key of an actor, a digest of what was asked with it, and what came of it."""

    id = CodeField(max_length=64, primary_key=True)
    fingerprint = CodeField(max_length=64)
    done: Any = JsonField()
    created_at = fields.BigIntField(db_index=True)

    class Meta:
        table = "idempotency_key"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A key as a client gave it, with a digest of the field and arguments that it was given for."""

    id: str
    fingerprint: str


class Repeated(Exception):
    """Leaves a write whose key was used before; `done` is what the first one did."""

    def __init__(self, done: Done) -> None:
        super().__init__()
        self.done = done


def make_receipt(actor: str, key: str, request: bytes) -> Receipt:
    """Return the receipt of an actor's key for a request, which are its field and arguments as bytes.

    Raises InvalidArgument where the key is empty or too long.
    """
    if not 1 <= len(key) <= LONGEST_KEY:
        raise InvalidArgument(f"An idempotency key has 1 to {LONGEST_KEY} characters.")
    return Receipt(digest(f"{actor}\0{key}".encode()), digest(request))


def digest(data: bytes) -> str:
    """Return 64 hexadecimal digits that stand for these bytes."""
    return hashlib.blake2b(data, digest_size=32).hexdigest()


async def look_up(connection: BaseDBAsyncClient, receipt: Receipt, now: int) -> None:
    """Forget keys that are too old. Raises Repeated where this one was used for the same, else KeyReused."""
    await IdempotencyKey.filter(created_at__lt=now - LIFETIME).using_db(connection).delete()
    row = await IdempotencyKey.filter(id=receipt.id).using_db(connection).first()
    if row is None:
        return
    if row.fingerprint != receipt.fingerprint:
        raise KeyReused("This idempotency key was used before, with other arguments. Use a new key.")
    raise Repeated(read_done(row.done))


async def keep(connection: BaseDBAsyncClient, receipt: Receipt, done: Done, now: int) -> None:
    """Store what was done under a key."""
    await IdempotencyKey.create(
        id=receipt.id,
        fingerprint=receipt.fingerprint,
        done=asdict(done),
        created_at=now,
        using_db=connection,
    )
