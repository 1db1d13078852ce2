"""How plans write articles and pages of articles: from finished JSON where memory has it."""

from __future__ import annotations

from asyncio import gather
from functools import partial
from typing import Any

import orjson
from graphql.execution.collect_fields import FieldDetails

from models.reading import Reader, StoredArticle
from schema.article import Article
from schema.connections import ArticleConnection, Page
from schema.finishing import (
    Finish,
    Selected,
    always,
    join,
    name_entries,
    plan_object,
    plan_page_info,
    show_all,
    write_items,
)
from schema.projection import Projection
from schema.projector import find_missing, name_fragment, project_part


def plan_article(selected: Selected) -> Finish | None:
    """Return what writes one article or null."""
    projection = selected.project()
    return None if projection is None else partial(write_article, projection)


async def write_article(projection: Projection, article: Article | None) -> orjson.Fragment | None:
    """Return an article as finished JSON."""
    if article is None:
        return None
    missing = find_missing(projection, article)
    if missing:
        await gather(*missing)
    return orjson.Fragment(project_part(projection, article.stored, article.reader.library, article))


def plan_articles(selected: Selected) -> Finish | None:
    """Return what writes a page of articles."""
    write = plan_object(PAGE, selected)
    return None if write is None else partial(write_page, write)


async def write_page(write: Finish, connection: ArticleConnection) -> Any:
    """Return what is selected of a page."""
    return await write(connection.page)


async def count_page(page: Page[StoredArticle]) -> int:
    """Return how long the whole list is."""
    return await page.count()


def plan_nodes(selected: Selected, details: list[FieldDetails]) -> Finish | None:
    """Return what writes the articles of a page."""
    projection = selected.of("Article", details).project()
    return None if projection is None else partial(write_nodes, projection)


async def write_nodes(projection: Projection, page: Page[StoredArticle]) -> orjson.Fragment:
    """Return the articles of a page as finished JSON."""
    return join(await project_page(projection, page))


def plan_edges(selected: Selected, details: list[FieldDetails]) -> Finish | None:
    """Return what writes the articles of a page, each with its cursor."""
    columns = name_entries(selected.of("ArticleEdge", details), EDGE, name_edges)
    return None if columns is None else partial(write_items, columns)


async def name_edges(page: Page[StoredArticle]) -> list[str]:
    """Return the type of each edge."""
    return ["ArticleEdge"] * len((await page.part()).items)


async def write_cursors(page: Page[StoredArticle]) -> list[str]:
    """Return the cursors of a page."""
    return [page.cursor(item) for item in (await page.part()).items]


def plan_node(selected: Selected, details: list[FieldDetails]) -> Finish | None:
    """Return what writes the article of each edge."""
    projection = selected.of("Article", details).project()
    return None if projection is None else partial(write_node, projection)


async def write_node(projection: Projection, page: Page[StoredArticle]) -> list[orjson.Fragment]:
    """Return the article of each edge as finished JSON."""
    return show_all(await project_page(projection, page))


EDGE = {"cursor": always(write_cursors), "node": plan_node}
PAGE = {
    "totalCount": always(count_page),
    "nodes": plan_nodes,
    "edges": plan_edges,
    "pageInfo": plan_page_info,
}


async def project_page(projection: Projection, page: Page[StoredArticle]) -> list[bytes]:
    """Return the articles of a page as finished JSON, from memory as far as it has them."""
    reader = page.reader
    found = page.find() if page.find else None
    if found is None:
        return await project_all(projection, reader, (await page.part()).items)
    known = reader.library.fragments(found.items, partial(name_fragment, projection, None))
    return known or await project_all(projection, reader, await reader.show(found.items))


async def project_all(projection: Projection, reader: Reader, stored: list[StoredArticle]) -> list[bytes]:
    """Return articles as finished JSON."""
    articles = [Article(stored=one, reader=reader) for one in stored]
    lacking = [
        one.edition for one in stored if name_fragment(projection, None, one) not in one.edition.fragments
    ]
    library = reader.library
    missing = [load for r, columns in projection.loads for load in library.load(lacking, r, columns)]
    if missing:
        await gather(*missing)
    return [project_part(projection, a.stored, library, a) for a in articles]
