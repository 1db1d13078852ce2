"""Who learns the schema: by asking for it, or by misspelling its names."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from graphql import get_introspection_query

from api.settings import Settings
from models.access import Role
from tests.client import Client, serve
from tests.live import running

SCHEMA = "{ __schema { queryType { name } } }"
TYPE = 'query Q { ...F } fragment F on Query { t: __type(name: "Query") { name } }'
REFUSED = ["INTROSPECTION_REFUSED"]
MISSPELT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("{ articls { totalCount } }", {}),
    ("{ articles(frist: 1) { totalCount } }", {}),
    ("{ articles { nodes { titel } } }", {}),
    ("query($w: ArticleWher) { articles(where: $w) { totalCount } }", {}),
    ('{ articles(where: { slugg: { eq: "a" } }) { totalCount } }', {}),
    ("{ articles @inclde(if: true) { totalCount } }", {}),
    ("query @view(perspective: DRAF) { head }", {}),
    ("query($w: ArticleWhere) { articles(where: $w) { totalCount } }", {"w": {"slugg": {"eq": "a"}}}),
    ('{ node(id: "a") { title } }', {}),
)


@pytest.fixture
async def reserved(settings: Settings) -> AsyncIterator[Client]:
    """A service whose schema is for those who show a credential, with answers kept."""
    chosen = replace(settings, introspection="authenticated", response_cache_bytes=1_000_000)
    async with serve(chosen) as client:
        yield client


async def test_the_schema_is_for_everybody_by_default(client: Client) -> None:
    """Anybody may explore, as the schema is that of a public program."""
    assert (await client.ask(get_introspection_query())).data["__schema"]
    assert "Did you mean" in (await client.ask(MISSPELT[0][0])).message


async def test_the_schema_for_those_who_show_a_credential(reserved: Client) -> None:
    """Strangers are refused, also what was answered to somebody else before, and by its hash."""
    reader = await reserved.sign_in(Role.READER)
    for query in (SCHEMA, TYPE, get_introspection_query()):
        assert (await reserved.ask(query)).codes == REFUSED
        assert (await reader.ask(query)).data
        refused = await reserved.ask(query)
        assert (refused.codes, refused.status) == (REFUSED, 403)
        digest = sha256(query.encode()).hexdigest()
        extensions: dict[str, Any] = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
        await reader.post(json.dumps({"query": query, "extensions": extensions}))
        assert (await reader.post(json.dumps({"extensions": extensions}))).data
        assert (await reserved.post(json.dumps({"extensions": extensions}))).codes == REFUSED


async def test_typename_is_no_introspection(reserved: Client) -> None:
    """What clients ask for with each object is answered to everybody."""
    assert (await reserved.ask("{ __typename sites { __typename } }")).data["__typename"] == "Query"


async def test_the_schema_for_nobody(settings: Settings) -> None:
    """Nobody is told the schema, whatever they show, and by whatever door they come."""
    async with running(replace(settings, introspection="nobody")) as live:
        client = await live.client.sign_in(Role.ADMINISTRATOR)
        assert (await client.ask(SCHEMA)).codes == REFUSED
        response, _ = await client.get(f"/graphql?query={SCHEMA}", accept="text/event-stream")
        assert REFUSED[0] in response.text
        async with live.ready() as socket:
            await socket.send(type="subscribe", id="1", payload={"query": SCHEMA})
            message = await socket.next()
            assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", REFUSED[0])


@pytest.mark.parametrize(("query", "variables"), MISSPELT)
async def test_messages_suggest_no_names(query: str, variables: dict[str, Any], reserved: Client) -> None:
    """Where not everybody may ask for the schema, an error says what is wrong and not what would be right."""
    for body in (
        await reserved.ask(query, **variables),
        await reserved.post(json.dumps({"query": query, "variables": variables}), quiet_price_only="1"),
    ):
        assert "Did you mean" not in body.content.decode()
    assert (await reserved.ask(query, **variables)).body["errors"]


async def test_messages_of_subscriptions_suggest_no_names(settings: Settings) -> None:
    """Streams and sockets keep to it as well."""
    queries = ("subscription { chnges { kind } }", "subscription { changes(sinc: 1) { kind } }")
    async with running(replace(settings, introspection="nobody")) as live:
        for number, query in enumerate(queries):
            response, _ = await live.client.get(f"/graphql?query={query}", accept="text/event-stream")
            assert "VALIDATION" in response.text
            assert "Did you mean" not in response.text
            async with live.ready() as socket:
                await socket.send(type="subscribe", id=str(number), payload={"query": query})
                message = await socket.next()
                assert message["type"] == "error"
                assert "Did you mean" not in str(message)


async def test_an_enforced_manifest_closes_the_schema(settings: Settings, tmp_path: Path) -> None:
    """Where only trusted documents are answered, nobody else learns a name: not by asking, nor by a slip."""
    slip = MISSPELT[-2][0]
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"slip": slip, "schema": SCHEMA}))
    chosen = replace(settings, documents=path, documents_only=True, introspection="nobody")
    async with serve(chosen) as client:
        assert (await client.ask(get_introspection_query())).codes == ["DOCUMENT_NOT_TRUSTED"]
        reply = await client.ask(slip, w={"slugg": {"eq": "a"}})
        assert reply.codes == ["BAD_USER_INPUT"]
        assert "Did you mean" not in reply.message
        # What an operator trusts is answered, whatever it asks for.
        assert (await client.ask(SCHEMA)).data
