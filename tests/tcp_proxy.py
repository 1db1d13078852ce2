"""A TCP proxy whose connections can be cut, and whose target can be exchanged."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Proxy:
    """Passes bytes on between clients and whatever listens on the target port."""

    def __init__(self) -> None:
        self.port = 0
        self.target = 0
        self.cuts = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._silent: set[asyncio.StreamWriter] = set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on to its end."""
        self._writers.add(writer)
        try:
            with contextlib.suppress(OSError):
                inward, outward = await asyncio.open_connection("127.0.0.1", self.target)
                self._writers.add(outward)
                await asyncio.gather(self._pass_on(reader, outward), self._pass_on(inward, writer))
        finally:
            writer.close()

    def cut(self) -> None:
        """Drop every connection, in both directions and without a word."""
        self.cuts += len(self._writers)
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def silence(self) -> None:
        """Let every connection stand and pass nothing on, as a network does that somebody has walked out of."""
        self._silent |= self._writers

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes on in one direction."""
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if writer not in self._silent:
                    writer.write(data)
                    await writer.drain()
        writer.close()


@asynccontextmanager
async def proxying() -> AsyncIterator[Proxy]:
    """Run a proxy on a free port."""
    proxy = Proxy()
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    async with server:
        yield proxy
        proxy.cut()
