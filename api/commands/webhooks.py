"""`quiet webhook`: make, change and watch the addresses that are told of changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from api.commands.running import load_settings, with_database
from models import moment
from models.access import system_actor
from models.database import Database
from models.delivery import (
    StoredDelivery,
    list_deliveries,
    redeliver_since,
    request_again,
    request_test,
)
from models.preparing import prepare_database
from models.revision import ChangeKind
from models.webhook import (
    OVERLAP,
    Changed,
    StoredWebhook,
    Wanted,
    create_webhook,
    delete_webhook,
    find_webhook,
    list_webhooks,
    rotate_secret,
    update_webhook,
)

ACTOR = system_actor("quiet webhook")
HOUR = 3_600_000
KIND_NAMES = [kind.value for kind in ChangeKind]
WEBHOOK = click.argument("webhook_id", metavar="ID")
T = TypeVar("T")


def on_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Run work on the database of the settings, which is brought up to date first."""

    async def run(database: Database) -> T:
        await prepare_database(database)
        return await work(database)

    return with_database(load_settings(), run)


@click.group("webhook")
def webhook_group() -> None:
    """Make, change and watch webhooks.

    A webhook is an address that hears of each change at least once and in order. What is asked here is done by the
    server, within seconds.

    \b
    Examples:
      quiet webhook create https://example.com/hook --kind published --kind unpublished
      quiet webhook list
      quiet webhook test ID
      quiet webhook deliveries ID
      quiet webhook redeliver ID --since 1200
    """


@webhook_group.command("create")
@click.argument("address")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KIND_NAMES), help="Only of this kind.")
@click.option("--site", "sites", metavar="KEY", multiple=True, help="Only in this site.")
@click.option("--locale", "locales", metavar="LOCALE", multiple=True, help="Only in this locale.")
def create_command(
    address: str, kinds: tuple[str, ...], sites: tuple[str, ...], locales: tuple[str, ...]
) -> None:
    """Tell ADDRESS of what happens from now on, and print the secret that its receiver verifies events with.

    Each option can be given several times. The secret is the only thing on standard output.
    """
    wanted = Wanted(tuple(map(ChangeKind, kinds)) or None, sites or None, locales or None)
    private = load_settings().webhook_private
    webhook, secret = on_database(
        lambda database: create_webhook(database, ACTOR, address, wanted, private=private)
    )
    click.echo(f"Made {describe(webhook)}.", err=True)
    click.echo("Give the secret to the receiver now: it is not shown again.", err=True)
    click.echo(secret)


@webhook_group.command("list")
def list_command() -> None:
    """List all webhooks in the order in which they were made."""
    webhooks = on_database(lambda database: list_webhooks(database, ACTOR))
    for webhook in webhooks:
        click.echo(f"{'enabled' if webhook.is_enabled else 'disabled':8} {describe(webhook)}")
        if not webhook.is_enabled:
            click.echo(
                f"         since {moment.to_text(webhook.disabled_at or 0)}: {webhook.disabled_reason}"
            )
    if not webhooks:
        click.echo("There are no webhooks. `quiet webhook create --help` tells how to make one.", err=True)


@webhook_group.command("update")
@WEBHOOK
@click.option("--address", help="Where events are sent from now on.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([*KIND_NAMES, "all"]), help="Only of this kind."
)
@click.option("--site", "sites", metavar="KEY", multiple=True, help="Only in this site, or all.")
@click.option("--locale", "locales", metavar="LOCALE", multiple=True, help="Only in this locale, or all.")
def update_command(
    webhook_id: str,
    address: str | None,
    kinds: tuple[str, ...],
    sites: tuple[str, ...],
    locales: tuple[str, ...],
) -> None:
    """Change the webhook with this ID. What is not named stays as it is; `all` takes a limit away."""
    given = {"kinds": kinds, "sites": sites, "locales": locales}
    wanted = {name: None if "all" in listed else listed for name, listed in given.items() if listed}
    if wanted.get("kinds"):
        wanted["kinds"] = tuple(ChangeKind(kind) for kind in kinds)
    change(webhook_id, Changed(address, wanted))


@webhook_group.command("enable")
@WEBHOOK
def enable_command(webhook_id: str) -> None:
    """Let the webhook with this ID go on where it stopped."""
    change(webhook_id, Changed(is_enabled=True))


@webhook_group.command("disable")
@WEBHOOK
def disable_command(webhook_id: str) -> None:
    """Let the webhook with this ID hear of nothing until it is enabled."""
    change(webhook_id, Changed(is_enabled=False))


def change(webhook_id: str, changed: Changed) -> None:
    """Change a webhook and say what it is now."""
    private = load_settings().webhook_private
    webhook = on_database(
        lambda database: update_webhook(database, ACTOR, webhook_id, changed, private=private)
    )
    click.echo(f"Now {'enabled' if webhook.is_enabled else 'disabled'}: {describe(webhook)}.")


@webhook_group.command("delete")
@WEBHOOK
def delete_command(webhook_id: str) -> None:
    """Delete the webhook with this ID and the log of its deliveries."""
    webhook = on_database(lambda database: delete_webhook(database, ACTOR, webhook_id))
    click.echo(f"Deleted {describe(webhook)}.")


@webhook_group.command("rotate")
@WEBHOOK
@click.option(
    "--overlap",
    type=click.IntRange(0, 720),
    default=OVERLAP // HOUR,
    show_default=True,
    help="How many hours the present secret counts beside the new one.",
)
def rotate_command(webhook_id: str, overlap: int) -> None:
    """Give the webhook with this ID a new secret and print it, alone on standard output."""
    webhook, secret = on_database(lambda database: rotate_secret(database, ACTOR, webhook_id, overlap * HOUR))
    until = webhook.old_secret_until
    told = "The old one ended." if until is None else f"The old one ends at {moment.to_text(until)}."
    click.echo(f"A new secret for {describe(webhook)}. {told}", err=True)
    click.echo(secret)


@webhook_group.command("test")
@WEBHOOK
def test_command(webhook_id: str) -> None:
    """Let the server send a test event to the webhook with this ID."""
    delivery = on_database(lambda database: request_test(database, ACTOR, webhook_id))
    click.echo(
        f"The server sends {delivery.event_id}. `quiet webhook deliveries {webhook_id}` tells what came of it."
    )


@webhook_group.command("deliveries")
@WEBHOOK
@click.option("--last", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
def deliveries_command(webhook_id: str, last: int) -> None:
    """List what was sent to the webhook with this ID, the newest first."""

    async def work(database: Database) -> list[StoredDelivery]:
        await find_webhook(database, webhook_id)
        return await list_deliveries(database, ACTOR, webhook_id, last)

    for delivery in on_database(work):
        click.echo(describe_delivery(delivery))


@webhook_group.command("redeliver")
@WEBHOOK
@click.option("--delivery", type=click.IntRange(1), help="Only this delivery, by its number.")
@click.option(
    "--since", type=click.IntRange(0), help="Everything that happened after this revision, in order."
)
def redeliver_command(webhook_id: str, delivery: int | None, since: int | None) -> None:
    """Let the server send deliveries to the webhook with this ID again."""
    if (delivery is None) == (since is None):
        raise click.UsageError("Say --delivery or --since.")
    if delivery is not None:
        again = on_database(lambda database: request_again(database, ACTOR, delivery))
        click.echo(f"The server sends {again.event_id} again.")
        return
    on_database(lambda database: redeliver_since(database, ACTOR, webhook_id, since or 0))
    click.echo(f"The server sends everything again that happened after revision {since}.")


def describe(webhook: StoredWebhook) -> str:
    """Return what a webhook is and what it wants."""
    wanted = webhook.wanted
    words = [f"{webhook.id} {webhook.address}"]
    for word, listed in (("of", wanted.kinds), ("in", wanted.sites), ("for", wanted.locales)):
        if listed is not None:
            words.append(f"{word} {', '.join(listed)}")
    return " ".join(words)


def describe_delivery(delivery: StoredDelivery) -> str:
    """Return one line about a delivery."""
    came = "waits" if delivery.attempt == 0 else "arrived" if delivery.is_done else "failed"
    words = [f"{delivery.id:>8} {moment.to_text(delivery.at)} {came:7} {delivery.type}"]
    words.append(f"revision {delivery.revision}, attempt {delivery.attempt}")
    if delivery.duration is not None:
        words.append(f"in {delivery.duration} ms")
    if delivery.error is not None:
        words.append(f": {delivery.error}")
    return " ".join(words)
