"""Tokens: what programs show to say who they are, with a role, and where it holds.

Only a hash of a token is kept; whoever reads the database learns none. It is a plain SHA-256, because the
secret is 32 random bytes: nothing can be guessed that a slow hash would have to protect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

import orjson
from tortoise import fields

from models import moment
from models.access import EVERYWHERE, Actor, Right, Role, make_scope
from models.database import Database, Row
from models.dialect import Sql
from models.draft import normalise_locale
from models.errors import InvalidContent, NotFound, Problem, Unauthenticated, UnknownSite
from models.fields import CodeField, JsonField
from models.table_model import TableModel

PREFIX = "quiet_"
FORM = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")
LONGEST_NAME = 200
USE_EVERY = 60_000
"""How often the last use of a token is recorded, in milliseconds."""
COLUMNS = "id, name, role, sites, locales, created_at, created_by, expires_at, revoked_at, last_used_at"


class Token(TableModel):
    """A token by the hash of its text; `sites` (keys) and `locales` limit where its role holds."""

    id = CodeField(max_length=36, primary_key=True)
    name = fields.TextField()
    role = CodeField(max_length=20)
    hash = CodeField(max_length=64, unique=True)
    sites: Any = JsonField(null=True)
    locales: Any = JsonField(null=True)
    created_at = fields.BigIntField()
    created_by = fields.TextField()
    expires_at = fields.BigIntField(null=True)
    revoked_at = fields.BigIntField(null=True)
    last_used_at = fields.BigIntField(null=True)

    class Meta:
        table = "token"


@dataclass(frozen=True, slots=True)
class StoredToken:
    """What there is to say of a token; its text is told once, when it is made."""

    id: str
    name: str
    role: Role
    sites: tuple[str, ...] | None
    locales: tuple[str, ...] | None
    created_at: int
    created_by: str
    expires_at: int | None
    revoked_at: int | None
    last_used_at: int | None

    @property
    def works(self) -> bool:
        """Tell whether the token is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > moment.now())

    @property
    def use_is_due(self) -> bool:
        """Tell whether the last use was recorded so long ago that this one should be."""
        return self.last_used_at is None or self.last_used_at <= moment.now() - USE_EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenActor(Actor):
    """Who shows a token."""

    token: StoredToken


async def create_token(
    database: Database,
    actor: Actor,
    name: str,
    role: Role,
    sites: Sequence[str] | None = None,
    locales: Sequence[str] | None = None,
    expires_at: int | None = None,
) -> tuple[StoredToken, str]:
    """Make a token and return it with its text, which nobody can be told again.

    `sites` are keys; without them, or without locales, the role holds everywhere. Raises Forbidden,
    InvalidContent or UnknownSite.
    """
    actor.require_everywhere(Right.ADMINISTER)
    check_token(name, sites, locales, expires_at)
    await require_sites(database, sites or ())
    text = PREFIX + token_urlsafe(32)
    token = Token(
        id=str(uuid4()),
        name=name.strip(),
        role=role,
        hash=hash_text(text),
        sites=None if sites is None else sorted(set(sites)),
        locales=None if locales is None else sorted(set(map(normalise_locale, locales))),
        created_at=moment.now(),
        created_by=actor.name,
        expires_at=expires_at,
    )
    async with database.transaction() as connection:
        await token.save(using_db=connection, force_create=True)
    return await find_token(database, token.id), text


def check_token(
    name: str, sites: Sequence[str] | None, locales: Sequence[str] | None, expires_at: int | None
) -> None:
    """Raise InvalidContent with everything that is wrong with a new token."""
    problems = []
    if not (0 < len(name.strip()) <= LONGEST_NAME and name.isprintable()):
        problems.append(Problem(("name",), f"A token's name is one line of 1 to {LONGEST_NAME} characters."))
    for path, limit in (("sites", sites), ("locales", locales)):
        if limit is not None and not limit:
            problems.append(Problem((path,), f"Name some {path}, or leave them out for no limit."))
    for position, locale in enumerate(locales or ()):
        try:
            normalise_locale(locale)
        except InvalidContent as error:
            problems.append(Problem(("locales", str(position)), error.message))
    if expires_at is not None and expires_at <= moment.now():
        problems.append(Problem(("expiresAt",), "A token expires at a moment in the future."))
    if problems:
        raise InvalidContent(problems)


async def require_sites(database: Database, keys: Sequence[str]) -> None:
    """Raise UnknownSite unless there is a site of each key."""
    if not keys:
        return
    rows = await database.read(
        Sql("SELECT key FROM site WHERE") + database.dialect.one_of("key", sorted(set(keys)))
    )
    unknown = sorted(set(keys) - {row["key"] for row in rows})
    if unknown:
        raise UnknownSite(f"There is no site with the key {unknown[0]!r}.")


async def list_tokens(database: Database, actor: Actor) -> list[StoredToken]:
    """Return all tokens, revoked ones too, in the order in which they were made. Raises Forbidden."""
    actor.require_everywhere(Right.ADMINISTER)
    rows = await database.read(Sql(f"SELECT {COLUMNS} FROM token ORDER BY created_at, id"))
    return [read_token(row) for row in rows]


async def revoke_token(database: Database, actor: Actor, token_id: str) -> StoredToken:
    """Let a token work no more, from now on, and return it. Raises Forbidden or NotFound."""
    actor.require_everywhere(Right.ADMINISTER)
    await find_token(database, token_id)
    async with database.transaction() as connection:
        open_token = Token.filter(id=token_id, revoked_at=None).using_db(connection)
        await open_token.update(revoked_at=moment.now())
    return await find_token(database, token_id)


async def authenticate_token(database: Database, text: str) -> TokenActor:
    """Return who shows a token with this text. Raises Unauthenticated.

    The message is the same for every reason, so that nobody learns which tokens there were.
    """
    if FORM.fullmatch(text):
        rows = await database.read(Sql(f"SELECT {COLUMNS} FROM token WHERE hash = ?", (hash_text(text),)))
        for token in map(read_token, rows):
            if token.works:
                return act_as(token)
    raise Unauthenticated("The token is not valid: it is unknown, revoked or expired.")


def act_as(token: StoredToken) -> TokenActor:
    """Return the actor that a token makes."""
    limited = token.sites is not None or token.locales is not None
    scope = make_scope(token.sites, token.locales) if limited else EVERYWHERE
    return TokenActor(f"{token.name} (token {token.id[:8]})", token.role.rights, scope, token=token)


async def record_use(database: Database, token: StoredToken) -> None:
    """Note that a token is used now, unless another process did so lately."""
    now = moment.now()
    last_seen = Token.filter(id=token.id, last_used_at=token.last_used_at)
    await last_seen.using_db(database.connection).update(last_used_at=now)


async def find_token(database: Database, token_id: str) -> StoredToken:
    """Return the token with this id. Raises NotFound."""
    rows = await database.read(Sql(f"SELECT {COLUMNS} FROM token WHERE id = ?", (token_id,)))
    if not rows:
        raise NotFound(f"There is no token {token_id!r}.")
    return read_token(rows[0])


def read_token(row: Row) -> StoredToken:
    """Return the token of a row."""
    values = dict(row)
    for limit in ("sites", "locales"):
        listed = orjson.loads(values[limit] or "null")
        values[limit] = None if listed is None else tuple(listed)
    return StoredToken(**values | {"role": Role(values["role"])})


def hash_text(text: str) -> str:
    """Return what is kept of a token's text."""
    return sha256(text.encode()).hexdigest()
