"""People who sign in elsewhere: the JSON Web Tokens of an OpenID Connect issuer become actors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from api.issuer_keys import ACCEPTED, IssuerKeys
from models.access import Actor, Role
from models.errors import Unauthenticated

LEEWAY = 30
"""How many seconds the clocks of the issuer and of this machine may differ."""
LONGEST_SUBJECT = 255
NAMES = ("preferred_username", "email", "name")
TYPES = {"jwt", "at+jwt", "application/jwt", "application/at+jwt"}
"""What a token may say that it is; issuers sign others, as for signing out (RFC 8725, section 3.11)."""
WORD_LISTS = {"scope", "scp"}
"""Claims that hold several values in one text (RFC 8693, section 4.2)."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom to believe what: the issuer, for which audience, and which values of a claim give which role."""

    issuer: str
    audience: str
    claim: str
    roles: Mapping[str, Role]


class Issuer:
    """Tells who shows a token of an issuer."""

    def __init__(self, trust: Trust, keys: IssuerKeys) -> None:
        self._trust = trust
        self._keys = keys

    async def identify(self, text: str) -> Actor:
        """Return who shows this token. Raises Unauthenticated or AuthenticationUnavailable."""
        name, algorithm = read_header(text)
        key = await self._keys.find(name, algorithm)
        claims = self._read_claims(text, key)
        return Actor(name_user(claims), choose_role(claims, self._trust).rights)

    def _read_claims(self, text: str, key: jwt.PyJWK) -> dict[str, Any]:
        try:
            return jwt.decode(
                text,
                key,
                algorithms=ACCEPTED,
                issuer=self._trust.issuer,
                audience=self._trust.audience,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud", "sub"], "enforce_minimum_key_length": True},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(explain(error)) from None


def read_header(text: str) -> tuple[str | None, str]:
    """Return which key a token names, and the algorithm that it says it is signed with. Raises Unauthenticated."""
    try:
        header = jwt.get_unverified_header(text)
    except jwt.InvalidTokenError:
        raise Unauthenticated("The token is no JSON Web Token.") from None
    algorithm = header.get("alg")
    if algorithm not in ACCEPTED:
        raise Unauthenticated(f"The token must be signed with one of {', '.join(ACCEPTED)}.")
    if str(header.get("typ", "JWT")).lower() not in TYPES:
        raise Unauthenticated("The token says that it is for another purpose.")
    return header.get("kid"), algorithm


def explain(error: jwt.PyJWTError) -> str:
    """Return why a token is rejected, in a sentence."""
    match error:
        case jwt.ExpiredSignatureError():
            return "The token has expired."
        case jwt.ImmatureSignatureError():
            return "The token is not valid yet."
        case jwt.InvalidAudienceError():
            return "The token is meant for another audience."
        case jwt.InvalidIssuerError():
            return "The token is of another issuer."
        case jwt.MissingRequiredClaimError():
            return f"The token lacks the claim {error.claim}."
        case _:
            return "The token is not valid: its signature or its form is wrong."


def name_user(claims: Mapping[str, Any]) -> str:
    """Return a name for the record: one that people know, and the subject, which never changes."""
    subject = claims["sub"]
    if not (0 < len(subject) <= LONGEST_SUBJECT and subject.isprintable()):
        raise Unauthenticated(f"The token's subject must be 1 to {LONGEST_SUBJECT} printable characters.")
    for claim in NAMES:
        name = claims.get(claim)
        if isinstance(name, str) and 0 < len(name) <= LONGEST_SUBJECT and name.isprintable():
            return f"{name} (user {subject})"
    return f"user {subject}"


def choose_role(claims: Mapping[str, Any], trust: Trust) -> Role:
    """Return the highest role that any value of the claim is mapped to. Raises Unauthenticated."""
    values = read_values(find_claim(claims, trust.claim), trust.claim)
    roles = [trust.roles[value] for value in values if value in trust.roles]
    if not roles:
        raise Unauthenticated(
            f"The token gives no role: no value of its claim {trust.claim!r} stands for one here."
        )
    return max(roles, key=list(Role).index)


def find_claim(claims: Mapping[str, Any], path: str) -> object:
    """Return the claim of this name; else dots lead into nested claims, as in `realm_access.roles`."""
    if path in claims:
        return claims[path]
    value: object = claims
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def read_values(value: object, claim: str) -> list[str]:
    """Return the texts that a claim holds: one or a list."""
    if isinstance(value, str):
        return value.split(" ") if claim in WORD_LISTS else [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
