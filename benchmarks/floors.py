"""The floors of reading: the same bytes from a Starlette route and from a bare ASGI application on the same uvicorn.

Started by `benchmarks.reading` as `uvicorn benchmarks.floors:app`; QUIET_BENCH_BODIES names the folder of bodies,
QUIET_BENCH_DATABASE the SQLite database that a statement written by hand reads 20 whole articles from, as JSON.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from models.moment import FOREVER

FOLDER = Path(os.environ["QUIET_BENCH_BODIES"])
BODIES = {path.name: path.read_bytes() for path in FOLDER.iterdir()}


async def answer(request: Request) -> Response:
    """Return a body as a route of Starlette does, once the request has been read."""
    await request.body()
    return Response(BODIES[request.path_params["name"]], media_type="application/json")


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Return a body with nothing in between."""
    body = BODIES[scope["path"].rpartition("/")[2]]
    await receive()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


STATEMENT = f"""SELECT json_object('data', json_object('articles', json_object('nodes', json_group_array(json(node)))))
FROM (SELECT json_object('id', p.article_id, 'slug', p.slug, 'title', e.title, 'summary', e.summary,
  'sections', (SELECT json_group_array(json_object('id', key, 'heading', heading,
    'body', json_object('html', body_html)))
    FROM (SELECT * FROM section WHERE edition_id = e.id ORDER BY position)),
  'questions', (SELECT json_group_array(json_object('id', key, 'question', question,
    'answer', json_object('html', answer_html)))
    FROM (SELECT * FROM question WHERE edition_id = e.id ORDER BY position))) AS node
FROM (SELECT article_id, slug, edition_id, published_at FROM publication WHERE until = {FOREVER}
  ORDER BY published_at DESC, article_id DESC LIMIT 20) p JOIN edition e ON e.id = p.edition_id
ORDER BY p.published_at DESC, p.article_id DESC)"""


async def query(request: Request) -> Response:
    """Return what a statement written by hand makes of 20 articles, through the driver that the product uses."""
    await request.body()
    database: aiosqlite.Connection = request.app.state.database
    (row,) = await database.execute_fetchall(STATEMENT)
    return Response(row[0], media_type="application/json")


@asynccontextmanager
async def open_databases(app: Starlette) -> AsyncIterator[None]:
    """Keep the database open that the statement reads."""
    async with aiosqlite.connect(os.environ["QUIET_BENCH_DATABASE"].removeprefix("sqlite://")) as database:
        app.state.database = database
        yield


app = Starlette(
    lifespan=open_databases,
    routes=[
        Route("/starlette/{name}", answer, methods=["POST"]),
        Route("/statement", query, methods=["POST"]),
        Mount("/bare", bare),
    ],
)
