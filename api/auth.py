"""Who asks: from the Authorization header of a request to an actor.

A rejected credential fails the request, even where it could have been answered to anybody: who sends one
believes that it counts.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import asyncpg
from starlette.datastructures import Headers
from tortoise.exceptions import BaseORMException

from api.settings import Settings
from models import moment, preview, token
from models.access import Actor, anonymous_actor
from models.database import Database
from models.errors import Unauthenticated, Unavailable
from models.trouble import LOST

if TYPE_CHECKING:
    from api.oidc import Issuer

LONGEST = 16_384
"""The longest credential that is looked at; an issuer that lists many groups needs half of it."""

logger = logging.getLogger("quiet.authentication")


class Authenticator:
    """Tells who sends a request: anybody, or the holder of a token, of a preview token, or of an issuer's."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self.anonymous = anonymous_actor(may_read=settings.public_read)
        self._issuer = make_issuer(settings)
        self._noted: dict[str, int] = {}
        self._notes: set[asyncio.Task[None]] = set()
        self._noting = asyncio.Lock()

    async def identify(self, headers: Headers) -> Actor:
        """Return who sends these headers. Raises Unauthenticated or AuthenticationUnavailable."""
        values = headers.getlist("authorization")
        if not values:
            return self.anonymous
        return await self.check(read_credential(values))

    async def check(self, credential: str) -> Actor:
        """Return whose credential this is. Raises Unauthenticated or AuthenticationUnavailable."""
        if credential.startswith(token.PREFIX):
            return await self._check_token(credential)
        if credential.startswith(preview.PREFIX):
            return await preview.authenticate_preview(self._database, credential)
        if credential.count(".") == 2 and self._issuer is not None:
            return await self._issuer.identify(credential)
        raise Unauthenticated("The credential is of no kind that is accepted here.")

    async def _check_token(self, text: str) -> Actor:
        actor = await token.authenticate_token(self._database, text)
        if self._should_note(actor.token):
            # Beside the request: a read must not wait until somebody's long write is done.
            note = asyncio.create_task(self._note_use(actor.token))
            self._notes.add(note)
            note.add_done_callback(self._notes.discard)
        return actor

    def _should_note(self, used: token.StoredToken) -> bool:
        """Tell whether a use is to be recorded; requests that come before it is are not to record it again."""
        now = moment.now()
        if not used.use_is_due or now - self._noted.get(used.id, 0) < token.USE_EVERY:
            return False
        self._noted[used.id] = now
        return True

    async def _note_use(self, used: token.StoredToken) -> None:
        try:
            # One after the other: writes that all wait would take the connections of those who read.
            async with self._noting:
                await token.record_use(self._database, used)
        except (*LOST, Unavailable, asyncpg.PostgresError, BaseORMException) as error:
            logger.warning("The last use of token %s could not be recorded: %s", used.id, error)

    async def close(self) -> None:
        """Wait for what is being recorded."""
        await asyncio.gather(*self._notes)


def read_credential(values: list[str]) -> str:
    """Return the credential of the Authorization headers. Raises Unauthenticated."""
    if len(values) > 1:
        raise Unauthenticated("Send one Authorization header, not several.")
    scheme, _, credential = values[0].partition(" ")
    if scheme.lower() != "bearer" or not credential or " " in credential or not credential.isascii():
        raise Unauthenticated("The Authorization header must be the word Bearer, a space, and a token.")
    if len(credential) > LONGEST:
        raise Unauthenticated(f"A credential has at most {LONGEST} characters.")
    return credential


def make_issuer(settings: Settings) -> Issuer | None:
    """Return the issuer of the settings, None where there is none."""
    if not settings.oidc_issuer:
        return None
    # Here and not above: most services have none, and the package for it takes a while to import.
    from api.issuer_keys import IssuerKeys  # noqa: PLC0415
    from api.oidc import Issuer, Trust  # noqa: PLC0415

    trust = Trust(
        settings.oidc_issuer, settings.oidc_audience, settings.oidc_claim, dict(settings.oidc_roles)
    )
    return Issuer(trust, IssuerKeys(settings.oidc_issuer, settings.oidc_keys))
