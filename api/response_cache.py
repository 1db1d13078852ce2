"""Finished answers in memory, exact because the newest revision and the next scheduled moment are known.

An answer is kept under all that it depends on: the request, what its sender may see, and the window of the
schedule in which nothing changes by itself. A newer revision makes it useless at once.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b

import orjson

from models.access import Actor
from models.schedule import Span
from schema.build import Request

ENTRY_BYTES = 600
"""What an entry takes besides its texts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer's body, the revision that it was read at, and the window in which it is true."""

    body: bytes
    revision: int
    window: Span
    size: int


def digest_request(request: Request, actor: Actor) -> bytes | None:
    """Return a digest of all that an answer depends on besides the content: request, rights and scope.

    None where the variables are nested more deeply than they can be written again.
    """
    scope = actor.scope
    seen = [sorted(actor.rights), *map(describe_scope, (scope.sites, scope.locales)), scope.article]
    asked = [request.operation_name, request.variables, seen]
    try:
        described = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return None
    parts = request.query.encode("utf-8", "surrogatepass"), described
    return blake2b(b"\0".join(parts), digest_size=16).digest()


def describe_scope(names: frozenset[str] | None) -> list[str] | None:
    """Return the names of a scope in a fixed order, None for all there are."""
    return None if names is None else sorted(names)


def make_tag(digest: bytes, window: Span) -> str:
    """Return the entity tag of an answer in a window (RFC 9110, section 8.8.3).

    It is weak: two answers with the same tag say the same, and may differ in the moment at which they say it.
    """
    return f'W/"{digest.hex()}-{window.revision}-{window.until}"'


def matches(tag: str, if_none_match: str) -> bool:
    """Tell whether an If-None-Match header names a tag (RFC 9110, section 13.1.2)."""
    named = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return tag.removeprefix("W/") in named


class ResponseCache:
    """Answers by their digest, the least recently used forgotten when they take more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._entries: OrderedDict[bytes, Entry] = OrderedDict()

    def get(self, digest: bytes, window: Span) -> Entry | None:
        """Return the answer that was kept in this window, None where there is none."""
        entry = self._entries.get(digest)
        if entry is None:
            return None
        if entry.window != window:
            self._drop(digest)
            return None
        self._entries.move_to_end(digest)
        return entry

    def put(self, digest: bytes, window: Span, body: bytes, revision: int) -> None:
        """Keep an answer that was read at a revision, unless it is larger than the whole cache."""
        self._drop(digest)
        entry = Entry(body, revision, window, len(body) + ENTRY_BYTES)
        if entry.size > self.limit:
            return
        self._entries[digest] = entry
        self.size += entry.size
        while self.size > self.limit:
            self._drop(next(iter(self._entries)))

    def _drop(self, digest: bytes) -> None:
        entry = self._entries.pop(digest, None)
        self.size -= entry.size if entry else 0
