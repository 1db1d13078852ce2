"""Random programs of verbs on the product and on a naive model, then random views compared: no difference.

QUIET_TEST_EXAMPLES runs as many programs, other ones each time; without it they are always the same.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from models.dialect import Sql
from models.moment import FOREVER
from tests.client import Client
from tests.history.comparing import Comparison
from tests.history.playing import begin, play, random_histories
from tests.history.programs import Program, programs
from tests.history.running import Runner


@random_histories(10)
@given(program=programs(8))
async def test_random_history(client: Client, monkeypatch: pytest.MonkeyPatch, program: Program) -> None:
    """Whatever verbs came in whatever order, every view shows by every way what the naive model shows."""
    runner = await begin(client, monkeypatch, program)
    async for step in play(runner, program):
        await Comparison(runner, runner.aim(step.glance)).compare()
    for glance in program.glances:
        await Comparison(runner, runner.aim(glance)).compare()
    await check_invariants(runner)


async def check_invariants(runner: Runner) -> None:
    """Revisions have no gaps and say who; open publications do not overlap, nor share a slug at one moment."""
    rows = await runner.database.read(Sql("SELECT number, actor FROM revision ORDER BY number"))
    numbers = [row["number"] for row in rows]
    assert {row["number"]: row["actor"] for row in rows if row["number"] in runner.names} == runner.names
    assert numbers == list(range(numbers[0], runner.history.last.revision + 1))
    collisions = await runner.database.read(
        Sql(
            "SELECT p.id FROM publication p JOIN publication q ON p.id < q.id AND p.locale = q.locale "
            "AND (p.article_id = q.article_id OR (p.slug = q.slug AND p.site_id = q.site_id)) "
            "AND p.live_from < q.live_until AND q.live_from < p.live_until WHERE p.until = ? AND q.until = ?",
            (FOREVER, FOREVER),
        )
    )
    assert list(collisions) == []
