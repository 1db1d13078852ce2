"""Bad input gets a clear error with a code, and never anything of the inside."""

from __future__ import annotations

import json
import logging

import pytest

from models.draft import ArticleDraft
from schema import query as query_module
from tests.client import Client

QUERIES = [
    ('{ node(id: "nonsense") { id } }', "INVALID_ID"),
    ('{ article(by: {id: "U2l0ZTpkb2Nz"}) { id } }', "INVALID_ID"),
    ("{ articles(first: -1) { totalCount } }", "INVALID_ARGUMENT"),
    ("{ articles(first: 1000) { totalCount } }", "INVALID_ARGUMENT"),
    ("{ articles(first: 1, last: 1) { totalCount } }", "INVALID_ARGUMENT"),
    ("{ articles(last: 1, offset: 1) { totalCount } }", "INVALID_ARGUMENT"),
    ('{ articles(after: "nonsense") { totalCount } }', "INVALID_CURSOR"),
    ('{ articles(where: {slug: {eq: "a\\u0000"}}) { totalCount } }', "INVALID_ARGUMENT"),
    ("{ articles(where: {slug: {eq: null}}) { totalCount } }", "INVALID_ARGUMENT"),
    ('{ article(by: {slug: "a"}, site: "none") { id } }', "UNKNOWN_SITE"),
    ("query @view(perspective: DRAFT) { head }", "FORBIDDEN"),
    ("query @view(revision: 99) { head }", "REVISION_UNKNOWN"),
    ('query @view(locales: ["x"]) { head }', "GRAPHQL_VALIDATION_FAILED"),
    ('query @view(at: "yesterday") { head }', "GRAPHQL_VALIDATION_FAILED"),
    ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
    ("{ head", "GRAPHQL_PARSE_FAILED"),
    ("query A { head } query B { head }", "BAD_USER_INPUT"),
    ("query($n: Int!) { articles(first: $n) { totalCount } }", "BAD_USER_INPUT"),
]


@pytest.mark.parametrize(("query", "code"), QUERIES)
async def test_queries(client: Client, query: str, code: str) -> None:
    """A query that asks for what cannot be has exactly one error, with its code."""
    await client.save(ArticleDraft("en", "a", "A"))
    assert (await client.ask(query)).codes == [code]


BODIES = [
    (b"5", 400, "BAD_REQUEST"),
    (b"null", 400, "BAD_REQUEST"),
    (b"[1]", 400, "BATCH_REFUSED"),
    (b"{", 400, "BAD_JSON"),
    (b'{"query": "\xff"}', 400, "BAD_JSON"),
    (b'{"query": "\\ud800"}', 400, "BAD_JSON"),
    (b'{"query": 5}', 400, "BAD_REQUEST"),
    (b'{"query": "{ head }", "variables": []}', 400, "BAD_REQUEST"),
    (b'{"query": "{ head }", "other": 1}', 400, "BAD_REQUEST"),
    (b'{"query": "' + b"a" * 300_000 + b'"}', 413, "BODY_TOO_LARGE"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES)
async def test_bodies(client: Client, body: bytes, status: int, code: str) -> None:
    """A body that is no GraphQL request is refused with a status and a code."""
    response = await client.http.post("/graphql", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == code


async def test_media_types(client: Client) -> None:
    """Only JSON is taken, only JSON is given, and only GET and POST are served."""
    form = await client.http.post("/graphql", data={"query": "{ head }"})
    accept = await client.http.get("/graphql?query={head}", headers={"Accept": "image/png"})
    method = await client.http.put("/graphql", json={"query": "{ head }"})
    typed = await client.http.get(
        "/graphql?query={head}", headers={"Accept": "application/graphql-response+json"}
    )
    assert [form.status_code, accept.status_code, method.status_code] == [415, 406, 405]
    assert method.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert typed.headers["content-type"].startswith("application/graphql-response+json")
    assert typed.json()["data"] == {"head": 0}
    assert typed.headers["content-revision"] == "0"


async def test_unexpected_errors_are_masked(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours tells the client an id only; the log has the rest under it."""

    async def fail(*_arguments: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(query_module, "find_by_slug", fail)
    with caplog.at_level(logging.ERROR, "quiet.errors"):
        reply = await client.ask('{ article(by: {slug: "a"}) { id } }')
    assert reply.codes == ["INTERNAL_ERROR"]
    assert "secret" not in json.dumps(reply.body)
    assert reply.body["errors"][0]["extensions"]["id"] in caplog.text
    assert "secret inside" in caplog.text


async def test_unknown_is_null(client: Client) -> None:
    """What is well named but not there is null, not an error."""
    node = "QXJ0aWNsZTowMDJkOTJlOC05NzNkLTU1OWQtODg2YS0yYTIzZGJkOGJjNGE"
    reply = await client.ask(f'{{ node(id: "{node}") {{ id }} article(by: {{slug: "none"}}) {{ id }} }}')
    assert reply.data == {"node": None, "article": None}
