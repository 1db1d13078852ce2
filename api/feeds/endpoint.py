"""Sitemaps, feeds and robots.txt over HTTP: with the rights of GraphQL, kept and cached as its answers are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial

from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from api.admission import admit, find_address
from api.auth import Authenticator
from api.budget import name_client
from api.cache_policy import CachePolicy
from api.feeds.asked import Asked, read_asked
from api.feeds.atom import write_atom
from api.feeds.json_feed import write_json_feed
from api.feeds.robots import write_robots
from api.feeds.sitemap import write_sitemap
from api.graphql_reply import Body, Header, Reply, refuse
from api.graphql_request import JSON, HeaderMap, Refusal
from api.pace import Pace
from api.patience import Leaving, find_leaving
from api.response_cache import Entry, ResponseCache, digest_request
from models.access import Actor
from models.errors import ContentError, Forbidden, Unauthenticated, Unavailable, UnknownSite
from models.reading import Reader
from models.schedule import Span, is_current
from models.shared import Shared
from models.view import present
from schema.build import Request, Service

VARY: Header = (b"vary", b"Authorization")
ALLOWED = "GET, HEAD"
STATUSES = {Unauthenticated.code: 401, Forbidden.code: 403, UnknownSite.code: 404}


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is served: its media type, the parameters that it takes, and what writes it."""

    media_type: str
    parameters: frozenset[str]
    write: Callable[[Reader, Asked], Awaitable[bytes]]


CHOSEN = frozenset({"site", "tag", "locale"})
DOCUMENTS: Mapping[str, Document] = {
    "/sitemap.xml": Document("application/xml", frozenset({"site", "part"}), write_sitemap),
    "/feed.atom": Document("application/atom+xml; charset=utf-8", CHOSEN, write_atom),
    "/feed.json": Document("application/feed+json", CHOSEN, write_json_feed),
    "/robots.txt": Document("text/plain; charset=utf-8", frozenset({"site"}), write_robots),
}


class WholeBody(Body):
    """A body that says nothing of the view that it was made in."""

    def seen_in(self, revision: int, moment: int) -> Body:
        """Return the same, which is true as well."""
        return self


class Feeds:
    """Answers requests for the documents; `shared_seconds` is how long caches of others may keep a public answer."""

    def __init__(
        self,
        service: Service,
        authenticator: Authenticator,
        cache: ResponseCache,
        shared_seconds: int,
        pace: Pace,
    ) -> None:
        self._service = service
        self._authenticator = authenticator
        self._cache = cache
        self._shared_seconds = shared_seconds
        self._pace = pace
        self._making: dict[tuple[bytes, Span], Shared[Entry]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        try:
            reply = await self._answer(scope, dict(scope["headers"]))
        except ContentError as error:
            reply = refuse(refusal_of(error), JSON)
        except Refusal as refusal:
            reply = refuse(refusal, JSON)
        await reply.send(send)

    async def _answer(self, scope: Scope, headers: HeaderMap) -> Reply:
        """Return the response to a request. Raises Refusal or ContentError."""
        if scope["method"] not in {"GET", "HEAD"}:
            raise Refusal(405, "METHOD_NOT_ALLOWED", "This is served to GET.", {"Allow": ALLOWED})
        actor = await admit(
            self._authenticator, Headers(scope=scope) if b"authorization" in headers else None
        )
        document = DOCUMENTS[scope["path"]]
        asked = read_asked(QueryParams(scope["query_string"]), document.parameters)
        client = name_client(actor, find_address(scope))
        entry = await self._find(scope["path"], asked, actor, client, find_leaving(scope))
        policy = CachePolicy.of(scope, headers, self._shared_seconds)
        caching = policy.headers(entry, present(self._service.database))
        if policy.knows(entry):
            return Reply(304, (VARY, *caching))
        content_type = (b"content-type", document.media_type.encode())
        return Reply(200, (content_type, VARY, *caching), entry.body.whole)

    async def _find(
        self, path: str, asked: Asked, actor: Actor, client: str, leaving: Leaving | None
    ) -> Entry:
        """Return a document as it is now, from memory where it is kept; who asks at once shares the making."""
        span = await self._service.find_span()
        # No GraphQL document is called so, and none has this digest.
        digest = digest_request(Request(f"GET {path}", variables=asdict(asked), may_change=False), actor)
        assert digest is not None
        entry = self._cache.get(digest, span, present(self._service.database))
        if entry is not None:
            return entry
        making = self._making.get((digest, span))
        if making is None or self._pace.patience.is_late(making):
            make = partial(self._make, path, asked, actor, digest, span)
            making = self._making[digest, span] = Shared(self._pace.queries.run(client, make))
            making.task.add_done_callback(partial(self._forget, (digest, span), making))
        return await self._pace.patience.wait(making, leaving)

    def _forget(self, key: tuple[bytes, Span], making: Shared[Entry], _task: object) -> None:
        if self._making.get(key) is making:
            del self._making[key]

    async def _make(self, path: str, asked: Asked, actor: Actor, digest: bytes, span: Span) -> Entry:
        reader = await self._service.open_present((), actor)
        body = await DOCUMENTS[path].write(reader, asked)
        database = self._service.database
        made = present(database)
        entry = Entry(WholeBody(body), reader.view.revision, span, reader.reads, is_pinned=False, made=made)
        if is_current(database, span):
            self._cache.put(digest, entry)
        return entry


def refusal_of(error: ContentError) -> Refusal:
    """Return what an error refuses, with a status."""
    if isinstance(error, Unavailable):
        return Refusal(503, error.code, error.message, {"Retry-After": "1"})
    return Refusal(STATUSES.get(error.code, 400), error.code, error.message)
