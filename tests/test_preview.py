"""Preview tokens: what they reach, that they reach no further than who made them, and when they end."""

from __future__ import annotations

import asyncio
from typing import Any

import jwt
import pytest

from models.access import Actor, Right, Role, Scope, make_scope, system_actor
from models.database import Database
from models.draft import ArticleDraft
from models.errors import ContentError, Forbidden, InvalidArgument, InvalidContent, NotFound, Unauthenticated
from models.preview import DAY, Secret, authenticate_preview, create_preview_token, make_secret, read_secret
from models.token import authenticate_token, create_token, revoke_token
from tests.client import SITE, Client, article_id
from tests.content import NOW, Clock, set_clock

OWNER = system_actor("owner")
HERE = frozenset({SITE.id})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The program's clock, which stands still."""
    return set_clock(monkeypatch)


@pytest.fixture
async def stocked(client: Client, clock: Clock) -> Database:
    """A database with one site and one article, `a`."""
    assert clock.now == NOW
    await client.save(ArticleDraft("en", "a", "A"))
    return client.database


REACHES: list[tuple[Scope, dict[str, Any], Scope]] = [
    (Scope(), {}, Scope()),
    (Scope(), {"site": "test"}, Scope(HERE)),
    (Scope(), {"article": article_id("a")}, Scope(HERE, None, article_id("a"))),
    (Scope(), {"site": "test", "locales": ["PT_br", "de"]}, Scope(HERE, frozenset({"de", "pt-BR"}))),
    (make_scope(["test", "x"], ["en", "de"]), {}, make_scope(["test", "x"], ["en", "de"])),
    (make_scope(["test", "x"], ["en", "de"]), {"site": "test"}, make_scope(["test"], ["en", "de"])),
    (make_scope(["test", "x"], ["en", "de"]), {"locales": ["de"]}, make_scope(["test", "x"], ["de"])),
    (
        make_scope(None, ["en", "de"]),
        {"article": article_id("a")},
        Scope(HERE, frozenset({"en", "de"}), article_id("a")),
    ),
]


@pytest.mark.parametrize(("scope", "arguments", "reach"), REACHES)
async def test_reach(stocked: Database, scope: Scope, arguments: dict[str, Any], reach: Scope) -> None:
    """A preview token may read and preview, where it was asked for and its maker may, and nothing else."""
    text = await create_preview_token(stocked, Actor("Mara", Role.EDITOR.rights, scope), **arguments)
    actor = await authenticate_preview(stocked, text)
    assert actor.rights == {Right.READ, Right.PREVIEW}
    assert actor.scope == reach
    assert actor.name == "preview by Mara"


REFUSED: list[tuple[Scope, dict[str, Any], type[ContentError], str]] = [
    (Scope(), {"site": "none"}, NotFound, "There is no site 'none'."),
    (make_scope(["x"], None), {"site": "test"}, NotFound, "There is no site 'test'."),
    (Scope(), {"article": "none"}, NotFound, "There is no article none, or not in this locale."),
    (
        make_scope(["x"], None),
        {"article": article_id("a")},
        NotFound,
        f"There is no article {article_id('a')}, or not in this locale.",
    ),
    (make_scope(None, ["en"]), {"locales": ["en", "de"]}, NotFound, "There is nothing in de."),
    (
        Scope(),
        {"locales": ["no tag"]},
        InvalidContent,
        "'no tag' is no tag of language, script, region and variants such as pt-BR: only these are supported.",
    ),
    (Scope(), {"locales": []}, InvalidArgument, "Name some locales, or leave them out for all."),
    (
        Scope(),
        {"site": "test", "article": article_id("a")},
        InvalidArgument,
        "A preview token is for a site or for an article, not for both.",
    ),
]


@pytest.mark.parametrize(("scope", "arguments", "kind", "sentence"), REFUSED)
async def test_outside_of_the_scope_nothing_exists(
    stocked: Database, scope: Scope, arguments: dict[str, Any], kind: type[ContentError], sentence: str
) -> None:
    """What the maker may not see is as little found as what does not exist, in the same words."""
    with pytest.raises(kind) as caught:
        await create_preview_token(stocked, Actor("Mara", Role.EDITOR.rights, scope), **arguments)
    assert caught.value.message == sentence


async def test_articles_of_other_locales_do_not_exist(stocked: Database) -> None:
    """An article in none of the maker's locales is as little found as one that there is not."""
    for locales, found in ((["en"], True), (["en", "de"], True), (["de"], False), ([], False)):
        maker = Actor("Mara", Role.EDITOR.rights, make_scope(None, locales))
        for article in (article_id("a"), article_id("b")):
            if found and article == article_id("a"):
                await create_preview_token(stocked, maker, article=article)
                continue
            with pytest.raises(NotFound) as caught:
                await create_preview_token(stocked, maker, article=article)
            assert caught.value.message == f"There is no article {article}, or not in this locale."


async def test_who_may_make_one(stocked: Database) -> None:
    """It takes the right to preview; and a preview token cannot prolong itself by making another."""
    with pytest.raises(Forbidden):
        await create_preview_token(stocked, Actor("reader", Role.READER.rights))
    previewer = Actor("previewer", Role.PREVIEWER.rights)
    actor = await authenticate_preview(stocked, await create_preview_token(stocked, previewer))
    with pytest.raises(Forbidden, match="cannot make preview tokens"):
        await create_preview_token(stocked, actor)


@pytest.mark.parametrize(("asked", "end"), [(None, DAY), (1000, 1000), (30 * DAY, 30 * DAY)])
async def test_expiry(stocked: Database, clock: Clock, asked: int | None, end: int) -> None:
    """A preview token ends at the second asked for, after a day where nothing is said."""
    text = await create_preview_token(stocked, OWNER, expires_at=None if asked is None else NOW + asked)
    clock.now = NOW + end - 1
    await authenticate_preview(stocked, text)
    clock.now = NOW + end
    with pytest.raises(Unauthenticated):
        await authenticate_preview(stocked, text)


@pytest.mark.parametrize("expires_at", [0, NOW, NOW + 30 * DAY + 1])
async def test_wrong_expiry(stocked: Database, expires_at: int) -> None:
    """A preview token cannot end in the past, or live longer than 30 days."""
    with pytest.raises(InvalidArgument, match="at most 30 days"):
        await create_preview_token(stocked, OWNER, expires_at=expires_at)


CLAIMS = {"iss": "quiet-engine", "aud": "preview", "exp": NOW // 1000 + 60, "by": "x"}
FORGED: list[dict[str, Any]] = [
    {**CLAIMS, "iss": "other"},
    {**CLAIMS, "aud": "other"},
    {**CLAIMS, "token": "unknown"},
    *({key: value for key, value in CLAIMS.items() if key != name} for name in ("iss", "aud", "exp")),
]
SENTENCE = "The preview token is not valid: it is unknown, revoked or expired."


async def reject(database: Database, token: str) -> None:
    """Check that a token is rejected, with the one sentence there is."""
    with pytest.raises(Unauthenticated) as caught:
        await authenticate_preview(database, f"preview_{token}")
    assert caught.value.message == SENTENCE


async def test_other_signatures(stocked: Database) -> None:
    """Only the database's own secret signs preview tokens, and in one way only."""
    secret = await make_secret(stocked)
    await authenticate_preview(stocked, "preview_" + jwt.encode(CLAIMS, secret, "HS256"))
    await reject(stocked, jwt.encode(CLAIMS, bytes(32), "HS256"))
    await reject(stocked, jwt.encode(CLAIMS, "", "none"))
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        stronger = jwt.encode(CLAIMS, secret, "HS512")
    await reject(stocked, stronger)


@pytest.mark.parametrize("claims", FORGED)
async def test_other_purposes(stocked: Database, claims: dict[str, Any]) -> None:
    """What the secret signed for another purpose, or for ever, is no preview token."""
    await reject(stocked, jwt.encode(claims, await make_secret(stocked), "HS256"))


@pytest.mark.parametrize(
    "text", ["preview_", "preview_a.b.c", "preview_" + "." * 50, "preview_\N{SNOWMAN}.a.b"]
)
async def test_garbage(stocked: Database, text: str) -> None:
    """Garbage is rejected, whether or not the secret has been made."""
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            await authenticate_preview(stocked, text)
        await make_secret(stocked)


async def test_revoking_the_token_ends_its_previews(stocked: Database) -> None:
    """A preview token works as long as the token with which it was made."""
    token, text = await create_token(stocked, OWNER, "t", Role.PREVIEWER)
    preview = await create_preview_token(stocked, await authenticate_token(stocked, text), site="test")
    actor = await authenticate_preview(stocked, preview)
    assert actor.name == f"preview by t (token {token.id[:8]})"
    await revoke_token(stocked, OWNER, token.id)
    with pytest.raises(Unauthenticated):
        await authenticate_preview(stocked, preview)


async def test_expiry_of_the_token_ends_its_previews(stocked: Database, clock: Clock) -> None:
    """A preview token does not outlive the token with which it was made, whatever it was made for."""
    _, text = await create_token(stocked, OWNER, "t", Role.PREVIEWER, expires_at=NOW + 5000)
    preview = await create_preview_token(stocked, await authenticate_token(stocked, text))
    clock.now = NOW + 4999
    await authenticate_preview(stocked, preview)
    clock.now = NOW + 5000
    with pytest.raises(Unauthenticated):
        await authenticate_preview(stocked, preview)


async def test_one_secret_for_all_processes(stocked: Database) -> None:
    """However many make the secret at once, it is one, of 32 bytes; deleting it ends all preview tokens."""
    secrets = await asyncio.gather(*(make_secret(stocked) for _ in range(8)))
    assert len(set(secrets)) == 1
    assert len(secrets[0]) == 32
    text = await create_preview_token(stocked, OWNER)
    assert await read_secret(stocked) == secrets[0]
    assert secrets[0].hex() not in repr(await Secret.get())
    await authenticate_preview(stocked, text)
    await Secret.all().delete()
    with pytest.raises(Unauthenticated):
        await authenticate_preview(stocked, text)
    await create_preview_token(stocked, OWNER)
    with pytest.raises(Unauthenticated):
        await authenticate_preview(stocked, text)
