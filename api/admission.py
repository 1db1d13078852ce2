"""Who may come in: from the headers of a request to an actor, or to the refusal that its sender gets."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope

from api.auth import Authenticator
from api.graphql_request import Refusal
from models.access import ANONYMOUS, Actor
from models.errors import AuthenticationUnavailable, Unauthenticated, Unavailable

CHALLENGE = 'Bearer realm="Quiet Engine"'
REJECTED = f'{CHALLENGE}, error="invalid_token"'
"""What a credential must be, and that one was rejected (RFC 6750, section 3)."""


async def admit(authenticator: Authenticator, headers: Headers | None, before: Actor | None = None) -> Actor:
    """Return who sends these headers, anybody for None; `before` is who did when what goes on now began.

    Credentials come by header alone, never in an address, which ends up in logs. Raises Refusal.
    """
    try:
        actor = authenticator.anonymous if headers is None else await authenticator.identify(headers)
    except Unauthenticated as error:
        raise Refusal(401, error.code, error.message, {"WWW-Authenticate": REJECTED}) from None
    except Unavailable as error:
        raise Refusal(503, error.code, error.message, {"Retry-After": "1"}) from None
    except AuthenticationUnavailable as error:
        wait = {"Retry-After": f"{error.seconds:.0f}"}
        raise Refusal(503, error.code, error.message, wait) from None
    if not actor.rights:
        message = "This service answers only requests that carry a token."
        raise Refusal(401, Unauthenticated.code, message, {"WWW-Authenticate": CHALLENGE})
    if before is not None and (before.rights, before.scope) != (actor.rights, actor.scope):
        raise Refusal(403, "RIGHTS_CHANGED", "Your rights are others than before; connect again.")
    return actor


async def admit_again(authenticator: Authenticator, headers: Headers | None, before: Actor) -> Actor:
    """Return who sends these headers by now, who it was `before` where that cannot be seen at the moment.

    Only what was rejected or has other rights ends what goes on: raises Refusal with 401 or 403.
    """
    try:
        return await admit(authenticator, headers, before)
    except Refusal as refusal:
        if refusal.status in {401, 403}:
            raise
        return before


def find_address(scope: Scope) -> str:
    """Return the address that a client comes from."""
    client = scope.get("client")
    return str(client[0]) if client else "nowhere"


def name_follower(actor: Actor, address: str) -> str:
    """Return what a client is counted under: its credential, else the address that it comes from."""
    return address if actor.name == ANONYMOUS else f"actor {actor.name}"
