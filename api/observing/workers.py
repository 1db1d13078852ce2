"""The processes of one `quiet serve --workers`: each listens at a socket of its own in a folder that they share.

Whichever is asked for figures asks the others, so that one request shows them all.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

ASK_SECONDS = 3.0
"""How long another process may take to tell its figures."""

LABEL = "process"


@asynccontextmanager
async def telling(folder: Path, write: Callable[[], Awaitable[bytes]]) -> AsyncIterator[None]:
    """Tell whoever connects to this process's socket what `write` returns, until the block ends."""

    async def tell(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(await write())
            await writer.drain()
        finally:
            writer.close()

    path = folder / f"{os.getpid()}.sock"
    remove(path)
    server = await asyncio.start_unix_server(tell, path)
    try:
        yield
    finally:
        server.close()
        remove(path)


async def ask_all(folder: Path, own: bytes) -> list[Metric]:
    """Return the figures of all processes that have a socket in a folder, each with its process."""
    me = str(os.getpid())
    others = [path for path in list_sockets(folder) if path.stem != me]
    texts = await asyncio.gather(*map(ask, others))
    named = zip((path.stem for path in others), texts, strict=True)
    return merge([(me, own.decode()), *((name, text) for name, text in named if text is not None)])


async def ask(path: Path) -> str | None:
    """Return what a process tells, None where it is gone or does not answer."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                return (await reader.read()).decode()
            finally:
                writer.close()
    except ConnectionRefusedError:
        # Its process was killed: nobody will listen here again.
        remove(path)
        return None
    except (OSError, TimeoutError):
        return None


def list_sockets(folder: Path) -> list[Path]:
    """Return the sockets in a folder, which is in memory or as good as."""
    return sorted(folder.glob("*.sock"))


def remove(path: Path) -> None:
    """Remove the socket of a process that is gone."""
    path.unlink(missing_ok=True)


def merge(texts: Iterable[tuple[str, str]]) -> list[Metric]:
    """Return the figures of several processes by their texts, each sample with the name of its process."""
    merged: dict[str, Metric] = {}
    for process, text in texts:
        for family in text_string_to_metric_families(text):
            whole = merged.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            whole.samples += [
                sample._replace(labels={**sample.labels, LABEL: process}) for sample in family.samples
            ]
    return list(merged.values())
