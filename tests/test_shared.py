"""Work that several wait for: nobody who gives up stops it for the others, and the last one ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.batching import Batch
from models.kept import Kept
from models.schedule import Span
from models.shared import Shared
from tests.test_kept import NOW, Sized


class Work:
    """Something that goes on until it is let go, and tells how often it was begun and cut off."""

    def __init__(self) -> None:
        self.begun = self.cut = 0
        self.go = asyncio.Event()

    async def run(self) -> Sized:
        """Wait."""
        self.begun += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cut += 1
            raise
        return Sized(1)

    async def load(self, keys: Sequence[int]) -> Mapping[int, int]:
        """Wait, and return each key as its value."""
        await self.run()
        return {key: key for key in keys}


async def turn() -> None:
    """Let everything go on that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_last_one_ends_it() -> None:
    """Work goes on as long as anybody waits for it, and is cut off when the last one gives up."""
    work = Work()
    shared = Shared(work.run())
    first, second = (asyncio.create_task(shared.wait()) for _ in range(2))
    await turn()
    first.cancel()
    await turn()
    assert (work.cut, shared.is_abandoned) == (0, False)
    second.cancel()
    await turn()
    assert (work.cut, shared.is_abandoned) == (1, True)


async def test_errors_reach_everybody() -> None:
    """Whoever waits gets the error, also who comes when it is there already."""

    async def fail() -> None:
        await asyncio.sleep(0)
        raise OSError("away")

    shared = Shared(fail())
    outcomes = await asyncio.gather(shared.wait(), shared.wait(), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OSError, OSError]
    with pytest.raises(OSError, match="away"):
        await shared.wait()


async def test_what_was_given_up_is_begun_anew() -> None:
    """Who asks for what nobody waited for any more is not cut off with it."""
    work, kept = Work(), Kept(100)
    batch = Batch[int, int](work.load)
    for ask in (lambda: kept.find(NOW, "it", work.run), lambda: batch.request(1)):
        waiting: asyncio.Future[object] = asyncio.ensure_future(ask())
        await turn()
        waiting.cancel()
        # The future knows at once, and whoever it was begun for at the next turn.
        again: asyncio.Future[object] = asyncio.ensure_future(ask())
        await asyncio.sleep(0)
        third: asyncio.Future[object] = asyncio.ensure_future(ask())
        await turn()
        work.go.set()
        await asyncio.gather(again, third)
        work.go.clear()
    assert (work.begun, work.cut) == (3, 1)


@given(
    wanted=st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=12),
    groups=st.lists(st.lists(st.integers(0, 6), max_size=4), max_size=3),
)
def test_loads_of_those_who_wait(wanted: list[tuple[int, bool]], groups: list[list[int]]) -> None:
    """Whoever does not give up is answered, whatever others give up; a load goes on only for somebody."""

    async def run() -> None:
        work = Work()
        batch = Batch[int, int](work.load)
        asked = [(key, gives_up, batch.request(key)) for key, gives_up in wanted]
        grouped = [batch.request_all(group) for group in groups]
        await turn()
        for _, gives_up, future in asked:
            if gives_up:
                future.cancel()
        await turn()
        late = batch.request(9)
        work.go.set()
        assert await late == 9
        for key, gives_up, future in asked:
            assert gives_up or await future == key
        for futures in grouped:
            await asyncio.gather(*futures)
        everybody_left = bool(asked) and all(gives_up for _, gives_up, _ in asked) and not any(groups)
        assert work.cut == everybody_left

    asyncio.run(run())


async def test_another_span_is_other_work() -> None:
    """What is being made for one revision is cut off when its asker gives up, though another one is newer."""
    work, kept = Work(), Kept(100)
    old = asyncio.create_task(kept.find(NOW, "it", work.run))
    await turn()
    new = asyncio.create_task(kept.find(Span(2, 0, 10), "it", work.run))
    await turn()
    old.cancel()
    await turn()
    assert (work.begun, work.cut) == (2, 1)
    work.go.set()
    assert (await new).size == 1
