"""Sitemaps, feeds, llms.txt and robots.txt over HTTP: with GraphQL's rights, kept and cached as its answers are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass

from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from api.admission import admit
from api.auth import Authenticator
from api.budget import Budget
from api.cache_policy import CachePolicy
from api.feeds.asked import Asked, read_asked
from api.feeds.atom import write_atom
from api.feeds.json_feed import write_json_feed
from api.feeds.keeping import Keeper, Page, WholeBody, refusal_of
from api.feeds.llms import write_llms
from api.feeds.robots import write_robots
from api.feeds.sitemap import write_sitemap
from api.graphql_reply import Header, Reply, refuse
from api.graphql_request import JSON, HeaderMap, Refusal, read_headers, read_pairs
from api.pace import Pace
from api.response_cache import ResponseCache
from models.errors import ContentError
from models.reading import Reader
from schema.build import Service

VARY: Header = (b"vary", b"Authorization")
ALLOWED = "GET, HEAD"


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is served: its media type, the parameters that it takes, its price, and what writes it.

    Prices are those of operations (docs/limits.md): at least a hundred for a millisecond that it takes of a large site.
    """

    media_type: str
    parameters: frozenset[str]
    price: int
    write: Callable[[Reader, Asked], Awaitable[bytes]]


CHOSEN = frozenset({"site", "tag", "locale"})
DOCUMENTS: Mapping[str, Document] = {
    "/sitemap.xml": Document("application/xml", frozenset({"site", "part"}), 10_000, write_sitemap),
    "/feed.atom": Document("application/atom+xml; charset=utf-8", CHOSEN, 2_000, write_atom),
    "/feed.json": Document("application/feed+json", CHOSEN, 2_000, write_json_feed),
    "/llms.txt": Document("text/markdown; charset=utf-8", frozenset({"site", "locale"}), 5_000, write_llms),
    "/robots.txt": Document("text/plain; charset=utf-8", frozenset({"site"}), 50, write_robots),
}


class Feeds:
    """Answers requests for the documents; `shared_seconds` is how long caches of others may keep a public answer."""

    def __init__(
        self,
        service: Service,
        authenticator: Authenticator,
        cache: ResponseCache,
        shared_seconds: int,
        pace: Pace,
        budget: Budget | None,
    ) -> None:
        self._keeper = Keeper(service, cache, pace, budget)
        self._authenticator = authenticator
        self._shared_seconds = shared_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        try:
            reply = await self._answer(scope, read_headers(scope))
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
        asked = read_asked(QueryParams(read_pairs(scope["query_string"])), document.parameters)

        async def make(reader: Reader) -> WholeBody:
            return WholeBody(await document.write(reader, asked))

        page = Page(scope["path"], asdict(asked), document.price, make)
        found = await self._keeper.find(page, actor, scope)
        entry, policy = found.entry, CachePolicy.of(scope, headers, self._shared_seconds, found.told)
        caching = policy.headers(entry, self._keeper.present())
        if policy.knows(entry):
            return Reply(304, (VARY, *caching))
        content_type = (b"content-type", document.media_type.encode())
        return Reply(200, (content_type, VARY, *caching), entry.body.whole)
