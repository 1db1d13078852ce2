"""The baseline: what Strawberry and Tortoise do for a list of whole articles when look-ahead says what to prefetch.

Started by `benchmarks.reading` as `uvicorn benchmarks.baseline:app` over the database in QUIET_BENCH_DATABASE. It reads
our tables by our models, through resolvers and Strawberry's own view, and knows nothing of views or caches.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import strawberry
from starlette.applications import Starlette
from starlette.routing import Mount
from strawberry.asgi import GraphQL
from strawberry.types import Info
from strawberry.types.nodes import SelectedField

from models.database import open_database
from models.moment import FOREVER
from models.publication import Publication

RELATIONS = {"sections": "edition__sections", "questions": "edition__questions"}


@strawberry.type
class RichText:
    """A text."""

    html: str


@strawberry.type
class Section:
    """A section."""

    id: str
    heading: str | None
    body: RichText


@strawberry.type
class Question:
    """A question."""

    id: str
    question: str
    answer: RichText


@strawberry.type
class Article:
    """An article; its parts were prefetched where they are asked for."""

    id: str
    slug: str
    title: str
    summary: str | None
    edition: strawberry.Private[Any]

    @strawberry.field
    def sections(self) -> list[Section]:
        """Return the sections in order."""
        rows = sorted(self.edition.sections, key=lambda row: row.position)
        return [Section(id=row.key, heading=row.heading, body=RichText(html=row.body_html)) for row in rows]

    @strawberry.field
    def questions(self) -> list[Question]:
        """Return the questions in order."""
        rows = sorted(self.edition.questions, key=lambda row: row.position)
        return [
            Question(id=row.key, question=row.question, answer=RichText(html=row.answer_html)) for row in rows
        ]


@strawberry.type
class Articles:
    """A page of articles."""

    nodes: list[Article]


def look_ahead(info: Info) -> list[str]:
    """Return the relations that the selection needs."""
    fields = [field for field in info.selected_fields if isinstance(field, SelectedField)]
    names = {
        part.name
        for field in fields
        for nodes in field.selections
        for part in nodes.selections
        if isinstance(part, SelectedField)
    }
    return ["edition", *(relation for name, relation in RELATIONS.items() if name in names)]


@strawberry.type
class Query:
    """Reading."""

    @strawberry.field
    async def articles(self, info: Info, first: int, offset: int = 0) -> Articles:
        """Return the newest articles."""
        found = Publication.filter(until=FOREVER).order_by("-published_at", "article_id")
        rows = await found.offset(offset).limit(first).prefetch_related(*look_ahead(info))
        return Articles(nodes=[show(row) for row in rows])


def show(row: Publication) -> Article:
    """Return a publication's article."""
    shown = row.edition
    return Article(
        id=str(row.article_id),
        slug=row.slug,
        title=shown.title,
        summary=shown.summary,
        edition=shown,
    )


@asynccontextmanager
async def open_databases(_app: Starlette) -> AsyncIterator[None]:
    """Keep the database open."""
    async with open_database(os.environ["QUIET_BENCH_DATABASE"]):
        yield


app = Starlette(
    lifespan=open_databases, routes=[Mount("/graphql", GraphQL[None, None](strawberry.Schema(query=Query)))]
)
