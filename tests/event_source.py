"""Reading server-sent events as the HTML standard says (section 9.2.6)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """An event: its type, its data, and the last id of the stream. Comments and bare ids are events without a type."""

    type: str
    data: str
    last_id: str
    retry: str = ""

    @property
    def told(self) -> Any:
        """Return the data as JSON."""
        return orjson.loads(self.data)


async def read_events(response: httpx2.Response) -> AsyncIterator[ServerEvent]:
    """Yield the events of a response to its end."""
    fields: dict[str, str] = {}
    last = ""
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
            continue
        last = fields.get("id", last)
        yield ServerEvent(fields.get("event", ""), fields.get("data", ""), last, fields.get("retry", ""))
        fields = {}
    assert not fields, "the stream ended in the middle of an event"


@asynccontextmanager
async def stream(
    http: httpx2.AsyncClient, method: str, address: str, **options: Any
) -> AsyncIterator[tuple[httpx2.Response, AsyncIterator[ServerEvent]]]:
    """Open a stream; yield its response and its events."""
    async with http.stream(method, address, **options) as response:
        yield response, read_events(response)
