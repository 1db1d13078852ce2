"""Tokens: who may make them, what they give, when they end, and that nobody can read them anywhere."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from hashlib import sha256
from typing import Any

import asyncpg
import pytest
from starlette.datastructures import Headers
from tortoise.exceptions import OperationalError

from api.auth import Authenticator
from api.settings import Settings
from models.access import EVERYWHERE, Actor, Right, Role, Scope, make_scope, system_actor
from models.database import Database, record_statements
from models.dialect import SQLITE, Sql
from models.draft import ArticleDraft
from models.errors import Forbidden, InvalidContent, NotFound, Unauthenticated, UnknownSite
from models.token import StoredToken, Token, authenticate_token, create_token, list_tokens, revoke_token
from tests.client import SITE, Client
from tests.content import NOW, set_clock

OWNER = system_actor("owner")
MINUTE = 60_000


@pytest.mark.parametrize("role", list(Role))
async def test_a_token_gives_its_role(database: Database, role: Role) -> None:
    """Who shows a token has the rights of its role, everywhere, under a name that says which token it was."""
    token, text = await create_token(database, OWNER, " Web site ", role)
    actor = await authenticate_token(database, text)
    assert (actor.rights, actor.scope) == (role.rights, EVERYWHERE)
    assert actor.name == f"Web site (token {token.id[:8]})"
    assert (token.name, token.created_by, token.works) == ("Web site", "owner", True)


async def test_roles_are_a_ladder() -> None:
    """Each role has exactly one right more than the one before."""
    assert [len(role.rights) for role in Role] == [1, 2, 3, 4, 5]
    assert Role.READER.rights == {Right.READ}
    assert Role.EDITOR.rights == {Right.READ, Right.PREVIEW, Right.EDIT}


async def test_limits(client: Client) -> None:
    """Sites and locales limit where the role holds; locales are brought into their usual form."""
    await client.save(ArticleDraft("en", "a", "A"))
    token, text = await create_token(
        client.database, OWNER, "t", Role.EDITOR, [SITE.key, SITE.key], ["PT_br", "de"]
    )
    assert (token.sites, token.locales) == ((SITE.key,), ("de", "pt-BR"))
    actor = await authenticate_token(client.database, text)
    assert actor.scope == make_scope([SITE.key], ["de", "pt-BR"])
    assert actor.scope.holds_site(SITE.id)
    assert not actor.scope.holds_locale("en")


WRONG: list[tuple[dict[str, Any], set[tuple[str, ...]]]] = [
    ({"name": "   "}, {("name",)}),
    ({"name": "a" * 201}, {("name",)}),
    ({"name": "two\nlines"}, {("name",)}),
    ({"name": "a\0b"}, {("name",)}),
    ({"locales": ["en", "not a tag"]}, {("locales", "1")}),
    ({"locales": []}, {("locales",)}),
    ({"sites": []}, {("sites",)}),
    ({"expires_at": NOW}, {("expiresAt",)}),
    ({"name": "", "expires_at": 0}, {("name",), ("expiresAt",)}),
]


@pytest.mark.parametrize(("arguments", "paths"), WRONG)
async def test_wrong_tokens_are_refused(
    database: Database,
    arguments: dict[str, Any],
    paths: set[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A token with a wrong name, locale or expiry is not made; everything that is wrong is said at once."""
    set_clock(monkeypatch)
    with pytest.raises(InvalidContent) as caught:
        await create_token(database, OWNER, **{"name": "t", "role": Role.READER, **arguments})
    assert {problem.path for problem in caught.value.problems} == paths
    assert await list_tokens(database, OWNER) == []


async def test_sites_must_exist(client: Client) -> None:
    """A token cannot be limited to a site that there is not."""
    await client.save(ArticleDraft("en", "a", "A"))
    with pytest.raises(UnknownSite, match="'none'"):
        await create_token(client.database, OWNER, "t", Role.READER, [SITE.key, "none"])
    assert await list_tokens(client.database, OWNER) == []


LESSER = [
    *(Actor(role.value, role.rights) for role in Role if role is not Role.ADMINISTRATOR),
    Actor("of a site", Role.ADMINISTRATOR.rights, make_scope(["test"], None)),
    Actor("of a locale", Role.ADMINISTRATOR.rights, Scope(locales=frozenset({"en"}))),
    Actor("of an article", Role.ADMINISTRATOR.rights, Scope(article="a")),
]


@pytest.mark.parametrize("actor", LESSER, ids=lambda actor: actor.name)
async def test_tokens_need_an_administrator_of_everything(database: Database, actor: Actor) -> None:
    """Who may not administer, or only a part, can neither make nor list nor revoke tokens."""
    token, text = await create_token(database, OWNER, "t", Role.READER)
    with pytest.raises(Forbidden):
        await create_token(database, actor, "mine", Role.READER)
    with pytest.raises(Forbidden):
        await list_tokens(database, actor)
    with pytest.raises(Forbidden):
        await revoke_token(database, actor, token.id)
    assert await list_tokens(database, OWNER) == [token]
    assert (await authenticate_token(database, text)).token == token


async def test_end_of_a_token(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown, revoked, expired and garbled tokens are rejected with one and the same sentence."""
    clock = set_clock(monkeypatch)
    revoked, revoked_text = await create_token(database, OWNER, "r", Role.READER)
    _, expiring = await create_token(database, OWNER, "e", Role.READER, expires_at=NOW + MINUTE)
    await revoke_token(database, OWNER, revoked.id)
    clock.now = NOW + MINUTE - 1
    await authenticate_token(database, expiring)
    clock.now = NOW + MINUTE
    sentences = set()
    for text in (revoked_text, expiring, "quiet_" + "A" * 43, expiring.upper(), expiring + "A", "quiet_", ""):
        with pytest.raises(Unauthenticated) as caught:
            await authenticate_token(database, text)
        sentences.add(caught.value.message)
    assert sentences == {"The token is not valid: it is unknown, revoked or expired."}


async def test_revoking_again_changes_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is revoked when it was revoked first; one that there is not is not found."""
    clock = set_clock(monkeypatch)
    token, _ = await create_token(database, OWNER, "t", Role.READER)
    clock.now += 5
    assert (await revoke_token(database, OWNER, token.id)).revoked_at == NOW + 5
    clock.now += 5
    assert (await revoke_token(database, OWNER, token.id)).revoked_at == NOW + 5
    with pytest.raises(NotFound):
        await revoke_token(database, OWNER, "nonsense")


async def test_tokens_outlive_their_maker(database: Database) -> None:
    """Revoking an administrator's token does not end those that were made with it, which others use."""
    token, text = await create_token(database, OWNER, "boss", Role.ADMINISTRATOR)
    made, other = await create_token(database, await authenticate_token(database, text), "t", Role.READER)
    await revoke_token(database, OWNER, token.id)
    assert (await authenticate_token(database, other)).token == made
    assert made.created_by == f"boss (token {token.id[:8]})"


async def test_list_is_in_order(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are listed in the order in which they were made, revoked ones too."""
    clock = set_clock(monkeypatch)
    made = []
    for name in "cab":
        clock.now += 1
        made.append((await create_token(database, OWNER, name, Role.READER))[0])
    await revoke_token(database, OWNER, made[1].id)
    listed = await list_tokens(database, OWNER)
    assert [(token.name, token.works) for token in listed] == [("c", True), ("a", False), ("b", True)]


async def test_last_use_is_recorded_once_a_minute(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many requests show a token, and to however many processes, its last use is written once a minute."""
    clock = set_clock(monkeypatch)
    _, text = await create_token(client.database, OWNER, "t", Role.READER)
    headers = Headers({"authorization": f"Bearer {text}"})
    authenticators = [Authenticator(settings, client.database) for _ in range(2)]
    for after, recorded in [(0, 0), (1, 0), (MINUTE - 1, 0), (MINUTE, MINUTE), (MINUTE + 1, MINUTE)]:
        clock.now = NOW + after
        for authenticator in authenticators:
            await authenticator.identify(headers)
            await authenticator.identify(headers)
            await authenticator.close()
        (token,) = await list_tokens(client.database, OWNER)
        assert token.last_used_at == NOW + recorded


async def test_a_use_is_recorded_once_while_it_waits(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests that come while a use still waits to be written do not queue up behind it."""
    _, text = await create_token(client.database, OWNER, "t", Role.READER)
    authenticator = Authenticator(settings, client.database)
    may_write, begun = asyncio.Event(), []

    async def wait(_database: Database, used: StoredToken) -> None:
        begun.append(used.name)
        await may_write.wait()

    monkeypatch.setattr("models.token.record_use", wait)
    for _ in range(5):
        await authenticator.check(text)
    may_write.set()
    await authenticator.close()
    assert begun == ["t"]


@asynccontextmanager
async def locked(database: Database) -> AsyncIterator[None]:
    """Let nobody write tokens, as another process does that writes for long."""
    if database.dialect is SQLITE:
        with closing(sqlite3.connect(database.address.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    connection = await asyncpg.connect(**database.address.server)
    try:
        await connection.execute("BEGIN; LOCK TABLE token IN EXCLUSIVE MODE")
        yield
    finally:
        await connection.close()


async def test_uses_that_wait_hold_up_no_read(client: Client, settings: Settings) -> None:
    """While tokens cannot be written everybody reads on, with more tokens than there are connections."""
    texts = [(await create_token(client.database, OWNER, f"t{n}", Role.READER))[1] for n in range(6)]
    authenticator = Authenticator(settings, client.database)
    async with locked(client.database):
        for _ in range(2):
            for text in texts:
                async with asyncio.timeout(5):
                    await authenticator.check(text)
                    await asyncio.sleep(0.02)
        assert {token.last_used_at for token in await list_tokens(client.database, OWNER)} == {None}
    await authenticator.close()
    assert all(token.last_used_at for token in await list_tokens(client.database, OWNER))


async def test_garbage_does_not_reach_the_database(database: Database) -> None:
    """A text that cannot be a token is rejected without asking for it."""
    for text in ("quiet_", "quiet_" + "A" * 44, "quiet_" + "A" * 42 + "+", "A" * 43):
        with record_statements() as statements, pytest.raises(Unauthenticated):
            await authenticate_token(database, text)
        assert statements == []


@pytest.mark.parametrize("failure", [OperationalError, asyncpg.InternalClientError, ConnectionResetError])
async def test_a_use_that_cannot_be_recorded(
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failure: type[Exception],
) -> None:
    """A token works where its use cannot be written, as on a replica or a lost connection; the log says so."""
    token, text = await create_token(client.database, OWNER, "t", Role.READER)
    authenticator = Authenticator(settings, client.database)

    def refuse(**_conditions: object) -> None:
        raise failure("the database takes no writes")

    monkeypatch.setattr("models.token.Token.filter", refuse)
    actor = await authenticator.check(text)
    await authenticator.close()
    assert actor.rights == Role.READER.rights
    assert (
        f"The last use of token {token.id} could not be recorded: the database takes no writes" in caplog.text
    )


async def test_nothing_shows_a_token(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """A token's text is in no column, no log, no error and no object; what is kept is its SHA-256."""
    caplog.set_level(logging.DEBUG)
    token, text = await create_token(database, OWNER, "t", Role.READER)
    actor = await authenticate_token(database, text)
    with pytest.raises(Unauthenticated) as caught:
        await authenticate_token(database, text[:-1] + "~")
    (row,) = await database.read(Sql("SELECT * FROM token"))
    assert row["hash"] == sha256(text.encode()).hexdigest()
    shown = [
        *map(str, tuple(row)),
        caplog.text,
        repr(caught.value),
        repr(token),
        repr(actor),
        repr(await Token.get()),
    ]
    secret = text.removeprefix("quiet_")
    assert len(secret) == 43
    assert not [place for place in shown if secret[:-1] in place]
    assert row["hash"] not in repr(actor)
