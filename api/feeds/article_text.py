"""What is at an article's address as Markdown: the article, or where it is now."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import TypeVar
from urllib.parse import quote, urlencode

from api.feeds.article_markdown import write_markdown
from api.feeds.keeping import WholeBody
from api.graphql_request import Refusal
from api.headers import Header
from models.addresses import SEGMENTS, article_path, article_url, escape_marks
from models.link import LinkKind
from models.page import INDEXED, ArticlePage, open_page
from models.reading import Reader, StoredArticle
from models.route import RouteKind, find_route, has_moved
from models.stored import StoredLink

Part = TypeVar("Part")

MEDIA_TYPE = "text/markdown"
ENDING = ".md"


@dataclass(frozen=True, slots=True)
class AskedText:
    """A path at which Markdown is asked for: by its ending, or else by the Accept header."""

    path: str
    query: str
    site: str | None
    is_accepted: bool

    def candidates(self) -> list[tuple[str, str]]:
        """Return the paths that may be meant, each with the ending behind it: what is meant more likely first."""
        whole = (self.path, "")
        if not self.path.endswith(ENDING):
            return [whole]
        bare = (self.path.removesuffix(ENDING), ENDING)
        return [whole, bare] if self.is_accepted else [bare, whole]


async def write_text(reader: Reader, asked: AskedText) -> WholeBody:
    """Return an article as Markdown, or the way to its present address.

    Raises Refusal where there is none, AmbiguousAddress or UnknownSite.
    """
    for address, ending in asked.candidates():
        # Servers hand over a path without its escapes.
        written = escape_marks(address) + (f"?{asked.query}" if asked.query else "")
        found = await find_route(reader, written, asked.site)
        if found is not None:
            path = article_path(found.article.locale, found.article.slug)
            # What is there is shown, and so is what took its place in another language: no redirect leads out of one.
            leads = found.kind is RouteKind.PRESENT or await has_moved(reader, found)
            if path == address or not leads:
                return await present(reader, found.article)
            return lead(path + (ending if asked.is_accepted else ENDING), asked.site)
    raise Refusal(404, "NOT_FOUND", "There is no article at this address.")


def lead(path: str, site: str | None) -> WholeBody:
    """Return the way to a path, where the same is asked for."""
    query = f"?{urlencode({'site': site})}" if site else ""
    return WholeBody(
        b"", status=301, headers=((b"location", f"{quote(path, safe=SEGMENTS)}{query}".encode()),)
    )


async def present(reader: Reader, article: StoredArticle) -> WholeBody:
    """Return an article as Markdown, with what its headers say."""
    library, edition = reader.library, article.edition
    page = await open_page(reader, article)
    sections, questions, links = await gather(
        wait(library.sections(edition)), wait(library.questions(edition)), wait(library.links(edition))
    )
    related = await list_related(reader, page, links)
    markdown = write_markdown(page, sections, questions, related)
    return WholeBody(markdown.encode(), headers=tuple(describe(page)))


async def wait(load: Part | Awaitable[Part]) -> Part:
    """Return what is there, or is once it is loaded."""
    return await load if isawaitable(load) else load


def describe(page: ArticlePage) -> list[Header]:
    """Return what headers say of an article's page."""
    said = [
        (b"content-type", f"{MEDIA_TYPE}; charset=utf-8".encode()),
        (b"content-language", page.article.locale.encode()),
    ]
    if page.canonical:
        said.append((b"link", f'<{page.canonical}>; rel="canonical"'.encode()))
    if page.robots != INDEXED and page.robots.isprintable():
        said.append((b"x-robots-tag", page.robots.encode("ascii", "ignore")))
    return said


async def list_related(
    reader: Reader, page: ArticlePage, links: Sequence[StoredLink]
) -> list[tuple[str, str | None]]:
    """Return the labels of an article's related links, with addresses where the view shows what is there."""
    related = [link for link in links if link.kind is LinkKind.RELATED]
    return list(await gather(*(locate(reader, page, link) for link in related)))


async def locate(reader: Reader, page: ArticlePage, link: StoredLink) -> tuple[str, str | None]:
    """Return the label and the present address of a link; of an article that is not shown, what its author wrote."""
    target = await reader.article(link.target_id) if link.target_id else None
    if target is None:
        return link.label, link.url
    site = page.site if target.site_id == page.site.id else await reader.site(target.site_id)
    path = article_path(target.locale, target.slug)
    return link.label, article_url(site, target.locale, target.slug) or path
