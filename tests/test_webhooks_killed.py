"""Several processes share webhooks: one delivers, another one takes over when it dies, and nothing is lost."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import pytest

from api.settings import Settings
from models.access import system_actor
from models.database import open_database
from models.webhook import Wanted, create_webhook
from tests.receiver import Receiver, Told, receiving
from tests.serving import QUIET_SERVE, quiet_environment, serving
from tests.test_change_stream import SITE, Site, kill_servers, prepare

COUNT = 12
KILLED_AT = 5


def read_titles(receiver: Receiver, count: int) -> list[str]:
    """Return the titles of the articles of the next requests, up to that of the last one of `count`."""
    titles: list[str] = []
    while not titles or titles[-1] != f"Article {count}":
        data = json.loads(receiver.take(60).body)["data"]
        if data["article"] is not None:
            titles.append(data["article"]["title"])
    return titles


@pytest.mark.database
async def test_a_killed_process_is_taken_over(settings: Settings, tmp_path: Path) -> None:
    """A process that is killed in the middle leaves its webhook to another one: each event at least once, in order."""
    secret = await prepare(settings)
    environment = {**quiet_environment(settings), "QUIET_WEBHOOK_PRIVATE": "on"}
    with receiving(lambda _: Told(200, wait=0.1)) as receiver:
        async with open_database(settings.database) as database:
            actor = system_actor("test")
            await create_webhook(database, actor, receiver.address, Wanted(), private=True)
        (tmp_path / "one").mkdir()
        with serving(QUIET_SERVE, tmp_path / "one", environment) as first:
            site = Site(first, secret)
            site.send(SITE)
            assert json.loads(receiver.take().body)["type"] == "site.created"
            with serving(QUIET_SERVE, tmp_path, environment) as second:
                other = Site(second, secret)
                for number in range(1, COUNT + 1):
                    other.publish(f"Article {number}")
                titles = read_titles(receiver, KILLED_AT)
                assert [title for title, _ in groupby(titles)] == [
                    f"Article {number}" for number in range(1, KILLED_AT + 1)
                ]
                kill_servers(first)
                titles += read_titles(receiver, COUNT)
        assert [title for title, _ in groupby(titles)] == [f"Article {n}" for n in range(1, COUNT + 1)]
        assert len(titles) <= COUNT + 1, "only what was under way is sent a second time"
