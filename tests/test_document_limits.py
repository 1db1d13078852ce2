"""How large a document may be: what has too much of anything is refused before it is validated."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from graphql import get_introspection_query, parse

from schema.build import Bounds, Service
from schema.document_limits import DocumentLimits, Measuring
from schema.errors import DOCUMENT_TOO_LARGE
from tests.client import Client

pytestmark = pytest.mark.database

FRAGMENTS = [f"fragment F{n} on Article {{ title }} " for n in range(201)]
CHAIN = "".join(f"fragment F{n} on Article {{ ...F{n + 1} }}" for n in range(60))
SPREADS = " ".join(f"...F{n}" for n in range(150))

TOO_LARGE = {
    "tokens": ["{ " + "head " * 3_000 + "}"],
    "depth": [
        "{ articles { nodes " + "{ sections { article " * 10 + "{ id }" + " } }" * 10 + " } }",
        "{ articles { nodes { ...A } } } fragment A on Article { "
        + "sections { article { " * 9
        + "id"
        + " } }" * 9
        + " }",
        "{ articles { nodes { ...F0 } } }" + CHAIN + "fragment F60 on Article { title }",
    ],
    "aliases": [
        "{ " + " ".join(f"a{n}: head" for n in range(201)) + " }",
        "{ articles { nodes { ...A } } } fragment A on Article { "
        + " ".join(f"a{n}: title" for n in range(201))
        + " }",
    ],
    "directives": [
        "{ " + "head @include(if: true) " * 201 + "}",
        "{ head " + "@include(if: true) " * 201 + "}",
    ],
    "fragments": ["{ articles { nodes { ...F0 } } }" + "".join(FRAGMENTS)],
    "operations": [" ".join(f"query Q{n} {{ head }}" for n in range(51))],
    "comparisons": [
        "{ " + "articles { nodes { title } } " * 100 + "}",
        "{ articles { nodes { " + "title " * 300 + "} } }",
        "{ articles { nodes { " + SPREADS + " } } }" + "".join(FRAGMENTS[:150]),
    ],
}


def cases() -> list[Any]:
    """Return each document with the limit that it exceeds."""
    return [
        pytest.param(limit, text, id=f"{limit}-{number}")
        for limit, texts in TOO_LARGE.items()
        for number, text in enumerate(texts)
    ]


@pytest.mark.parametrize(("limit", "text"), cases())
async def test_too_large_documents_are_refused(limit: str, text: str, client: Client) -> None:
    """What has too much of something is refused with a code, the limit's name and its value, and nothing is run."""
    reply = await client.post(orjson.dumps({"query": text}), accept="application/graphql-response+json")
    (error,) = reply.body["errors"]
    assert reply.status == 400
    assert "data" not in reply.body
    extensions = error["extensions"]
    assert (extensions["code"], extensions["limit"]) == (DOCUMENT_TOO_LARGE, limit)
    assert str(extensions["maximum"]) in error["message"].replace(",", "")


async def test_what_is_not_too_large_is_answered(client: Client) -> None:
    """Documents of what clients write, and the introspection of code generators, are within all limits."""
    everything = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    components = "".join(f"fragment F{n} on Article {{ id title tags {{ name }} }}" for n in range(20))
    spreads = " ".join(f"...F{n}" for n in range(20))
    aliases = " ".join(f"a{n}: articles(first: {n + 1}) {{ nodes {{ id title }} }}" for n in range(20))
    for text in (everything, f"{{ articles {{ nodes {{ {spreads} }} }} }} {components}", f"{{ {aliases} }}"):
        assert "errors" not in (await client.ask(text)).body


async def test_circular_fragments_are_told_as_such(client: Client) -> None:
    """A fragment that contains itself ends the walk, and validation says what is wrong."""
    text = "{ articles { nodes { ...A } } } fragment A on Article { ...B } fragment B on Article { ...A }"
    reply = await client.ask(text)
    assert reply.codes == ["GRAPHQL_VALIDATION_FAILED"]


async def test_limits_are_settings(client: Client) -> None:
    """Another limit refuses another document."""
    bounds = Bounds(DocumentLimits(depth=2))
    client.service.documents = Service(client.database, client.service.library, bounds=bounds).documents
    assert (await client.ask("{ articles { totalCount } }")).body["data"]
    (error,) = (await client.ask("{ articles { nodes { id } } }")).body["errors"]
    assert error["extensions"] == {"code": DOCUMENT_TOO_LARGE, "limit": "depth", "maximum": 2}


@pytest.mark.parametrize("levels", [5, 20])
def test_fragments_are_looked_at_once(levels: int) -> None:
    """Fragments that spread the next one twice are measured in so many steps as there are fragments, not doublings."""
    fragments = "".join(f"fragment F{n} on Article {{ ...F{n + 1} ...F{n + 1} }} " for n in range(levels))
    document = parse(
        "{ articles { nodes { ...F0 } } } " + fragments + f"fragment F{levels} on Article {{ title }}"
    )
    measuring = Measuring(document, DocumentLimits())
    looked_at: list[str] = []
    flatten = measuring._flatten

    def count(selection_set: Any) -> Any:
        looked_at.append("")
        return flatten(selection_set)

    measuring._flatten = count  # type: ignore[method-assign]
    assert measuring.measure().depth == 3
    assert len(looked_at) <= 2 * (levels + 4)
