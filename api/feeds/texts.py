"""Articles as Markdown over HTTP: at their own addresses for those who accept it, and with `.md` behind for all."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from api.feeds.answering import KeptDocuments
from api.feeds.article_text import ENDING, MEDIA_TYPE, AskedText, write_text
from api.feeds.keeping import Page, WholeBody
from api.graphql_reply import VARY, Reply
from api.graphql_request import HeaderMap, read_weights

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


def split_query(query: str) -> tuple[str, str | None]:
    """Return a query as it was sent, but for what names a site, and the key of that."""
    others = [part for part in query.split("&") if part.partition("=")[0] != "site"]
    return "&".join(others), QueryParams(query).get("site") or None


class Texts(KeptDocuments):
    """Answers requests for articles."""

    async def answer(self, scope: Scope, headers: HeaderMap) -> Reply:
        """Return the response to a request that asks for Markdown. Raises Refusal or ContentError."""
        # Pages are found with all sorts of parameters behind their addresses, which others put there.
        query, site = split_query(scope["query_string"].decode("latin-1"))
        asked = AskedText(scope["path"], query, site, accepts_markdown(Headers(scope=scope)))
        page = Page("text", asdict(asked), PRICE, partial(write_text, asked=asked))
        found = await self.find(page, scope, headers)
        is_known, caching = self.describe(found, scope, headers)
        body = found.entry.body
        assert isinstance(body, WholeBody)
        if body.status != 200:
            kept = tuple(header for header in caching if header[0] != b"etag")
            return Reply(body.status, (VARY, *body.headers, *kept), body.whole)
        if is_known:
            return Reply(304, (VARY, *body.headers, *caching))
        return Reply(200, (VARY, *body.headers, *caching), body.whole)
