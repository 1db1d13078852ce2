"""The floors of reading: the same bytes from a Starlette route and from a bare ASGI application on the same uvicorn.

Started by `benchmarks.reading` as `uvicorn benchmarks.floors:app`; QUIET_BENCH_BODIES names the folder of bodies,
QUIET_BENCH_DATABASE the database that a statement written by hand reads 20 whole articles from, as JSON.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from benchmarks.statement import open_reading

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


async def query(request: Request) -> Response:
    """Return what a statement written by hand makes of 20 articles."""
    await request.body()
    return Response(await request.app.state.read(), media_type="application/json")


@asynccontextmanager
async def open_databases(app: Starlette) -> AsyncIterator[None]:
    """Keep the database open that the statement reads."""
    async with open_reading(os.environ["QUIET_BENCH_DATABASE"]) as read:
        app.state.read = read
        yield


app = Starlette(
    lifespan=open_databases,
    routes=[
        Route("/starlette/{name}", answer, methods=["POST"]),
        Route("/statement", query, methods=["POST"]),
        Mount("/bare", bare),
    ],
)
