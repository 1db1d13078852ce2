"""The one way to execute an operation: the schema over one database, with what it keeps in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from inspect import isawaitable
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLFormattedError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
)
from graphql.execution.values import get_variable_values

from models.access import Actor, Right
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
from schema.document_limits import DocumentLimits, DocumentTooLarge
from schema.documents import LONGEST_KEPT, NO_SETTINGS, Documents, Prepared, present_excess
from schema.errors import BAD_USER_INPUT, present_error
from schema.operation import Operation
from schema.planning import Plans
from schema.pricing import TooCostly
from schema.projector import ProjectingExecutor, Projector
from schema.subject import UNKNOWN, Subject
from schema.suggestions import withhold
from schema.view import read_view_request

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


@dataclass(frozen=True, slots=True)
class Seeing:
    """What an operation asks to see, the view that it got, and its price."""

    wanted: ViewRequest
    view: View
    price: int


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

    async def answer(self, request: Request, actor: Actor) -> Answer:
        """Execute a request. Errors are in the answer; nothing is raised for what a client can cause."""
        return self.present(await self._answer(request, actor))

    def present(self, answer: Answer) -> Answer:
        """Return an answer as its errors may be told."""
        if self._suggests or not answer.errors:
            return answer
        return replace(answer, errors=withhold(answer.errors))

    async def _answer(self, request: Request, actor: Actor) -> Answer:
        prepared = self.documents.prepare(request.query)
        if prepared.document is None:
            return Answer(None, prepared.errors, None, executed=False)
        problem = check_operation(prepared, request.operation_name)
        if problem:
            return Answer(None, (problem,), None, executed=False)
        changes = prepared.has(request.operation_name, OperationType.MUTATION)
        if changes and not request.may_change:
            refusal = present_error(GraphQLError("A mutation must be sent by POST."), MUST_NOT_CHANGE)
            return Answer(None, (refusal,), None, executed=False, needs_change=True)
        excess = self.find_excess(prepared, request, actor)
        if excess:
            return Answer(None, (excess,), None, executed=False)
        try:
            price = await self.price(prepared, request)
            wanted = self._read_view(prepared, request)
            view = await open_view(self.database, wanted, actor)
            if wanted.is_of_now and not changes:
                await self.index.reach(view.revision, view.moment)
        except (ContentError, GraphQLError) as error:
            return fail(error)
        return await self._execute(prepared, request, Seeing(wanted, view, price), actor)

    @property
    def sources(self) -> Sources:
        """Return where readers read."""
        return Sources(self.database, self.library, self.index, self._bounds.page_size)

    async def quote(self, request: Request, actor: Actor) -> int:
        """Return what it costs to execute a request, 1 where it will be refused."""
        prepared = self.documents.prepare(request.query)
        if prepared.find_operation(request.operation_name) is None or self.find_excess(
            prepared, request, actor
        ):
            return 1
        try:
            return max(1, await self.price(prepared, request))
        except ContentError:
            return 1

    def quote_reading(self, request: Request) -> int:
        """Return what it costs to read and validate a request's document, nothing where that was done before."""
        return 0 if self.documents.knows(request.query) else len(request.query) // CHARACTERS

    async def tell_price(self, request: Request, actor: Actor) -> Answer:
        """Return the price of a request without executing it, or the errors that keep it from being executed."""
        return self.present(await self._tell_price(request, actor))

    async def _tell_price(self, request: Request, actor: Actor) -> Answer:
        prepared = self.documents.prepare(request.query)
        if prepared.document is None:
            return Answer(None, prepared.errors, None, executed=False)
        operation = prepared.find_operation(request.operation_name)
        if operation is None:
            problem = check_operation(prepared, request.operation_name)
            return Answer(None, (problem,) if problem else (), None, executed=False)
        excess = self.find_excess(prepared, request, actor)
        wrong = (excess,) if excess else find_wrong_variables(self.schema, operation, request.variables)
        if wrong:
            return Answer(None, wrong, None, executed=False)
        try:
            return Answer(None, (), None, executed=False, price=await self.price(prepared, request))
        except ContentError as error:
            return fail(error)

    def find_excess(self, prepared: Prepared, request: Request, actor: Actor) -> GraphQLFormattedError | None:
        """Return the error of variables with too many values, None where they have not.

        Whoever may edit sends whole articles; what such a mutation may have is bounded by the size of its request.
        """
        if actor.may(Right.EDIT) and prepared.has(request.operation_name, OperationType.MUTATION):
            return None
        try:
            self._bounds.document.check_variables(request.variables)
        except DocumentTooLarge as error:
            return present_excess(error)
        return None

    async def price(self, prepared: Prepared, request: Request) -> int:
        """Return what an operation of a valid document costs at the most. Raises TooCostly, or DatabaseLost.

        Reading a long document counts towards what one may cost, whether or not it was read before.
        """
        sizes = await self._counts.find()
        price = prepared.price(self.schema, request.operation_name, request.variables, sizes)
        if 0 < self._bounds.cost < price + prepared.reading:
            raise TooCostly(price, prepared.reading, self._bounds.cost)
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

    def is_mutation(self, request: Request) -> bool:
        """Tell whether a request changes something."""
        return self.documents.prepare(request.query).has(request.operation_name, OperationType.MUTATION)

    def is_early(self, request: Request, actor: Actor) -> bool:
        """Tell whether a request wants to see a revision that is not here yet (`minRevision`)."""
        prepared = self.documents.prepare(request.query)
        if self.find_excess(prepared, request, actor):
            return False
        wanted = self._read_view(prepared, request).min_revision
        return wanted is not None and wanted > self.database.head.revision

    async def reach(self, request: Request) -> Answer | None:
        """Wait a short while until what a request wants to see is here; return the answer where it does not come."""
        wanted = self._read_view(self.documents.prepare(request.query), request).min_revision
        try:
            await self.database.head.reach(wanted or 0, REACH_SECONDS)
        except RevisionNotReached as error:
            return fail(error)
        return None

    def _read_view(self, prepared: Prepared, request: Request) -> ViewRequest:
        operation = prepared.find_operation(request.operation_name)
        return read_view_request(self.schema, operation, request.variables)

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

    def is_plain_query(self, request: Request) -> bool:
        """Tell whether a request reads, and only what has revisions: all who ask at once may have one answer."""
        prepared = self.documents.prepare(request.query)
        return prepared.is_versioned and prepared.has(request.operation_name, OperationType.QUERY)

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

    async def _execute(self, prepared: Prepared, request: Request, seeing: Seeing, actor: Actor) -> Answer:
        document, projections, view = prepared.document, prepared.projections, seeing.view
        assert document is not None
        changes = prepared.has(request.operation_name, OperationType.MUTATION)
        # What a mutation changed is not in the index of the revision at which it began.
        sources = replace(self.sources, index=self._no_index) if changes else self.sources
        reader = Reader(sources, view, actor)
        operation = Operation(reader, self.database.head.revision, projections, self._private_webhooks)
        if prepared.planned is not None and not changes:
            plan = self._plans.find(prepared.planned, request.operation_name, request.variables)
            data = await plan.execute(operation) if plan else None
            if data is not None:
                return complete(prepared, reader, seeing, data)
        named = prepared.find_operation(request.operation_name)
        assert named is not None
        wrong = find_wrong_variables(self.schema, named, request.variables)
        if wrong:
            return Answer(None, wrong, None, executed=False)
        pending = execute(
            self.schema,
            document,
            context_value=operation,
            variable_values=request.variables,
            operation_name=request.operation_name,
            executor_class=ProjectingExecutor if projections else None,
        )
        result = await pending if isawaitable(pending) else pending
        assert isinstance(result, ExecutionResult)
        errors = tuple(present_error(error) for error in result.errors or ())
        if changes:
            head = self.database.head
            view = view.pinned_to(head.revision, head.moment)
            return Answer(result.data, errors, view, executed=True, price=seeing.price)
        return complete(prepared, reader, seeing, result.data, errors)


def complete(
    prepared: Prepared,
    reader: Reader,
    seeing: Seeing,
    data: dict[str, Any] | None,
    errors: tuple[GraphQLFormattedError, ...] = (),
) -> Answer:
    """Return the answer of a query that was executed."""
    is_repeatable = prepared.is_versioned and not errors
    return Answer(
        data,
        errors,
        reader.view,
        executed=True,
        is_repeatable=is_repeatable,
        is_pinned=is_repeatable and seeing.wanted.names_revision and not reader.reads.shows_head,
        reads=reader.reads if seeing.wanted.is_of_now else None,
        price=seeing.price,
    )


def find_wrong_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
) -> tuple[GraphQLFormattedError, ...]:
    """Return the errors of variables that do not fit (GraphQL specification, section 6.1.2), none where they do."""
    definitions = operation.variable_definitions or ()
    read = get_variable_values(schema, definitions, dict(variables or {})) if definitions else None
    return tuple(present_error(error) for error in read) if isinstance(read, list) else ()


def describe_subject(prepared: Prepared, request: Request) -> Subject:
    """Return what a request for an operation of this document is about."""
    operation = prepared.find_operation(request.operation_name)
    if operation is None:
        return Subject(None, UNKNOWN, request.query)
    return Subject(operation.name.value if operation.name else None, operation.operation.value, request.query)


def check_operation(prepared: Prepared, name: str | None) -> GraphQLFormattedError | None:
    """Return the error of a request that names no operation which can be executed here, or None."""
    operation = prepared.find_operation(name)
    if operation is None:
        message = (
            f"The document has no operation named {name!r}." if name else "Say which operation is meant."
        )
        return present_error(GraphQLError(message), BAD_USER_INPUT)
    if operation.operation is OperationType.SUBSCRIPTION:
        message = "A subscription is followed: as text/event-stream, or by WebSocket (graphql-transport-ws)."
        return present_error(GraphQLError(message), BAD_USER_INPUT)
    return None
