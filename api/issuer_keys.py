"""The public keys of an OpenID Connect issuer: fetched when they are needed, and known from then on.

An issuer that does not answer lets nobody in by a key that is not known, and keeps nobody out whose key is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

import jwt
import orjson

from api.setting_values import LOOPBACK, read_web_address
from models.errors import AuthenticationUnavailable, Unauthenticated

ALGORITHMS = {
    ("RSA", None): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
    ("OKP", "Ed25519"): ("EdDSA",),
}
"""What each kind of key (kty, crv) may sign with. All are asymmetric: a public key must never be a secret."""
ACCEPTED = tuple(name for names in ALGORITHMS.values() for name in names)
FETCH_EVERY = 30.0
"""At most one fetch within so many seconds, however many unknown keys tokens name."""
LIFETIME = 300.0
"""After so many seconds keys are fetched again, so that one which the issuer withdrew is forgotten."""
PATIENCE = 1.0
"""How long a request whose key is known waits for that."""
TIMEOUT = 5.0
LARGEST = 512 * 1024

logger = logging.getLogger("quiet.authentication")


class UnusableAnswer(ValueError):
    """An issuer answers something else than what it was asked for."""


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A public key together with one algorithm it may be used with."""

    name: str | None
    algorithm: str
    key: jwt.PyJWK


class IssuerKeys:
    """The keys of one issuer; `address` is where they are, else the issuer's configuration says it."""

    def __init__(self, issuer: str, address: str) -> None:
        self._issuer = issuer
        self._address = address
        self._keys: tuple[IssuerKey, ...] = ()
        self._fetching: asyncio.Task[None] | None = None
        self._asked_at = 0.0
        self._fetched_at: float | None = None
        self._failed = False

    async def find(self, name: str | None, algorithm: str) -> jwt.PyJWK:
        """Return the key that a token names. Raises Unauthenticated or AuthenticationUnavailable."""
        key = choose_key(self._keys, name, algorithm)
        if key is None or self._is_old():
            await asyncio.wait({self._fetch_if_due()}, timeout=None if key is None else PATIENCE)
            key = choose_key(self._keys, name, algorithm)
        if key is not None:
            return key
        if self._failed:
            raise AuthenticationUnavailable(FETCH_EVERY)
        raise Unauthenticated("The token is signed with a key that its issuer does not publish.")

    def _is_old(self) -> bool:
        return self._fetched_at is None or monotonic() - self._fetched_at > LIFETIME

    def _fetch_if_due(self) -> asyncio.Task[None]:
        """Return the newest fetch, which all requests share; a request that is given up does not end it."""
        done = self._fetching is None or self._fetching.done()
        if self._fetching is None or (done and monotonic() - self._asked_at >= FETCH_EVERY):
            self._asked_at = monotonic()
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        self._failed = True
        try:
            async with asyncio.timeout(2 * TIMEOUT):
                self._keys = await asyncio.to_thread(fetch_keys, self._issuer, self._address)
        except (OSError, HTTPException, ValueError) as error:
            logger.warning(
                "The keys of %s cannot be fetched: %s", self._issuer, str(error) or "it takes too long"
            )
            return
        self._failed = False
        self._fetched_at = monotonic()


def choose_key(keys: tuple[IssuerKey, ...], name: str | None, algorithm: str) -> jwt.PyJWK | None:
    """Return the key with this name; without a name, the only one there is for this algorithm."""
    fitting = [k for k in keys if k.algorithm == algorithm and (name is None or name == k.name)]
    if not fitting or (name is None and len(fitting) > 1):
        return None
    return fitting[0].key


def fetch_keys(issuer: str, address: str) -> tuple[IssuerKey, ...]:
    """Return the keys that an issuer publishes. Blocks. Raises OSError, HTTPException or ValueError."""
    if not address:
        configuration = fetch_object(issuer.rstrip("/") + "/.well-known/openid-configuration")
        if configuration.get("issuer") != issuer:
            raise UnusableAnswer(f"its configuration is of another issuer, {configuration.get('issuer')!r}")
        address = read_web_address(str(configuration.get("jwks_uri", "")))
        if urlsplit(issuer).scheme != urlsplit(address).scheme == "http":
            # This machine may do without encryption; an issuer elsewhere must not send us here.
            raise UnusableAnswer("its keys are said to be on this machine")
    keys = fetch_object(address).get("keys")
    if not isinstance(keys, list):
        raise UnusableAnswer("its answer is no set of keys")
    return tuple(read_keys(keys))


def fetch_object(address: str) -> dict[str, Any]:
    """Return the JSON object at an address. Blocks. Raises OSError, HTTPException or ValueError."""
    request = Request(address, headers={"Accept": "application/json", "User-Agent": "quiet-engine"})  # noqa: S310 - read_web_address has seen it
    try:
        with make_opener(address).open(request, timeout=TIMEOUT) as response:
            body = read_body(response)
    except HTTPError as error:
        error.close()
        raise
    value = orjson.loads(body)
    if not isinstance(value, dict):
        raise UnusableAnswer("its answer is no JSON object")
    return value


def read_body(response: HTTPResponse) -> bytes:
    """Return the body of an answer, if it is neither slow nor long. Blocks. Raises TimeoutError or UnusableAnswer."""
    deadline = monotonic() + TIMEOUT
    body = bytearray()
    # The time-out of the connection begins anew with each piece: drop by drop it would keep a thread for days.
    while piece := response.read1(LARGEST + 1 - len(body)):
        body += piece
        if len(body) > LARGEST:
            raise UnusableAnswer(f"its answer is longer than {LARGEST} bytes")
        if monotonic() > deadline:
            raise TimeoutError
    return bytes(body)


class NoRedirects(HTTPRedirectHandler):
    """Takes a redirect for an error: keys come from the address that was checked, or not at all."""

    def redirect_request(self, *_arguments: object) -> None:
        """Go nowhere."""


def make_opener(address: str) -> OpenerDirector:
    """Return what opens an address: through the machine's proxy, unless it is on this machine itself."""
    if urlsplit(address).hostname in LOOPBACK:
        return build_opener(NoRedirects, ProxyHandler({}))
    return build_opener(NoRedirects)


def read_keys(documents: list[Any]) -> Iterator[IssuerKey]:
    """Yield the keys of a JSON Web Key Set (RFC 7517) that signatures can be checked with."""
    for document in documents:
        if not isinstance(document, dict) or document.get("use", "sig") != "sig" or "d" in document:
            continue
        for algorithm in allowed_algorithms(document):
            if document.get("alg", algorithm) == algorithm:
                try:
                    key = jwt.PyJWK(document, algorithm)
                except jwt.PyJWTError:
                    continue
                yield IssuerKey(document.get("kid"), algorithm, key)


def allowed_algorithms(document: dict[str, Any]) -> tuple[str, ...]:
    """Return what a JSON Web Key may sign with by its kind."""
    curve = document.get("crv")
    return ALGORITHMS.get((str(document.get("kty")), None if curve is None else str(curve)), ())
