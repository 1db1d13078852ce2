"""Webhooks: addresses that are told of changes, and the verbs of administrators on them.

A webhook's secrets are kept as they are, as each delivery is signed with them. Its place in the change log is that
of its follower.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from secrets import token_bytes
from typing import Any
from uuid import uuid4

import orjson
from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from models import moment
from models.access import Actor, Right
from models.changes import Point
from models.database import Database, Row
from models.dialect import POSTGRES, Sql
from models.draft import normalise_locale
from models.errors import InvalidContent, LimitExceeded, NotFound, Problem
from models.fields import CodeField, JsonField
from models.follower import Follower, move_follower, read_point
from models.moment import FOREVER
from models.revision import ChangeKind
from models.table_model import TableModel
from models.token import require_sites
from models.view import present
from models.webhook_address import AddressRefused, read_target, resolve

PREFIX = "whsec_"
SECRET_BYTES = 32
MOST_WEBHOOKS = 100
LOCK = 5_071_220_442
"""The number of the advisory lock under which webhooks are counted and made on PostgreSQL."""

LONGEST_OVERLAP = 30 * 24 * 3_600_000
OVERLAP = 24 * 3_600_000
"""How long an old secret signs beside a new one unless somebody says otherwise, in milliseconds."""

COLUMNS = (
    "w.id, w.address, w.kinds, w.sites, w.locales, w.secrets, w.created_at, w.created_by, w.enabled_at, "
    "w.counted_after, w.disabled_at, w.disabled_reason"
)


class Webhook(TableModel):
    """An address with what it wants to hear; the secrets are the newest first, each with when it ends.

    `counted_after` is the newest delivery of all when it was enabled or sent back: failures up to it are forgiven.
    """

    id = CodeField(max_length=36, primary_key=True)
    address = fields.TextField()
    kinds: Any = JsonField(null=True)
    sites: Any = JsonField(null=True)
    locales: Any = JsonField(null=True)
    secrets: Any = JsonField()
    created_at = fields.BigIntField()
    created_by = fields.TextField()
    enabled_at = fields.BigIntField()
    counted_after = fields.BigIntField(default=0)
    disabled_at = fields.BigIntField(null=True)
    disabled_reason = fields.TextField(null=True)

    class Meta:
        table = "webhook"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes a webhook hears of; None is all."""

    kinds: tuple[ChangeKind, ...] | None = None
    sites: tuple[str, ...] | None = None
    locales: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    """A webhook; `secrets` is told to nobody but who signs."""

    id: str
    address: str
    wanted: Wanted
    created_at: int
    created_by: str
    enabled_at: int
    counted_after: int
    disabled_at: int | None
    disabled_reason: str | None
    secrets: tuple[tuple[str, int | None], ...] = field(repr=False)

    @property
    def is_enabled(self) -> bool:
        """Tell whether it is told of changes."""
        return self.disabled_at is None

    def valid_secrets(self) -> list[str]:
        """Return the secrets that count now, the newest first."""
        now = moment.now()
        return [secret for secret, until in self.secrets if until is None or until > now]

    @property
    def old_secret_until(self) -> int | None:
        """Return when the older of two secrets ends, None where only one counts."""
        return self.secrets[-1][1] if len(self.valid_secrets()) > 1 else None

    @property
    def follower(self) -> str:
        """Return the name of its follower."""
        return name_follower(self.id)


def name_follower(webhook_id: str) -> str:
    """Return the name of a webhook's follower."""
    return f"webhook {webhook_id}"


@dataclass(frozen=True, slots=True)
class Changed:
    """What of a webhook is to be changed; None, and what `wanted` does not name, stays as it is."""

    address: str | None = None
    wanted: Mapping[str, tuple[Any, ...] | None] = field(default_factory=dict)
    is_enabled: bool | None = None


async def create_webhook(
    database: Database, actor: Actor, address: str, wanted: Wanted, *, private: bool
) -> tuple[StoredWebhook, str]:
    """Make a webhook that hears of what happens from now on, and return it with its secret.

    `private` allows addresses that are not on the public internet. Raises Forbidden, InvalidContent,
    LimitExceeded or UnknownSite.
    """
    actor.require_everywhere(Right.ADMINISTER)
    wanted = await check_wanted(database, wanted)
    await check_address(address, private=private)
    secret, now, webhook_id = make_secret(), moment.now(), str(uuid4())
    async with database.transaction() as connection:
        if database.dialect is POSTGRES:
            await connection.execute_query(f"SELECT pg_advisory_xact_lock({LOCK})")
        if await Webhook.all().using_db(connection).count() >= MOST_WEBHOOKS:
            raise LimitExceeded(
                f"There can be {MOST_WEBHOOKS} webhooks; delete one that is not needed any more."
            )
        await Webhook.create(
            id=webhook_id,
            address=address,
            **describe_wanted(wanted),
            secrets=[[secret, None]],
            created_at=now,
            created_by=actor.name,
            enabled_at=now,
            using_db=connection,
        )
        await Follower.create(
            name=name_follower(webhook_id), point=list(astuple(here(database))), using_db=connection
        )
    return await find_webhook(database, webhook_id), secret


def here(database: Database) -> Point:
    """Return the point after everything that has happened by now."""
    database.head.look()
    return Point(database.head.revision, present(database), FOREVER)


async def update_webhook(
    database: Database, actor: Actor, webhook_id: str, changed: Changed, *, private: bool
) -> StoredWebhook:
    """Change a webhook and return it. One that is enabled goes on where it stopped.

    Where the history was cut meanwhile it goes on from now. Raises Forbidden, NotFound, InvalidContent or UnknownSite.
    """
    actor.require_everywhere(Right.ADMINISTER)
    values: dict[str, Any] = {}
    if changed.address is not None:
        await check_address(changed.address, private=private)
        values["address"] = changed.address
    if changed.wanted:
        columns = describe_wanted(await check_wanted(database, Wanted(**changed.wanted)))
        values |= {name: columns[name] for name in changed.wanted}
    async with database.transaction() as connection:
        stored = await lock_webhook(database, connection, webhook_id)
        if changed.is_enabled is False and stored.is_enabled:
            values |= {"disabled_at": moment.now(), "disabled_reason": f"Disabled by {actor.name}."}
        if changed.is_enabled and not stored.is_enabled:
            values |= {"disabled_at": None, "disabled_reason": None, **await begin_again(connection)}
            await catch_up(database, connection, stored.follower)
        if values:
            await Webhook.filter(id=webhook_id).using_db(connection).update(**values)
    return await find_webhook(database, webhook_id)


async def begin_again(connection: BaseDBAsyncClient) -> dict[str, int]:
    """Return the columns by which what failed before does not count any more.

    It is told by a delivery's id, as the clocks of several machines differ, and one's own may be set back.
    """
    rows = await connection.execute_query_dict("SELECT COALESCE(MAX(id), 0) AS newest FROM delivery")
    return {"enabled_at": moment.now(), "counted_after": rows[0]["newest"]}


async def catch_up(database: Database, connection: BaseDBAsyncClient, name: str) -> None:
    """Let a follower stand at the present where the history does not reach back to where it stands."""
    row = await Follower.filter(name=name).using_db(connection).first()
    point = read_point(row.point) if row else None
    if point is None or point.revision < database.head.oldest:
        await move_follower(connection, name, here(database))


async def delete_webhook(database: Database, actor: Actor, webhook_id: str) -> StoredWebhook:
    """Delete a webhook with its deliveries, and return what it was. Raises Forbidden or NotFound."""
    actor.require_everywhere(Right.ADMINISTER)
    stored = await find_webhook(database, webhook_id)
    async with database.transaction() as connection:
        await Webhook.filter(id=webhook_id).using_db(connection).delete()
        await Follower.filter(name=stored.follower).using_db(connection).delete()
    return stored


async def rotate_secret(
    database: Database, actor: Actor, webhook_id: str, overlap: int = OVERLAP
) -> tuple[StoredWebhook, str]:
    """Give a webhook a new secret and return both; the present one signs beside it for `overlap` milliseconds.

    One that was older ends at once. Raises Forbidden, NotFound or InvalidContent.
    """
    actor.require_everywhere(Right.ADMINISTER)
    if not 0 <= overlap <= LONGEST_OVERLAP:
        raise InvalidContent(
            [Problem(("overlapHours",), "Both secrets are valid for at most 30 days, 720 hours.")]
        )
    secret = make_secret()
    secrets: list[list[Any]] = [[secret, None]]
    async with database.transaction() as connection:
        stored = await lock_webhook(database, connection, webhook_id)
        if overlap:
            secrets.append([stored.secrets[0][0], moment.now() + overlap])
        await Webhook.filter(id=webhook_id).using_db(connection).update(secrets=secrets)
    return await find_webhook(database, webhook_id), secret


async def disable_webhook(database: Database, webhook_id: str, reason: str) -> None:
    """Let a webhook hear of nothing more until an administrator enables it: what it is sent does not arrive."""
    async with database.transaction() as connection:
        enabled = Webhook.filter(id=webhook_id, disabled_at=None).using_db(connection)
        await enabled.update(disabled_at=moment.now(), disabled_reason=reason)


async def list_webhooks(database: Database, actor: Actor) -> list[StoredWebhook]:
    """Return all webhooks in the order in which they were made. Raises Forbidden."""
    actor.require_everywhere(Right.ADMINISTER)
    return await load_webhooks(database)


async def load_webhooks(database: Database) -> list[StoredWebhook]:
    """Return all webhooks, for who delivers to them."""
    rows = await database.read(Sql(f"SELECT {COLUMNS} FROM webhook w ORDER BY w.created_at, w.id"))
    return [read_webhook(row) for row in rows]


async def find_webhook(database: Database, webhook_id: str) -> StoredWebhook:
    """Return the webhook with this id. Raises NotFound."""
    rows = await database.read(Sql(f"SELECT {COLUMNS} FROM webhook w WHERE w.id = ?", (webhook_id,)))
    if not rows:
        raise NotFound(f"There is no webhook {webhook_id!r}.")
    return read_webhook(rows[0])


async def lock_webhook(database: Database, connection: BaseDBAsyncClient, webhook_id: str) -> StoredWebhook:
    """Return the webhook with this id, which nobody else changes before this transaction ends. Raises NotFound.

    Followers are locked after their webhooks, so that no two transactions wait for each other.
    """
    # Without the key, so that deliveries are stored meanwhile.
    await Webhook.filter(id=webhook_id).using_db(connection).select_for_update(no_key=True).first()
    return await find_webhook(database, webhook_id)


def read_webhook(row: Row) -> StoredWebhook:
    """Return the webhook of a row."""
    values = dict(row)
    wanted = {name: orjson.loads(values.pop(name) or "null") for name in ("kinds", "sites", "locales")}
    limits = {name: None if listed is None else tuple(listed) for name, listed in wanted.items()}
    kinds = limits.pop("kinds")
    named = None if kinds is None else tuple(map(ChangeKind, kinds))
    secrets = tuple((secret, until) for secret, until in orjson.loads(values.pop("secrets")))
    return StoredWebhook(**values, wanted=Wanted(named, **limits), secrets=secrets)


def describe_wanted(wanted: Wanted) -> dict[str, list[str] | None]:
    """Return the columns of what a webhook wants."""
    columns = {"kinds": wanted.kinds, "sites": wanted.sites, "locales": wanted.locales}
    return {
        name: None if listed is None else [str(one) for one in listed] for name, listed in columns.items()
    }


async def check_address(address: str, *, private: bool) -> None:
    """Raise InvalidContent where nothing may be sent to an address."""
    try:
        await resolve(read_target(address, private=private), private=private)
    except AddressRefused as error:
        raise InvalidContent([Problem(("address",), error.message)]) from error


async def check_wanted(database: Database, wanted: Wanted) -> Wanted:
    """Return what is wanted in its usual form. Raises InvalidContent or UnknownSite."""
    problems = [
        Problem((name,), f"Name some {name}, or leave them out for all.")
        for name, listed in describe_wanted(wanted).items()
        if listed is not None and not listed
    ]
    if problems:
        raise InvalidContent(problems)
    await require_sites(database, wanted.sites or ())
    return replace(
        wanted,
        kinds=unique(wanted.kinds),
        sites=unique(wanted.sites),
        locales=unique([normalise_locale(locale) for locale in wanted.locales] if wanted.locales else None),
    )


def unique(listed: Sequence[Any] | None) -> tuple[Any, ...] | None:
    """Return what is listed, each once."""
    return None if listed is None else tuple(dict.fromkeys(listed))


def make_secret() -> str:
    """Return a new secret in the form of the Standard Webhooks specification."""
    return PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode()
