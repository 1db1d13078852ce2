"""Clients that ask all the time on connections that they keep, and go where they are sent when one ends."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from itertools import count

import orjson

from benchmarks.data import NEWEST_WHOLE

SECONDS = 20.0


@dataclass(slots=True)
class Place:
    """Where clients connect to now, with TLS or without, under which name, and who they are."""

    port: int
    name: str = "127.0.0.1"
    context: ssl.SSLContext | None = None


@dataclass(slots=True)
class Outcome:
    """What became of requests: answered, or broken and how; and how many connections were asked to end."""

    answered: int = 0
    moved: int = 0
    broken: list[str] | None = None

    def fail(self, reason: str) -> None:
        """Note that a request was not answered as it should be."""
        self.broken = [*(self.broken or []), reason]


class Busy:
    """One client: it asks for a page of articles that nobody else asks for, again and again."""

    def __init__(self, place: Place, outcome: Outcome, number: int) -> None:
        self._place = place
        self._outcome = outcome
        self._number = number
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def run(self, is_over: asyncio.Event) -> None:
        """Ask until it is over."""
        for round_ in count():
            if is_over.is_set():
                break
            try:
                async with asyncio.timeout(SECONDS):
                    await self._ask(round_)
            except (OSError, EOFError, ValueError, TimeoutError) as error:
                self._outcome.fail(f"{type(error).__name__}: {error}")
                self._part()
        self._part()

    async def _ask(self, round_: int) -> None:
        reader, writer = await self._connect()
        query = f"{NEWEST_WHOLE}\n# {self._number}"
        body = orjson.dumps({"query": query, "variables": {"first": 3, "offset": round_ % 40}})
        head = f"POST /graphql HTTP/1.1\r\nHost: {self._place.name}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        answer = await reader.readexactly(int(headers["content-length"]))
        if " 200 " not in lines[0] or b'"errors"' in answer:
            self._outcome.fail(f"{lines[0]} {answer[:200]!r}")
        else:
            self._outcome.answered += 1
        if headers.get("connection") == "close":
            self._outcome.moved += 1
            self._part()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                "127.0.0.1", self._place.port, ssl=self._place.context, limit=1 << 22
            )
        return self._streams

    def _part(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
