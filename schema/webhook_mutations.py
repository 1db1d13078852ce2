"""The mutations of webhooks, for administrators without limits. They are no content: none becomes a revision."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

import strawberry
from strawberry.types import Info

from models.delivery import StoredDelivery, redeliver_since, request_again, request_test
from models.errors import InvalidArgument
from models.reading import Reader
from models.revision import ChangeKind
from models.webhook import (
    Changed,
    StoredWebhook,
    Wanted,
    create_webhook,
    delete_webhook,
    rotate_secret,
    update_webhook,
)
from schema.inputs import read_id
from schema.node import encode_id
from schema.operation import Operation
from schema.scalars import Locale, Revision, Url
from schema.secret_payload import SecretPayload, refuse_under
from schema.webhook import Delivery, Webhook, WebhookLog, read_delivery_id

Item = TypeVar("Item")

WebhookId = Annotated[strawberry.ID, strawberry.argument(description="The webhook.")]

HOUR = 3_600_000

KINDS = "Only changes of these kinds. Without it, all."
SITES = "Only changes in the sites with these keys. Without it, all."
LOCALES = "Only changes in these locales; articles are shown in the first that they have. Without it, all."


@strawberry.input(description="A new webhook.")
class CreateWebhookInput:
    """A new webhook."""

    address: Url = strawberry.field(description="Where events are sent: an https:// address.")
    kinds: list[ChangeKind] | None = strawberry.field(default=None, description=KINDS)
    sites: list[str] | None = strawberry.field(default=None, description=SITES)
    locales: list[Locale] | None = strawberry.field(default=None, description=LOCALES)


@strawberry.input(description="Changes of a webhook. What is left out stays as it is; null is all.")
class UpdateWebhookInput:
    """Changes of a webhook."""

    id: strawberry.ID = strawberry.field(description="The webhook.")
    address: Url | None = strawberry.field(default=None, description="Where events are sent.")
    kinds: list[ChangeKind] | None = strawberry.field(default=strawberry.UNSET, description=KINDS)
    sites: list[str] | None = strawberry.field(default=strawberry.UNSET, description=SITES)
    locales: list[Locale] | None = strawberry.field(default=strawberry.UNSET, description=LOCALES)
    enabled: bool | None = strawberry.field(
        default=None,
        description="Whether it is told of changes. One that is enabled goes on where it stopped.",
    )


@strawberry.input(description="A new secret for a webhook.")
class RotateWebhookSecretInput:
    """A new secret for a webhook."""

    id: strawberry.ID = strawberry.field(description="The webhook.")
    overlap_hours: int = strawberry.field(
        default=24, description="How long the present secret counts beside the new one, from 0 to 720 hours."
    )


@strawberry.input(description="What to send again: one delivery, or all since a revision.")
class RedeliverInput:
    """What to send again."""

    delivery_id: strawberry.ID | None = strawberry.field(
        default=None, description="This delivery, once, beside all else."
    )
    webhook_id: strawberry.ID | None = strawberry.field(
        default=None, description="Everything to this webhook since a revision."
    )
    since: Revision | None = strawberry.field(
        default=None, description="With webhookId: what happened after this revision, in order."
    )


@strawberry.type(description="What a mutation of webhooks answers.")
class WebhookPayload(SecretPayload):
    """A webhook, or why there is none."""

    webhook: Webhook | None = strawberry.field(
        default=None, description="The webhook. Null where it was deleted or refused."
    )
    secret: str | None = strawberry.field(
        default=None, description="The new secret, with which receivers verify events. It is shown only here."
    )
    delivery: Delivery | None = strawberry.field(
        default=None, description="The delivery that was asked for, which is made within seconds."
    )
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the webhook that was deleted."
    )


def show(reader: Reader, webhook: StoredWebhook, secret: str | None = None) -> WebhookPayload:
    """Return the payload of a webhook."""
    return WebhookPayload(webhook=Webhook(stored=webhook, log=WebhookLog(reader)), secret=secret)


def show_delivery(delivery: StoredDelivery) -> WebhookPayload:
    """Return the payload of a delivery that was asked for."""
    return WebhookPayload(delivery=Delivery(stored=delivery))


@strawberry.type
class WebhookMutations:
    """Mutations of webhooks."""

    @strawberry.mutation(description="Make a webhook, which is told of what happens from now on.")
    @refuse_under("input", WebhookPayload)
    async def create_webhook(
        self,
        info: Info[Operation, None],
        input: Annotated[CreateWebhookInput, strawberry.argument(description="The webhook.")],
    ) -> WebhookPayload:
        """Make a webhook."""
        reader, private = info.context.reader, info.context.private_webhooks
        wanted = Wanted(as_tuple(input.kinds), as_tuple(input.sites), as_tuple(input.locales))
        made = await create_webhook(reader.database, reader.actor, input.address, wanted, private=private)
        return show(reader, *made)

    @strawberry.mutation(description="Change a webhook, or enable it again.")
    @refuse_under("input", WebhookPayload)
    async def update_webhook(
        self,
        info: Info[Operation, None],
        input: Annotated[UpdateWebhookInput, strawberry.argument(description="The changes.")],
    ) -> WebhookPayload:
        """Change a webhook."""
        reader, private = info.context.reader, info.context.private_webhooks
        given = {
            name: as_tuple(listed)
            for name in ("kinds", "sites", "locales")
            if (listed := getattr(input, name)) is not strawberry.UNSET
        }
        changed = Changed(input.address, given, input.enabled)
        webhook_id = read_id(input.id, "Webhook", "id")
        webhook = await update_webhook(reader.database, reader.actor, webhook_id, changed, private=private)
        return show(reader, webhook)

    @strawberry.mutation(description="Delete a webhook with the log of its deliveries.")
    @refuse_under("id", WebhookPayload)
    async def delete_webhook(self, info: Info[Operation, None], id: WebhookId) -> WebhookPayload:
        """Delete a webhook."""
        reader = info.context.reader
        gone = await delete_webhook(reader.database, reader.actor, read_id(id, "Webhook"))
        return WebhookPayload(deleted_id=encode_id("Webhook", gone.id))

    @strawberry.mutation(
        description="Give a webhook a new secret. Until the old one ends, events are signed with both."
    )
    @refuse_under("input", WebhookPayload)
    async def rotate_webhook_secret(
        self,
        info: Info[Operation, None],
        input: Annotated[RotateWebhookSecretInput, strawberry.argument(description="Which, and how long.")],
    ) -> WebhookPayload:
        """Give a webhook a new secret."""
        reader = info.context.reader
        webhook_id = read_id(input.id, "Webhook", "id")
        overlap = input.overlap_hours * HOUR
        return show(reader, *await rotate_secret(reader.database, reader.actor, webhook_id, overlap))

    @strawberry.mutation(description="Send a webhook a test event, once, whether it is enabled or not.")
    @refuse_under("id", WebhookPayload)
    async def test_webhook(self, info: Info[Operation, None], id: WebhookId) -> WebhookPayload:
        """Send a test event."""
        reader = info.context.reader
        return show_delivery(await request_test(reader.database, reader.actor, read_id(id, "Webhook")))

    @strawberry.mutation(
        description="Send one delivery again, or all that a webhook was told since a revision."
    )
    @refuse_under("input", WebhookPayload)
    async def redeliver(
        self,
        info: Info[Operation, None],
        input: Annotated[RedeliverInput, strawberry.argument(description="What to send again.")],
    ) -> WebhookPayload:
        """Send deliveries again."""
        reader = info.context.reader
        if input.delivery_id is not None and input.webhook_id is None and input.since is None:
            number = read_delivery_id(input.delivery_id)
            return show_delivery(await request_again(reader.database, reader.actor, number))
        if input.delivery_id is None and input.webhook_id is not None and input.since is not None:
            webhook_id = read_id(input.webhook_id, "Webhook", "webhookId")
            webhook = await redeliver_since(reader.database, reader.actor, webhook_id, input.since)
            return show(reader, webhook)
        raise InvalidArgument("Give deliveryId, or webhookId with since.")


def as_tuple(listed: Sequence[Item] | None) -> tuple[Item, ...] | None:
    """Return what is listed in a form that does not change."""
    return None if listed is None else tuple(listed)
