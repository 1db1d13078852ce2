"""The @view directive: what an operation asks to see, given once for everything below it."""

from typing import Annotated, Any

import strawberry
from graphql import GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues, get_directive_values, get_variable_values
from strawberry.directive import DirectiveLocation

from models.view import NOW, Perspective, ViewRequest
from schema.enums import describe_enum
from schema.scalars import DateTime, Locale, Revision

PERSPECTIVES = {
    Perspective.PUBLISHED: "What is live.",
    Perspective.DRAFT: "The newest edition of everything, published or not. Needs the right to preview.",
}

describe_enum(Perspective, "Perspective", "Which content a view shows.", PERSPECTIVES)


@strawberry.directive(
    name="view",
    locations=[DirectiveLocation.QUERY, DirectiveLocation.SUBSCRIPTION],
    description="Which content the whole operation sees. Without it: what is live now, each article in its "
    "site's default locale or else another one. A subscription follows the present: it takes neither "
    "`revision` nor `at`.",
)
def view_directive(
    perspective: Annotated[
        Perspective, strawberry.argument(description="Published content or drafts.")
    ] = Perspective.PUBLISHED,
    locales: Annotated[
        list[Locale] | None,
        strawberry.argument(
            description="The locales to show, the most wanted first. Articles in none of them do not exist."
        ),
    ] = None,
    fallback: Annotated[
        bool,
        strawberry.argument(
            description="Whether other locales stand in for those that are named: what the site's `fallbacks` say of "
            "a locale, else its shorter tags (`de-AT`, then `de`) and in the end the site's default locale."
        ),
    ] = False,
    revision: Annotated[
        Revision | None,
        strawberry.argument(
            description="The content as of this revision, at the moment of its commit unless `at` says another."
        ),
    ] = None,
    at: Annotated[
        DateTime | None,
        strawberry.argument(
            description="The content at this moment: as it stood, or, in the future, as it is scheduled."
        ),
    ] = None,
    min_revision: Annotated[
        Revision | None,
        strawberry.argument(
            description="Answer from this revision or a later one: waits for it a short while, then fails."
        ),
    ] = None,
) -> None:
    """Is read before the operation begins; never called."""


def read_view_request(
    schema: GraphQLSchema, operation: OperationDefinitionNode | None, variables: dict[str, Any] | None
) -> ViewRequest:
    """Return what the operation asks to see; the default where it does not say or its variables are wrong.

    Wrong variables are reported by the execution, which reads them again.
    """
    if operation is None or not operation.directives:
        return NOW
    values = read_arguments(schema, operation, variables or {})
    if values is None:
        return NOW
    return ViewRequest(
        perspective=values.get("perspective", Perspective.PUBLISHED),
        locales=tuple(values.get("locales") or ()),
        revision=values.get("revision"),
        at=values.get("at"),
        min_revision=values.get("minRevision"),
        fallback=values.get("fallback", False),
    )


def read_arguments(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> dict[str, Any] | None:
    """Return the arguments of @view, or None where there is none or the variables cannot be read."""
    directive = schema.get_directive("view")
    assert directive is not None
    given = get_variable_values(schema, operation.variable_definitions or (), variables)
    if not isinstance(given, VariableValues):
        return None
    return get_directive_values(directive, operation, given)
