"""Subscriptions, executed step by step: what came after a position, and where to go on from there.

Nothing is kept of a subscriber between steps but its position, so that all who follow the same can share each
step, and any process can go on where another one was cut off.
"""

from __future__ import annotations

from asyncio import gather
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from inspect import isawaitable
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    execute,
    visit,
)
from graphql.execution.collect_fields import collect_fields
from graphql.execution.executor import Executor

from models.access import Actor
from models.changes import LAST_NAME, Point, check_point, gather_articles, list_changes, start_after
from models.errors import ContentError, InvalidArgument, InvalidCursor, Unavailable
from models.live_view import Reads
from models.moment import FOREVER
from models.reading import Reader
from models.view import View, ViewRequest, open_view
from schema.answer import Answer, Request
from schema.changes import Change, ChangeWhere, read_cursor, read_where, write_cursor
from schema.documents import Prepared
from schema.errors import BAD_USER_INPUT, present_error
from schema.operation import Operation
from schema.plan import read_arguments
from schema.projector import ProjectingExecutor
from schema.service import Service

STEP = 100
"""How many events one step brings at most."""

DIGEST_BYTES = 16
CHANGES = "changes"
STARTS = frozenset({"since", "after"})
"""The arguments of `changes` that say where to start."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A subscription that can be followed, and where it starts.

    `wanted` are the changes that it is about, None where it is about the answer itself, which is followed as a
    state: of one that changed twice only the newest is told. `start_view` is the present where it starts there.
    """

    request: Request
    prepared: Prepared
    seeing: ViewRequest
    wanted: ChangeWhere | None
    is_state: bool
    start: str
    start_view: View | None = None

    @property
    def identity(self) -> Request:
        """Return the request without what only says where to start: equal ones have the same events."""
        assert self.prepared.document is not None
        start = find_start_variables(self.prepared.document)
        variables = self.request.variables or {}
        return replace(self.request, variables={k: v for k, v in variables.items() if k not in start})


@dataclass(frozen=True, slots=True)
class Happening:
    """An event: the answer to tell, and the position after it. Of a change the position is its cursor."""

    answer: Answer
    position: str


@dataclass(frozen=True, slots=True)
class Step:
    """What came after a position: events, where to go on, and whether at once.

    `view` is the present as it was then; `reads` what a state was made of, None where that is not known.
    """

    happenings: tuple[Happening, ...]
    end: str
    more: bool
    view: View
    reads: Reads | None = None


class Refused(Exception):
    """A subscription that cannot be followed, or not any longer; `answer` holds the errors."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.errors))
        self.answer = answer


class Following:
    """Begins subscriptions of a service, and takes their steps."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def begin(self, request: Request, actor: Actor, resume: str | None = None) -> Followed:
        """Return a subscription ready to be followed; `resume` is the position of an event that was told before.

        Raises Refused, or Unavailable.
        """
        try:
            return await self._begin(request, actor, resume)
        except Refused as refused:
            raise Refused(self._service.present(refused.answer)) from None

    async def _begin(self, request: Request, actor: Actor, resume: str | None) -> Followed:
        call = self._service.call(request, actor)
        prepared, seeing = call.prepared, call.wanted
        if prepared.document is None or call.errors:
            raise Refused(Answer(None, call.errors, None, executed=False))
        executor = self._build(prepared.document, request)
        try:
            await self._service.price(call)
            if not seeing.is_of_now:
                raise InvalidArgument(
                    "A subscription follows the present: @view takes no revision or at here."
                )
            reader = await self._open(seeing, actor)
            name, arguments = read_root_field(executor)
            if name != CHANGES:
                return Followed(request, prepared, seeing, None, is_state=True, start=read_digest(resume))
            where = arguments.get("where")
            await read_where(reader, where)
            point, view = await find_start(reader, arguments, resume)
        except Unavailable:
            raise
        except (ContentError, GraphQLError) as error:
            raise refuse(error) from None
        start = write_cursor(point)
        return Followed(request, prepared, seeing, where, is_state=False, start=start, start_view=view)

    def _build(self, document: DocumentNode, request: Request) -> Executor[Any]:
        """Return an executor of a subscription. Raises Refused."""
        executor = ProjectingExecutor.build(
            self._service.schema,
            document,
            raw_variable_values=request.variables,
            operation_name=request.operation_name,
        )
        if isinstance(executor, Executor):
            return executor
        errors = tuple(present_error(error, BAD_USER_INPUT) for error in executor)
        raise Refused(Answer(None, errors, None, executed=False))

    async def _open(self, seeing: ViewRequest, actor: Actor) -> Reader:
        """Return a reader of the present. Raises what `open_view` does."""
        service = self._service
        view = await open_view(service.database, seeing, actor)
        await service.index.reach(view.revision, view.moment)
        return Reader(service.sources, view, actor)

    async def take(self, followed: Followed, actor: Actor, position: str) -> Step:
        """Return what came after a position of a subscription. Raises Refused, or Unavailable."""
        try:
            reader = await self._open(followed.seeing, actor)
            if followed.is_state:
                return await self._take_state(followed, reader)
            return await self._take_changes(followed, reader, position)
        except Unavailable:
            raise
        except ContentError as error:
            raise refuse(error) from None

    async def _take_changes(self, followed: Followed, reader: Reader, position: str) -> Step:
        point = read_cursor(position)
        check_point(reader.database, point)
        part = await list_changes(reader, point, STEP, await read_where(reader, followed.wanted))
        articles = gather_articles(reader)
        changes = [Change(logged=logged, reader=reader, articles=articles) for logged in part.changes]
        answers = await gather(*(self._execute(followed, reader, change) for change in changes))
        happenings = (
            Happening(
                replace(answer, view=reader.view.pinned_to(logged.point.revision, logged.point.moment)),
                write_cursor(logged.point),
            )
            for answer, logged in zip(answers, part.changes, strict=True)
        )
        return Step(tuple(happenings), write_cursor(part.end), part.more, reader.view)

    async def _take_state(self, followed: Followed, reader: Reader) -> Step:
        answer = await self._execute(followed, reader, None)
        position = digest_answer(answer)
        reads = reader.reads if reader.reads.is_complete and not answer.errors else None
        return Step((Happening(answer, position),), position, more=False, view=reader.view, reads=reads)

    async def _execute(self, followed: Followed, reader: Reader, root: Change | None) -> Answer:
        """Return the answer of one event, whose root value this is.

        Raises Unavailable: what could not be read is no answer, and a field may be null for a reason.
        """
        prepared, request = followed.prepared, followed.request
        assert prepared.document is not None
        pending = execute(
            self._service.schema,
            prepared.document,
            root_value=root,
            context_value=Operation(reader, reader.view.revision, prepared.projections),
            variable_values=request.variables,
            operation_name=request.operation_name,
            executor_class=ProjectingExecutor if prepared.projections else None,
        )
        result = await pending if isawaitable(pending) else pending
        assert isinstance(result, ExecutionResult)
        for error in result.errors or ():
            if isinstance(error.original_error, Unavailable):
                raise error.original_error
        errors = tuple(present_error(error) for error in result.errors or ())
        return Answer(result.data, errors, reader.view, executed=True)


async def find_start(
    reader: Reader, arguments: Mapping[str, Any], resume: str | None
) -> tuple[Point, View | None]:
    """Return the point that a subscription to changes starts after, with the view where that is the present.

    Raises InvalidArgument, InvalidCursor, RevisionUnknown or RevisionGone.
    """
    since, after = arguments.get("since"), resume or arguments.get("after")
    if since is not None and after is not None and not resume:
        raise InvalidArgument("Say since which revision, or after which cursor, not both.")
    if after is not None:
        point = read_cursor(after)
        check_point(reader.database, point)
        return point, None
    if since is not None:
        return await start_after(reader.database, since), None
    return Point(reader.view.revision, reader.view.moment, FOREVER, LAST_NAME), reader.view


def read_root_field(executor: Executor[Any]) -> tuple[str, dict[str, Any]]:
    """Return the name of a subscription's one field and its arguments. Raises GraphQLError where these are wrong."""
    root = executor.schema.subscription_type
    assert root is not None
    groups = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, root, executor.operation, False
    ).grouped_field_set
    ((detail, *_),) = groups.values()  # validation has seen to it that there is one
    name = detail.node.name.value
    return name, read_arguments(executor, root.fields[name], detail)


def read_digest(resume: str | None) -> str:
    """Return the position of a state that was told before, empty for none. Raises InvalidCursor."""
    if resume and not (len(resume) == 2 * DIGEST_BYTES and resume.isalnum()):
        raise InvalidCursor(f"{resume[:100]!r} is not an event that this server told.")
    return resume or ""


def find_start_variables(document: DocumentNode) -> frozenset[str]:
    """Return the variables of a document that are used once, and there only say where to start."""
    uses: Counter[str] = Counter()
    starts: set[str] = set()

    class Finder(Visitor):
        """Looks at variables, and at the arguments that say where to start."""

        def enter_variable_definition(self, _node: VariableDefinitionNode, *_: object) -> object:
            """Go past: it is no use of the variable."""
            return self.SKIP

        def enter_variable(self, node: VariableNode, *_: object) -> None:
            """Count a use."""
            uses[node.name.value] += 1

        def enter_field(self, node: FieldNode, *_: object) -> None:
            """Take note of the variables that are arguments of `changes`."""
            if node.name.value == CHANGES:
                given = (a.value for a in node.arguments or () if a.name.value in STARTS)
                starts.update(value.name.value for value in given if isinstance(value, VariableNode))

    visit(document, Finder())
    return frozenset(name for name in starts if uses[name] == 1)


def digest_answer(answer: Answer) -> str:
    """Return a digest of what an answer says, whatever its view. Of errors their places and codes count."""
    errors = [[error.get("path"), error.get("extensions", {}).get("code")] for error in answer.errors]
    return blake2b(orjson.dumps([answer.data, errors]), digest_size=DIGEST_BYTES).hexdigest()


def refuse(error: ContentError | GraphQLError) -> Refused:
    """Return the refusal that an error before the first event means."""
    wrapped = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
    return Refused(Answer(None, (present_error(wrapped),), None, executed=False))
