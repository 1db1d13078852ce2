"""Webhooks and their deliveries as administrators see them: never their secrets."""

from functools import partial
from typing import Annotated

import strawberry

from models.batching import Batch
from models.delivery import DeliveryPage, StoredDelivery, load_delivery_pages
from models.errors import InvalidArgument
from models.follower import find_points
from models.paging import DEFAULT_SIZE
from models.reading import Reader
from models.revision import ChangeKind
from models.webhook import StoredWebhook
from schema.node import decode_id, encode_id
from schema.paging import AT_MOST, PageInfo, check_size, page_info
from schema.scalars import DateTime, Locale, Revision, Url, show_moment


@strawberry.type(description="One attempt to send an event to a webhook.")
class Delivery:
    """An attempt."""

    stored: strawberry.Private[StoredDelivery]

    @strawberry.field(description="The id with which it is sent again.")
    def id(self) -> strawberry.ID:
        """Return the opaque id."""
        return encode_id("Delivery", str(self.stored.id))

    @strawberry.field(
        description="The id of the event, `webhook-id`: the same at each attempt, so that a receiver knows it again."
    )
    def event_id(self) -> str:
        """Return the event's id."""
        return self.stored.event_id

    @strawberry.field(description="The type of the event, such as article.published.")
    def type(self) -> str:
        """Return the type."""
        return self.stored.type

    @strawberry.field(description="The revision of the event.")
    def revision(self) -> Revision:
        """Return the revision."""
        return Revision(self.stored.revision)

    @strawberry.field(
        description="The how many-eth attempt it was; 0 for one that was asked for and is still to be made."
    )
    def attempt(self) -> int:
        """Return the number of the attempt."""
        return self.stored.attempt

    @strawberry.field(description="When it was sent.")
    def at(self) -> DateTime:
        """Return the moment."""
        return DateTime(self.stored.at)

    @strawberry.field(description="How long it took, in milliseconds. Null where it is still to be made.")
    def duration(self) -> int | None:
        """Return the duration."""
        return self.stored.duration

    @strawberry.field(description="The status of the response. Null where there was none.")
    def status(self) -> int | None:
        """Return the status."""
        return self.stored.status

    @strawberry.field(description="Whether the receiver took the event.")
    def succeeded(self) -> bool:
        """Tell whether it arrived."""
        return self.stored.is_done

    @strawberry.field(description="Why it did not arrive. Null where it did.")
    def error(self) -> str | None:
        """Return the error."""
        return self.stored.error

    @strawberry.field(description="The body that was sent, which is JSON.")
    def request(self) -> str:
        """Return the body."""
        return self.stored.request

    @strawberry.field(description="The beginning of the response's body, at most 2000 bytes of it.")
    def response(self) -> str | None:
        """Return the response."""
        return self.stored.response

    @strawberry.field(description="When the event is sent again. Null where it is not.")
    def next_attempt(self) -> DateTime | None:
        """Return the next attempt."""
        return show_moment(self.stored.next_attempt)


@strawberry.type(description="A delivery in a list, with its place.")
class DeliveryEdge:
    """A delivery with its cursor."""

    cursor: str = strawberry.field(description="The place of the delivery in this list.")
    node: Delivery = strawberry.field(description="The delivery.")


@strawberry.type(description="A page of deliveries, the newest first.")
class DeliveryConnection:
    """A page of deliveries."""

    nodes: list[Delivery] = strawberry.field(description="The deliveries of the page.")
    more: strawberry.Private[bool]
    began: strawberry.Private[bool]

    @strawberry.field(description="The deliveries of the page, each with its cursor.")
    def edges(self) -> list[DeliveryEdge]:
        """Return the edges."""
        return [DeliveryEdge(cursor=write_cursor(node), node=node) for node in self.nodes]

    @strawberry.field(description="Where the page stands in the list.")
    def page_info(self) -> PageInfo:
        """Return where the page stands."""
        cursors = [partial(write_cursor, node) for node in self.nodes]
        return page_info(cursors, has_next=self.more, has_previous=self.began)


def write_cursor(delivery: Delivery) -> str:
    """Return a delivery's cursor."""
    return encode_id("Delivery", str(delivery.stored.id))


def read_delivery_id(text: str) -> int:
    """Return the number in a delivery's id. Raises InvalidIdentifier or InvalidArgument."""
    number = decode_id(text, "Delivery")[1]
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise InvalidArgument(f"{text[:100]!r} is not the id of a delivery.")
    return int(number)


class WebhookLog:
    """What webhooks were told, loaded for all that are shown together at once."""

    def __init__(self, reader: Reader) -> None:
        self.page_size = reader.page_size
        self.points = Batch(partial(find_points, reader.database))
        self.pages = Batch(partial(load_delivery_pages, reader.database, reader.actor))


@strawberry.type(description="An address that is told of changes. Its secrets are not shown.")
class Webhook:
    """A webhook without its secrets."""

    stored: strawberry.Private[StoredWebhook]
    log: strawberry.Private[WebhookLog]

    @strawberry.field(description="The id with which it is changed.")
    def id(self) -> strawberry.ID:
        """Return the opaque id."""
        return encode_id("Webhook", self.stored.id)

    @strawberry.field(description="Where events are sent.")
    def address(self) -> Url:
        """Return the address."""
        return Url(self.stored.address)

    @strawberry.field(description="The kinds of changes that it is told of. Null is all.")
    def kinds(self) -> list[ChangeKind] | None:
        """Return the kinds."""
        return None if self.stored.wanted.kinds is None else list(self.stored.wanted.kinds)

    @strawberry.field(description="The keys of the sites that it is told of. Null is all.")
    def sites(self) -> list[str] | None:
        """Return the sites."""
        return None if self.stored.wanted.sites is None else list(self.stored.wanted.sites)

    @strawberry.field(
        description="The locales that it is told of; articles are shown in the first that they have. Null is all."
    )
    def locales(self) -> list[Locale] | None:
        """Return the locales."""
        listed = self.stored.wanted.locales
        return None if listed is None else [Locale(locale) for locale in listed]

    @strawberry.field(description="Whether it is told of changes.")
    def enabled(self) -> bool:
        """Tell whether it is enabled."""
        return self.stored.is_enabled

    @strawberry.field(description="When it was disabled. Null where it is enabled.")
    def disabled_at(self) -> DateTime | None:
        """Return when it was disabled."""
        return show_moment(self.stored.disabled_at)

    @strawberry.field(description="Why it was disabled. Null where it is enabled.")
    def disabled_reason(self) -> str | None:
        """Return the reason."""
        return self.stored.disabled_reason

    @strawberry.field(description="When the older of two secrets ends. Null where there is one only.")
    def old_secret_until(self) -> DateTime | None:
        """Return when the old secret ends."""
        return show_moment(self.stored.old_secret_until)

    @strawberry.field(description="When it was made.")
    def created_at(self) -> DateTime:
        """Return when it was made."""
        return DateTime(self.stored.created_at)

    @strawberry.field(description="Who made it.")
    def created_by(self) -> str:
        """Return who made it."""
        return self.stored.created_by

    @strawberry.field(description="The revision up to which it was told of everything.")
    async def told_until(self) -> Revision | None:
        """Return the revision of its follower."""
        point = await self.log.points.request(self.stored.follower)
        return None if point is None else Revision(point.revision)

    @strawberry.field(description="What was sent to it, the newest first. Kept for 30 days.")
    async def deliveries(
        self,
        first: Annotated[int, strawberry.argument(description=f"How many, {AT_MOST}.")] = DEFAULT_SIZE,
        after: Annotated[
            str | None, strawberry.argument(description="Only those older than the one with this cursor.")
        ] = None,
    ) -> DeliveryConnection:
        """Return a page of deliveries."""
        check_size("first", first, self.log.page_size)
        before = None if after is None else read_delivery_id(after)
        found = await self.log.pages.request(DeliveryPage(self.stored.id, first + 1, before))
        nodes = [Delivery(stored=delivery) for delivery in found[:first]]
        return DeliveryConnection(nodes=nodes, more=len(found) > first, began=after is not None)
