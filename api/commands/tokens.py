"""`quiet token`: make, list and revoke the tokens that programs show."""

from __future__ import annotations

import click

from api.commands.moments import read_ahead
from api.commands.running import load_settings, with_database
from models import moment
from models.access import Role, system_actor
from models.database import Database
from models.preparing import prepare_database
from models.token import StoredToken, create_token, list_tokens, revoke_token

ACTOR = system_actor("quiet token")


@click.group("token")
def token_group() -> None:
    """Make, list and revoke tokens.

    A program shows its token with each request, in the header `Authorization: Bearer TOKEN`. The token's role
    says what it may do; sites and locales say where.

    \b
    Roles, each with all that the one before may do:
      reader         read what is published
      previewer      read drafts, schedules and history, and make preview tokens
      editor         save and delete drafts
      publisher      publish, schedule and unpublish
      administrator  sites, tokens, webhooks and everything else

    \b
    Examples:
      quiet token create website --role reader
      TOKEN=$(quiet token create newsroom --role publisher --site docs --locale de --expires 90d)
      curl -H "Authorization: Bearer $TOKEN" ...
      quiet token list
      quiet token revoke 2f1d9c1e-5d0b-4c39-8c29-0a8e1b7c4b11
    """


@token_group.command("create")
@click.argument("name")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What it may do."
)
@click.option(
    "--site",
    "sites",
    metavar="KEY",
    multiple=True,
    help="Only in this site; several can be named. Default: all.",
)
@click.option(
    "--locale",
    "locales",
    metavar="LOCALE",
    multiple=True,
    help="Only in this locale, such as en or pt-BR; several can be named. Default: all.",
)
@click.option(
    "--expires",
    metavar="WHEN",
    callback=read_ahead,
    help="Until then: 12h, 90d, 8w, a date (its beginning in UTC), or a date and time. Default: for ever.",
)
def create_command(
    name: str, role: str, sites: tuple[str, ...], locales: tuple[str, ...], expires: int | None
) -> None:
    """Make a token named NAME and print it.

    The token is the only thing on standard output, and is shown this once: only a hash of it is kept.

    \b
    Examples:
      quiet token create website --role reader
      quiet token create translators --role editor --site docs --locale de --locale fr --expires 90d
      TOKEN=$(quiet token create build --role previewer --expires 2030-01-31)
    """

    async def run(database: Database) -> tuple[StoredToken, str]:
        await prepare_database(database)
        return await create_token(database, ACTOR, name, Role(role), sites or None, locales or None, expires)

    token, text = with_database(load_settings(), run)
    click.echo(f"Made {describe(token)}.", err=True)
    click.echo(
        "Keep the token now: it cannot be shown again. Send it as `Authorization: Bearer TOKEN`.", err=True
    )
    click.echo(text)


@token_group.command("list")
def list_command() -> None:
    """List all tokens, revoked and expired ones too, in the order in which they were made.

    The tokens themselves are not known to anybody but those who keep them.
    """

    async def run(database: Database) -> list[StoredToken]:
        await prepare_database(database)
        return await list_tokens(database, ACTOR)

    tokens = with_database(load_settings(), run)
    for token in tokens:
        click.echo(f"{describe_state(token):8} {describe(token)}")
        click.echo(f"         made {day(token.created_at)} by {token.created_by}, {describe_use(token)}")
    if not tokens:
        click.echo("There are no tokens. `quiet token create --help` tells how to make one.", err=True)


@token_group.command("revoke")
@click.argument("token_id", metavar="ID")
def revoke_command(token_id: str) -> None:
    """Let the token with this ID work no more, at once and for ever.

    Preview tokens that were made with it end, too. `quiet token list` shows the IDs. Revoking a token again
    does nothing.
    """

    async def run(database: Database) -> StoredToken:
        await prepare_database(database)
        return await revoke_token(database, ACTOR, token_id)

    click.echo(f"Revoked {describe(with_database(load_settings(), run))}.")


def describe(token: StoredToken) -> str:
    """Return what a token is and where it holds."""
    words = [f"{token.id} {token.name}: {token.role.value}"]
    if token.sites:
        words.append(f"in {', '.join(token.sites)}")
    if token.locales:
        words.append(f"for {', '.join(token.locales)}")
    if token.expires_at is not None:
        words.append(f"until {moment.to_text(token.expires_at)}")
    return " ".join(words)


def describe_state(token: StoredToken) -> str:
    """Return whether a token works, in one word."""
    if token.works:
        return "works"
    return "revoked" if token.revoked_at is not None else "expired"


def describe_use(token: StoredToken) -> str:
    """Return when a token was last used, to the minute, as it is recorded."""
    if token.last_used_at is None:
        return "never used"
    return f"last used {moment.to_text(token.last_used_at)[:16]}Z"


def day(at: int) -> str:
    """Return the day of a moment in UTC."""
    return moment.to_text(at)[:10]
