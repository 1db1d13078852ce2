"""The variables of a request as pricing looks at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import OperationDefinitionNode

Reading = Callable[[Any], Any]
Dependence = tuple[str, Reading]
"""A variable by its name, and what of its value a price depends on."""


def read_whole(value: Any) -> Any:
    """Return a value itself: a price depends on all of it."""
    return value


class Given:
    """The variables of a request, and defaults of its operation; it takes note of what is looked at of them."""

    def __init__(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        self.seen: set[Dependence] = set()

    def get(self, name: str, read: Reading = read_whole) -> Any:
        """Return what is read of a variable's value or of the node of its default, of None where it has neither."""
        self.seen.add((name, read))
        return read(self._variables[name] if name in self._variables else self._defaults.get(name))
