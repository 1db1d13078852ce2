"""How large a document may be: what has too much of anything is refused before it is validated."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from graphql import get_introspection_query, parse

import schema.documents
from models.access import Role
from schema.build import build_schema, core_schema
from schema.document_limits import DocumentLimits, Measuring
from schema.documents import LONGEST_KEPT, Documents
from schema.errors import DOCUMENT_TOO_LARGE
from schema.service import Bounds, Service
from tests.client import Client
from tests.editor import sign_in_editor
from tests.live import Live

pytestmark = pytest.mark.database

FRAGMENTS = [f"fragment F{n} on Article {{ title }} " for n in range(201)]
CHAIN = "".join(f"fragment F{n} on Article {{ ...F{n + 1} }}" for n in range(60))
SPREADS = " ".join(f"...F{n}" for n in range(150))

TOO_LARGE = {
    "tokens": ["{ " + "head " * 2_500 + "}"],
    "depth": [
        "{ articles { nodes " + "{ sections { article " * 10 + "{ id }" + " } }" * 10 + " } }",
        "{ articles { nodes { ...A } } } fragment A on Article { "
        + "sections { article { " * 9
        + "id"
        + " } }" * 9
        + " }",
    ],
    "nesting": ["{ articles { nodes { ...F0 } } }" + CHAIN + "fragment F60 on Article { title }"],
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
    "characters": ["{ head } #" + "x" * 65_536, "{ head " + "\n" * 65_536 + "}"],
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


FILTERED = "query($where: ArticleWhere) { articles(where: $where) { totalCount } }"


@pytest.mark.parametrize(
    "text", [FILTERED, FILTERED.replace("{ articles", "@view(minRevision: 0) { articles")]
)
async def test_too_many_values_are_refused(text: str, client: Client) -> None:
    """Variables with more values than somebody looks at are refused before that, whoever asks; fewer are answered."""
    for conditions, codes in ((666, []), (667, [DOCUMENT_TOO_LARGE])):
        where = {"and": [{"title": {"eq": "a"}}] * conditions}
        for price in ({}, {"quiet_price_only": "1"}):
            body = orjson.dumps({"query": text, "variables": {"where": where}})
            reply = await client.post(body, **price)
            assert reply.codes == codes
    (error,) = reply.body["errors"]
    assert error["extensions"] == {"code": DOCUMENT_TOO_LARGE, "limit": "values", "maximum": 2_000}


NESTED = (
    FILTERED,
    "query($where: Int) { articles(first: $where) { totalCount } }",
    "mutation($where: CreateArticleInput!) { createArticle(input: $where) { errors { message } } }",
)


@pytest.mark.parametrize("depth", [100, 300, 980, 1_020])
async def test_variables_nested_too_deeply(depth: int, client: Client) -> None:
    """Values that stand deeper in each other than anybody looks at are refused, also where an editor sends them."""
    deep = '{"not": ' * depth + "{}" + "}" * depth
    editor = await sign_in_editor(client)
    for text in NESTED:
        body = f'{{"query": "{text}", "variables": {{"where": {deep}}}}}'
        for reply in (await client.post(body), await editor.client.post(body)):
            (error,) = reply.body["errors"]
            assert error["extensions"] == {"code": DOCUMENT_TOO_LARGE, "limit": "levels", "maximum": 100}
    many = ", ".join(["1"] * 3_000)
    body = f'{{"query": "{NESTED[-1]}", "variables": {{"many": [{many}], "where": {deep}}}}}'
    assert (await editor.client.post(body)).codes == [DOCUMENT_TOO_LARGE]


async def test_editors_send_whole_articles(client: Client) -> None:
    """The values of a mutation are counted where somebody sends it who may not edit, and for nobody else."""
    article = {"locale": "en", "title": "A", "tags": [f"tag {number}" for number in range(2_001)]}
    text = "mutation($a: CreateArticleInput!) { createArticle(input: $a) { errors { message } } }"
    assert (await client.ask(text, a=article)).codes == [DOCUMENT_TOO_LARGE]
    editor = await sign_in_editor(client)
    assert (await editor.client.ask(text, a=article)).codes == []


async def test_values_of_mutations_that_are_only_priced(client: Client) -> None:
    """Nor are they read for a price where a stranger asks for that."""
    change = "mutation($i: CreateArticleInput!) { createArticle(input: $i) { revision } }"
    given = {"locale": "en", "title": "A", "tags": ["a"] * 2_000}
    client.headers["quiet-price-only"] = "1"
    assert (await client.ask(change, i=given)).codes == [DOCUMENT_TOO_LARGE]
    editor = await client.sign_in(Role.EDITOR)
    editor.headers["quiet-price-only"] = "1"
    assert (await editor.ask(change, i=given)).codes != [DOCUMENT_TOO_LARGE]


async def test_values_of_subscriptions(live: Live) -> None:
    """A subscription with too many values is refused as a query is."""
    text = "subscription($ids: [ID!]!) { changes(where: { articleIds: $ids }) { kind } }"
    async with live.ready() as socket:
        await socket.subscribe("s", text, ids=["x"] * 2_001)
        message = await socket.next()
        assert message["type"] == "error"
        assert [error["extensions"]["code"] for error in message["payload"]] == [DOCUMENT_TOO_LARGE]


def test_long_documents_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that is too long to be kept for others is read once for the request that brought it."""
    read: list[str] = []

    def count(text: str, **options: Any) -> Any:
        read.append(text)
        return parse(text, **options)

    monkeypatch.setattr(schema.documents, "parse", count)
    documents = Documents(core_schema(build_schema()), None)
    text = "{ head }#" + "x" * LONGEST_KEPT
    assert documents.prepare(text) is documents.prepare(text)
    assert read == [text]


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
