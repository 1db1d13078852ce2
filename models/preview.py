"""Preview tokens: short-lived links to drafts for people who have no token of their own.

They are signed, not stored, with a secret that all processes on one database share. Deleting its row ends
every preview token at once; revoking a token ends those that were made with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from models import moment
from models.access import Actor, Right, Scope, no_article
from models.database import Database
from models.dialect import Sql
from models.draft import normalise_locale
from models.errors import Forbidden, InvalidArgument, NotFound, Unauthenticated
from models.fields import CodeField
from models.identity import derive_site_id
from models.table_model import TableModel
from models.token import TokenActor, find_token
from models.view import list_values

PREFIX = "preview_"
ALGORITHMS = ["HS256"]
ISSUER = "quiet-engine"
AUDIENCE = "preview"
ROW = "preview"
"""The name of the secret that signs them."""
DAY = 86_400_000
LONGEST = 30 * DAY
RIGHTS = frozenset({Right.READ, Right.PREVIEW})
INVALID = "The preview token is not valid: it is unknown, revoked or expired."


class Secret(TableModel):
    """A random value that all processes on this database share; `value` is hexadecimal."""

    name = CodeField(max_length=50, primary_key=True)
    value = CodeField(max_length=64)

    class Meta:
        table = "secret"


@dataclass(frozen=True, slots=True)
class PreviewActor(Actor):
    """Who shows a preview token."""


async def create_preview_token(
    database: Database,
    actor: Actor,
    *,
    site: str | None = None,
    article: str | None = None,
    locales: Sequence[str] | None = None,
    expires_at: int | None = None,
) -> str:
    """Return the text of a new preview token for a site (its key) or an article (its id).

    With neither it reaches as far as the actor's own right to preview. It works for a day unless
    `expires_at` says otherwise, at most 30 days ahead. Raises Forbidden, NotFound, InvalidArgument or
    InvalidContent.
    """
    actor.require(Right.PREVIEW)
    if isinstance(actor, PreviewActor):
        # Else whoever holds one could prolong it for ever.
        raise Forbidden("A preview token cannot make preview tokens.", Right.PREVIEW.value)
    expiry = choose_expiry(expires_at)
    scope = await narrow(database, actor, site, article, locales)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": expiry // 1000,
        "by": actor.name,
        "token": actor.token.id if isinstance(actor, TokenActor) else None,
        "sites": None if scope.sites is None else sorted(scope.sites),
        "locales": None if scope.locales is None else sorted(scope.locales),
        "article": scope.article,
    }
    secret = await read_secret(database) or await make_secret(database)
    # Here and not above: it takes a while to import, and few previews are made or shown.
    import jwt  # noqa: PLC0415

    return PREFIX + jwt.encode(claims, secret, algorithm=ALGORITHMS[0])


def choose_expiry(expires_at: int | None) -> int:
    """Return the moment at which a preview token expires. Raises InvalidArgument."""
    now = moment.now()
    if expires_at is None:
        return now + DAY
    if not now < expires_at <= now + LONGEST:
        raise InvalidArgument("A preview token expires in the future, at most 30 days ahead.")
    return expires_at


async def narrow(
    database: Database,
    actor: Actor,
    site: str | None,
    article: str | None,
    locales: Sequence[str] | None,
) -> Scope:
    """Return the part of the actor's scope that is asked for. Raises NotFound for what lies outside of it."""
    if site is not None and article is not None:
        raise InvalidArgument("A preview token is for a site or for an article, not for both.")
    sites, one = actor.scope.sites, actor.scope.article
    if site is not None:
        sites = frozenset({await find_site(database, actor, site)})
    if article is not None:
        sites, one = frozenset({await find_article_site(database, actor, article)}), article
    return Scope(sites, narrow_locales(actor.scope, locales), one)


async def find_site(database: Database, actor: Actor, key: str) -> str:
    """Return the id of a site that the actor may preview."""
    site_id = derive_site_id(key)
    actor.require_site(Right.PREVIEW, site_id, key)
    if not await database.read(Sql("SELECT id FROM site WHERE id = ?", (site_id,))):
        raise NotFound(f"There is no site {key!r}.")
    return site_id


async def find_article_site(database: Database, actor: Actor, article_id: str) -> str:
    """Return the id of the site of an article that the actor may preview."""
    query = Sql("SELECT a.site_id FROM article a WHERE a.id = ?", (article_id,))
    if actor.scope.locales is not None:
        spoken = list_values("e.locale", actor.scope.locales)
        edition = Sql("AND EXISTS (SELECT 1 FROM edition e WHERE e.article_id = a.id AND")
        query = query + edition + spoken + Sql(")")
    for row in await database.read(query):
        if actor.scope.holds_article(article_id, row["site_id"]):
            return str(row["site_id"])
    raise no_article(article_id)


def narrow_locales(scope: Scope, locales: Sequence[str] | None) -> frozenset[str] | None:
    """Return the locales asked for, or all of the scope's. Raises NotFound, InvalidContent."""
    if locales is None:
        return scope.locales
    if not locales:
        raise InvalidArgument("Name some locales, or leave them out for all.")
    wanted = frozenset(map(normalise_locale, locales))
    for locale in sorted(wanted):
        if not scope.holds_locale(locale):
            raise NotFound(f"There is nothing in {locale}.")
    return wanted


async def authenticate_preview(database: Database, text: str) -> PreviewActor:
    """Return who shows a preview token. Raises Unauthenticated, with one message for every reason."""
    claims = await read_claims(database, text)
    if claims is None or claims["exp"] * 1000 <= moment.now() or not await is_alive(database, claims):
        raise Unauthenticated(INVALID)
    sites, locales = claims.get("sites"), claims.get("locales")
    scope = Scope(
        None if sites is None else frozenset(sites),
        None if locales is None else frozenset(locales),
        claims.get("article"),
    )
    return PreviewActor(f"preview by {claims.get('by')}", RIGHTS, scope)


async def read_claims(database: Database, text: str) -> dict[str, Any] | None:
    """Return what a preview token says if this database's secret signed it, else None."""
    secret = await read_secret(database)
    if secret is None:
        return None
    import jwt  # noqa: PLC0415

    try:
        return jwt.decode(
            text.removeprefix(PREFIX),
            secret,
            algorithms=ALGORITHMS,
            issuer=ISSUER,
            audience=AUDIENCE,
            # The expiry is compared with the moment of this program, as everywhere.
            options={"require": ["exp", "iss", "aud"], "verify_exp": False},
        )
    except jwt.InvalidTokenError:
        return None


async def is_alive(database: Database, claims: dict[str, Any]) -> bool:
    """Tell whether the token with which a preview token was made still works."""
    token_id = claims.get("token")
    try:
        return token_id is None or (await find_token(database, token_id)).works
    except NotFound:
        return False


async def read_secret(database: Database) -> bytes | None:
    """Return the secret that signs preview tokens, None before its first use."""
    rows = await database.read(Sql("SELECT value FROM secret WHERE name = ?", (ROW,)))
    return bytes.fromhex(rows[0]["value"]) if rows else None


async def make_secret(database: Database) -> bytes:
    """Make the secret, or return the one that another process made meanwhile."""
    async with database.transaction() as connection:
        new = Secret(name=ROW, value=token_hex(32))
        await Secret.bulk_create([new], ignore_conflicts=True, using_db=connection)
    secret = await read_secret(database)
    assert secret is not None
    return secret
