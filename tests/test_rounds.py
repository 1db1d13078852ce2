"""Requests of one round of the event loop are begun in one go, and have a task only where they wait."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

import httpx2
import pytest

from api.rounds import Rounds
from tests.live import Live

name: ContextVar[str] = ContextVar("name", default="")


async def test_what_waits_has_a_task() -> None:
    """Work is over in the next round where it does not wait; the rest of other work is a task until it is over."""
    rounds, tasks, over = Rounds(), set[asyncio.Task[None]](), []
    gate = asyncio.Event()

    async def work(number: int) -> None:
        if number % 2:
            await gate.wait()
            assert asyncio.current_task() in tasks
        over.append(number)

    for number in range(4):
        rounds.add(work(number), tasks)
    assert not over
    await asyncio.sleep(0)
    assert over == [0, 2]
    assert len(tasks) == 2
    gate.set()
    await asyncio.gather(*tasks)
    await asyncio.sleep(0)
    assert (over, tasks) == ([0, 2, 1, 3], set())


async def test_each_has_a_context_of_its_own() -> None:
    """What one sets for itself it keeps while it waits, and no other one sees it."""
    rounds, tasks, seen = Rounds(), set[asyncio.Task[None]](), []

    async def work(own: str) -> None:
        seen.append(name.get())
        token = name.set(own)
        await asyncio.sleep(0)
        seen.append(name.get())
        name.reset(token)

    for own in ("a", "b"):
        rounds.add(work(own), tasks)
    await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert seen == ["", "", "a", "b"]
    assert name.get() == ""


async def test_what_fails_keeps_nobody_else() -> None:
    """An error that nobody expected is told to the event loop, and the others are begun."""
    rounds, tasks, over, told = Rounds(), set[asyncio.Task[None]](), [], []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context["exception"]))

    async def work(number: int) -> None:
        over.append(1 // number)

    for number in (0, 1):
        rounds.add(work(number), tasks)
    await asyncio.sleep(0)
    assert over == [1]
    assert [type(error) for error in told] == [ZeroDivisionError]


async def test_what_comes_meanwhile_waits_for_the_next_round() -> None:
    """However much is asked on one connection, the event loop goes on between."""
    rounds, tasks, order = Rounds(), set[asyncio.Task[None]](), []

    async def work(left: int) -> None:
        order.append(f"work {left}")
        asyncio.get_running_loop().call_soon(order.append, "round")
        if left:
            rounds.add(work(left - 1), tasks)

    rounds.add(work(2), tasks)
    for _ in range(4):
        await asyncio.sleep(0)
    assert order == ["work 2", "round", "work 1", "round", "work 0", "round"]


@pytest.mark.database
@pytest.mark.parametrize("path", ["/graphql?query={head}", "/livez", "/nothing"])
async def test_all_doors_answer(path: str, live: Live) -> None:
    """What expects a task of its own has one, whatever is asked."""
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{live.port}", trust_env=False) as http:
        assert (await http.get(path)).status_code == (404 if path == "/nothing" else 200)
