"""`/feed.json`: a feed as JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

from typing import Any

import orjson

from api.feeds.asked import Asked
from api.feeds.feed import Feed, Item, load_feed
from models import moment
from models.reading import Reader

VERSION = "https://jsonfeed.org/version/1.1"
PATH = "feed.json"


async def write_json_feed(reader: Reader, asked: Asked) -> bytes:
    """Return the feed that is asked for. Raises Refusal or UnknownSite."""
    return orjson.dumps(describe_feed(await load_feed(reader, asked)))


def describe_feed(feed: Feed) -> dict[str, Any]:
    """Return a feed as JSON Feed."""
    return keep_known(
        {
            "version": VERSION,
            "title": feed.title,
            "home_page_url": feed.home,
            "feed_url": feed.locate(PATH),
            "language": feed.locale,
            "items": [describe_item(item) for item in feed.items],
        }
    )


def describe_item(item: Item) -> dict[str, Any]:
    """Return an article as an item."""
    page, edition = item.page, item.page.article.edition
    published = page.published_at
    return keep_known(
        {
            "id": item.id,
            "url": page.url,
            "title": edition.title,
            "content_html": item.html,
            "summary": edition.summary or None,
            "image": page.images[0] if page.images else None,
            "date_published": None if published is None else moment.to_text(published),
            "date_modified": moment.to_text(page.modified_at),
            "authors": [{"name": name} for name in edition.authors] or None,
            "tags": [tag["name"] for tag in edition.tags] or None,
            "language": page.article.locale,
        }
    )


def keep_known(values: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping without what is not known."""
    return {name: value for name, value in values.items() if value is not None}
