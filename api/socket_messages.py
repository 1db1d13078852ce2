"""The messages of graphql-transport-ws, and the codes with which a connection is closed.

Follows the GraphQL over WebSocket protocol. It must not know how operations are executed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from api.graphql_request import Asked, Refusal, read_fields

PROTOCOL = "graphql-transport-ws"
LONGEST_REASON = 123
"""How many bytes a reason may have (RFC 6455, section 5.5)."""

LONGEST_ID = 200

GOING_AWAY = 1001
TOO_BIG = 1009
TRY_AGAIN = 1013
BAD_REQUEST = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
NO_PROTOCOL = 4406
INIT_TIMEOUT = 4408
EXISTS = 4409
TOO_MANY_INITS = 4429
INTERNAL_ERROR = 4500

ACK = '{"type":"connection_ack"}'
PONG = '{"type":"pong"}'


class Closing(Exception):
    """The connection ends, with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class Message:
    """What a client sends: its type, and what goes with it."""

    type: str
    id: str = ""
    asked: Asked | None = None
    payload: dict[str, Any] | None = None


def read_message(text: str) -> Message:
    """Return a message. Raises Closing where it is none that the protocol has."""
    try:
        fields = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Closing(BAD_REQUEST, "A message must be JSON.") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("type"), str):
        raise Closing(BAD_REQUEST, "A message must be a JSON object with a type.")
    match fields["type"]:
        case "connection_init" | "ping" | "pong" as kind:
            return Message(kind, payload=read_payload(fields))
        case "subscribe":
            return Message("subscribe", read_id(fields), read_operation(fields))
        case "complete":
            return Message("complete", read_id(fields))
        case kind:
            raise Closing(BAD_REQUEST, f"There is no message of type {kind[:60]!r}.")


def read_payload(fields: dict[str, Any]) -> dict[str, Any] | None:
    """Return the payload of a message that may have one. Raises Closing."""
    payload = fields.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise Closing(BAD_REQUEST, "The payload of a message must be an object.")
    return payload


def read_id(fields: dict[str, Any]) -> str:
    """Return the id of an operation. Raises Closing."""
    identity = fields.get("id")
    if not isinstance(identity, str) or not 0 < len(identity) <= LONGEST_ID:
        raise Closing(BAD_REQUEST, f"The id must be a text of 1 to {LONGEST_ID} characters.")
    return identity


def read_operation(fields: dict[str, Any]) -> Asked:
    """Return what a `subscribe` asks. Raises Closing."""
    payload = read_payload(fields)
    if payload is None:
        raise Closing(BAD_REQUEST, "subscribe has no payload.")
    try:
        return read_fields(payload)
    except Refusal as refusal:
        raise Closing(BAD_REQUEST, refusal.message) from None


def write_next(identity: str, body: str) -> str:
    """Return the message that brings a result of an operation."""
    return f'{{"id":{quote(identity)},"type":"next","payload":{body}}}'


def write_errors(identity: str, errors: Any) -> str:
    """Return the message that ends an operation because of errors."""
    return f'{{"id":{quote(identity)},"type":"error","payload":{orjson.dumps(errors).decode()}}}'


def write_complete(identity: str) -> str:
    """Return the message that ends an operation."""
    return f'{{"id":{quote(identity)},"type":"complete"}}'


def quote(text: str) -> str:
    """Return a text as JSON."""
    return orjson.dumps(text).decode()
