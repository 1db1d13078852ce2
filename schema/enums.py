"""Enums of the domain as enums of the contract, with a description for every value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, cast

import strawberry


def describe_enum(enum: type[Enum], name: str, description: str, values: Mapping[Any, str]) -> None:
    """Register a domain enum in the contract; `values` holds a description for each of its members."""
    registered = cast("Any", strawberry.enum(enum, name=name, description=description))
    for value in registered.__strawberry_definition__.values:
        value.description = values[enum(value.value)]
