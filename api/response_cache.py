"""Finished answers in memory, exact because the newest revision and the next scheduled moment are known.

An answer is kept under all that it depends on besides the content: the request, and what its sender may see. It
is given again as long as nothing changes, and after a change where all that it was made of is still the same.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2b

import orjson

from api.graphql_reply import Body
from models.access import Actor
from models.cache_keys import key_reads
from models.live_view import Reads
from models.schedule import Span
from schema.answer import Request

ENTRY_BYTES = 1_000
"""What an entry takes besides its texts."""

READ_BYTES = 600
"""What one question to the live index takes with its answer."""


@dataclass(slots=True)
class Entry:
    """An answer's body, the revision that it says, the span in which it is true, and what it was made of.

    `made` is the present of its execution. Where the clock goes back, a moment that it shows may be the future again.
    `reads` is None where that is not known; then the end of the span is its end.
    """

    body: Body
    revision: int
    span: Span
    reads: Reads | None
    is_pinned: bool
    made: int
    tag: bytes = b""
    keys: tuple[str, ...] = ()
    size: int = field(init=False)
    """About how many bytes it takes."""

    def __post_init__(self) -> None:
        """Measure it."""
        self.size = ENTRY_BYTES + len(self.body.whole) + READ_BYTES * (len(self.reads) if self.reads else 0)

    def entity_tag(self) -> bytes:
        """Return the entity tag of the content (RFC 9110, section 8.8.3).

        It is weak: two answers with the same tag say the same, as of revisions that may differ.
        """
        if not self.tag:
            self.tag = b'W/"' + blake2b(self.body.content, digest_size=16).hexdigest().encode() + b'"'
        return self.tag

    def cache_keys(self) -> tuple[str, ...]:
        """Return the keys by which others drop it when a change may have altered it (`models.cache_keys`)."""
        if not self.keys:
            self.keys = tuple(
                key_reads(self.reads.subjects() if self.reads is not None and self.reads.is_named else None)
            )
        return self.keys

    def renew(self, span: Span, moment: int) -> bool:
        """Tell whether it is true in another span as well, at a moment of that, and go on in it then."""
        if self.reads is None or not self.reads.hold_in(span):
            return False
        if self.revision != span.revision:
            self.body = self.body.seen_in(span.revision, moment)
            self.revision = span.revision
        self.span = span
        return True


def digest_request(request: Request, actor: Actor) -> bytes | None:
    """Return a digest of all that an answer depends on besides the content: request, rights and scope.

    None where the variables are nested more deeply than they can be written again.
    """
    scope = actor.scope
    seen = [sorted(actor.rights), *map(describe_scope, (scope.sites, scope.locales)), scope.article]
    asked = [request.operation_name, request.variables, request.may_change, seen]
    try:
        described = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return None
    parts = request.query.encode("utf-8", "surrogatepass"), described
    return blake2b(b"\0".join(parts), digest_size=16).digest()


def describe_scope(names: frozenset[str] | None) -> list[str] | None:
    """Return the names of a scope in a fixed order, None for all there are."""
    return None if names is None else sorted(names)


def matches(tag: bytes, if_none_match: bytes) -> bool:
    """Tell whether an If-None-Match header names a tag (RFC 9110, section 13.1.2)."""
    named = {part.strip().removeprefix(b"W/") for part in if_none_match.split(b",")}
    return b"*" in named or tag.removeprefix(b"W/") in named


class ResponseCache:
    """Answers by their digest, the least recently used forgotten when they take more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.dropped = 0
        """How many answers were dropped to make room."""
        self._entries: OrderedDict[bytes, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, digest: bytes, span: Span, moment: int) -> Entry | None:
        """Return the answer that is true at a moment in this span, None where none is kept."""
        entry = self._entries.get(digest)
        if entry is None:
            return None
        if moment < entry.made or (entry.span != span and not entry.renew(span, moment)):
            self._drop(digest)
            return None
        self._entries.move_to_end(digest)
        return entry

    def put(self, digest: bytes, entry: Entry) -> None:
        """Keep an answer, unless it is larger than the whole cache."""
        self._drop(digest)
        if entry.size > self.limit:
            return
        self._entries[digest] = entry
        self.size += entry.size
        while self.size > self.limit:
            self.dropped += 1
            self._drop(next(iter(self._entries)))

    def _drop(self, digest: bytes) -> None:
        entry = self._entries.pop(digest, None)
        self.size -= entry.size if entry else 0
