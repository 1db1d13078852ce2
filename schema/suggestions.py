"""Messages without the names of the schema that graphql-core suggests to whoever misspells one."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import GraphQLFormattedError

SUGGESTION = " Did you mean "


def withhold(errors: Iterable[GraphQLFormattedError]) -> tuple[GraphQLFormattedError, ...]:
    """Return errors with their messages up to where these suggest names."""
    return tuple(shorten(error) for error in errors)


def shorten(error: GraphQLFormattedError) -> GraphQLFormattedError:
    """Return an error that suggests nothing."""
    message, found, _ = error["message"].partition(SUGGESTION)
    if not found:
        return error
    shortened = error.copy()
    shortened["message"] = message
    return shortened
