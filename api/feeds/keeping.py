"""Documents made of what is live, kept as GraphQL's answers are: exact, and made once for all who ask at once.

They are paid for from the same budgets: 1 for what is in memory, and the price of a document for making it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.types import Scope

from api.admission import find_address
from api.budget import Budget, Purse, name_client
from api.graphql_reply import Body
from api.graphql_request import Refusal
from api.headers import Header
from api.pace import Pace
from api.patience import find_leaving
from api.response_cache import Entry, ResponseCache, digest_request
from models.access import Actor
from models.errors import ContentError, Forbidden, Unauthenticated, Unavailable, UnknownSite
from models.reading import Reader
from models.schedule import Span, is_current
from models.shared import Shared
from models.view import present
from schema.answer import Request
from schema.service import Service

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


@dataclass(frozen=True, slots=True)
class Page:
    """A document that is asked for: `name` and `asked` say all that it depends on besides the content and the actor.

    `price` is what it costs to `make` it; where nobody may spend as much, all that they may spend.
    """

    name: str
    asked: Mapping[str, object]
    price: int
    make: Make


@dataclass(frozen=True, slots=True)
class Found:
    """A document as it is now, and what its response says of the budget of whoever asked."""

    entry: Entry
    told: tuple[Header, ...]


class Keeper:
    """Finds documents in memory, or makes them; `budget` is what they are paid from, None where nobody pays."""

    def __init__(self, service: Service, cache: ResponseCache, pace: Pace, budget: Budget | None) -> None:
        self._service = service
        self._cache = cache
        self._pace = pace
        self._budget = budget
        self._making: dict[tuple[bytes, Span], Shared[Entry]] = {}

    def present(self) -> int:
        """Return the present moment."""
        return present(self._service.database)

    async def find(self, page: Page, actor: Actor, scope: Scope) -> Found:
        """Return a document, from memory where it is kept; who asks at once shares the making.

        `scope` is the request's. Raises Refusal.
        """
        client = name_client(actor, find_address(scope))
        if self._budget is None:
            return Found(await self._find(page, actor, scope, client, None), ())
        purse = Purse(self._budget, client)
        await purse.pay(1)
        entry = await self._find(page, actor, scope, client, purse)
        return Found(entry, purse.headers())

    async def _find(self, page: Page, actor: Actor, scope: Scope, client: str, purse: Purse | None) -> Entry:
        patience = self._pace.patience
        span = self._service.known_span()
        if span is None:
            span = await patience.bound(self._service.find_span())
        # No GraphQL document is called so, and none has this digest.
        request = Request(f"GET {page.name}", variables=dict(page.asked), may_change=False)
        digest = digest_request(request, actor)
        assert digest is not None
        entry = self._cache.get(digest, span, self.present())
        if entry is not None:
            return entry
        making = self._join(digest, span)
        if making is None and purse is not None:
            await purse.pay(min(page.price, purse.budget.each) - 1)
            making = self._join(digest, span)
        if making is None:
            work = partial(self._make, page.make, actor, digest, span)
            making = self._making[digest, span] = Shared(self._pace.queries.run(client, work))
            making.task.add_done_callback(partial(self._forget, (digest, span), making))
        return await patience.wait(making, find_leaving(scope))

    def _join(self, digest: bytes, span: Span) -> Shared[Entry] | None:
        """Return the making of a document that somebody else may wait for, None where there is none."""
        making = self._making.get((digest, span))
        return None if making is None or self._pace.patience.is_late(making) else making

    def _forget(self, key: tuple[bytes, Span], making: Shared[Entry], _task: object) -> None:
        if self._making.get(key) is making:
            del self._making[key]

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
