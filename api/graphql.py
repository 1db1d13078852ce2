"""GraphQL over HTTP: the endpoint, which knows who asks, what is kept, and what else must be executed.

Follows the GraphQL over HTTP specification (working draft): media types, status codes, GET and POST. It is an
ASGI application, as most of the time of a kept answer would go into objects for requests and responses.
"""

from __future__ import annotations

from collections import OrderedDict

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request as HttpRequest
from starlette.types import Receive, Scope, Send

from api.admission import admit, admit_again, find_address
from api.answers import Answers, Asker, Asking, Made
from api.auth import Authenticator
from api.budget import Budget, Purse, name_client
from api.cache_policy import CachePolicy
from api.graphiql.page import GraphiQL, wants_page
from api.graphql_reply import CONTENT_TYPES, PRIVATE, REVISION, VARY, Reply, present, refuse, write_body
from api.graphql_request import (
    ALLOWED,
    EVENT_STREAM,
    GRAPHQL_JSON,
    JSON,
    Asked,
    HeaderMap,
    Limits,
    Refusal,
    accepts_stream,
    check_content,
    choose_media_type,
    read_body,
    read_bytes,
    read_headers,
    read_query_string,
)
from api.graphql_socket import Answered
from api.graphql_stream import GraphQLStream, tell_once, write_result
from api.observing.observer import Observer
from api.observing.seen import begin_within, current
from api.pace import Pace
from api.patience import Leaving, find_leaving
from api.persisted import PersistedDocuments
from api.response_cache import Entry, ResponseCache, digest_request
from models.access import Actor, Right
from models.beginning import settle
from schema.service import Service

MOST_READ = 2_000
LONGEST_READ = 4_096
"""How many requests are remembered as they were read, and how long such a request is at most."""

LONGEST_ACCEPT = 200
PRICE_ONLY = b"quiet-price-only"
"""A request with this header is only told what it would cost, unless it says no."""

NO = frozenset({b"", b"0"})


Connection = tuple[Scope, Receive, Send]


class GraphQLEndpoint:
    """Answers GraphQL requests, and browsers with GraphiQL's `page` where there is one.

    `shared_seconds` is how long caches of others may keep a public answer without asking.
    """

    def __init__(
        self,
        service: Service,
        authenticator: Authenticator,
        cache: ResponseCache,
        documents: PersistedDocuments,
        limits: Limits,
        streams: GraphQLStream,
        observer: Observer,
        *,
        page: GraphiQL | None = None,
        shared_seconds: int = 0,
        budget: Budget | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.service = service
        self._authenticator = authenticator
        self._documents = documents
        self._limits = limits
        self._streams = streams
        self._observer = observer
        self._page = page
        self._shared_seconds = shared_seconds
        self._budget = budget
        self._pace = pace or Pace()
        self._read: OrderedDict[bytes, Asking] = OrderedDict()
        self._media_types: dict[bytes, str | None] = {}
        self._answers = Answers(service, cache, documents, observer, self._pace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        headers = read_headers(scope)
        accept = headers.get(b"accept", b"")
        if self._page is not None and b"text/html" in accept and wants_page(HttpRequest(scope)):
            await self._page.page()(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await Reply(204, ((b"allow", ALLOWED.encode()),)).send(send)
            return
        media_type = self._choose_media_type(accept)
        try:
            if media_type is None:
                raise Refusal(406, "NOT_ACCEPTABLE", f"Answers are {GRAPHQL_JSON}, {JSON} or {EVENT_STREAM}.")
            actor = await self._identify(scope, headers)
            asker = self._greet(actor, find_address(scope), find_leaving(scope))
            purse = asker.purse
            asking = await self._read_request(scope, receive, headers, actor)
            if purse is not None:
                await purse.pay(1 + self.service.quote_reading(asking.request))
            if headers.get(PRICE_ONLY, b"0") not in NO:
                reply = await self._tell_price(asking, JSON if media_type == EVENT_STREAM else media_type)
                await reply.send(send)
                return
            if b"event-stream" in accept and await self._stream(
                asking, accept, media_type, asker, (scope, receive, send)
            ):
                return
            made = await self._answers.find(asking, asker)
            told = purse.headers() if purse is not None else ()
            policy = CachePolicy.of(scope, headers, self._shared_seconds, told)
            reply = self._reply(made, media_type, policy)
        except Refusal as refusal:
            reply = refuse(refusal, JSON if media_type in {None, EVENT_STREAM} else media_type)
        await reply.send(send)

    async def _stream(
        self, asking: Asking, accept: bytes, media_type: str, asker: Asker, connection: Connection
    ) -> bool:
        """Answer with an event stream where that is meant, and tell whether it was. Raises Refusal."""
        scope, _, send = connection
        if self.service.is_subscription(asking.request) and accepts_stream(accept):
            headers = Headers(scope=scope)

            async def recheck() -> None:
                await admit_again(self._authenticator, headers, asking.actor)

            await self._answers.pay(self.service.call(asking.request, asking.actor), asker.purse)
            self._observer.tell_subscription(current.get(), self._answers.find_subject(asking))
            await settle()
            await self._streams.follow(asking.asked, asking.request, asking.actor, connection, recheck)
            return True
        if media_type != EVENT_STREAM:
            return False
        _, _, body = await self._answers.find(asking, asker)
        await settle()
        await tell_once(write_result(body.whole), send)
        return True

    async def answer_asked(self, asked: Asked, actor: Actor, address: str) -> Answered | None:
        """Answer an operation that came in another way than by a request; None for a subscription. Raises Refusal."""
        request = asked.request(self._documents.find(asked, actor), may_change=True)
        asking = Asking(asked, request, actor, digest_request(request, actor))
        asker = self._greet(actor, address)
        if asker.purse is not None:
            await asker.purse.pay(1 + self.service.quote_reading(request))
        if self.service.is_subscription(request):
            await self._answers.pay(self.service.call(request, actor), asker.purse)
            self._observer.tell_subscription(None, self._answers.find_subject(asking))
            return None
        # For the task that answers it, in which nothing else runs.
        current.set(begin_within(current.get()))
        _, answer, body = await self._answers.find(asking, asker)
        failed = answer is not None and not answer.executed
        return Answered(body.whole, answer.errors if answer is not None and failed else None)

    def _choose_media_type(self, accept: bytes) -> str | None:
        if len(accept) > LONGEST_ACCEPT:
            return choose_media_type(accept)
        if accept not in self._media_types:
            if len(self._media_types) >= MOST_READ:
                self._media_types.clear()
            self._media_types[accept] = choose_media_type(accept)
        return self._media_types[accept]

    def _greet(self, actor: Actor, address: str, leaving: Leaving | None = None) -> Asker:
        client = name_client(actor, address)
        return Asker(client, None if self._budget is None else Purse(self._budget, client), leaving)

    async def _tell_price(self, asking: Asking, media_type: str) -> Reply:
        """Return the response that tells only what an operation would cost."""
        answer = await self.service.tell_price(self.service.call(asking.request, asking.actor))
        if answer.errors:
            return present(answer, write_body(answer), media_type, (PRIVATE,))
        body = orjson.dumps({"data": None, "extensions": {"cost": answer.price}})
        return Reply(200, (CONTENT_TYPES[media_type], VARY, PRIVATE), body)

    def _reply(self, made: Made, media_type: str, policy: CachePolicy) -> Reply:
        """Return the response to a request."""
        entry, answer, body = made
        if entry is not None and (answer is None or policy.knows(entry)):
            return self._present_kept(entry, media_type, policy)
        assert answer is not None
        more = policy.headers(entry, self._answers.now) if entry else policy.uncached()
        return present(answer, body, media_type, more)

    def _present_kept(self, entry: Entry, media_type: str, policy: CachePolicy) -> Reply:
        """Return a kept answer, or 304 where the sender has it already."""
        caching = policy.headers(entry, self._answers.now)
        if policy.knows(entry):
            return Reply(304, (VARY, *caching))
        headers = (CONTENT_TYPES[media_type], VARY, (REVISION, str(entry.revision).encode()), *caching)
        return Reply(200, headers, entry.body.whole)

    async def _identify(self, scope: Scope, headers: HeaderMap) -> Actor:
        """Return who asks. Raises Refusal."""
        if b"authorization" not in headers:
            return await admit(self._authenticator, None)
        return await self._pace.patience.bound(admit(self._authenticator, Headers(scope=scope)))

    async def _read_request(self, scope: Scope, receive: Receive, headers: HeaderMap, actor: Actor) -> Asking:
        """Return what is asked, as it was read before where somebody asked the same. Raises Refusal."""
        match scope["method"]:
            case "POST":
                limit = self._limits.of(may_edit=actor.may(Right.EDIT))
                check_content(headers, limit)
                text, may_change = await read_bytes(receive, limit), True
            case "GET" | "HEAD":
                text, may_change = scope["query_string"], False
            case _:
                raise Refusal(
                    405, "METHOD_NOT_ALLOWED", "GraphQL is served to GET and POST.", {"Allow": ALLOWED}
                )
        key = text if may_change else b"?" + text
        known = self._read.get(key)
        if known is not None and known.actor is actor:
            return known
        asked = read_body(text) if may_change else read_query_string(text)
        request = asked.request(self._documents.find(asked, actor), may_change=may_change)
        asking = Asking(asked, request, actor, digest_request(request, actor))
        if actor is self._authenticator.anonymous and len(key) <= LONGEST_READ:
            self._read[key] = asking
            if len(self._read) > MOST_READ:
                self._read.popitem(last=False)
        return asking
