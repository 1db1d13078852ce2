"""An OpenID Connect issuer on this machine: serves its configuration and its keys, and signs tokens."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CONFIGURATION = "/.well-known/openid-configuration"
KEYS = "/keys"
AUDIENCE = "quiet"
CURVES: dict[str, Callable[[], ec.EllipticCurve]] = {
    "ES256": ec.SECP256R1,
    "ES384": ec.SECP384R1,
    "ES512": ec.SECP521R1,
}


@cache
def make_key(algorithm: str, name: str, bits: int = 2048) -> Any:
    """Return a private key for an algorithm, the same one for the same name."""
    if algorithm in CURVES:
        return ec.generate_private_key(CURVES[algorithm]())
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, bits)


def family(algorithm: str) -> str:
    """Return the algorithm that stands for all of the same kind of key."""
    return "RS256" if algorithm[:2] in {"RS", "PS"} else algorithm


def publish(algorithm: str, name: str | None, key: Any, **others: object) -> dict[str, Any]:
    """Return the public part of a key as a JSON Web Key."""
    document = dict(jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True))
    return {**document, **({"kid": name} if name else {}), **others}


def public_text(key: Any) -> bytes:
    """Return the public part of a key in the form in which it is often passed on."""
    return bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


class FakeIssuer:
    """What the issuer serves, by path, and how often it was asked for it; without `documents` it is down."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.documents: dict[str, tuple[int, bytes]] = {}
        self.asked: Counter[str] = Counter()

    def serve(self, path: str, document: object, status: int = 200) -> None:
        """Serve this document from now on."""
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.documents[path] = (status, text)

    def serve_keys(self, *keys: dict[str, Any]) -> None:
        """Serve the configuration and these keys."""
        self.serve(CONFIGURATION, {"issuer": self.address, "jwks_uri": self.address + KEYS})
        self.serve(KEYS, {"keys": list(keys)})

    def serve_named(self, *names: str) -> None:
        """Serve RSA keys of these names."""
        self.serve_keys(*(publish("RS256", name, make_key("RS256", name)) for name in names))

    def claims(self, **others: object) -> dict[str, object]:
        """Return good claims; others replace them, and None leaves one out."""
        good = {
            "iss": self.address,
            "aud": AUDIENCE,
            "sub": "7f3c",
            "exp": int(time.time()) + 600,
            "roles": ["editors"],
        }
        return {name: value for name, value in {**good, **others}.items() if value is not None}

    def sign(self, kid: str | None = "one", algorithm: str = "RS256", **others: object) -> str:
        """Return a token with these claims, signed with the key of this name."""
        key = make_key(family(algorithm), kid or "one")
        return jwt.encode(self.claims(**others), key, algorithm, headers={"kid": kid} if kid else None)


@contextmanager
def issuing() -> Iterator[FakeIssuer]:
    """Run an issuer that is down until it is given something to serve."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked[self.path] += 1
            status, body = issuer.documents.get(self.path, (503, b"down"))
            self.send_response(status)
            if status in {301, 302}:
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = FakeIssuer(f"http://127.0.0.1:{server.server_address[1]}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
