"""The service on a real socket in this process, as `quiet serve` runs it, and a WebSocket client that looks closely."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from api.app import create_app
from api.commands.serving import connection_options
from api.live_feed import LiveFeed
from api.settings import Settings
from models.database import Database
from tests.client import Client
from tests.serving import NO_CERTIFICATES

PROTOCOL = Subprotocol("graphql-transport-ws")
SECONDS = 20.0
"""How long a test waits for a message before it fails."""


class QuietServer(uvicorn.Server):
    """uvicorn's server, but the signals stay pytest's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@dataclass(frozen=True, slots=True)
class Live:
    """A running service: a client of it over HTTP, its feed, and the way to its WebSocket."""

    client: Client
    feed: LiveFeed
    server: uvicorn.Server
    port: int

    @property
    def url(self) -> str:
        """Return the address of the WebSocket."""
        return f"ws://127.0.0.1:{self.port}/graphql"

    @asynccontextmanager
    async def socket(self, **options: Any) -> AsyncIterator[Socket]:
        """Open a connection that has not been initialised."""
        chosen = {"subprotocols": [PROTOCOL], "proxy": None, **options}
        async with connect(self.url, **chosen) as connection:
            yield Socket(connection)

    @asynccontextmanager
    async def ready(self, payload: Any = None, **options: Any) -> AsyncIterator[Socket]:
        """Open a connection and initialise it."""
        async with self.socket(**options) as socket:
            await socket.send(type="connection_init", **({} if payload is None else {"payload": payload}))
            assert await socket.next() == {"type": "connection_ack"}
            yield socket


@dataclass(slots=True)
class Socket:
    """A connection that speaks graphql-transport-ws."""

    connection: ClientConnection
    kept: list[Any] = field(default_factory=list)

    async def send(self, **message: Any) -> None:
        """Send a message."""
        await self.connection.send(json.dumps(message))

    async def subscribe(self, identity: str, query: str, **variables: Any) -> None:
        """Begin an operation."""
        await self.send(
            id=identity, type="subscribe", payload={"query": query, "variables": variables or None}
        )

    async def next(self) -> Any:
        """Return the next message."""
        async with asyncio.timeout(SECONDS):
            return json.loads(await self.connection.recv())

    async def result(self, identity: str) -> Any:
        """Return the payload of the next message, which must be a result of this operation."""
        message = await self.next()
        assert (message["type"], message["id"]) == ("next", identity), message
        return message["payload"]

    async def end(self) -> tuple[int, str]:
        """Return code and reason of the close, after whatever messages."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self.next()
        return await self.closed()

    async def closed(self) -> tuple[int, str]:
        """Return code and reason of the close, which must come instead of any message."""
        with pytest.raises(ConnectionClosed) as raised:
            await self.next()
        frame = raised.value.rcvd
        assert frame is not None, "closed without a close frame (1006)"
        return frame.code, frame.reason


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Live]:
    """Run the service over the database of these settings, which is migrated."""
    app = create_app(settings)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        options = {**connection_options(settings), "loop": "none"}
        server = QuietServer(uvicorn.Config(app, **options))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            assert not serving.done(), serving.exception()
            await asyncio.sleep(0.01)
        base = f"http://127.0.0.1:{port}"
        database: Database = app.state.database
        try:
            async with httpx2.AsyncClient(
                base_url=base, trust_env=False, timeout=SECONDS, verify=NO_CERTIFICATES
            ) as http:
                client = Client(http, database, app.state.endpoint.service, app)
                yield Live(client, app.state.feed, server, port)
        finally:
            server.should_exit = True
            await serving
