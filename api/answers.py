"""The answers of operations: kept, shared with others who ask for the same, or made when it is their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

from api.budget import Purse
from api.graphql_reply import Body, write_body
from api.graphql_request import Asked, Refusal
from api.observing.observer import CANCELLED, ERROR, FAILED, KEPT, MADE, OK, REFUSED, SHARED, Observer
from api.observing.seen import Seen, begin_within, current
from api.pace import Pace
from api.patience import Leaving
from api.persisted import PersistedDocuments
from api.response_cache import Entry, ResponseCache
from api.turns import OVERLOADED
from models.access import Actor, Right
from models.beginning import begin
from models.errors import ContentError
from models.schedule import Span, is_current
from models.shared import Shared
from models.view import present
from schema.answer import Answer, Request
from schema.call import Call
from schema.errors import INTERNAL_ERROR
from schema.service import Service
from schema.subject import UNKNOWN, Subject


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


class Answers:
    """Finds the answer of an operation, at the price and in the time that its asker has."""

    def __init__(
        self,
        service: Service,
        cache: ResponseCache,
        documents: PersistedDocuments,
        observer: Observer,
        pace: Pace,
    ) -> None:
        self._service = service
        self._cache = cache
        self._documents = documents
        self._observer = observer
        self._pace = pace
        self._making: dict[MakingKey, Shared[Made]] = {}

    async def find(self, asking: Asking, asker: Asker) -> Made:
        """Return the entry of a kept answer, or what the execution comes to, and tell what came of it."""
        seen = current.get() or begin_within(None)
        if self._observer.tracing is None:
            return await self._time(asking, asker, seen)
        with self._observer.tracing.operation(self.find_subject(asking), seen):
            return await self._time(asking, asker, seen)

    async def pay(self, call: Call, purse: Purse | None) -> None:
        """Spend what is to be executed; one was spent when it came. Raises Refusal."""
        if purse is not None:
            price = await self._pace.patience.bound(self._service.quote(call))
            await purse.pay(price - 1)

    def find_subject(self, asking: Asking) -> Subject:
        """Return what is asked, which is read here where it was not before: not before it is paid for."""
        if asking.subject is None:
            asking.subject = self._service.find_subject(asking.request)
        return asking.subject

    @property
    def now(self) -> int:
        """Return the moment at which what is kept is looked for."""
        return present(self._service.database)

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
                subject = self.find_subject(asking)
            self._observer.tell_operation(seen, subject, outcome, perf_counter() - began)
        return made

    async def _search(self, asking: Asking, asker: Asker, seen: Seen) -> Made:
        """Return the entry of a kept answer, or what the execution comes to, with the entry where it is kept."""
        seen.cache = MADE
        span = await self._find_span()
        return self._recall(asking, span, seen) or await self._work(asking, asker, span, seen)

    def _recall(self, asking: Asking, span: Span | None, seen: Seen) -> Made | None:
        """Return the entry of an answer that is kept, None where none is."""
        if span is None or asking.digest is None:
            return None
        entry = self._cache.get(asking.digest, span, self.now)
        if entry is None:
            return None
        self._documents.remember(asking.asked)
        seen.cache = KEPT
        return Made(entry, None, entry.body)

    async def _work(self, asking: Asking, asker: Asker, span: Span | None, seen: Seen) -> Made:
        """Return what the execution comes to, when it is its turn. Raises Refusal, also where it takes too long."""
        if self._service.quote_reading(asking.request) and not asking.actor.may(Right.EDIT):
            # What changes nothing is not even read where nobody is let in.
            self._pace.queries.check(asker.client)
        call = self._service.call(asking.request, asking.actor)
        if self._service.is_early(call):
            # Here, so that it does not wait in its turn.
            refused = await self._pace.patience.bound(self._service.reach(call))
            if refused is not None:
                return Made(None, refused, write_body(refused))
            span = await self._find_span()
        turns = self._pace.changes if call.changes else self._pace.queries
        key = self._name(asking, call, span)
        making = self._join(key)
        if making is None:
            turns.check(asker.client)
            await self.pay(call, asker.purse)
            # Somebody else may have asked for the same and have it already.
            made = self._recall(asking, span, seen)
            if made is not None:
                return made
            making = self._join(key)
        if making is not None:
            seen.cache = SHARED
            return await self._share(asking, asker, making)
        work = turns.run(asker.client, partial(self._make, asking, call, span))
        return await (self._pace.patience.finish(work) if call.changes else self._begin(work, key, asker))

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

    def _name(self, asking: Asking, call: Call, span: Span | None) -> MakingKey | None:
        """Return what an execution is shared by, None where each operation has its own.

        After a change many ask at once for what it altered: one execution is for all of them.
        """
        if span is None or asking.digest is None or not call.is_shared:
            return None
        return asking.digest, span

    def _join(self, key: MakingKey | None) -> Shared[Made] | None:
        """Return the execution that an operation may share, None where it has one of its own."""
        making = None if key is None else self._making.get(key)
        return None if making is None or self._pace.patience.is_late(making) else making

    def _forget(self, key: MakingKey, making: Shared[Made], _task: object) -> None:
        if self._making.get(key) is making:
            del self._making[key]

    async def _make(self, asking: Asking, call: Call, span: Span | None) -> Made:
        """Execute an operation, and keep its answer where it can be given again."""
        answer = await self._service.answer(call)
        self._remember(asking, answer)
        body = write_body(answer)
        return Made(self._keep(asking, answer, body, span), answer, body)

    def _remember(self, asking: Asking, answer: Answer | None) -> None:
        """Remember a document that was executed under its hash."""
        if answer is not None and answer.view is not None:
            self._documents.remember(asking.asked)

    def _keep(self, asking: Asking, answer: Answer, body: Body, span: Span | None) -> Entry | None:
        """Keep an answer if it can be repeated, and nothing changed while it was made."""
        if span is None or asking.digest is None:
            return None
        if not answer.is_repeatable or not answer.view or not is_current(self._service.database, span):
            return None
        entry = Entry(
            body.fitted(), answer.view.revision, span, answer.reads, answer.is_pinned, made=self.now
        )
        self._cache.put(asking.digest, entry)
        return entry

    async def _find_span(self) -> Span | None:
        """Return the span that the present lies in; None where answers are not kept, or the database cannot tell."""
        if not self._cache.limit:
            return None
        try:
            return self._service.known_span() or await self._pace.patience.bound(self._service.find_span())
        except ContentError:
            return None


def judge(made: Made) -> str:
    """Return what came of an operation, in a word."""
    answer = made.answer
    if answer is None or not answer.errors:
        return OK
    if not answer.executed:
        return REFUSED
    codes = (error.get("extensions", {}).get("code") for error in answer.errors)
    return ERROR if INTERNAL_ERROR in codes else FAILED
