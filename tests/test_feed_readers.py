"""A feed reader's own parser takes the feeds without a complaint, and finds in them what the articles say."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.feeds.atom import write_feed
from api.feeds.feed import Feed, Item
from api.feeds.json_feed import describe_feed
from api.feeds.xml import FORBIDDEN
from models.composition import compose
from models.draft import ArticleDraft, SectionDraft
from models.rendering.sanitising import make_absolute
from tests.client import Client
from tests.test_article_markdown import LINES, SITE, store
from tests.test_feeds import check_atom, check_json_feed

SAFE = {"sanitize_html": False, "resolve_relative_uris": False}
"""The parser gives texts as they stand, to compare them. What has no link has its id for one."""

C1 = re.compile("[\x80-\x9f]")
"""The parser takes these control characters for those of an old code page."""


def parse(content: bytes) -> Any:
    """Return a feed as the parser reads it, which complains of nothing."""
    headers = {"content-type": "application/atom+xml; charset=utf-8"}
    found = feedparser.parse(content, response_headers=headers, **SAFE)
    assert not found.bozo, found.get("bozo_exception")
    assert (found.version, found.encoding) == ("atom10", "utf-8")
    return found


def seconds(text: str) -> int:
    """Return a moment in whole seconds, as the parser tells it."""
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize("query", ["?site=harbour", "?site=harbour&locale=pt-BR&tag=sea", "?site=kitchen"])
async def test_a_reader_finds_the_articles(query: str, writable: Client) -> None:
    """The parser's entries are the articles: titles, addresses, dates, authors, tags and whole texts."""
    response, _ = await writable.get(f"/feed.atom{query}")
    found = parse(response.content)
    told = check_json_feed((await writable.get(f"/feed.json{query}"))[0].json())
    assert found.feed.title == told["title"]
    assert found.feed.language == told["language"]
    assert found.feed.link == told.get("home_page_url", found.feed.id)
    assert len(found.entries) == len(told["items"]) >= 1
    for entry, item in zip(found.entries, told["items"], strict=True):
        assert (entry.id, entry.title, entry.link) == (item["id"], item["title"], item.get("url", entry.id))
        assert timegm(entry.published_parsed) == seconds(item["date_published"])
        assert timegm(entry.updated_parsed) == seconds(item["date_modified"])
        assert [author.name for author in entry.get("authors", [])] == [
            author["name"] for author in item.get("authors", [])
        ]
        assert [tag.label for tag in entry.get("tags", [])] == item.get("tags", [])
        assert entry.get("summary") in {item.get("summary"), item["content_html"].strip()}
        (content,) = entry.content
        assert (content.type, content.value) == ("text/html", item["content_html"].strip())


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | LINES
TITLES = LINES.filter(lambda title: not C1.search(title))


@given(
    st.lists(st.builds(ArticleDraft, st.just("en"), st.just("a"), TITLES, TEXTS, TEXTS), max_size=2), TEXTS
)
def test_no_text_breaks_a_feed(drafts: list[ArticleDraft], body: str) -> None:
    """Whatever articles say, their feeds keep the rules, and a parser reads the titles as they are."""
    items = []
    for number, draft in enumerate(drafts):
        draft.sections = [SectionDraft("S", body=body)]
        page, sections, _ = store(compose(draft, lambda _address: None))
        html = make_absolute("".join(s.body_html for s in sections), page.url or "")
        article = replace(page.article, id=str(UUID(int=number)))
        items.append(Item(replace(page, article=article), html))
    feed = Feed(SITE, "en", None, items)
    content = write_feed(feed)
    check_atom(content)
    check_json_feed(describe_feed(feed))
    titles = [" ".join(entry.title.split()) for entry in parse(content).entries]
    assert titles == [" ".join(FORBIDDEN.sub("", draft.title).split()) for draft in drafts]
