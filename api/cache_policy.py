"""What responses say to caches of others: browsers, proxies, content delivery networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import Scope

from api.graphql_reply import PRIVATE
from api.graphql_request import HeaderMap
from api.headers import Header
from api.response_cache import Entry, matches

IMMUTABLE: Header = (b"cache-control", b"public, max-age=31536000, immutable")
NO_CACHE: Header = (b"cache-control", b"no-cache")


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """What a response says to caches: nothing to a POST, and that it is private to whoever shows a credential.

    `more` is what it says to its client alone, which no cache of others may give to the next one.
    """

    is_shared: bool
    is_private: bool
    known: bytes
    shared_seconds: int
    more: tuple[Header, ...] = ()

    @staticmethod
    def of(
        scope: Scope, headers: HeaderMap, shared_seconds: int, more: tuple[Header, ...] = ()
    ) -> CachePolicy:
        """Return the policy for the response to a request."""
        is_read = scope["method"] != "POST"
        known = headers.get(b"if-none-match", b"") if is_read else b""
        return CachePolicy(is_read, b"authorization" in headers, known, shared_seconds, more)

    def knows(self, entry: Entry) -> bool:
        """Tell whether the sender named the tag of this answer as one that they have."""
        return bool(self.known) and matches(entry.entity_tag(), self.known)

    def uncached(self) -> tuple[Header, ...]:
        """Return the headers of an answer that is not kept."""
        if self.is_private:
            return (PRIVATE, *self.more)
        return (NO_CACHE, *self.more) if self.is_shared else self.more

    def headers(self, entry: Entry, now: int) -> tuple[Header, ...]:
        """Return the headers of an answer that is kept."""
        if not self.is_shared:
            return self.uncached()
        tag = (b"etag", entry.entity_tag())
        if self.is_private:
            return (tag, PRIVATE, *self.more)
        if entry.is_pinned:
            return (tag, IMMUTABLE)
        return (
            tag,
            self._share(entry, now),
            *(write_keys(entry.cache_keys()) if self.shared_seconds else ()),
        )

    def _share(self, entry: Entry, now: int) -> Header:
        """Return how long others may keep an answer: never beyond the next moment at which something is scheduled."""
        seconds = min(self.shared_seconds, (entry.span.until - now) // 1000)
        if seconds <= 0:
            return NO_CACHE
        shared = f"public, max-age=0, s-maxage={seconds}"
        if now + 2000 * seconds < entry.span.until:
            shared += f", stale-while-revalidate={seconds}"
        return (b"cache-control", shared.encode())


def write_keys(keys: Sequence[str]) -> tuple[Header, Header]:
    """Return the keys of an answer as Fastly and Varnish read them, and as Cloudflare does."""
    return (b"surrogate-key", " ".join(keys).encode()), (b"cache-tag", ",".join(keys).encode())
