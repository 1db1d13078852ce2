"""The contract describes itself: no element without a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import is_introspection_type, is_specified_directive, is_specified_scalar_type, validate_schema

from schema.build import build_schema, core_schema

SCHEMA = core_schema(build_schema())


def walk() -> Iterator[tuple[str, Any]]:
    """Yield every element of the contract with its name."""
    for name, element in SCHEMA.type_map.items():
        if is_introspection_type(element) or is_specified_scalar_type(element):
            continue
        yield name, element
        for field_name, field in getattr(element, "fields", {}).items():
            yield f"{name}.{field_name}", field
            for argument_name, argument in getattr(field, "args", {}).items():
                yield f"{name}.{field_name}({argument_name})", argument
        for value_name, value in getattr(element, "values", {}).items():
            yield f"{name}.{value_name}", value
    for directive in SCHEMA.directives:
        if not is_specified_directive(directive):
            yield f"@{directive.name}", directive
            yield from ((f"@{directive.name}({name})", argument) for name, argument in directive.args.items())


def test_everything_is_described() -> None:
    """Every type, field, argument, enum value and directive has a description that ends like a sentence."""
    elements = dict(walk())
    assert len(elements) > 150
    assert [name for name, element in elements.items() if not (element.description or "").endswith(".")] == []


def test_schema_is_valid() -> None:
    """The schema keeps the rules of the GraphQL specification."""
    assert validate_schema(SCHEMA) == []
