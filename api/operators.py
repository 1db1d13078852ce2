"""Who operates the server: the holder of the operator token, or of an administrator's."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest

from starlette.datastructures import Headers

from api.admission import CHALLENGE, admit
from api.auth import Authenticator, read_credential
from api.graphql_request import Refusal
from models.access import Right
from models.errors import Forbidden, Unauthenticated


class Operators:
    """Lets operators in. `token` is the operator token, empty where there is none."""

    def __init__(self, authenticator: Authenticator, token: str) -> None:
        self._authenticator = authenticator
        self._digest = sha256(token.encode()).digest() if token else None

    async def admit(self, headers: Headers) -> None:
        """Return if an operator sends these headers. Raises Refusal.

        The operator token is looked at first, so that it counts while there is no database.
        """
        if "authorization" not in headers:
            message = "This is for operators: send the operator token, or an administrator's."
            raise Refusal(401, Unauthenticated.code, message, {"WWW-Authenticate": CHALLENGE})
        if self._is_operator(headers):
            return
        actor = await admit(self._authenticator, headers)
        try:
            actor.require_everywhere(Right.ADMINISTER)
        except Forbidden as error:
            raise Refusal(403, error.code, error.message) from None

    def _is_operator(self, headers: Headers) -> bool:
        """Tell whether these headers show the operator token, in a time that says nothing of it."""
        if self._digest is None:
            return False
        try:
            credential = read_credential(headers.getlist("authorization"))
        except Unauthenticated:
            return False
        return compare_digest(sha256(credential.encode()).digest(), self._digest)
