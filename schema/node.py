"""Relay's Node: opaque ids that name their type."""

import binascii
from base64 import urlsafe_b64decode

import strawberry

from models.errors import InvalidArgument, InvalidIdentifier

TYPES = frozenset({"Site", "Article", "Section", "Question", "Tag", "Token", "Webhook", "Delivery"})

URL_SAFE = bytes.maketrans(b"+/", b"-_")


@strawberry.interface(description="Anything that can be fetched again by its id.")
class Node:
    """Relay's Node: subclasses say which identity their id carries."""

    def identity(self) -> str:
        """Return what tells this object from others of its type."""
        raise TypeError(f"{type(self).__name__} does not say its identity")

    @strawberry.field(
        description="An opaque id, unique among all types. It stays the same in every locale and edition."
    )
    def id(self) -> strawberry.ID:
        """Return the opaque id."""
        return encode_id(type(self).__name__, self.identity())


def encode_id(type_name: str, identity: str) -> strawberry.ID:
    """Return the opaque id of something."""
    # A list of twenty articles has six hundred ids: what base64's own functions do around this takes longer than it.
    encoded = binascii.b2a_base64(f"{type_name}:{identity}".encode(), newline=False)
    return encoded.translate(URL_SAFE, b"=").decode()  # type: ignore[return-value]  # a call less


def decode_id(text: str, expected: str | None = None) -> tuple[str, str]:
    """Return type and identity of an opaque id. Raises InvalidIdentifier."""
    try:
        padded = text + "=" * (-len(text) % 4)
        type_name, _, identity = urlsafe_b64decode(padded).decode().partition(":")
    except (binascii.Error, ValueError):
        type_name = identity = ""
    if "\0" in identity:
        raise InvalidArgument("An id in the arguments holds a NUL character.")
    if type_name not in TYPES or not identity or encode_id(type_name, identity) != text:
        raise InvalidIdentifier(f"{text[:100]!r} is not an id that this server gave out.")
    if expected is not None and type_name != expected:
        raise InvalidIdentifier(f"This id is of a {type_name}; the id of a {expected} is needed here.")
    return type_name, identity
