"""Credentials at the door: which are taken, which are refused and how, and what answers to them carry."""

from __future__ import annotations

import json
import logging
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from api.settings import Settings
from models.access import Role, system_actor
from models.draft import ArticleDraft
from models.preview import create_preview_token
from models.token import create_token, revoke_token
from tests.client import Client, Reply, article_id, read_reply, serve
from tests.content import NOW, set_clock
from tests.issuer import AUDIENCE, FakeIssuer, issuing

OWNER = system_actor("owner")
HEAD = json.dumps({"query": "{ head }"})
DRAFTS = json.dumps({"query": "query @view(perspective: DRAFT) { articles { nodes { slug } } }"})
CHALLENGE = 'Bearer realm="Quiet Engine"'
REJECTION = f'{CHALLENGE}, error="invalid_token"'


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    """An issuer with one RSA key."""
    with issuing() as fake:
        fake.serve_named("one")
        yield fake


@pytest.fixture
async def signing_in(settings: Settings, issuer: FakeIssuer) -> AsyncIterator[Client]:
    """A client of a service that takes tokens of the issuer."""
    trusting = replace(
        settings,
        oidc_issuer=issuer.address,
        oidc_audience=AUDIENCE,
        oidc_roles=(("readers", Role.READER), ("editors", Role.EDITOR)),
    )
    async with serve(trusting) as client:
        yield client


@pytest.fixture
async def closed(settings: Settings) -> AsyncIterator[Client]:
    """A client of a service where nothing is public."""
    async with serve(replace(settings, public_read=False)) as client:
        yield client


async def make_token(client: Client, role: Role) -> str:
    """Return the text of a new token."""
    return (await create_token(client.database, OWNER, "t", role))[1]


def slugs(reply: Reply) -> list[str]:
    """Return the slugs in a reply."""
    return [node["slug"] for node in reply.data["articles"]["nodes"]]


async def test_tokens_open_what_their_role_may(client: Client) -> None:
    """Drafts are for who may preview them, whatever way the request comes."""
    await client.save(ArticleDraft("en", "a", "A"), publish=False)
    reader, previewer = await make_token(client, Role.READER), await make_token(client, Role.PREVIEWER)
    assert (await client.post(DRAFTS)).codes == ["FORBIDDEN"]
    assert (await client.post(DRAFTS, authorization=f"Bearer {reader}")).codes == ["FORBIDDEN"]
    assert slugs(await client.post(DRAFTS, authorization=f"Bearer {previewer}")) == ["a"]
    assert slugs(await client.post(DRAFTS, authorization=f"bearer {previewer}")) == ["a"]
    asked = await client.http.get(
        "/graphql",
        params={"query": json.loads(DRAFTS)["query"]},
        headers={"authorization": f"Bearer {previewer}"},
    )
    assert slugs(read_reply(asked)) == ["a"]


async def test_preview_tokens_open_their_article(client: Client) -> None:
    """A preview token shows the drafts of what it was made for, and nothing beside it."""
    await client.save(ArticleDraft("en", "a", "A"), ArticleDraft("en", "b", "B"), publish=False)
    text = await create_preview_token(client.database, OWNER, article=article_id("a"))
    assert slugs(await client.post(DRAFTS, authorization=f"Bearer {text}")) == ["a"]
    everything = await create_preview_token(client.database, OWNER)
    assert sorted(slugs(await client.post(DRAFTS, authorization=f"Bearer {everything}"))) == ["a", "b"]


async def test_issuer_tokens_open_what_their_role_may(signing_in: Client, issuer: FakeIssuer) -> None:
    """People who sign in elsewhere get the rights that their role there stands for."""
    await signing_in.save(ArticleDraft("en", "a", "A"), publish=False)
    reader, editor = issuer.sign(roles=["readers"]), issuer.sign(roles=["editors"])
    assert (await signing_in.post(DRAFTS, authorization=f"Bearer {reader}")).codes == ["FORBIDDEN"]
    assert slugs(await signing_in.post(DRAFTS, authorization=f"Bearer {editor}")) == ["a"]
    stranger = await signing_in.post(HEAD, authorization=f"Bearer {issuer.sign(roles=[])}")
    assert (stranger.status, stranger.codes) == (401, ["UNAUTHENTICATED"])
    assert "gives no role" in stranger.message


async def test_issuer_that_is_down(signing_in: Client, issuer: FakeIssuer) -> None:
    """Where nobody can tell whether a token is good the answer is 503; everybody else is served."""
    issuer.documents.clear()
    reply = await signing_in.post(HEAD, authorization=f"Bearer {issuer.sign()}")
    assert (reply.status, reply.codes) == (503, ["AUTHENTICATION_UNAVAILABLE"])
    assert reply.headers["retry-after"] == "30"
    assert reply.headers["cache-control"] == "private, no-store"
    assert (await signing_in.post(HEAD)).data == {"head": 0}
    token = await make_token(signing_in, Role.READER)
    assert (await signing_in.post(HEAD, authorization=f"Bearer {token}")).data == {"head": 0}


NESTED = urlsafe_b64encode(b"[" * 9_000).decode()
"""What takes a parser of JSON deeper than it can go."""
REJECTED = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer  two",
    "Bearer a b",
    "Basic dXNlcjp3b3Jk",
    "Token quiet_" + "A" * 43,
    "quiet_" + "A" * 43,
    "Bearer nonsense",
    "Bearer quiet_",
    "Bearer quiet_" + "A" * 43,
    "Bearer preview_",
    "Bearer preview_a.b.c",
    "Bearer a.b.c",
    "Bearer a.b.c.d",
    "Bearer quiet_\xff",
    "Bearer\tquiet_" + "A" * 43,
    "Bearer,quiet_" + "A" * 43,
    "Bearer nonsense, Bearer nonsense",
    "Bearer quiet_" + "A" * 42 + "\x7f",
    "Bearer preview_" + NESTED + ".e30.AAAA",
    "Bearer " + NESTED + ".e30.AAAA",
    "Bearer quiet_" + "A" * 20_000,
]


@pytest.mark.parametrize("header", REJECTED, ids=range(len(REJECTED)))
async def test_rejected_credentials(client: Client, header: str) -> None:
    """A credential that is not good fails the request, even for what anybody may read."""
    reply = read_reply(
        await client.http.post(
            "/graphql",
            content=HEAD,
            headers=[
                (b"content-type", b"application/json"),
                (b"authorization", header.encode("latin-1")),
            ],
        )
    )
    assert (reply.status, reply.codes) == (401, ["UNAUTHENTICATED"])
    assert "data" not in reply.body
    assert reply.headers["www-authenticate"] == REJECTION
    assert reply.headers["cache-control"] == "private, no-store"
    assert "Authorization" in reply.headers["vary"]
    assert reply.headers["content-type"].startswith("application/json")


async def test_longest_credential(client: Client) -> None:
    """A credential that is longer than any good one is not looked at."""
    reply = await client.post(HEAD, authorization=f"Bearer preview_a.b.{'c' * 20_000}")
    assert (reply.status, reply.message) == (401, "A credential has at most 16384 characters.")


async def test_two_credentials(client: Client) -> None:
    """Two Authorization headers are refused even if both are good."""
    token = f"Bearer {await make_token(client, Role.READER)}".encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"authorization", token),
        (b"authorization", token),
    ]
    reply = read_reply(await client.http.post("/graphql", content=HEAD, headers=headers))
    assert (reply.status, reply.message) == (401, "Send one Authorization header, not several.")


async def test_end_of_a_token_is_immediate(client: Client) -> None:
    """A revoked token is rejected from the next request on."""
    token, text = await create_token(client.database, OWNER, "t", Role.READER)
    assert (await client.post(HEAD, authorization=f"Bearer {text}")).status == 200
    await revoke_token(client.database, OWNER, token.id)
    assert (await client.post(HEAD, authorization=f"Bearer {text}")).status == 401


@pytest.mark.parametrize(
    ("method", "body", "content_type"),
    [
        ("POST", "{", "application/json"),
        ("POST", HEAD, "text/plain"),
        ("PUT", HEAD, "text/plain"),
        ("GET", "", ""),
    ],
)
async def test_credentials_come_before_the_body(
    client: Client, method: str, body: str, content_type: str
) -> None:
    """What a request asks for is not looked at before it is known who asks."""
    headers = {"content-type": content_type, "authorization": "Bearer nonsense"}
    response = await client.http.request(method, "/graphql", content=body, headers=headers)
    assert read_reply(response).status == 401


async def test_no_credentials_in_addresses_or_bodies(closed: Client) -> None:
    """A token counts in the Authorization header alone: addresses end up in logs and histories."""
    token = await make_token(closed, Role.READER)
    for name in ("access_token", "token", "authorization", "Authorization"):
        for value in (token, f"Bearer {token}"):
            response = await closed.http.get("/graphql", params={"query": "{ head }", name: value})
            assert response.status_code == 401
            response = await closed.http.post(
                f"/graphql?{name}={value}", json={"query": "{ head }", name: value}
            )
            assert response.status_code == 401


@pytest.mark.parametrize("query", ["{ head }", "{ __typename }", "{ __schema { queryType { name } } }"])
async def test_without_public_reading(closed: Client, query: str) -> None:
    """Where nothing is public, nobody without a token gets an answer; a reader's token is enough."""
    reply = await closed.ask(query)
    assert (reply.status, reply.codes) == (401, ["UNAUTHENTICATED"])
    assert reply.headers["www-authenticate"] == CHALLENGE
    token = await make_token(closed, Role.READER)
    body = json.dumps({"query": query})
    assert (await closed.post(body, authorization=f"Bearer {token}")).data


async def test_answers_to_credentials_are_private(client: Client) -> None:
    """No cache keeps an answer to credentials, and none mistakes one for an answer to somebody else."""
    token = await make_token(client, Role.READER)
    public, private = await client.post(HEAD), await client.post(HEAD, authorization=f"Bearer {token}")
    assert "cache-control" not in public.headers
    assert private.headers["cache-control"] == "private, no-store"
    assert public.headers["vary"] == private.headers["vary"] == "Accept, Authorization"
    assert public.data == private.data


def padded(size: int) -> str:
    """Return a request whose body has this many bytes."""
    rest = len(json.dumps({"query": "{ head }", "variables": {"x": ""}}))
    return json.dumps({"query": "{ head }", "variables": {"x": "a" * (size - rest)}})


@pytest.mark.parametrize("role", [None, Role.PREVIEWER, Role.EDITOR, Role.ADMINISTRATOR])
async def test_editors_may_send_larger_bodies(settings: Settings, role: Role | None) -> None:
    """Who may edit may send more in one request than who only reads."""
    async with serve(replace(settings, body_bytes=1000, edit_body_bytes=5000)) as client:
        headers = {"authorization": f"Bearer {await make_token(client, role)}"} if role else {}
        limit = 5000 if role in {Role.EDITOR, Role.ADMINISTRATOR} else 1000
        assert (await client.post(padded(limit), **headers)).data == {"head": 0}
        reply = await client.post(padded(limit + 1), **headers)
        assert (reply.status, reply.codes) == (413, ["BODY_TOO_LARGE"])
        assert str(limit) in reply.message


async def test_no_credential_is_repeated(
    signing_in: Client,
    issuer: FakeIssuer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the log nor an answer shows a credential, good or rejected."""
    caplog.set_level(logging.DEBUG)
    clock = set_clock(monkeypatch)
    good = await make_token(signing_in, Role.READER)
    preview = await create_preview_token(signing_in.database, OWNER, expires_at=NOW + 60_000)
    bad = ["quiet_" + "B" * 43, f"{preview}x", issuer.sign(aud="other"), "Mara's-password"]
    replies = [await signing_in.post(HEAD, authorization=f"Bearer {text}") for text in (good, preview, *bad)]
    assert [reply.status for reply in replies] == [200, 200, 401, 401, 401, 401]
    clock.now += 60_000
    assert (await signing_in.post(HEAD, authorization=f"Bearer {preview}")).status == 401
    shown = caplog.text + "".join(f"{reply.body}{reply.headers}" for reply in replies)
    for text in (good, preview, *bad):
        assert text not in shown
        assert text.rpartition(".")[2] not in shown
