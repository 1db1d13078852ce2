"""Requests that mean harm by their form: each is refused with a code, nothing is changed, and nothing is told."""

from __future__ import annotations

import gzip

import orjson
import pytest

from models.access import Role
from models.draft import ArticleDraft
from tests.attacks.attack import Attack, raw
from tests.client import Client

pytestmark = pytest.mark.database

BAD, BROKEN, BATCH, TYPE = "BAD_REQUEST", "BAD_JSON", "BATCH_REFUSED", "UNSUPPORTED_MEDIA_TYPE"
CHANGE = 'mutation { createSite(input: { key: "stolen", name: "S", defaultLocale: "en" }) { revision } }'
QUERY = b'{"query": "{ head }"}'

ATTACKS = [
    raw("batch", b'[{"query": "{ head }"}, {"query": "{ head }"}]', BATCH),
    raw("empty batch", b"[]", BATCH),
    raw("null for a body", b"null", BAD),
    raw("number for a body", b"5", BAD),
    raw("text for a body", b'"{ head }"', BAD),
    raw("nothing for a body", b"", BROKEN),
    raw("half a body", b'{"query": "{ he', BROKEN),
    raw("bytes outside UTF-8", b'{"query": "{ head }", "variables": {"a": "\xff\xfe"}}', BROKEN),
    raw("body in UTF-16", '{"query": "{ head }"}'.encode("utf-16"), BROKEN),
    raw("overlong encoding", b'{"query": "{ head }", "operationName": "\xc0\xaf"}', BROKEN),
    raw("query that is no text", b'{"query": {"$gt": ""}}', BAD),
    raw("variables that are no object", b'{"query": "{ head }", "variables": [1]}', BAD),
    raw("extensions that are no object", b'{"query": "{ head }", "extensions": 1}', BAD),
    raw("operation name that is no text", b'{"query": "{ head }", "operationName": 1}', BAD),
    raw(
        "number with a hundred thousand digits",
        b'{"query": "{ head }", "variables": {"n": ' + b"9" * 100_000 + b"}}",
        BROKEN,
    ),
    raw(
        "variables nested ten thousand deep",
        b'{"query": "{ head }", "variables": {"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}}",
        BROKEN,
    ),
    raw(
        "large body",
        b'{"query": "{ head }", "variables": {"a": "' + b"a" * 300_000 + b'"}}',
        "BODY_TOO_LARGE",
        413,
    ),
    raw("length that is a lie", QUERY, "BODY_TOO_LARGE", 413, content_length="99999999999"),
    raw(
        "compression bomb",
        gzip.compress(b" " * 10_000_000),
        "UNSUPPORTED_ENCODING",
        415,
        content_encoding="gzip",
    ),
    raw("form", b"query=mutation{}", TYPE, 415, content_type="application/x-www-form-urlencoded"),
    raw("multipart form", b"--a\r\n\r\n--a--", TYPE, 415, content_type="multipart/form-data; boundary=a"),
    raw("plain text", QUERY, TYPE, 415, content_type="text/plain"),
    raw("GraphQL as a media type", b"{ head }", TYPE, 415, content_type="application/graphql"),
    raw("no media type", QUERY, TYPE, 415, content_type=""),
    raw("subscription by POST", b'{"query": "subscription { changes { kind } }"}', "BAD_USER_INPUT", 200),
    raw("unknown operation", b'{"query": "query A { head }", "operationName": "B"}', "BAD_USER_INPUT", 200),
    raw(
        "persisted hash of something else",
        orjson.dumps(
            {"query": "{ head }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}
        ),
        "PERSISTED_QUERY_MISMATCH",
    ),
    raw("accepts nothing of ours", QUERY, "NOT_ACCEPTABLE", 406, accept="image/png"),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_harmful_requests(attack: Attack, attacked: Client) -> None:
    """A request in a form that is not that of GraphQL over HTTP is refused, with a code and a sentence."""
    reply = await attacked.post(attack.body, **attack.headers)
    assert (reply.status, tuple(reply.codes)) == (attack.status, attack.codes)
    assert reply.message.endswith(".")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
async def test_other_methods(method: str, attacked: Client) -> None:
    """Other methods do nothing, and nothing of the request is repeated."""
    response = await attacked.http.request(method, "/graphql", headers={"x-secret": "s3cr3t"})
    assert response.status_code == 405
    assert response.headers["allow"]
    assert "s3cr3t" not in response.text


async def test_mutation_by_get(attacked: Client) -> None:
    """A link or an image cannot change anything, whoever follows it."""
    editor = await attacked.sign_in(Role.ADMINISTRATOR)
    response = await editor.http.get("/graphql", params={"query": CHANGE}, headers=editor.headers)
    assert response.status_code == 405
    assert "stolen" not in (await editor.ask("{ sites { key } }")).content.decode()


async def test_mutation_by_a_form_of_another_page(attacked: Client) -> None:
    """What a page of another origin can send without asking first is no request of ours."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        reply = await attacked.post(
            orjson.dumps({"query": CHANGE}), content_type=kind, origin="https://evil.example"
        )
        assert reply.status == 415


async def test_foreign_origins_read_nothing(attacked: Client) -> None:
    """A page of another origin is not told that it may read answers."""
    response = await attacked.http.post(
        "/graphql", json={"query": "{ head }"}, headers={"origin": "https://evil.example"}
    )
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/graphql/",
        "/graphql/%2e%2e",
        "/%2e%2e/etc/passwd",
        "/graphql%00",
        "/static/../../etc/passwd",
        "/.env",
        "/.git/config",
    ],
)
async def test_path_tricks(path: str, attacked: Client) -> None:
    """There is one way to write an address; others lead nowhere, and to no other place."""
    response = await attacked.http.get(path, headers={"host": "evil.example"})
    assert response.status_code == 404
    assert "evil.example" not in response.text + str(response.headers)


async def test_host_is_not_repeated(attacked: Client) -> None:
    """A host that a client names comes back in no header, nor in any body that a cache could keep."""
    for path in (
        "/",
        "/graphql?query={head}",
        "/robots.txt",
        "/sitemap.xml?site=test",
        "/feed.atom?site=test",
    ):
        named = {
            "host": "evil.example",
            "x-forwarded-host": "evil.example",
            "x-original-url": "/evil.example",
        }
        response = await attacked.http.get(path, headers=named)
        assert "evil.example" not in response.text + str(response.headers)


async def test_header_injection(attacked: Client) -> None:
    """What a client sends gets into no header of the answer."""
    for text in ("a\r\nSet-Cookie: x=1", "a\nX-Evil: 1", "\u560a\u560dX-Evil: 1"):
        response = await attacked.http.get(
            "/graphql", params={"query": f"# {text}\n{{ head }}", "operationName": text, "extensions": "{}"}
        )
        assert not {"set-cookie", "x-evil"} & set(response.headers)


async def test_kept_answers_do_not_cross_rights(attacked: Client) -> None:
    """What somebody with rights was answered is not given to anybody else, nor told by its tag."""
    editor = await attacked.sign_in(Role.EDITOR)
    await attacked.save(ArticleDraft("en", "secret", "Secret"), publish=False)
    query = "/graphql?query=query @view(perspective: DRAFT) { articles { nodes { title } } }"
    shown = await editor.http.get(query, headers=editor.headers)
    assert "Secret" in shown.text
    assert "no-store" in shown.headers["cache-control"]
    assert "authorization" in shown.headers["vary"].lower()
    for tag in (shown.headers.get("etag", '"x"'), "*"):
        refused = await attacked.http.get(query, headers={"if-none-match": tag})
        assert refused.status_code != 304
        assert "Secret" not in refused.text
        assert "FORBIDDEN" in refused.text


async def test_nothing_of_the_inside_is_told(attacked: Client) -> None:
    """No answer names a version, a file, a table or a library."""
    replies = [
        await attacked.http.get("/graphql?query={head"),
        await attacked.http.get("/nowhere"),
        await attacked.http.post("/graphql", content=b"{"),
        await attacked.http.get('/graphql?query={nodes(ids:["x"]){id}}'),
    ]
    for response in replies:
        told = (response.text + str(response.headers)).lower()
        for word in (
            "traceback",
            ".py",
            "sqlite",
            "postgres",
            "uvicorn",
            "starlette",
            "python",
            "strawberry",
            "select ",
        ):
            assert word not in told


async def test_script_in_addresses_of_the_page(attacked: Client) -> None:
    """What is in the address of GraphiQL's page is not written into it."""
    path = '/graphql?query=</script><script>alert(1)</script>&variables="><img src=x onerror=alert(1)>'
    response = await attacked.http.get(path, headers={"accept": "text/html"})
    assert "alert(1)" not in response.text
    assert "unsafe" not in response.headers["content-security-policy"]


async def test_mutation_without_rights(attacked: Client) -> None:
    """Whoever may only read changes nothing, and is told which right is missing."""
    reply = await attacked.ask(CHANGE.replace("revision", "revision errors { code }"))
    assert reply.data["createSite"] == {"revision": None, "errors": [{"code": "FORBIDDEN"}]}
