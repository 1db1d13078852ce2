"""Documents that clients name by a hash or an id instead of sending them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from api.cli import main
from api.persisted import ManifestError, hash_text, read_manifest
from api.settings import Settings
from models.draft import ArticleDraft
from tests.client import Client, serve
from tests.event_source import stream
from tests.live import Live

COUNT = "query Count { articles { totalCount } }"
TITLES = "query Titles($n: Int!) { articles(first: $n) { nodes { title } } }"
FOLLOW = "subscription { changes(since: 0) { kind } }"
OTHER = "{ sites { key } }"
MANIFEST = {"count": COUNT, f"sha256:{hash_text(TITLES)}": TITLES}
APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": "count", "body": COUNT, "name": "Count", "type": "query"}],
}


def automatic(text: str) -> dict[str, Any]:
    """Return the extensions by which Apollo's clients name a document."""
    return {"persistedQuery": {"version": 1, "sha256Hash": hash_text(text)}}


async def get(client: Client, **parameters: Any) -> Any:
    """Send a GET with these parameters; those that are no texts are written as JSON."""
    texts = {k: v if isinstance(v, str) else orjson.dumps(v).decode() for k, v in parameters.items()}
    return await client.http.get("/graphql", params=texts)


async def test_automatic(client: Client) -> None:
    """An unknown hash is answered with the words that Apollo's clients look for; sent with its text it is known."""
    await client.save(ArticleDraft("en", "a", "A"))
    extensions = automatic(COUNT)
    unknown = await get(client, extensions=extensions)
    assert unknown.status_code == 200
    assert "no-store" in unknown.headers["cache-control"]  # the next time it may be known
    assert unknown.json()["errors"] == [
        {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}
    ]
    sent = await get(client, query=COUNT, extensions=extensions)
    named = await get(client, extensions=extensions)
    posted = await client.post(orjson.dumps({"extensions": extensions}))
    for body in (sent.json(), named.json(), posted.body):
        assert body["data"] == {"articles": {"totalCount": 1}}


@pytest.mark.parametrize("by_socket", [True, False])
async def test_automatic_subscriptions(live: Live, *, by_socket: bool) -> None:
    """A subscription that was sent once with its hash is known by the hash, one that never began is not."""
    await live.client.save(ArticleDraft("en", "a", "A"))
    extensions = automatic(FOLLOW)
    for payload in ({"query": FOLLOW, "extensions": extensions}, {"extensions": extensions}):
        if by_socket:
            async with live.ready() as socket:
                await socket.send(id="s", type="subscribe", payload=payload)
                told = await socket.result("s")
        else:
            headers = {"accept": "text/event-stream"}
            async with stream(live.client.http, "POST", "/graphql", json=payload, headers=headers) as (
                _,
                events,
            ):
                told = [await anext(events) for _ in range(2)][-1].told
        assert told["data"] == {"changes": {"kind": "CREATED"}}
    invalid = "subscription { changes(since: 99) { kind } }"
    async with live.ready() as socket:
        for sent in ({"query": invalid}, {}):
            await socket.send(id="s", type="subscribe", payload={**sent, "extensions": automatic(invalid)})
            message = await socket.next()
            assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


async def test_only_valid_documents_are_remembered(client: Client) -> None:
    """A text that is not that of its hash is refused; one that cannot be executed is not remembered."""
    wrong = await get(client, query=COUNT, extensions=automatic(TITLES))
    assert (wrong.status_code, wrong.json()["errors"][0]["extensions"]["code"]) == (
        400,
        "PERSISTED_QUERY_MISMATCH",
    )
    broken = "{ nothing }"
    assert (await get(client, query=broken, extensions=automatic(broken))).json()["errors"]
    for text in (broken, TITLES):
        again = await get(client, extensions=automatic(text), variables={"n": 1})
        assert again.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("persisted", [1, {"version": 2}, {"version": 1}, {"version": 1, "sha256Hash": 5}])
async def test_nonsense(client: Client, persisted: Any) -> None:
    """What names no document in a way that is known is refused."""
    response = await get(client, extensions={"persistedQuery": persisted})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.fixture(params=[False, True])
async def trusting(
    settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Client, bool]]:
    """A client of a service with trusted documents, and whether it answers nothing else."""
    path = tmp_path / "documents.json"
    path.write_bytes(orjson.dumps(MANIFEST))
    async with serve(replace(settings, documents=path, documents_only=request.param)) as client:
        await client.save(ArticleDraft("en", "a", "A"))
        yield client, request.param


async def test_trusted(trusting: tuple[Client, bool]) -> None:
    """Documents of the manifest are named by their ids; others are answered only where that is allowed."""
    client, only = trusting
    assert (await get(client, documentId="count")).json()["data"] == {"articles": {"totalCount": 1}}
    by_hash = {"documentId": f"sha256:{hash_text(TITLES)}", "variables": {"n": 1}}
    assert (await client.post(orjson.dumps(by_hash))).data == {"articles": {"nodes": [{"title": "A"}]}}
    assert (await client.ask(COUNT)).data == {"articles": {"totalCount": 1}}
    other = await client.ask(OTHER)
    unknown = await get(client, documentId="unknown")
    code = unknown.json()["errors"][0]["extensions"]["code"]
    if only:
        assert (other.status, other.codes, code) == (400, ["DOCUMENT_NOT_TRUSTED"], "DOCUMENT_NOT_TRUSTED")
    else:
        assert (other.status, code) == (200, "PERSISTED_QUERY_NOT_FOUND")


def test_manifests(tmp_path: Path) -> None:
    """Both forms of manifests are read; what is neither is refused with its path."""
    path = tmp_path / "documents.json"
    for content in (MANIFEST, APOLLO):
        path.write_bytes(orjson.dumps(content))
        assert read_manifest(path)["count"] == COUNT
    for broken in (b"{", b"[]", b'{"a": 1}', b'{"format": "apollo-persisted-query-manifest"}'):
        path.write_bytes(broken)
        with pytest.raises(ManifestError, match=r"documents\.json"):
            read_manifest(path)
    with pytest.raises(ManifestError, match="No such file"):
        read_manifest(tmp_path / "missing.json")


def test_check(tmp_path: Path) -> None:
    """`quiet documents check` names each document that the schema cannot answer, and ends with status 1 then."""
    path = tmp_path / "documents.json"
    path.write_bytes(orjson.dumps(MANIFEST))
    good = CliRunner().invoke(main, ["documents", "check", str(path)])
    assert (good.exit_code, good.output) == (0, "All 2 documents can be answered.\n")
    path.write_bytes(orjson.dumps({**MANIFEST, "old": "{ articles { gone } }", "broken": "{"}))
    bad = CliRunner().invoke(main, ["documents", "check", str(path)])
    assert bad.exit_code == 1
    assert "old\n  Cannot query field 'gone' on type 'ArticleConnection'." in bad.output
    assert "2 of 4 documents cannot be answered." in bad.output
    assert "count" not in bad.output
