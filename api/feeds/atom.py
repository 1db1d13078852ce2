"""`/feed.atom`: a feed as Atom (RFC 4287)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from api.feeds.asked import Asked
from api.feeds.feed import Feed, Item, load_feed
from api.feeds.xml import add, write_document
from models import moment
from models.reading import Reader

ATOM = "http://www.w3.org/2005/Atom"
PATH = "feed.atom"


async def write_atom(reader: Reader, asked: Asked) -> bytes:
    """Return the feed that is asked for. Raises Refusal or UnknownSite."""
    return write_feed(await load_feed(reader, asked))


def write_feed(feed: Feed) -> bytes:
    """Return a feed as Atom."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": feed.locale})
    add(root, "id", feed.id)
    add(root, "title", feed.title)
    add(root, "updated", moment.to_text(feed.updated_at))
    add(add(root, "author"), "name", feed.site.name)
    if feed.home:
        add(root, "link", rel="alternate", type="text/html", href=feed.home)
        add(root, "link", rel="self", type="application/atom+xml", href=feed.locate(PATH) or "")
    for item in feed.items:
        add_entry(root, item)
    return write_document(root)


def add_entry(root: Element, item: Item) -> None:
    """Add an article to a feed."""
    page, edition = item.page, item.page.article.edition
    entry = add(root, "entry")
    add(entry, "id", item.id)
    add(entry, "title", edition.title)
    add(entry, "updated", moment.to_text(page.modified_at))
    if page.published_at is not None:
        add(entry, "published", moment.to_text(page.published_at))
    if page.url:
        add(entry, "link", rel="alternate", type="text/html", href=page.url)
    for name in edition.authors:
        add(add(entry, "author"), "name", name)
    for tag in edition.tags:
        add(entry, "category", term=tag["slug"], label=tag["name"])
    if edition.summary:
        add(entry, "summary", edition.summary)
    add(entry, "content", item.html, type="html")
