"""The head revision in memory: what other processes commit is seen, and can be waited for."""

from __future__ import annotations

import asyncio
import sys

import pytest

from api.settings import Settings
from schema import service
from tests.client import Client

OTHER_PROCESS = """
import asyncio, sys
from models.access import system_actor
from models.composition import compose
from models.database import open_database
from models.draft import ArticleDraft
from models.editing import Identity, Submission, save_articles
from tests.client import SITE, article_id

async def main():
    async with open_database(sys.argv[1]) as database:
        composition = compose(ArticleDraft("en", "b", "From elsewhere"), lambda href: None)
        submission = Submission(Identity(article_id("b"), SITE.id, "b"), composition)
        await save_articles(database, [submission], actor=system_actor("t"), sites=[SITE], publish=True)

asyncio.run(main())
"""


async def test_commits_of_other_processes_are_seen(client: Client, settings: Settings) -> None:
    """What another process committed is there for whoever asks with its revision."""
    assert (await client.ask("{ head }")).data == {"head": 0}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", OTHER_PROCESS, settings.database)
    assert await process.wait() == 0
    reply = await client.ask("query @view(minRevision: 1) { head articles { nodes { title } } }")
    assert reply.data == {"head": 1, "articles": {"nodes": [{"title": "From elsewhere"}]}}


async def test_waiting_is_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A revision that does not come in time is an error, not an older answer."""
    monkeypatch.setattr(service, "REACH_SECONDS", 0.05)
    reply = await client.ask("query @view(minRevision: 1) { head }")
    assert reply.codes == ["REVISION_NOT_REACHED"]
