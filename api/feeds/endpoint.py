"""Sitemaps, feeds, llms.txt and robots.txt over HTTP: with GraphQL's rights, kept and cached as its answers are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass

from starlette.datastructures import QueryParams
from starlette.types import Scope

from api.feeds.answering import KeptDocuments
from api.feeds.asked import Asked, read_asked
from api.feeds.atom import write_atom
from api.feeds.json_feed import write_json_feed
from api.feeds.keeping import Page, WholeBody
from api.feeds.llms import write_llms
from api.feeds.robots import write_robots
from api.feeds.sitemap import write_sitemap
from api.graphql_reply import Reply
from api.graphql_request import HeaderMap, Refusal, read_pairs
from api.headers import Header
from models.reading import Reader

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


class Feeds(KeptDocuments):
    """Answers requests for the documents."""

    async def answer(self, scope: Scope, headers: HeaderMap) -> Reply:
        """Return the response to a request. Raises Refusal or ContentError."""
        if scope["method"] not in {"GET", "HEAD"}:
            raise Refusal(405, "METHOD_NOT_ALLOWED", "This is served to GET.", {"Allow": ALLOWED})
        document = DOCUMENTS[scope["path"]]
        asked = read_asked(QueryParams(read_pairs(scope["query_string"])), document.parameters)

        async def make(reader: Reader) -> WholeBody:
            return WholeBody(await document.write(reader, asked))

        found = await self.find(Page(scope["path"], asdict(asked), document.price, make), scope, headers)
        is_known, caching = self.describe(found, scope, headers)
        if is_known:
            return Reply(304, (VARY, *caching))
        content_type = (b"content-type", document.media_type.encode())
        return Reply(200, (content_type, VARY, *caching), found.entry.body.whole)
