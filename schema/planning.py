"""Which plan an operation has: made once for what its variables choose, bound once to the arguments they give."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    get_operation_ast,
)
from graphql.execution.values import get_variable_values

from schema.answer import Request
from schema.plan import NO_VARIABLES, BoundPlan, Plan, make_plan
from schema.projector import DocumentProjections, ProjectingExecutor
from schema.selection import find_choosing_variables

MOST_PLANS = 16
"""How many plans one operation keeps: all documents together are to stay small."""

MOST_BOUND = 5_000
LONGEST_VARIABLES = 1_000
"""How many bound plans are kept for all documents, and for variables of what length in writing."""


@dataclass(slots=True, eq=False)
class PlannedOperation:
    """An operation of a document, the variables that choose its plan, and its plans by their values."""

    operation: OperationDefinitionNode
    choosing: tuple[str, ...]
    plans: dict[str, Plan | None] = field(default_factory=dict)
    number: int = field(default_factory=count().__next__)
    """Tells it from all others; what is kept under it does not keep the document."""


@dataclass(slots=True, eq=False)
class PlannedDocument:
    """A document with its projections, and its operations by their names."""

    document: DocumentNode
    projections: DocumentProjections
    _operations: dict[str | None, PlannedOperation] = field(default_factory=dict)

    def find_operation(self, name: str | None) -> PlannedOperation:
        """Return the operation of this name, which the document must have."""
        if name not in self._operations:
            found = get_operation_ast(self.document, name)
            assert found is not None
            definitions = self.document.definitions
            fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
            self._operations[name] = PlannedOperation(found, find_choosing_variables(fragments, found))
        return self._operations[name]


class Plans:
    """The plans of all documents, the least recently used of those that are bound forgotten."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._bound: OrderedDict[tuple[int, str], BoundPlan | None] = OrderedDict()

    def find(self, document: PlannedDocument, request: Request, variables: str) -> BoundPlan | None:
        """Return the plan of the operation that a request calls for; `variables` are those of it in writing.

        None where it must be executed field by field: not all of it is plain, or the variables are wrong.
        """
        if len(variables) > LONGEST_VARIABLES:
            return None
        name = request.operation_name
        key = (document.find_operation(name).number, variables)
        if key in self._bound:
            self._bound.move_to_end(key)
            return self._bound[key]
        bound = self._bound[key] = self._bind(document, name, dict(request.variables or {}))
        if len(self._bound) > MOST_BOUND:
            self._bound.popitem(last=False)
        return bound

    def _bind(
        self, document: PlannedDocument, name: str | None, variables: dict[str, Any]
    ) -> BoundPlan | None:
        planned = document.find_operation(name)
        values = NO_VARIABLES
        if planned.operation.variable_definitions:
            read = get_variable_values(self._schema, planned.operation.variable_definitions, variables)
            if isinstance(read, list):
                return None
            values = read
        choice = repr([values.coerced.get(one, Undefined) for one in planned.choosing])
        if choice not in planned.plans:
            if len(planned.plans) >= MOST_PLANS:
                planned.plans.clear()
            planned.plans[choice] = self._plan(document, name, variables)
        plan = planned.plans[choice]
        return plan.bind(values) if plan else None

    def _plan(self, document: PlannedDocument, name: str | None, variables: dict[str, Any]) -> Plan | None:
        executor = ProjectingExecutor.build(
            self._schema, document.document, raw_variable_values=variables, operation_name=name
        )
        if not isinstance(executor, ProjectingExecutor):
            return None
        try:
            return make_plan(executor, document.projections)
        except GraphQLError:  # @skip or @include of a variable that is null
            return None
