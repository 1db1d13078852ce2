"""Writes an article with the package that ariadne-codegen made, and reads all articles page by page."""

import json
import sys

from quiet_client import Client, CreateArticleInput
from quiet_client.create_article import CreateArticleCreateArticleErrorsConflictError


def create(client: Client, title: str) -> int | None:
    """Create an article and return the revision in which it was saved."""
    payload = client.create_article(CreateArticleInput(locale="en", title=title, publish=True)).create_article
    for error in payload.errors:
        if isinstance(error, CreateArticleCreateArticleErrorsConflictError):
            raise SystemExit(f"{error.message} (made on revision {error.base_revision})")
        raise SystemExit(error.message)
    return payload.revision


def read_titles(client: Client) -> list[str]:
    """Return the titles of all articles that are published, in their order."""
    titles: list[str] = []
    after: str | None = None
    while True:
        page = client.list_articles(first=2, after=after).articles
        titles += [node.title for node in page.nodes if node.published_at and node.published_at.year > 2000]
        after = page.page_info.end_cursor
        if not page.page_info.has_next_page:
            return titles


address, token = sys.argv[1:]
with Client(address, headers={"Authorization": f"Bearer {token}"}) as connected:
    revision = create(connected, "Tide")
    print(json.dumps({"revision": revision, "titles": read_titles(connected)}))
