"""What stands around a document: media types, character sets, query strings, variables; and what a request error is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from api.settings import Settings
from models.dialect import Sql
from models.draft import ArticleDraft
from models.errors import DatabaseLost
from tests.client import Client
from tests.live import running

BODY = b'{"query": "{ head }"}'
GRAPHQL_JSON = "application/graphql-response+json"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; Charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json; profile=x",
    ],
)
async def test_json_in_utf_8_is_taken(content_type: str, client: Client) -> None:
    """A body is JSON in UTF-8, however that is written."""
    reply = await client.post(BODY, content_type=content_type)
    assert (reply.status, reply.data) == (200, {"head": 0})


@pytest.mark.parametrize(
    ("content_type", "code", "named"),
    [
        ("application/json; charset=latin-1", "UNSUPPORTED_CHARSET", "'latin-1'"),
        ("application/json; charset=utf-16; charset=utf-8", "UNSUPPORTED_CHARSET", "'utf-16'"),
        ("text/plain", "UNSUPPORTED_MEDIA_TYPE", "'text/plain'"),
        ("", "UNSUPPORTED_MEDIA_TYPE", "''"),
    ],
)
async def test_other_bodies_are_not(content_type: str, code: str, named: str, client: Client) -> None:
    """What is not, or says that it is not, gets 415 with what would be taken."""
    reply = await client.post(BODY, content_type=content_type)
    assert (reply.status, reply.codes) == (415, [code])
    assert "application/json in UTF-8" in reply.message
    assert named in reply.message
    assert reply.headers["accept-post"] == "application/json"


@pytest.mark.parametrize(
    "query",
    [
        "query={head}&query={head}",
        "query={head}&variables={}&variables={}",
        "query={head}%ff",
        "query=%c3%28",
        "query={head}&operationName=%ed%a0%80",
    ],
)
async def test_query_strings_that_say_no_one_thing(query: str, client: Client) -> None:
    """A parameter that stands twice, or is no UTF-8, is refused: whoever stands between may read another one."""
    response, _ = await client.get(f"/graphql?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    "path",
    ["/feed.json?tag=%ff", "/feed.json?tag=a&tag=b", "/changes?since=1&since=2", "/changes?site=%c3%28"],
)
async def test_other_doors_read_as_strictly(path: str, client: Client) -> None:
    """So is what is asked of feeds and of the change log."""
    response, _ = await client.get(path)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_compressed_bodies(client: Client) -> None:
    """A compressed body gets 415, and is told that none may be."""
    reply = await client.post(BODY, content_encoding="gzip")
    assert (reply.status, reply.codes) == (415, ["UNSUPPORTED_ENCODING"])
    assert reply.headers["accept-encoding"] == "identity"


async def test_foreign_parameters_are_ignored(client: Client) -> None:
    """What links are decorated with is nobody's business, however often it stands there."""
    response, _ = await client.get("/graphql?utm=1&utm=2&query=" + quote("{ head }"))
    assert response.json()["data"] == {"head": 0}


async def test_lines_of_one_header(client: Client) -> None:
    """Lines of a header that is a list are one list."""
    lines = [("accept", "image/png"), ("accept", GRAPHQL_JSON), ("content-type", "application/json")]
    response = await client.http.post("/graphql", content=BODY, headers=lines)
    assert response.headers["content-type"].startswith(GRAPHQL_JSON)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json;q=0, */*", GRAPHQL_JSON),
        ("application/json;q=0, application/*;q=0.1", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0, */*", "application/json"),
        (f"application/json;q=0, {GRAPHQL_JSON};q=0, */*", None),
        ("application/json;q=0", None),
        (f"{GRAPHQL_JSON};q=0.5, application/json;q=inf", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, application/json;q=1_0", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, application/json;q=0.75000", "application/json"),
    ],
)
async def test_what_is_not_accepted(accept: str, content_type: str | None, client: Client) -> None:
    """Whoever leaves out one of our media types gets the other one, and whoever leaves out both 406."""
    response = await client.http.get("/graphql?query={head}", headers={"accept": accept})
    assert response.status_code == (406 if content_type is None else 200)
    assert content_type is None or response.headers["content-type"].startswith(content_type)


async def test_lines_of_one_header_elsewhere(client: Client) -> None:
    """So they are for GraphiQL, and for what a cache has already."""
    page = await client.http.get("/graphql", headers=[("accept", "application/xml"), ("accept", "text/html")])
    assert page.headers["content-type"].startswith("text/html")
    await client.save(ArticleDraft("en", "a", "A"))
    tag = (await client.http.get("/feed.json")).headers["etag"]
    known = [("if-none-match", tag), ("if-none-match", '"another"')]
    assert (await client.http.get("/feed.json", headers=known)).status_code == 304


REQUEST_ERRORS = [
    ("query($n: Int!) { articles(first: $n) { totalCount } }", {"n": "three"}, "BAD_USER_INPUT"),
    ("query($n: Int!) { articles(first: $n) { totalCount } }", {}, "BAD_USER_INPUT"),
    ("query @view(revision: 7) { head }", {}, "REVISION_UNKNOWN"),
    ("query @view(perspective: DRAFT) { head }", {}, "FORBIDDEN"),
]


@pytest.mark.parametrize(("query", "variables", "code"), REQUEST_ERRORS)
async def test_request_errors(query: str, variables: dict[str, Any], code: str, client: Client) -> None:
    """What ends an operation before its execution is a request error: no data, not even null, and 400."""
    headers = {"accept": GRAPHQL_JSON}
    response = await client.http.post(
        "/graphql", json={"query": query, "variables": variables}, headers=headers
    )
    assert response.status_code == 400
    assert response.json().keys() == {"errors"}
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == [code]
    legacy = await client.ask(query, **variables)
    assert (legacy.status, legacy.codes, "data" in legacy.body) == (200, [code], False)


async def test_request_errors_elsewhere(settings: Settings) -> None:
    """Over WebSocket that is an error of the operation; in an event stream its only result."""
    async with running(settings) as live:
        async with live.ready() as socket:
            for query, variables, code in REQUEST_ERRORS:
                await socket.send(id="q", type="subscribe", payload={"query": query, "variables": variables})
                message = await socket.next()
                assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", code)
        query, _, code = REQUEST_ERRORS[2]
        followed = "subscription @view(revision: 7) { changes { revision } }"
        for asked, told in [(query, code), (followed, "INVALID_ARGUMENT")]:
            response, _ = await live.client.get("/graphql?query=" + quote(asked), accept="text/event-stream")
            assert told in response.text
            assert '"data"' not in response.text


async def test_prices_of_what_cannot_be_executed(client: Client) -> None:
    """Whoever asks for the price of what would be a request error is told that error, without data."""
    client.headers["quiet-price-only"] = "1"
    query, variables, code = REQUEST_ERRORS[0]
    reply = await client.ask(query, **variables)
    assert (reply.codes, "data" in reply.body) == ([code], False)


async def test_prices_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a price while the database is away is told that, as everybody is."""

    async def fail(_statement: Sql) -> None:
        raise DatabaseLost

    monkeypatch.setattr(client.database, "read", fail)
    client.headers["quiet-price-only"] = "1"
    reply = await client.ask("{ articles { totalCount } }")
    assert (reply.status, reply.codes) == (503, [DatabaseLost.code])
    assert reply.headers["retry-after"] == "1"
