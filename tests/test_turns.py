"""Whose turn it is: so many at a time, a few in line, clients one after the other, the rest is sent away at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import turns as module
from api.graphql_request import Refusal
from api.settings import Settings
from api.turns import Turns
from models.access import Role
from models.draft import ArticleDraft
from schema.answer import Answer
from schema.call import Call
from tests.client import serve


class Operations:
    """Operations that go on until they are let go, one by one."""

    def __init__(self, turns: Turns) -> None:
        self.order: list[str] = []
        self.refused: list[str] = []
        self._turns = turns
        self._gates: list[asyncio.Event] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def _work(self, client: str) -> None:
        self.order.append(client)
        gate = asyncio.Event()
        self._gates.append(gate)
        try:
            await gate.wait()
        finally:
            self._gates.remove(gate)

    async def _ask(self, client: str) -> None:
        try:
            await self._turns.run(client, lambda: self._work(client))
        except Refusal:
            self.refused.append(client)

    async def begin(self, *clients: str) -> None:
        """Begin an operation of each of these clients."""
        for client in clients:
            self.tasks.append(asyncio.create_task(self._ask(client)))
            await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def end(self, count: int = 1) -> None:
        """Let the oldest operations that run come to their end."""
        for _ in range(count):
            self._gates[0].set()
            for _ in range(4):
                await asyncio.sleep(0)

    @property
    def running(self) -> int:
        """Return how many run."""
        return len(self._gates)

    async def end_all(self) -> None:
        """Let all come to their end."""
        while self._gates:
            await self.end()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def test_clients_take_turns() -> None:
    """Who asks for much does not keep others waiting; who has the most in line is sent away for who has less."""
    operations = Operations(Turns(1, 4))
    await operations.begin("a", "a", "a", "a", "a", "a")
    assert operations.refused == ["a"]
    await operations.begin("b", "b", "c")
    assert operations.refused == ["a", "a", "a", "a"]
    await operations.end_all()
    assert operations.order == ["a", "a", "b", "c", "b"]


async def test_waiting_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stands in line for too long is sent away."""
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.01)
    operations = Operations(Turns(1, 4))
    await operations.begin("a", "b")
    async with asyncio.timeout(10):
        await operations.tasks[1]
    assert operations.refused == ["b"]
    await operations.begin("c")
    await operations.end_all()
    assert operations.order[:2] == ["a", "c"]


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["begin", "end", "cancel", "both"])), max_size=60
    )
)
def test_turns_are_never_lost(steps: list[tuple[str, str]]) -> None:
    """Whatever begins, ends and is given up: no more run than may, none wait while one could run."""

    async def run() -> None:
        turns = Turns(2, 3)
        operations = Operations(turns)
        for client, step in steps:
            if step == "begin":
                await operations.begin(client)
            elif step == "end" and operations.running:
                await operations.end()
            elif operations.tasks and step != "end":
                operations.tasks[ord(client) % len(operations.tasks)].cancel()
                # One who gives up at the moment at which it would be its turn does not take it along.
                if step == "both" and operations.running:
                    await operations.end()
                for _ in range(4):
                    await asyncio.sleep(0)
            assert operations.running <= 2
            assert turns.waiting <= 3
            assert operations.running == 2 or not turns.waiting
        await operations.end_all()
        assert turns.waiting == 0
        await operations.begin("x", "y", "z")
        assert operations.running == 2
        await operations.end_all()

    asyncio.run(run())


async def test_rounds_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered from memory takes turns as well: who comes when a round took long waits for the next one."""
    monkeypatch.setattr(module, "ROUND", 0.0)
    turns, ended = Turns(16, 1), []

    async def ask(client: str) -> str:
        async def work() -> str:
            ended.append(client)
            return client

        return await turns.run(client, work)

    outcomes = await asyncio.gather(*(ask(client) for client in "aab"), return_exceptions=True)
    assert [str(type(outcome).__name__) for outcome in outcomes] == ["str", "str", "Refusal"]
    await asyncio.gather(ask("b"), ask("c"))
    assert (ended, turns.waiting) == (["a", "a", "b", "c"], 0)


async def test_waiting_for_a_revision_takes_no_turn(settings: Settings) -> None:
    """Who waits for a revision that is not there yet keeps nobody else waiting."""
    few = replace(settings, concurrent_operations=1, queued_operations=0)
    async with serve(few) as client:
        late = asyncio.create_task(client.ask("query @view(minRevision: 1) { head }"))
        await asyncio.sleep(0.05)
        assert (await client.ask("{ head }")).data == {"head": 0}
        await client.save(ArticleDraft("en", "a", "A"))
        assert (await late).data == {"head": 1}


async def test_over_http(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond those that run and wait the answer is 503 at once; kept answers and changes are not held up."""
    monkeypatch.setattr("api.turns.LONGEST_WAIT", 60.0)
    few = replace(settings, concurrent_operations=2, queued_operations=1, response_cache_bytes=2**20)
    async with serve(few) as client:
        editor = await client.sign_in(Role.ADMINISTRATOR)
        assert (await client.ask("{ sites { key } }")).data == {"sites": []}
        gate, answer = asyncio.Event(), client.service.answer

        async def wait(call: Call) -> Answer:
            if "article" in call.request.query and not call.changes:
                await gate.wait()
            return await answer(call)

        monkeypatch.setattr(client.service, "answer", wait)
        queries = [f"query Q{number} {{ articles {{ totalCount }} }}" for number in range(8)]
        asked = [asyncio.create_task(client.ask(query)) for query in queries]
        finished = asyncio.as_completed(asked)
        refused = [await next(finished) for _ in range(5)]
        assert {(reply.status, *reply.codes) for reply in refused} == {(503, "OVERLOADED")}
        assert refused[0].headers["retry-after"] == "1"
        assert (await client.ask("{ sites { key } }")).status == 200
        create = 'mutation { createSite(input: {key: "k", name: "K", defaultLocale: "en"}) { revision } }'
        assert (await editor.ask(create)).status == 200
        gate.set()
        assert [(await reply).status for reply in finished] == [200] * 3


async def test_many_at_once(settings: Settings) -> None:
    """Many who ask the same are one operation and one place in line."""
    few = replace(settings, concurrent_operations=1, queued_operations=1, response_cache_bytes=2**20)
    async with serve(few) as client:
        replies = await asyncio.gather(*(client.ask("{ articles { totalCount } }") for _ in range(20)))
        assert Counter(reply.status for reply in replies) == {200: 20}
