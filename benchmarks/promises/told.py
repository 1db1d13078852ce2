"""Those who follow when the server goes: whether each is told, by WebSocket and in event streams."""

from __future__ import annotations

import asyncio

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
GOING_AWAY = 1001
SUBSCRIPTION = '{"id":"1","type":"subscribe","payload":{"query":"subscription { changes { kind } }"}}'


async def follow_by_socket(port: int, begun: asyncio.Semaphore) -> bool:
    """Subscribe; return whether the end was told as one after which to come again."""
    address = f"ws://127.0.0.1:{port}/graphql"
    async with connect(address, subprotocols=[PROTOCOL], proxy=None) as socket:
        await socket.send('{"type":"connection_init"}')
        await socket.recv()
        await socket.send(SUBSCRIPTION)
        begun.release()
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd is not None and closed.rcvd.code == GOING_AWAY


async def follow_by_stream(port: int, begun: asyncio.Semaphore) -> bool:
    """Follow `GET /changes`; return whether the stream came to its end with a time after which to come again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /changes HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    begun.release()
    last = (await reader.read()).rpartition(b"retry: ")[2]
    writer.close()
    # Then only the end of the chunks comes (RFC 9112, section 7.1).
    return last.endswith(b"\r\n0\r\n\r\n")


async def follow_all(port: int, count: int) -> list[asyncio.Task[bool]]:
    """Let so many follow in each way; return when all have begun."""
    begun = asyncio.Semaphore(0)
    ways = (follow_by_socket, follow_by_stream)
    tasks = [asyncio.create_task(way(port, begun)) for way in ways for _ in range(count)]
    for _ in tasks:
        await begun.acquire()
    return tasks
