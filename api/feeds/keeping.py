"""Documents made of what is live, kept as GraphQL's answers are: exact, and made once for all who ask at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from api.graphql_reply import Body, Header
from api.graphql_request import Refusal
from api.response_cache import Entry, ResponseCache, digest_request
from models.access import Actor
from models.errors import ContentError, Forbidden, Unauthenticated, Unavailable, UnknownSite
from models.reading import Reader
from models.schedule import Span, is_current
from models.view import present
from schema.build import Request, Service

STATUSES = {Unauthenticated.code: 401, Forbidden.code: 403, UnknownSite.code: 404}


@dataclass(frozen=True, slots=True)
class WholeBody(Body):
    """A body that says nothing of the view that it was made in, with the status and the headers that go with it."""

    status: int = 200
    headers: tuple[Header, ...] = ()

    def seen_in(self, revision: int, moment: int) -> Body:
        """Return the same, which is true as well."""
        return self


Make = Callable[[Reader], Awaitable[WholeBody]]


class Keeper:
    """Finds documents in memory, or makes them."""

    def __init__(self, service: Service, cache: ResponseCache) -> None:
        self._service = service
        self._cache = cache
        self._making: dict[tuple[bytes, Span], asyncio.Task[Entry]] = {}

    def present(self) -> int:
        """Return the present moment."""
        return present(self._service.database)

    async def find(self, name: str, asked: Mapping[str, object], actor: Actor, make: Make) -> Entry:
        """Return a document as it is now, from memory where it is kept; who asks at once shares the making.

        `name` and `asked` say all that it depends on besides the content and the actor.
        """
        span = await self._service.find_span()
        # No GraphQL document is called so, and none has this digest.
        digest = digest_request(Request(f"GET {name}", variables=dict(asked), may_change=False), actor)
        assert digest is not None
        entry = self._cache.get(digest, span, self.present())
        if entry is not None:
            return entry
        making = self._making.get((digest, span))
        if making is None:
            making = asyncio.create_task(self._make(make, actor, digest, span))
            self._making[digest, span] = making
            # Whoever waited may have given up; an error is then nobody's.
            making.add_done_callback(
                lambda task: self._making.pop((digest, span)) and (task.cancelled() or task.exception())
            )
        return await asyncio.shield(making)

    async def _make(self, make: Make, actor: Actor, digest: bytes, span: Span) -> Entry:
        reader = await self._service.open_present((), actor)
        body = await make(reader)
        database = self._service.database
        made = present(database)
        entry = Entry(body, reader.view.revision, span, reader.reads, is_pinned=False, made=made)
        if is_current(database, span):
            self._cache.put(digest, entry)
        return entry


def refusal_of(error: ContentError) -> Refusal:
    """Return what an error refuses, with a status."""
    if isinstance(error, Unavailable):
        return Refusal(503, error.code, error.message, {"Retry-After": "1"})
    return Refusal(STATUSES.get(error.code, 400), error.code, error.message)
