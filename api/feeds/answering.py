"""What answers requests for kept documents: who asks, what they pay, and what caches of others are told."""

from __future__ import annotations

from abc import ABC, abstractmethod

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.admission import admit
from api.auth import Authenticator
from api.budget import Budget
from api.cache_policy import CachePolicy
from api.feeds.keeping import Found, Keeper, Page, refusal_of
from api.graphql_reply import Reply, refuse
from api.graphql_request import JSON, HeaderMap, Refusal, read_headers
from api.headers import Header
from api.pace import Pace
from api.response_cache import ResponseCache
from models.errors import ContentError
from schema.service import Service


class KeptDocuments(ABC):
    """Answers requests for documents; `shared_seconds` is how long caches of others may keep a public answer."""

    def __init__(
        self,
        service: Service,
        authenticator: Authenticator,
        cache: ResponseCache,
        shared_seconds: int,
        pace: Pace,
        budget: Budget | None,
    ) -> None:
        self._keeper = Keeper(service, cache, pace, budget)
        self._authenticator = authenticator
        self._shared_seconds = shared_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        try:
            reply = await self.answer(scope, read_headers(scope))
        except ContentError as error:
            reply = refuse(refusal_of(error), JSON)
        except Refusal as refusal:
            reply = refuse(refusal, JSON)
        await reply.send(send)

    @abstractmethod
    async def answer(self, scope: Scope, headers: HeaderMap) -> Reply:
        """Return the response to a request. Raises Refusal or ContentError."""

    async def find(self, page: Page, scope: Scope, headers: HeaderMap) -> Found:
        """Return a document for whoever asks. Raises Refusal or ContentError."""
        shown = Headers(scope=scope) if b"authorization" in headers else None
        return await self._keeper.find(page, await admit(self._authenticator, shown), scope)

    def describe(self, found: Found, scope: Scope, headers: HeaderMap) -> tuple[bool, tuple[Header, ...]]:
        """Tell whether the sender has a document already, and what its response says to caches and of the budget."""
        policy = CachePolicy.of(scope, headers, self._shared_seconds, found.told)
        return policy.knows(found.entry), policy.headers(found.entry, self._keeper.present())
