"""Plays random programs: what all tests over random histories have in common."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings

from models.access import Role
from tests.client import Client
from tests.content import set_clock
from tests.history.comparing import Comparison
from tests.history.programs import Program, Step
from tests.history.running import Runner
from tests.history.states import LOCALES
from tests.history.views import Look

EXAMPLES = int(os.environ.get("QUIET_TEST_EXAMPLES", "0"))


def random_histories(count: int) -> settings:
    """Return the settings of a test over so many programs, always the same, or over QUIET_TEST_EXAMPLES others."""
    return settings(max_examples=EXAMPLES or count, database=None, suppress_health_check=list(HealthCheck))


async def begin(client: Client, monkeypatch: pytest.MonkeyPatch, program: Program) -> Runner:
    """Return what runs a program: the client's database is empty, and the clock moves by the program only.

    What an operation may cost, and what may be spent in a minute, is not limited: many programs ask for more.
    """
    client.app.state.endpoint._budget = None
    client.service._bounds = replace(client.service._bounds, cost=0)
    runner = Runner(client, await client.sign_in(Role.PREVIEWER), set_clock(monkeypatch))
    await runner.begin(monkeypatch, program.memory)
    return runner


async def play(runner: Runner, program: Program) -> AsyncIterator[Step]:
    """Run a program; yields each step when it has been run and the ids of its parts are known."""
    for step in (program.first, *program.steps):
        runner.clock.now += step.wait
        await runner.run(step.verb, step.editor)
        for locale in LOCALES:
            await Comparison(runner, Look(drafts=True, locales=(locale,))).learn()
        yield step
