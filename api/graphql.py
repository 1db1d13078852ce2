"""GraphQL over HTTP: the endpoint, which knows who asks, what is kept, and what else must be executed.

Follows the GraphQL over HTTP specification (working draft): media types, status codes, GET and POST. It is an
ASGI application, as most of the time of a kept answer would go into objects for requests and responses.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request as HttpRequest
from starlette.types import Receive, Scope, Send

from api.admission import admit, admit_again, find_address
from api.auth import Authenticator
from api.budget import Budget, Purse, name_client
from api.cache_policy import CachePolicy
from api.graphiql.page import GraphiQL, wants_page
from api.graphql_reply import CONTENT_TYPES, PRIVATE, REVISION, VARY, Body, Reply, present, refuse, write_body
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
from api.observing.observer import CANCELLED, ERROR, FAILED, KEPT, MADE, OK, REFUSED, SHARED, Observer
from api.observing.seen import Seen, begin_within, current
from api.pace import Pace
from api.patience import Leaving, find_leaving
from api.persisted import PersistedDocuments
from api.response_cache import Entry, ResponseCache, digest_request
from api.turns import OVERLOADED
from models.access import Actor, Right
from models.beginning import begin
from models.errors import ContentError
from models.schedule import Span, is_current
from models.shared import Shared
from models.view import present as present_moment
from schema.build import Answer, Request, Service
from schema.errors import INTERNAL_ERROR
from schema.subject import UNKNOWN, Subject

MOST_READ = 2_000
LONGEST_READ = 4_096
"""How many requests are remembered as they were read, and how long such a request is at most."""

LONGEST_ACCEPT = 200
PRICE_ONLY = b"quiet-price-only"
"""A request with this header is only told what it would cost."""


Connection = tuple[Scope, Receive, Send]


@dataclass(slots=True)
class Asking:
    """A request as it was read; `digest` is that of the request and its sender, None where it has none.

    `subject` is what it is about, None as long as nobody wanted to know.
    """

    asked: Asked
    request: Request
    actor: Actor
    digest: bytes | None
    subject: Subject | None = None


MakingKey = tuple[bytes, Span]
"""What an execution is shared by: the digest of a request and its sender, and the span of the history."""


class Made(NamedTuple):
    """An answer: where it is kept, what the execution came to unless it was kept before, and its body."""

    entry: Entry | None
    answer: Answer | None
    body: Body


@dataclass(frozen=True, slots=True)
class Asker:
    """Who waits for an answer: the name that it is counted under, its purse, and what is called when it goes."""

    client: str
    purse: Purse | None
    leaving: Leaving | None = None


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
        self._cache = cache
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
        self._making: dict[MakingKey, Shared[Made]] = {}

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
            if PRICE_ONLY in headers:
                reply = await self._tell_price(asking, JSON if media_type == EVENT_STREAM else media_type)
                await reply.send(send)
                return
            if b"event-stream" in accept and await self._stream(
                asking, accept, media_type, asker, (scope, receive, send)
            ):
                return
            made = await self._find(asking, asker)
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

            await self._pay(asking, asker.purse)
            self._observer.tell_subscription(current.get(), self._find_subject(asking))
            await self._streams.follow(asking.asked, asking.request, asking.actor, connection, recheck)
            return True
        if media_type != EVENT_STREAM:
            return False
        _, _, body = await self._find(asking, asker)
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
            await self._pay(asking, asker.purse)
            self._observer.tell_subscription(None, self._find_subject(asking))
            return None
        # For the task that answers it, in which nothing else runs.
        current.set(begin_within(current.get()))
        _, answer, body = await self._find(asking, asker)
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

    async def _pay(self, asking: Asking, purse: Purse | None) -> None:
        """Spend what is to be executed; one was spent when it came. Raises Refusal."""
        if purse is not None:
            price = await self._pace.patience.bound(self.service.quote(asking.request, asking.actor))
            await purse.pay(price - 1)

    async def _tell_price(self, asking: Asking, media_type: str) -> Reply:
        """Return the response that tells only what an operation would cost."""
        answer = await self.service.tell_price(asking.request, asking.actor)
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
        more = policy.headers(entry, self._now) if entry else policy.uncached()
        return present(answer, body, media_type, more)

    async def _find(self, asking: Asking, asker: Asker) -> Made:
        """Return the entry of a kept answer, or what the execution comes to, and tell what came of it."""
        seen = current.get() or begin_within(None)
        if self._observer.tracing is None:
            return await self._time(asking, asker, seen)
        with self._observer.tracing.operation(self._find_subject(asking), seen):
            return await self._time(asking, asker, seen)

    async def _time(self, asking: Asking, asker: Asker, seen: Seen) -> Made:
        began, outcome = perf_counter(), ERROR
        try:
            made = await self._search(asking, asker, seen)
            outcome = judge(made)
        except asyncio.CancelledError:
            outcome = CANCELLED
            raise
        except Refusal as refusal:
            outcome, seen.code = REFUSED, refusal.code
            raise
        finally:
            if asking.subject is None and seen.code == OVERLOADED:
                subject = Subject(None, UNKNOWN, asking.request.query)
            else:
                subject = self._find_subject(asking)
            self._observer.tell_operation(seen, subject, outcome, perf_counter() - began)
        return made

    def _find_subject(self, asking: Asking) -> Subject:
        """Return what is asked, which is read here where it was not before: not before it is paid for."""
        if asking.subject is None:
            asking.subject = self.service.find_subject(asking.request)
        return asking.subject

    async def _search(self, asking: Asking, asker: Asker, seen: Seen) -> Made:
        """Return the entry of a kept answer, or what the execution comes to, with the entry where it is kept."""
        seen.cache = MADE
        span = await self._find_span()
        return self._recall(asking, span, seen) or await self._work(asking, asker, span, seen)

    def _recall(self, asking: Asking, span: Span | None, seen: Seen) -> Made | None:
        """Return the entry of an answer that is kept, None where none is."""
        if span is None or asking.digest is None:
            return None
        entry = self._cache.get(asking.digest, span, self._now)
        if entry is None:
            return None
        self._documents.remember(asking.asked)
        seen.cache = KEPT
        return Made(entry, None, entry.body)

    async def _work(self, asking: Asking, asker: Asker, span: Span | None, seen: Seen) -> Made:
        """Return what the execution comes to, when it is its turn. Raises Refusal, also where it takes too long."""
        if self.service.quote_reading(asking.request) and not asking.actor.may(Right.EDIT):
            # What changes nothing is not even read where nobody is let in.
            self._pace.queries.check(asker.client)
        if self.service.is_early(asking.request, asking.actor):
            # Here, so that it does not wait in its turn.
            refused = await self._pace.patience.bound(self.service.reach(asking.request))
            if refused is not None:
                return Made(None, refused, write_body(refused))
            span = await self._find_span()
        changes = self.service.is_mutation(asking.request)
        turns = self._pace.changes if changes else self._pace.queries
        key = self._name(asking, span)
        making = self._join(key)
        if making is None:
            turns.check(asker.client)
            await self._pay(asking, asker.purse)
            # Somebody else may have asked for the same and have it already.
            made = self._recall(asking, span, seen)
            if made is not None:
                return made
            making = self._join(key)
        if making is not None:
            seen.cache = SHARED
            return await self._share(asking, asker, making)
        work = turns.run(asker.client, partial(self._make, asking, span))
        return await (self._pace.patience.finish(work) if changes else self._begin(work, key, asker))

    async def _share(self, asking: Asking, asker: Asker, making: Shared[Made]) -> Made:
        """Return what an execution comes to that somebody else asked for. Raises Refusal."""
        made = await self._pace.patience.wait(making, asker.leaving)
        self._remember(asking, made.answer)
        return made

    async def _begin(self, work: Coroutine[Any, Any, Made], key: MakingKey | None, asker: Asker) -> Made:
        """Return what an execution comes to, which others may share until then. Raises Refusal."""
        making = begin(work)
        if not isinstance(making, Shared):
            return making
        if key is not None:
            self._making[key] = making
            making.task.add_done_callback(partial(self._forget, key, making))
        return await self._pace.patience.wait(making, asker.leaving)

    def _name(self, asking: Asking, span: Span | None) -> MakingKey | None:
        """Return what an execution is shared by, None where each operation has its own.

        After a change many ask at once for what it altered: one execution is for all of them.
        """
        if span is None or asking.digest is None or not self.service.is_plain_query(asking.request):
            return None
        return asking.digest, span

    def _join(self, key: MakingKey | None) -> Shared[Made] | None:
        """Return the execution that an operation may share, None where it has one of its own."""
        making = None if key is None else self._making.get(key)
        return None if making is None or self._pace.patience.is_late(making) else making

    def _forget(self, key: MakingKey, making: Shared[Made], _task: object) -> None:
        if self._making.get(key) is making:
            del self._making[key]

    async def _make(self, asking: Asking, span: Span | None) -> Made:
        """Execute an operation, and keep its answer where it can be given again."""
        answer = await self._execute(asking)
        body = write_body(answer)
        return Made(self._keep(asking, answer, body, span), answer, body)

    @property
    def _now(self) -> int:
        return present_moment(self.service.database)

    def _present_kept(self, entry: Entry, media_type: str, policy: CachePolicy) -> Reply:
        """Return a kept answer, or 304 where the sender has it already."""
        caching = policy.headers(entry, self._now)
        if policy.knows(entry):
            return Reply(304, (VARY, *caching))
        headers = (CONTENT_TYPES[media_type], VARY, (REVISION, str(entry.revision).encode()), *caching)
        return Reply(200, headers, entry.body.whole)

    async def _execute(self, asking: Asking) -> Answer:
        answer = await self.service.answer(asking.request, asking.actor)
        self._remember(asking, answer)
        return answer

    def _remember(self, asking: Asking, answer: Answer | None) -> None:
        """Remember a document that was executed under its hash."""
        if answer is not None and answer.view is not None:
            self._documents.remember(asking.asked)

    def _keep(self, asking: Asking, answer: Answer, body: Body, span: Span | None) -> Entry | None:
        """Keep an answer if it can be repeated, and nothing changed while it was made."""
        if span is None or asking.digest is None:
            return None
        if not answer.is_repeatable or not answer.view or not is_current(self.service.database, span):
            return None
        entry = Entry(
            body.fitted(), answer.view.revision, span, answer.reads, answer.is_pinned, made=self._now
        )
        self._cache.put(asking.digest, entry)
        return entry

    async def _find_span(self) -> Span | None:
        """Return the span that the present lies in; None where answers are not kept, or the database cannot tell."""
        if not self._cache.limit:
            return None
        try:
            return self.service.known_span() or await self._pace.patience.bound(self.service.find_span())
        except ContentError:
            return None

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


def judge(made: Made) -> str:
    """Return what came of an operation, in a word."""
    answer = made.answer
    if answer is None or not answer.errors:
        return OK
    if not answer.executed:
        return REFUSED
    codes = (error.get("extensions", {}).get("code") for error in answer.errors)
    return ERROR if INTERNAL_ERROR in codes else FAILED
