"""`GET /changes`: the change log as server-sent events, for those who follow without GraphQL.

It is a subscription of ours that clients choose by parameters, told in a shorter form.
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from api.admission import admit, admit_again, find_address, name_follower
from api.auth import Authenticator
from api.budget import Budget, Purse, name_client
from api.connections import Departure
from api.event_stream import EventStream, Wording
from api.graphql_reply import refuse
from api.graphql_request import JSON, Refusal, read_pairs
from api.live_feed import LiveFeed, Place
from api.live_pages import Event
from api.seats import Seats
from models.access import Actor
from models.errors import Unavailable
from schema.answer import Answer, Request
from schema.following import Refused

DOCUMENT = """subscription Changes(
  $perspective: Perspective!, $locales: [Locale!], $since: Revision, $after: String, $where: ChangeWhere
) @view(perspective: $perspective, locales: $locales) {
  changes(since: $since, after: $after, where: $where) {
    revision
    at
    kind
    site { key }
    articleId
    locale
    article { id locale path title updatedAt }
  }
}"""
SINGLE = frozenset({"since", "after", "perspective"})
KNOWN = SINGLE | {"locale", "site"}
STATUSES = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "REVISION_GONE": 410,
}


class ChangeStream:
    """Streams changes to those who find a seat."""

    def __init__(
        self,
        feed: LiveFeed,
        authenticator: Authenticator,
        seats: Seats,
        departure: Departure,
        budget: Budget | None,
    ) -> None:
        self._feed = feed
        self._budget = budget
        self._authenticator = authenticator
        self._seats = seats
        self._departure = departure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        headers = Headers(scope=scope)

        try:
            if scope["method"] != "GET":
                raise Refusal(405, "METHOD_NOT_ALLOWED", "Changes are served to GET.", {"Allow": "GET"})
            actor = await admit(self._authenticator, headers)

            async def recheck() -> None:
                await admit_again(self._authenticator, headers, actor)

            request = read_parameters(QueryParams(read_pairs(scope["query_string"])))
            if self._budget is not None:
                purse = Purse(self._budget, name_client(actor, find_address(scope)))
                service = self._feed.service
                await purse.pay(await service.quote(service.call(request, actor)))
            with self._seats.take(name_follower(actor, find_address(scope))):
                place = await self._begin(request, headers, actor)
                await EventStream(scope, receive, send).run(place, WORDING, recheck, self._departure)
        except Refusal as refusal:
            await refuse(refusal, JSON).send(send)

    async def _begin(self, request: Request, headers: Headers, actor: Actor) -> Place:
        """Return where to begin. Raises Refusal."""
        try:
            # A browser that reconnects sends the address as before: what it has heard since counts.
            return await self._feed.follow(request, actor, headers.get("last-event-id") or None)
        except Refused as refused:
            raise refusal_of(refused.answer) from None
        except Unavailable as error:
            raise Refusal(503, error.code, error.message, {"Retry-After": "1"}) from None


def write_change(event: Event) -> bytes:
    """Return a change as a server-sent event."""
    data = event.answer.data
    assert data is not None
    return b"id: %s\nevent: change\ndata: %s\n\n" % (event.position.encode(), orjson.dumps(tell(data)))


def tell(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a change; its site by its key."""
    change: dict[str, Any] = data["changes"]
    return {**change, "site": change["site"]["key"]}


def write_error(reason: Answer | Refusal) -> bytes:
    """Return the event that says why a stream ends."""
    refusal = reason if isinstance(reason, Refusal) else refusal_of(reason)
    return b"event: error\ndata: %s\n\n" % orjson.dumps({"message": refusal.message, "code": refusal.code})


WORDING = Wording(write_change, write_error, tells_errors=False)


def refusal_of(answer: Answer) -> Refusal:
    """Return what an answer with errors refuses, with a status."""
    error = answer.errors[0]
    code = str(error.get("extensions", {}).get("code", "INTERNAL_ERROR"))
    return Refusal(500 if code == "INTERNAL_ERROR" else STATUSES.get(code, 400), code, error["message"])


def read_parameters(parameters: QueryParams) -> Request:
    """Return the subscription that is meant. Raises Refusal."""
    unknown = sorted(set(parameters) - KNOWN)
    if unknown:
        names = ", ".join(sorted(KNOWN))
        message = f"There is no parameter {unknown[0][:100]!r}; there are {names}."
        raise Refusal(400, "BAD_REQUEST", message)
    for name in sorted(SINGLE & set(parameters)):
        if len(parameters.getlist(name)) > 1:
            raise Refusal(400, "BAD_REQUEST", f"Give {name} once.")
    variables: dict[str, Any] = {
        "perspective": parameters.get("perspective", "published").upper(),
        "locales": parameters.getlist("locale") or None,
    }
    sites = parameters.getlist("site")
    if sites:
        variables["where"] = {"sites": sites}
    after, since = parameters.get("after"), parameters.get("since")
    if after:
        variables["after"] = after
    elif since is not None:
        if not (since.isascii() and since.isdigit() and len(since) <= 16):
            raise Refusal(400, "BAD_REQUEST", "since is a revision: a whole number.")
        variables["since"] = int(since)
    return Request(DOCUMENT, None, variables, may_change=False)
