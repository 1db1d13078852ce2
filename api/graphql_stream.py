"""GraphQL over server-sent events, in the distinct connections mode of the GraphQL over SSE protocol.

Results come as events `next`, the end as `complete`. What is wrong with an operation is told in the stream, as
browsers do not show the body of a response that is none.
"""

from __future__ import annotations

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.admission import find_address, name_follower
from api.connections import Departure
from api.event_stream import START, EventStream, Recheck, Wording
from api.graphql_reply import write_body
from api.graphql_request import Asked, Refusal
from api.live_feed import LiveFeed
from api.live_pages import Event
from api.persisted import PersistedDocuments
from api.seats import Seats
from models.access import Actor
from models.errors import Unavailable
from schema.answer import Answer, Request
from schema.following import Refused

COMPLETE = b"event: complete\ndata: \n\n"


class GraphQLStream:
    """Streams the results of operations to those who find a seat."""

    def __init__(
        self, feed: LiveFeed, documents: PersistedDocuments, seats: Seats, departure: Departure
    ) -> None:
        self._feed = feed
        self._documents = documents
        self._seats = seats
        self._departure = departure

    async def follow(
        self,
        asked: Asked,
        request: Request,
        actor: Actor,
        connection: tuple[Scope, Receive, Send],
        recheck: Recheck,
    ) -> None:
        """Stream the subscription that is asked for by this request. Raises Refusal before it begins."""
        scope, _, send = connection
        resume = Headers(scope=scope).get("last-event-id") or None
        with self._seats.take(name_follower(actor, find_address(scope))):
            try:
                place = await self._feed.follow(request, actor, resume)
            except Refused as refused:
                await tell_once(write_end(refused.answer), send)
                return
            except Unavailable as error:
                raise Refusal(503, error.code, error.message, {"Retry-After": "1"}) from None
            self._documents.remember(asked)
            await EventStream(*connection).run(place, WORDING, recheck, self._departure)


async def tell_once(text: bytes, send: Send) -> None:
    """Send a stream that is at its end already."""
    await send({"type": "http.response.start", "status": 200, "headers": START})
    await send({"type": "http.response.body", "body": text})


def write_next(event: Event) -> bytes:
    """Return an event as the protocol's `next`."""
    return b"id: %s\nevent: next\ndata: %s\n\n" % (event.position.encode(), event.body.whole)


def write_result(body: bytes) -> bytes:
    """Return the whole stream of an operation that has one result."""
    return b"event: next\ndata: %s\n\n%s" % (body, COMPLETE)


def write_end(reason: Answer | Refusal) -> bytes:
    """Return the end of a stream because of an error."""
    if isinstance(reason, Answer):
        return write_result(write_body(reason).whole)
    error = {"message": reason.message, "extensions": {"code": reason.code}}
    return write_result(orjson.dumps({"errors": [error]}))


WORDING = Wording(write_next, write_end, tells_errors=True)
