"""`python -m benchmarks.documents`: how long the worst documents take that the limits let in, and how that grows.

Each kind is made as large as the limits allow, and half and a quarter as large; it is read and validated as one that
nobody has asked for before. What is measured is processor time of this process, the least of three times. What is
executed of a document has a limit of its own, its price (docs/limits.md).
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping
from time import process_time

from graphql import GraphQLSchema

from api.app import read_bounds
from api.settings import read_settings
from benchmarks.machine import describe_machine
from schema.build import build_schema, core_schema
from schema.document_limits import DocumentLimits
from schema.documents import Documents, Prepared
from schema.errors import DOCUMENT_TOO_LARGE
from schema.projector import Projector

MOST_MILLISECONDS = 100.0
MOST_PARTS = 4_000

Kind = Callable[[int], str]


def chain(parts: int) -> str:
    """Return fragments each of which has the next one in it."""
    links = (
        f"fragment F{n} on Article {{ id related {{ article {{ ...F{n + 1} }} }} }}" for n in range(parts)
    )
    return "{ articles { nodes { ...F0 } } } " + " ".join(links) + f" fragment F{parts} on Article {{ id }}"


def heap(parts: int) -> str:
    """Return many fragments of the same fields, all in one place."""
    spreads = " ".join(f"...F{n}" for n in range(parts))
    fragments = " ".join(f"fragment F{n} on Article {{ id title }}" for n in range(parts))
    return f"{{ articles {{ nodes {{ {spreads} }} }} }} {fragments}"


def deep(parts: int) -> str:
    """Return the same fields again and again, with the same fields in them."""
    return "{ " + "articles { nodes { sections { questions { article { id } } } } } " * parts + "}"


def given(parts: int) -> str:
    """Return an operation with many variables, each of which is used."""
    variables = " ".join(f"$v{n}: Int" for n in range(parts + 1))
    fields = " ".join(f"a{n}: articles(first: $v{n}) {{ totalCount }}" for n in range(parts + 1))
    return f"query({variables}) {{ {fields} }}"


def mistake(parts: int) -> str:
    """Return a field with many arguments that it does not have."""
    return "{ articles(" + " ".join(f"x{n}: 1" for n in range(parts + 1)) + ") { totalCount } }"


def filter_by(condition: str) -> Kind:
    """Return what makes filters of many conditions."""
    return lambda parts: f"{{ articles(where: {{ and: [{condition * parts}] }}) {{ totalCount }} }}"


def repeat(before: str, part: str, after: str) -> Kind:
    """Return what makes documents of one part again and again."""
    return lambda parts: before + part * parts + after


KINDS: Mapping[str, Kind] = {
    "one field again and again": repeat("{ head ", "head ", "}"),
    "fields within fields": deep,
    "many fragments in one place": heap,
    "fragments within fragments": chain,
    "fragments without a name": repeat("{ articles { nodes { id ", "... on Article { id title } ", "} } }"),
    "nodes of many types": repeat(
        "{ head ", 'node(id: "a") { ... on Article { id } ... on Site { id } } ', "}"
    ),
    "variables": given,
    "a large filter": filter_by('{ title: { eq: "a" } } '),
    "fields that there are not": lambda parts: "{ head " + " ".join(f"x{n}" for n in range(parts)) + " }",
    "arguments that there are not": mistake,
    "values of the wrong type": filter_by("{ title: 5 } "),
}


class Reader:
    """Reads documents as a service does that has read none before."""

    def __init__(self, schema: GraphQLSchema, limits: DocumentLimits) -> None:
        self._schema = schema
        self._limits = limits
        self._projector = Projector(schema)

    def read(self, text: str) -> Prepared:
        """Return a document."""
        return Documents(self._schema, self._projector, self._limits).prepare(text)

    def is_let_in(self, text: str) -> bool:
        """Tell whether a document is within the limits."""
        return all(error["extensions"]["code"] != DOCUMENT_TOO_LARGE for error in self.read(text).errors)

    def find_largest(self, kind: Kind) -> int:
        """Return of how many parts a document may be that the limits let in."""
        low, high = 0, MOST_PARTS
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.is_let_in(kind(middle)) else (low, middle - 1)
        return low

    def measure(self, text: str) -> float:
        """Return the milliseconds of processor time that a document takes."""
        times = []
        for _ in range(3):
            gc.collect()
            began = process_time()
            self.read(text)
            times.append(process_time() - began)
        return 1e3 * min(times)


def main() -> int:
    """Print the table; return 1 where a document takes too long."""
    print(describe_machine(None))
    reader = Reader(core_schema(build_schema()), read_bounds(read_settings({})).document)
    print(
        "\n| document | parts | a quarter, ms | half, ms | whole, ms |\n| --- | ---: | ---: | ---: | ---: |"
    )
    longest = 0.0
    for name, kind in KINDS.items():
        parts = reader.find_largest(kind)
        times = [reader.measure(kind(parts // share)) for share in (4, 2, 1)]
        longest = max(longest, *times)
        print(f"| {name} | {parts} | {times[0]:.1f} | {times[1]:.1f} | {times[2]:.1f} |", flush=True)
    print(f"\nLongest: {longest:.1f} ms of processor time (at most {MOST_MILLISECONDS:g})")
    return int(longest > MOST_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())
