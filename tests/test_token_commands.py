"""`quiet token`: a token alone on standard output, everything else beside it, and sentences for mistakes."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.settings import Settings
from models.access import Role, make_scope
from models.database import open_database
from models.draft import ArticleDraft
from models.errors import Unauthenticated
from models.moment import to_text
from models.token import StoredToken, authenticate_token, list_tokens, record_use
from tests.client import serve
from tests.content import DAY, NOW, set_clock
from tests.test_token import OWNER


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs `quiet token` with some arguments on a database that has one site, `test`."""

    settings: Settings

    async def run(self, *arguments: str) -> Result:
        """Run a command as somebody would at a terminal; it has an event loop of its own."""
        environment = {"QUIET_DATABASE": self.settings.database}
        return await asyncio.to_thread(CliRunner().invoke, main, ["token", *arguments], env=environment)

    async def tokens(self) -> list[StoredToken]:
        """Return the tokens that there are."""
        async with open_database(self.settings.database) as database:
            return await list_tokens(database, OWNER)


@pytest.fixture
async def terminal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal; the clock stands still."""
    set_clock(monkeypatch)
    async with serve(settings) as client:
        await client.save(ArticleDraft("en", "a", "A"))
    return Terminal(settings)


async def test_create_prints_the_token_alone(terminal: Terminal) -> None:
    """Standard output is the token and nothing else, and the token works."""
    result = await terminal.run("create", "web site", "--role", "reader")
    assert result.exit_code == 0
    assert re.fullmatch(r"quiet_[A-Za-z0-9_-]{43}\n", result.stdout)
    assert "cannot be shown again" in result.stderr
    async with open_database(terminal.settings.database) as database:
        actor = await authenticate_token(database, result.stdout.strip())
    assert actor.rights == Role.READER.rights
    assert actor.name.startswith("web site (token ")
    (token,) = await terminal.tokens()
    assert (token.created_by, token.expires_at) == ("quiet token", None)


async def test_create_with_limits(terminal: Terminal) -> None:
    """Sites, locales and an expiry can be named."""
    result = await terminal.run(
        *("create", "t", "--role", "editor", "--site", "test", "--locale", "de"),
        *("--locale", "pt_br", "--expires", "90d"),
    )
    assert result.exit_code == 0
    assert "editor in test for de, pt-BR until " in result.stderr
    async with open_database(terminal.settings.database) as database:
        actor = await authenticate_token(database, result.stdout.strip())
    assert actor.scope == make_scope(["test"], ["de", "pt-BR"])
    (token,) = await terminal.tokens()
    assert token.expires_at == NOW + 90 * DAY


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12h", NOW + DAY // 2),
        ("2w", NOW + 14 * DAY),
        ("2099-01-31", 4_073_500_800_000),
        ("2099-01-31T01:00:00+01:00", 4_073_500_800_000),
    ],
)
async def test_expiry(terminal: Terminal, text: str, moment: int) -> None:
    """An expiry is a span, a day in UTC, or a moment."""
    assert (await terminal.run("create", "t", "--role", "reader", "--expires", text)).exit_code == 0
    assert [token.expires_at for token in await terminal.tokens()] == [moment]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["t"], 2, "Missing option '--role'"),
        (["t", "--role", "boss"], 2, "'reader', 'previewer', 'editor', 'publisher', 'administrator'"),
        (["t", "--role", "reader", "--expires", "soon"], 2, "say 12h, 90d, 8w, 2030-01-31"),
        (["t", "--role", "reader", "--expires", "2099-02-30"], 2, "say 12h, 90d, 8w, 2030-01-31"),
        (["t", "--role", "reader", "--expires", "2001-01-01"], 1, "expires at a moment in the future"),
        (["t", "--role", "reader", "--expires", "0d"], 1, "expires at a moment in the future"),
        (["t", "--role", "reader", "--site", "none"], 1, "There is no site with the key 'none'"),
        (
            ["t", "--role", "reader", "--locale", "?"],
            1,
            "'?' is no tag of language, script, region and variants",
        ),
        ([" ", "--role", "reader"], 1, "one line of 1 to 200 characters"),
    ],
)
async def test_mistakes(terminal: Terminal, arguments: list[str], status: int, sentence: str) -> None:
    """A mistake ends in a sentence and makes no token, and nothing is on standard output."""
    result = await terminal.run("create", *arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert sentence in result.stderr
    assert await terminal.tokens() == []


async def test_list_and_revoke(terminal: Terminal) -> None:
    """The list says which tokens there are and what became of them, and never shows one."""
    empty = await terminal.run("list")
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert "There are no tokens" in empty.stderr
    texts = [
        (await terminal.run("create", name, "--role", "reader")).stdout.strip() for name in ("one", "two")
    ]
    token = next(token for token in await terminal.tokens() if token.name == "one")
    for _ in range(2):
        revoked = await terminal.run("revoke", token.id)
        assert (revoked.exit_code, revoked.stdout) == (0, f"Revoked {token.id} one: reader.\n")
    listed = (await terminal.run("list")).stdout
    assert f"revoked  {token.id} one: reader\n" in listed
    assert re.search(r"^works    [-0-9a-f]{36} two: reader$", listed, re.MULTILINE)
    assert "by quiet token, never used" in listed
    assert not [text for text in texts if text in listed]
    async with open_database(terminal.settings.database) as database:
        await authenticate_token(database, texts[1])
        with pytest.raises(Unauthenticated):
            await authenticate_token(database, texts[0])


async def test_list_says_when_a_token_was_used(terminal: Terminal) -> None:
    """The last use is told to the minute, in UTC, as it is recorded."""
    assert (await terminal.run("create", "t", "--role", "reader")).exit_code == 0
    async with open_database(terminal.settings.database) as database:
        await record_use(database, (await list_tokens(database, OWNER))[0])
    assert f"last used {to_text(NOW)[:16]}Z\n" in (await terminal.run("list")).stdout


async def test_revoke_of_what_is_not_there(terminal: Terminal) -> None:
    """Revoking a token that there is not says so."""
    result = await terminal.run("revoke", "nonsense")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "There is no token 'nonsense'." in result.stderr


@pytest.mark.parametrize("arguments", [[], ["create"], ["list"], ["revoke"]])
def test_help_teaches(arguments: list[str]) -> None:
    """Every command explains itself; those with arguments show examples or where to find what they need."""
    text = CliRunner().invoke(main, ["token", *arguments, "--help"]).stdout
    assert "quiet token " in text or "tokens themselves" in text
    assert "\b" not in text
