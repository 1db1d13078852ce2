"""Articles as Markdown over HTTP: at their own addresses for those who accept it, and with `.md` behind for all."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from api.admission import admit
from api.auth import Authenticator
from api.budget import Budget
from api.cache_policy import CachePolicy
from api.feeds.article_text import ENDING, MEDIA_TYPE, AskedText, write_text
from api.feeds.keeping import Keeper, Page, WholeBody, refusal_of
from api.graphql_reply import VARY, Reply, refuse
from api.graphql_request import JSON, Refusal, read_headers, read_weights
from api.pace import Pace
from api.response_cache import ResponseCache
from models.errors import ContentError
from schema.build import Service

PRICE = 200
"""What it costs to look for an article, and to write it (docs/limits.md)."""


def is_asked(scope: Scope) -> bool:
    """Tell whether a request for an address at which nothing else is asks for Markdown."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return False
    return scope["path"].endswith(ENDING) or accepts_markdown(Headers(scope=scope))


def accepts_markdown(headers: Headers) -> bool:
    """Tell whether an Accept header names Markdown itself (RFC 9110, section 12.5.1).

    Browsers and programs that accept anything do not ask for it, nor do those that would rather have nothing (`q=0`).
    """
    accepted = ",".join(headers.getlist("accept")).lower()
    return 0 < read_weights(accepted).get(MEDIA_TYPE, 0.0) <= 1


class Texts:
    """Answers requests for articles; `shared_seconds` is how long caches of others may keep a public answer."""

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
        """Answer one request (ASGI) that asks for Markdown."""
        try:
            reply = await self._answer(scope)
        except ContentError as error:
            reply = refuse(refusal_of(error), JSON)
        except Refusal as refusal:
            reply = refuse(refusal, JSON)
        await reply.send(send)

    async def _answer(self, scope: Scope) -> Reply:
        """Return the response to a request. Raises Refusal or ContentError."""
        headers = Headers(scope=scope)
        actor = await admit(self._authenticator, headers if "authorization" in headers else None)
        # Pages are found with all sorts of parameters behind their addresses, which others put there.
        site = QueryParams(scope["query_string"]).get("site") or None
        asked = AskedText(scope["path"], site, accepts_markdown(headers))
        page = Page("text", asdict(asked), PRICE, partial(write_text, asked=asked))
        found = await self._keeper.find(page, actor, scope)
        entry, policy = (
            found.entry,
            CachePolicy.of(scope, read_headers(scope), self._shared_seconds, found.told),
        )
        caching = policy.headers(entry, self._keeper.present())
        body = entry.body
        assert isinstance(body, WholeBody)
        if body.status != 200:
            kept = tuple(header for header in caching if header[0] != b"etag")
            return Reply(body.status, (VARY, *body.headers, *kept), body.whole)
        if policy.knows(entry):
            return Reply(304, (VARY, *body.headers, *caching))
        return Reply(200, (VARY, *body.headers, *caching), body.whole)
