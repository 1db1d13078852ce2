"""Work that is done at once as far as it need not wait, and goes on as a task of its own where it must."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.beginning import begin, settle
from models.shared import Shared


async def test_what_need_not_wait_is_done_at_once() -> None:
    """Work in memory is over when it was begun, without a task; its errors are raised at once."""

    async def work(value: int) -> int:
        return 10 // value

    before = asyncio.all_tasks()
    assert begin(work(5)) == 2
    with pytest.raises(ZeroDivisionError):
        begin(work(0))
    assert asyncio.all_tasks() == before


async def test_waiting_for_the_same() -> None:
    """Several that were begun in one round may wait for one future, which is there before their tasks are."""
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def work(number: int) -> int:
        return number + await future

    begun = [begin(work(number)) for number in range(3)]
    future.set_result(10)
    waiting = [shared.wait() for shared in begun if isinstance(shared, Shared)]
    assert await asyncio.gather(*waiting) == [10, 11, 12]


async def test_what_belongs_to_a_task() -> None:
    """After `settle` work runs in a task of its own: a time limit in it ends it alone, not whoever began it."""

    async def work() -> str:
        await settle()
        try:
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        except TimeoutError:
            return "late"
        return "done"

    begun = begin(work())
    assert isinstance(begun, Shared)
    assert await begun.wait() == "late"
    assert asyncio.current_task() is not begun.task


async def test_settle_costs_nothing_in_a_task() -> None:
    """Outside of work that is being begun nothing goes round the event loop."""
    rounds = 0

    def count() -> None:
        nonlocal rounds
        rounds += 1

    asyncio.get_running_loop().call_soon(count)
    await settle()
    assert rounds == 0


@pytest.mark.parametrize("turns", [0, 1, 3])
async def test_given_up(turns: int) -> None:
    """Whoever gives up ends the work however far it is, and what it waits for, and it can put things right."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    ended: list[str] = []

    async def work() -> None:
        try:
            await future
        finally:
            ended.append("ended")
            await asyncio.sleep(0)
            ended.append("put right")

    begun = begin(work())
    assert isinstance(begun, Shared)
    waiting = begun.join()
    for _ in range(turns):
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({begun.task})
    assert (begun.task.cancelled(), future.cancelled()) == (True, True)
    assert ended == ["ended", "put right"]


@given(st.lists(st.sampled_from(["nothing", "round", "future", "task", "fail"]), max_size=6))
def test_the_same_as_a_task(steps: list[str]) -> None:
    """Whatever work waits for, in whatever order, it comes to the same as in a task from its beginning."""

    async def work() -> list[str]:
        loop = asyncio.get_running_loop()
        done = []
        for step in steps:
            match step:
                case "round":
                    await asyncio.sleep(0)
                case "future":
                    future = loop.create_future()
                    loop.call_soon(future.set_result, step)
                    done.append(await future)
                case "task":
                    done.append(await asyncio.create_task(asyncio.sleep(0, step)))
                case "fail":
                    try:
                        async with asyncio.TaskGroup() as group:
                            group.create_task(asyncio.sleep(0))
                            raise KeyError(step)
                    except* KeyError:
                        done.append(step)
        return done

    async def compare() -> None:
        expected = await asyncio.create_task(work())
        begun = begin(settled(work()))
        assert await begun.wait() == expected if isinstance(begun, Shared) else begun == expected

    async def settled(inner: Coroutine[Any, Any, list[str]]) -> list[str]:
        if "fail" in steps:  # a group of tasks belongs to a task
            await settle()
        return await inner

    asyncio.run(compare())
