"""A receiver of webhooks and purges, which notes when each arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Arrivals:
    """When the requests for one path arrived; `failure` is as of followers, and there is none."""

    failure: str | None = None

    def __init__(self) -> None:
        self.arrivals: list[float] = []


class Receiver:
    """Takes every request; what is sent to /webhook counts apart from what is sent to /purge."""

    def __init__(self) -> None:
        self.at = {path: Arrivals() for path in ("/webhook", "/purge")}
        self._purged: set[bytes] = set()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            now, (first, *lines) = perf_counter(), head.split(b"\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(b": ") for line in lines)}
            await reader.readexactly(int(headers.get(b"content-length", b"0")))
            if self._is_new(headers):
                self.at[first.split()[1].decode()].arrivals.append(now)
            writer.write(TAKEN)
        writer.close()

    def _is_new(self, headers: dict[bytes, bytes]) -> bool:
        """Tell whether it is no purge of everything, as at the start, and none that is repeated to be sure."""
        keys = headers.get(b"surrogate-key", b"")
        if keys == b"all" or keys in self._purged:
            return False
        if keys:
            self._purged.add(keys)
        return True


@asynccontextmanager
async def receiving(port: int) -> AsyncIterator[Receiver]:
    """Run a receiver."""
    receiver = Receiver()
    async with await asyncio.start_server(receiver, "127.0.0.1", port):
        yield receiver
