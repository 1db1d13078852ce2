"""An attack: what is sent, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Attack:
    """A request that means harm, the status with which it is answered, and the codes of the errors."""

    name: str
    body: bytes
    status: int
    codes: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: dict(JSON))
    method: str = "POST"
    path: str = "/graphql"


def document(name: str, query: str, *codes: str, status: int = 400, **variables: Any) -> Attack:
    """Return an attack by a document, sent as a client sends it; refused before it is executed unless it says 200."""
    body = orjson.dumps({"query": query, "variables": variables})
    return Attack(name, body, status, codes, {**JSON, "accept": "application/graphql-response+json"})


def raw(name: str, body: bytes, code: str, status: int = 400, **headers: str) -> Attack:
    """Return an attack by a body as it is."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Attack(name, body, status, (code,), {**JSON, **named})
