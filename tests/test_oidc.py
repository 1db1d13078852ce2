"""Tokens of an OpenID Connect issuer: which are believed, what they give, and what happens when it is down."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from api import issuer_keys
from api.issuer_keys import ACCEPTED, IssuerKeys, fetch_keys, fetch_object
from api.oidc import Issuer, Trust
from api.settings import WrongSetting, read_settings
from models.access import EVERYWHERE, Role
from models.errors import AuthenticationUnavailable, Unauthenticated
from tests.issuer import (
    AUDIENCE,
    CONFIGURATION,
    KEYS,
    FakeIssuer,
    family,
    issuing,
    make_key,
    public_text,
    publish,
)

ROLES = {"editors": Role.EDITOR, "chiefs": Role.PUBLISHER, "all of us": Role.READER}


@dataclass(slots=True)
class Stopwatch:
    """The time since some moment, which only tests move."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def stopwatch(monkeypatch: pytest.MonkeyPatch) -> Stopwatch:
    """The clock by which keys grow old."""
    watch = Stopwatch()
    monkeypatch.setattr(issuer_keys, "monotonic", watch)
    # However slow the machine that runs the test, a fetch is waited for.
    monkeypatch.setattr(issuer_keys, "PATIENCE", 60.0)
    return watch


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    """An issuer with one RSA key, `one`."""
    with issuing() as fake:
        fake.serve_named("one")
        yield fake


def trusting(fake: FakeIssuer, *, claim: str = "roles", address: str = "") -> Issuer:
    """Return what checks tokens of this issuer."""
    return Issuer(Trust(fake.address, AUDIENCE, claim, ROLES), IssuerKeys(fake.address, address))


@pytest.mark.parametrize("algorithm", ACCEPTED)
async def test_algorithms(issuer: FakeIssuer, algorithm: str) -> None:
    """Every asymmetric algorithm is taken, from keys that name their algorithm and from those that do not."""
    key = make_key(family(algorithm), "one")
    for others in ({}, {"alg": algorithm}, {"use": "sig"}):
        issuer.serve_keys(publish(algorithm, "one", key, **others))
        actor = await trusting(issuer).identify(issuer.sign(algorithm=algorithm))
        assert (actor.rights, actor.scope) == (Role.EDITOR.rights, EVERYWHERE)


GIVEN: list[tuple[str, dict[str, Any], Role]] = [
    ("roles", {"roles": ["editors"]}, Role.EDITOR),
    ("roles", {"roles": ["chiefs", "editors", "others", 5, None]}, Role.PUBLISHER),
    ("roles", {"roles": ["editors", "chiefs"]}, Role.PUBLISHER),
    ("roles", {"roles": "editors"}, Role.EDITOR),
    ("roles", {"roles": "all of us"}, Role.READER),
    ("scope", {"scope": "openid editors"}, Role.EDITOR),
    ("realm_access.roles", {"realm_access": {"roles": ["chiefs"]}}, Role.PUBLISHER),
    ("https://a.example/roles", {"https://a.example/roles": ["chiefs"]}, Role.PUBLISHER),
]


@pytest.mark.parametrize(("claim", "claims", "role"), GIVEN)
async def test_highest_role_counts(
    issuer: FakeIssuer, claim: str, claims: dict[str, Any], role: Role
) -> None:
    """The role is the highest that any value of the claim stands for, wherever the claim is."""
    actor = await trusting(issuer, claim=claim).identify(issuer.sign(**{"roles": None, **claims}))
    assert actor.rights == role.rights


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("roles", {"roles": None}),
        ("roles", {"roles": []}),
        ("roles", {"roles": ["others", "EDITORS", "editor"]}),
        ("roles", {"roles": "editors chiefs"}),
        ("roles", {"roles": {"editors": True}}),
        ("roles", {"roles": [["editors"]]}),
        ("realm_access.roles", {"realm_access": ["editors"]}),
        ("realm_access.roles", {}),
    ],
)
async def test_without_a_role_nobody_gets_in(issuer: FakeIssuer, claim: str, claims: dict[str, Any]) -> None:
    """A token that is good but gives no role is rejected, and the sentence says why."""
    with pytest.raises(Unauthenticated, match="gives no role") as caught:
        await trusting(issuer, claim=claim).identify(issuer.sign(**claims))
    assert repr(claim) in caught.value.message


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({}, "user 7f3c"),
        ({"preferred_username": "mara", "email": "mara@a.example"}, "mara (user 7f3c)"),
        ({"email": "mara@a.example", "name": "Mara"}, "mara@a.example (user 7f3c)"),
        ({"name": "Mara Lind"}, "Mara Lind (user 7f3c)"),
        ({"name": "two\nlines", "email": 5, "preferred_username": ""}, "user 7f3c"),
    ],
)
async def test_name_for_the_record(issuer: FakeIssuer, claims: dict[str, Any], name: str) -> None:
    """The record names people as they are called, and by their subject, which nobody can choose."""
    assert (await trusting(issuer).identify(issuer.sign(**claims))).name == name


def now() -> int:
    """Return the present second."""
    return int(time.time())


def forge(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """Return a token whose signature is the HMAC of a secret, or none, as libraries refuse to make it."""
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    signature = hmac.digest(secret, b".".join(parts), "sha256") if secret else b""
    return b".".join([*parts, urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def take_public_key_for_secret(issuer: FakeIssuer) -> str:
    """Return a token signed with what everybody knows of the issuer's key."""
    secret = public_text(make_key("RS256", "one"))
    return forge({"alg": "HS256", "kid": "one"}, issuer.claims(), secret)


def change_claims(issuer: FakeIssuer) -> str:
    """Return a token whose claims were changed after it was signed."""
    head, _, signature = issuer.sign().split(".")
    other = urlsafe_b64encode(json.dumps(issuer.claims(roles=["chiefs"])).encode()).rstrip(b"=").decode()
    return f"{head}.{other}.{signature}"


def take_other_key(issuer: FakeIssuer) -> str:
    """Return a token that names a key of the issuer but is signed with another one."""
    return jwt.encode(issuer.claims(), make_key("RS256", "stranger"), "RS256", headers={"kid": "one"})


def say(header: dict[str, object]) -> Callable[[FakeIssuer], str]:
    """Return what makes a good token whose header says something more."""
    key = make_key("RS256", "one")
    return lambda issuer: jwt.encode(issuer.claims(), key, "RS256", headers={"kid": "one", **header})


REJECTED: dict[str, tuple[Callable[[FakeIssuer], str], str]] = {
    "expired": (lambda i: i.sign(exp=now() - 60), "has expired"),
    "not yet valid": (lambda i: i.sign(nbf=now() + 300), "not valid yet"),
    "issued in the future": (lambda i: i.sign(iat=now() + 300), "not valid yet"),
    "wrong issuer": (lambda i: i.sign(iss=i.address + "/"), "another issuer"),
    "wrong audience": (lambda i: i.sign(aud="other"), "another audience"),
    "audience in another case": (lambda i: i.sign(aud=["QUIET"]), "another audience"),
    "no expiry": (lambda i: i.sign(exp=None), "lacks the claim exp"),
    "no subject": (lambda i: i.sign(sub=None), "lacks the claim sub"),
    "no audience": (lambda i: i.sign(aud=None), "lacks the claim aud"),
    "no issuer": (lambda i: i.sign(iss=None), "lacks the claim iss"),
    "expiry is no number": (lambda i: i.sign(exp="soon"), "signature or its form"),
    "empty subject": (lambda i: i.sign(sub=""), "printable"),
    "subject with a line break": (lambda i: i.sign(sub="a\nb"), "printable"),
    "endless subject": (lambda i: i.sign(sub="a" * 256), "printable"),
    "not signed": (lambda i: forge({"alg": "none", "kid": "one"}, i.claims(), b""), "must be signed"),
    "not signed, in capitals": (lambda i: forge({"alg": "NONE"}, i.claims(), b""), "must be signed"),
    "public key as secret": (take_public_key_for_secret, "must be signed"),
    "claims changed": (change_claims, "signature or its form"),
    "signed by somebody else": (take_other_key, "signature or its form"),
    "algorithm of another key": (lambda i: i.sign(algorithm="ES256"), "does not publish"),
    "for signing out": (say({"typ": "logout+jwt"}), "another purpose"),
    "type is no text": (say({"typ": ["JWT"]}), "another purpose"),
    "an extension that must be understood": (say({"crit": ["exp"], "exp": 1}), "no JSON Web Token"),
    "payload elsewhere": (lambda i: forge({"alg": "RS256", "b64": False}, i.claims(), b"x"), "no JSON"),
    "name of the key is no text": (lambda i: forge({"alg": "RS256", "kid": ["one"]}, {}, b"x"), "no JSON"),
    "algorithm is no text": (lambda i: forge({"alg": ["RS256"]}, i.claims(), b"x"), "must be signed"),
    "key in the token": (
        lambda i: forge({"alg": "HS256", "jwk": {"kty": "oct", "k": "eA"}}, i.claims(), b"x"),
        "must be signed",
    ),
    "endless expiry": (lambda i: i.sign(exp=float("inf")), "signature or its form"),
    "garbage": (lambda i: "a.b.c", "no JSON Web Token"),
    "empty": (lambda i: "..", "no JSON Web Token"),
}


@pytest.mark.parametrize("case", REJECTED)
async def test_rejected(issuer: FakeIssuer, case: str, caplog: pytest.LogCaptureFixture) -> None:
    """What is not exactly a good token of the issuer for us is rejected, in a sentence, and never repeated."""
    caplog.set_level(logging.DEBUG)
    make, sentence = REJECTED[case]
    token = make(issuer)
    with pytest.raises(Unauthenticated, match=sentence) as caught:
        await trusting(issuer).identify(token)
    for part in filter(lambda part: len(part) > 5, token.split(".")):
        assert part not in caplog.text + caught.value.message


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+jwt"])
async def test_types(issuer: FakeIssuer, kind: str) -> None:
    """A token may say that it is a JSON Web Token, or one for access."""
    assert (await trusting(issuer).identify(say({"typ": kind})(issuer))).name == "user 7f3c"


async def test_clocks_may_differ_a_little(issuer: FakeIssuer) -> None:
    """Half a minute between the issuer's clock and ours is forgiven; several audiences are fine if one is ours."""
    token = issuer.sign(exp=now() - 10, nbf=now() + 10, aud=["other", AUDIENCE])
    assert (await trusting(issuer).identify(token)).name == "user 7f3c"


async def test_keys_for_encryption_and_weak_keys_do_not_count(issuer: FakeIssuer) -> None:
    """A key that is for encryption, for another algorithm, private or too short, checks no signature."""
    key = make_key("RS256", "one")
    private = dict(jwt.get_algorithm_by_name("RS256").to_jwk(key, as_dict=True))
    weak = make_key("RS256", "weak", 1024)
    wrong: list[dict[str, Any]] = [
        publish("RS256", "one", key, use="enc"),
        publish("RS256", "one", key, alg="RS512"),
        {**private, "kid": "one"},
        {"kty": "RSA", "kid": "one"},
        {"kty": ["RSA"], "kid": "one"},
        {"kty": "oct", "k": "AAAA", "kid": "one"},
        publish("RS256", None, key, kid=["one"]),
        publish("RS256", None, key, kid={}),
    ]
    issuer.serve(KEYS, {"keys": [*wrong, "nonsense", None]})
    with pytest.raises(Unauthenticated, match="does not publish"):
        await trusting(issuer).identify(issuer.sign())
    issuer.serve_keys(*wrong, publish("RS256", "one", key), publish("RS256", "weak", weak))
    assert (await trusting(issuer).identify(issuer.sign())).name == "user 7f3c"
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = jwt.encode(issuer.claims(), weak, "RS256", headers={"kid": "weak"})
    with pytest.raises(Unauthenticated):
        await trusting(issuer).identify(token)


async def test_tokens_without_a_key_name(issuer: FakeIssuer) -> None:
    """A token that names no key is taken where there is only one key it can mean."""
    token = issuer.sign(None)
    assert (await trusting(issuer).identify(token)).name == "user 7f3c"
    issuer.serve_named("one", "two")
    with pytest.raises(Unauthenticated):
        await trusting(issuer).identify(token)


async def test_rotation(issuer: FakeIssuer, stopwatch: Stopwatch) -> None:
    """An unknown key makes us look once, and not again for half a minute, whatever keys tokens name."""
    checking = trusting(issuer)
    await checking.identify(issuer.sign())
    stopwatch.seconds += 30
    issuer.serve_named("one", "two")
    await checking.identify(issuer.sign("two"))
    assert issuer.asked[KEYS] == 2
    issuer.serve_named("two", "three")
    for name in ("three", "four", "five"):
        with pytest.raises(Unauthenticated, match="does not publish"):
            await checking.identify(issuer.sign(name))
    assert issuer.asked[KEYS] == 2
    stopwatch.seconds += 30
    await checking.identify(issuer.sign("three"))
    assert issuer.asked[KEYS] == 3


async def test_withdrawn_keys_are_forgotten(issuer: FakeIssuer, stopwatch: Stopwatch) -> None:
    """Some minutes after the issuer withdrew a key, tokens signed with it are rejected."""
    checking = trusting(issuer)
    await checking.identify(issuer.sign())
    issuer.serve_named("two")
    await checking.identify(issuer.sign())
    stopwatch.seconds += 301
    with pytest.raises(Unauthenticated, match="does not publish"):
        await checking.identify(issuer.sign())
    await checking.identify(issuer.sign("two"))


async def test_many_at_once_ask_once(issuer: FakeIssuer) -> None:
    """Requests that come together share one fetch, and one that is given up does not take it from the others."""
    checking = trusting(issuer)
    token = issuer.sign()
    given_up, *others = (asyncio.create_task(checking.identify(token)) for _ in range(10))
    await asyncio.sleep(0)
    given_up.cancel()
    actors = await asyncio.gather(*others)
    assert {actor.name for actor in actors} == {"user 7f3c"}
    assert issuer.asked == {CONFIGURATION: 1, KEYS: 1}
    with pytest.raises(asyncio.CancelledError):
        await given_up


async def test_issuer_is_down_at_first(
    issuer: FakeIssuer, stopwatch: Stopwatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While the issuer never answered nobody gets in, it is asked every half minute, and then all is well."""
    issuer.documents.clear()
    checking = trusting(issuer)
    for _ in range(3):
        with pytest.raises(AuthenticationUnavailable):
            await checking.identify(issuer.sign())
    assert issuer.asked == {CONFIGURATION: 1}
    assert issuer.address in caplog.text
    issuer.serve_named("one")
    stopwatch.seconds += 30
    await checking.identify(issuer.sign())


async def test_issuer_goes_down_later(issuer: FakeIssuer, stopwatch: Stopwatch) -> None:
    """When the issuer stops answering, known keys go on working; tokens with other keys have to wait."""
    checking = trusting(issuer)
    await checking.identify(issuer.sign())
    issuer.documents.clear()
    for _ in range(3):
        stopwatch.seconds += 3600
        await checking.identify(issuer.sign())
        with pytest.raises(AuthenticationUnavailable):
            await checking.identify(issuer.sign("two"))
        with pytest.raises(Unauthenticated, match="expired"):
            await checking.identify(issuer.sign(exp=now() - 60))


async def test_nobody_listens() -> None:
    """An address where nothing listens is an issuer that is down."""
    with issuing() as fake:
        pass
    with pytest.raises(AuthenticationUnavailable):
        await trusting(fake).identify(fake.sign())


UNUSABLE: dict[str, tuple[str, object, int]] = {
    "another issuer": (CONFIGURATION, {"issuer": "https://other.example", "jwks_uri": "{address}/keys"}, 200),
    "keys without encryption": (
        CONFIGURATION,
        {"issuer": "{address}", "jwks_uri": "http://a.example/keys"},
        200,
    ),
    "keys in a file": (CONFIGURATION, {"issuer": "{address}", "jwks_uri": "file:///etc/hostname"}, 200),
    "no address of keys": (CONFIGURATION, {"issuer": "{address}"}, 200),
    "redirect": (KEYS, b"/elsewhere", 302),
    "no JSON": (KEYS, b"<html>", 200),
    "no object": (KEYS, [], 200),
    "no keys": (KEYS, {"keys": 5}, 200),
    "too long": (KEYS, {"keys": [], "more": "x" * 600_000}, 200),
    "an error": (KEYS, {"keys": []}, 500),
}


@pytest.mark.parametrize("case", UNUSABLE)
async def test_unusable_answers(issuer: FakeIssuer, case: str) -> None:
    """An issuer that answers something else than what it should is as good as down."""
    path, document, status = UNUSABLE[case]
    issuer.documents["/elsewhere"] = issuer.documents[KEYS]
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    issuer.serve(path, text.replace(b"{address}", issuer.address.encode()), status)
    with pytest.raises(AuthenticationUnavailable):
        await trusting(issuer).identify(issuer.sign())
    assert issuer.asked["/elsewhere"] == 0


def test_keys_of_others_are_not_looked_for_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """An issuer elsewhere cannot make us ask services of this machine."""
    asked = []

    def answer(address: str) -> dict[str, object]:
        asked.append(address)
        return {"issuer": "https://a.example", "jwks_uri": "http://localhost:9000/admin", "keys": []}

    monkeypatch.setattr(issuer_keys, "fetch_object", answer)
    with pytest.raises(ValueError, match="this machine"):
        fetch_keys("https://a.example", "")
    assert asked == ["https://a.example/.well-known/openid-configuration"]


async def test_slow_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that comes drop by drop is given up, although no drop is late."""
    monkeypatch.setattr(issuer_keys, "TIMEOUT", 0.3)

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{")
        with suppress(ConnectionError):
            for _ in range(40):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
            writer.write(b"}")
            writer.close()
            await writer.wait_closed()
        is_over.set()

    is_over = asyncio.Event()
    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys"
        with pytest.raises(TimeoutError):
            await asyncio.to_thread(fetch_object, address)
        await is_over.wait()


async def test_address_of_keys_can_be_set(issuer: FakeIssuer) -> None:
    """With the address of the keys in the settings the issuer's configuration is not asked for."""
    await trusting(issuer, address=issuer.address + KEYS).identify(issuer.sign())
    assert issuer.asked == {KEYS: 1}


COMPLETE = {
    "QUIET_OIDC_ISSUER": "https://login.example/realms/news",
    "QUIET_OIDC_AUDIENCE": "quiet",
    "QUIET_OIDC_ROLES": "cn=editors=editor, chiefs = publisher",
}


def test_settings() -> None:
    """A complete set of settings is read; roles are pairs, and a value may hold an equals sign."""
    settings = read_settings(COMPLETE)
    assert settings.oidc_roles == (("cn=editors", Role.EDITOR), ("chiefs", Role.PUBLISHER))
    assert settings.oidc_claim == "roles"
    assert read_settings({**COMPLETE, "QUIET_OIDC_ISSUER": "http://localhost:8080/"}).oidc_issuer


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"QUIET_OIDC_AUDIENCE": ""}, "QUIET_OIDC_ISSUER is set, so QUIET_OIDC_AUDIENCE must be, too"),
        ({"QUIET_OIDC_ROLES": ""}, "QUIET_OIDC_ISSUER is set, so QUIET_OIDC_ROLES must be, too"),
        ({"QUIET_OIDC_ISSUER": ""}, "does nothing without QUIET_OIDC_ISSUER"),
        ({"QUIET_OIDC_ISSUER": "http://login.example"}, "begins with https"),
        ({"QUIET_OIDC_ISSUER": "login.example"}, "begins with https"),
        ({"QUIET_OIDC_ISSUER": "https://"}, "begins with https"),
        ({"QUIET_OIDC_ISSUER": "https://user:word@login.example"}, "begins with https"),
        ({"QUIET_OIDC_ISSUER": "https://login.example:x"}, "cannot be read"),
        ({"QUIET_OIDC_KEYS": "file:///keys.json"}, "begins with https"),
        ({"QUIET_OIDC_KEYS": "http://localhost.example/keys"}, "begins with https"),
        ({"QUIET_OIDC_ROLES": "editors"}, "editors=editor,chiefs=publisher"),
        ({"QUIET_OIDC_ROLES": "editors=boss"}, "reader, previewer, editor, publisher, administrator"),
        ({"QUIET_OIDC_ROLES": "=editor"}, "editors=editor,chiefs=publisher"),
    ],
)
def test_wrong_settings(changed: dict[str, str], sentence: str) -> None:
    """Settings that would let the wrong people in, or nobody, stop the start."""
    with pytest.raises(WrongSetting, match=sentence):
        read_settings({**COMPLETE, **changed})
