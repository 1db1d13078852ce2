"""The one way to execute an operation: the schema over one database, with what it keeps in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from inspect import isawaitable
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLFormattedError,
    GraphQLSchema,
    OperationType,
    execute,
)
from graphql.execution.values import get_variable_values

from models.access import Actor
from models.database import Database
from models.errors import ContentError, RevisionNotReached
from models.library import Library
from models.live_index import LiveIndex
from models.paging import PAGE_SIZE
from models.reading import Reader, Sources
from models.schedule import Schedule, Span
from models.sizes import Counts
from models.view import REACH_SECONDS, View, ViewRequest, open_view, present
from schema.answer import Answer, Request, fail
from schema.build import build_schema, core_schema
from schema.call import Call, make_call
from schema.document_limits import DocumentLimits
from schema.documents import LONGEST_KEPT, NO_SETTINGS, Documents, Prepared
from schema.errors import BAD_USER_INPUT, present_error
from schema.operation import Operation
from schema.planning import Plans
from schema.price import TooCostly
from schema.projector import ProjectingExecutor, Projector
from schema.subject import UNKNOWN, Subject
from schema.suggestions import withhold

CHARACTERS = 3
"""So many characters of a document that is not known yet cost one: it is read and validated."""

MUST_NOT_CHANGE = "METHOD_NOT_ALLOWED"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a document may be, what an operation may cost (0 is no limit), and how many items a page may have."""

    document: DocumentLimits = NO_SETTINGS
    cost: int = 0
    page_size: int = PAGE_SIZE


NO_BOUNDS = Bounds()


class Service:
    """The schema over one database: prepares documents, opens views, executes operations.

    With `projects` false every field goes through its resolver one by one, with `indexes` false all look-ups and
    lists ask the database: the same answers, slower. `private_webhooks` is told to each operation. Messages suggest
    names of the schema where `suggests` is true.
    """

    def __init__(
        self,
        database: Database,
        library: Library,
        *,
        projects: bool = True,
        indexes: bool = True,
        private_webhooks: bool = False,
        bounds: Bounds = NO_BOUNDS,
        suggests: bool = True,
    ) -> None:
        self.database = database
        self._bounds = bounds
        self._counts = Counts(database)
        self.library = library
        self.index = LiveIndex(database, library.limit // 2 if indexes else 0)
        library.beside = lambda: self.index.size
        self._no_index = LiveIndex(database, 0)
        self._private_webhooks = private_webhooks
        self._suggests = suggests
        self._schedule = Schedule(database)
        self.schema = core_schema(build_schema())
        self._plans = Plans(self.schema)
        self.documents = Documents(self.schema, Projector(self.schema) if projects else None, bounds.document)

    def call(self, request: Request, actor: Actor) -> Call:
        """Return what a request calls for; its document is read here where it was not before."""
        prepared = self.documents.prepare(request.query)
        return make_call(self.schema, prepared, request, actor, self._bounds.document)

    async def ask(self, request: Request, actor: Actor) -> Answer:
        """Execute a request. Errors are in the answer; nothing is raised for what a client can cause."""
        return await self.answer(self.call(request, actor))

    async def answer(self, call: Call) -> Answer:
        """Execute what is called for. Errors are in the answer; nothing is raised for what a client can cause."""
        return self.present(await self._answer(call))

    def present(self, answer: Answer) -> Answer:
        """Return an answer as its errors may be told."""
        if self._suggests or not answer.errors:
            return answer
        return replace(answer, errors=withhold(answer.errors))

    async def _answer(self, call: Call) -> Answer:
        refused = refuse(call)
        if refused is not None:
            return refused
        try:
            price = await self.price(call)
            view = await open_view(self.database, call.wanted, call.actor)
            if call.wanted.is_of_now and not call.changes:
                await self.index.reach(view.revision, view.moment)
        except (ContentError, GraphQLError) as error:
            return fail(error)
        return await self._execute(call, view, price)

    @property
    def sources(self) -> Sources:
        """Return where readers read."""
        return Sources(self.database, self.library, self.index, self._bounds.page_size)

    async def quote(self, call: Call) -> int:
        """Return what it costs to execute what is called for, 1 where it will be refused."""
        if call.errors:
            return 1
        try:
            return max(1, await self.price(call))
        except ContentError:
            return 1

    def quote_reading(self, request: Request) -> int:
        """Return what it costs to read and validate a request's document, nothing where that was done before."""
        return 0 if self.documents.knows(request.query) else len(request.query) // CHARACTERS

    async def tell_price(self, call: Call) -> Answer:
        """Return the price of a request without executing it, or the errors that keep it from being executed."""
        return self.present(await self._tell_price(call))

    async def _tell_price(self, call: Call) -> Answer:
        errors = call.errors or find_wrong_variables(self.schema, call)
        if errors:
            return Answer(None, errors, None, executed=False)
        try:
            return Answer(None, (), None, executed=False, price=await self.price(call))
        except ContentError as error:
            return fail(error)

    async def price(self, call: Call) -> int:
        """Return what an operation that there is costs at the most. Raises TooCostly, or DatabaseLost.

        Reading a long document counts towards what one may cost, whether or not it was read before.
        """
        sizes = await self._counts.find()
        wanted = call.wanted
        price = call.prepared.price(
            self.schema, call.request, sizes, is_live=wanted.is_of_now and wanted.is_published
        )
        if 0 < self._bounds.cost < price + call.prepared.reading:
            raise TooCostly(price, call.prepared.reading, self._bounds.cost)
        return price

    def open_reader(self, actor: Actor) -> Reader:
        """Return a reader of what is live now, for somebody who follows the change log."""
        self.database.head.look()
        view = View(self.database.head.revision, present(self.database), scope=actor.scope)
        return Reader(self.sources, view, actor)

    async def open_present(self, locales: tuple[str, ...], actor: Actor) -> Reader:
        """Return a reader of what is live now in these locales. Raises Unauthenticated, Forbidden or DatabaseLost."""
        view = await open_view(self.database, ViewRequest(locales=locales), actor)
        await self.index.reach(view.revision, view.moment)
        return Reader(self.sources, view, actor)

    def is_subscription(self, request: Request) -> bool:
        """Tell whether a request is to be followed rather than answered."""
        return self.documents.prepare(request.query).has(request.operation_name, OperationType.SUBSCRIPTION)

    def is_early(self, call: Call) -> bool:
        """Tell whether somebody wants to see a revision that is not here yet (`minRevision`)."""
        wanted = call.wanted.min_revision
        return wanted is not None and wanted > self.database.head.revision

    async def reach(self, call: Call) -> Answer | None:
        """Wait a short while until what somebody wants to see is here; return the answer where it does not come."""
        try:
            await self.database.head.reach(call.wanted.min_revision or 0, REACH_SECONDS)
        except RevisionNotReached as error:
            return fail(error)
        return None

    def find_subject(self, request: Request) -> Subject:
        """Return what a request is about."""
        if len(request.query) > LONGEST_KEPT:
            # Such a document is not remembered, and is not read once more for this.
            return Subject(None, UNKNOWN, request.query)
        prepared = self.documents.prepare(request.query)
        subject = prepared.subjects.get(request.operation_name)
        if subject is None:
            subject = describe_subject(prepared, request)
            if subject.type != UNKNOWN:
                prepared.subjects[request.operation_name] = subject
        return subject

    def known_span(self) -> Span | None:
        """Return the span that the present lies in, None where the database must be asked for it."""
        head = self.database.head
        head.look()
        return self.index.span if self.index.covers(head.revision, present(self.database)) else None

    async def find_span(self) -> Span:
        """Return the span in which nothing changes that the present lies in. Raises DatabaseLost."""
        head = self.database.head
        head.look()
        now = present(self.database)
        await self.index.reach(head.revision, now)
        if self.index.covers(head.revision, now):
            return self.index.span
        return await self._schedule.find_span()

    async def _execute(self, call: Call, view: View, price: int) -> Answer:
        prepared, request, operation = call.prepared, call.request, call.operation
        assert prepared.document is not None
        assert operation is not None
        # What a mutation changed is not in the index of the revision at which it began.
        sources = replace(self.sources, index=self._no_index) if call.changes else self.sources
        reader = Reader(sources, view, call.actor)
        context = Operation(reader, self.database.head.revision, prepared.projections, self._private_webhooks)
        if prepared.planned is not None and not call.changes:
            plan = self._plans.find(prepared.planned, request, call.variables)
            data = await plan.execute(context) if plan else None
            if data is not None:
                return complete(call, reader, price, data)
        wrong = find_wrong_variables(self.schema, call)
        if wrong:
            return Answer(None, wrong, None, executed=False)
        pending = execute(
            self.schema,
            prepared.document,
            context_value=context,
            variable_values=request.variables,
            operation_name=request.operation_name,
            executor_class=ProjectingExecutor if prepared.projections else None,
        )
        result = await pending if isawaitable(pending) else pending
        assert isinstance(result, ExecutionResult)
        errors = tuple(present_error(error) for error in result.errors or ())
        if call.changes:
            head = self.database.head
            view = view.pinned_to(head.revision, head.moment)
            return Answer(result.data, errors, view, executed=True, price=price)
        return complete(call, reader, price, result.data, errors)


def refuse(call: Call) -> Answer | None:
    """Return the answer of what cannot be executed here, None of what can."""
    if call.errors:
        return Answer(None, call.errors, None, executed=False)
    if call.follows:
        message = "A subscription is followed: as text/event-stream, or by WebSocket (graphql-transport-ws)."
        problem = present_error(GraphQLError(message), BAD_USER_INPUT)
        return Answer(None, (problem,), None, executed=False)
    if call.changes and not call.request.may_change:
        problem = present_error(GraphQLError("A mutation must be sent by POST."), MUST_NOT_CHANGE)
        return Answer(None, (problem,), None, executed=False, needs_change=True)
    return None


def complete(
    call: Call,
    reader: Reader,
    price: int,
    data: dict[str, Any] | None,
    errors: tuple[GraphQLFormattedError, ...] = (),
) -> Answer:
    """Return the answer of a query that was executed."""
    is_repeatable = call.prepared.is_versioned and not errors
    return Answer(
        data,
        errors,
        reader.view,
        executed=True,
        is_repeatable=is_repeatable,
        is_pinned=is_repeatable and call.wanted.names_revision and not reader.reads.shows_head,
        reads=reader.reads if call.wanted.is_of_now else None,
        price=price,
    )


def find_wrong_variables(schema: GraphQLSchema, call: Call) -> tuple[GraphQLFormattedError, ...]:
    """Return the errors of variables that do not fit (GraphQL specification, section 6.1.2), none where they do."""
    definitions = call.operation.variable_definitions if call.operation else ()
    if not definitions:
        return ()
    read = get_variable_values(schema, definitions, dict(call.request.variables or {}))
    return tuple(present_error(error) for error in read) if isinstance(read, list) else ()


def describe_subject(prepared: Prepared, request: Request) -> Subject:
    """Return what a request for an operation of this document is about."""
    operation = prepared.find_operation(request.operation_name)
    if operation is None:
        return Subject(None, UNKNOWN, request.query)
    return Subject(operation.name.value if operation.name else None, operation.operation.value, request.query)
