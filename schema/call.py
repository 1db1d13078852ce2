"""A request whose document was read: the operation that it calls for, and what keeps it from being executed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from graphql import (
    GraphQLError,
    GraphQLFormattedError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)

from models.access import Actor, Right
from models.view import NOW, ViewRequest
from schema.answer import Request, fail
from schema.document_limits import DocumentLimits, DocumentTooLarge
from schema.documents import Prepared, present_excess
from schema.errors import BAD_USER_INPUT, present_error
from schema.view import read_view_request


@dataclass(frozen=True, eq=False)
class Call:
    """An operation as somebody calls for it, worked out once on its way.

    `operation` is None where the document has none that can be told, `wanted` what it asks to see. `errors` keep it
    from being executed in whatever way.
    """

    request: Request
    actor: Actor
    prepared: Prepared
    operation: OperationDefinitionNode | None
    wanted: ViewRequest = NOW
    errors: tuple[GraphQLFormattedError, ...] = ()

    @cached_property
    def variables(self) -> str:
        """Return the variables in writing: what is kept for some is kept under it."""
        return repr(self.request.variables) if self.request.variables else ""

    @property
    def changes(self) -> bool:
        """Tell whether it is a mutation."""
        return self.operation is not None and self.operation.operation is OperationType.MUTATION

    @property
    def follows(self) -> bool:
        """Tell whether it is a subscription, which is to be followed rather than answered."""
        return self.operation is not None and self.operation.operation is OperationType.SUBSCRIPTION

    @property
    def is_shared(self) -> bool:
        """Tell whether it reads, and only what has revisions: all who ask at once may have one answer."""
        if self.operation is None or not self.prepared.is_versioned:
            return False
        return self.operation.operation is OperationType.QUERY


def make_call(
    schema: GraphQLSchema, prepared: Prepared, request: Request, actor: Actor, limits: DocumentLimits
) -> Call:
    """Return what a request calls for, whose document is prepared."""
    operation = prepared.find_operation(request.operation_name)
    errors = prepared.errors
    if operation is None:
        return Call(request, actor, prepared, None, errors=errors or (tell_missing(request),))
    excess = find_excess(operation, request, actor, limits)
    if excess is not None:
        return Call(request, actor, prepared, operation, errors=(excess,))
    try:
        wanted = read_view_request(schema, operation, request.variables)
    except GraphQLError as error:
        return Call(request, actor, prepared, operation, errors=fail(error).errors)
    return Call(request, actor, prepared, operation, wanted)


def tell_missing(request: Request) -> GraphQLFormattedError:
    """Return the error of a request that does not say which operation of its document is meant."""
    name = request.operation_name
    message = f"The document has no operation named {name!r}." if name else "Say which operation is meant."
    return present_error(GraphQLError(message), BAD_USER_INPUT)


def find_excess(
    operation: OperationDefinitionNode, request: Request, actor: Actor, limits: DocumentLimits
) -> GraphQLFormattedError | None:
    """Return the error of variables that have too many values or are nested too deeply, None where they are not.

    Whoever may edit sends whole articles; how many values such a mutation may have is bounded by the size of its
    request.
    """
    if not request.variables:
        return None
    edits = operation.operation is OperationType.MUTATION and actor.may(Right.EDIT)
    try:
        limits.check_variables(request.variables, counts=not edits)
    except DocumentTooLarge as error:
        return present_excess(error)
    return None
