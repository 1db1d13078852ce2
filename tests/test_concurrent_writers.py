"""Many writers at once: every acknowledged change is in the history once, every conflict is told, nothing breaks.

QUIET_TEST_MUTATIONS says how many mutations are sent in all; the suite sends few.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import httpx2

from api.settings import Settings
from models.access import Role
from models.dialect import Sql
from tests.client import Client
from tests.editor import Editor, sign_in_editor
from tests.serving import QUIET_SERVE, quiet_environment, serving

WRITERS = 16
MUTATIONS = int(os.environ.get("QUIET_TEST_MUTATIONS", "240"))
FIELDS = ("title", "summary", "intro")
EXPECTED = {"CONFLICT", "NOT_FOUND", "SLUG_TAKEN"}


@dataclass(slots=True)
class Tally:
    """What all writers were told: the changes that were acknowledged, by revision, and the refusals by code."""

    done: dict[int, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, what: str, payload: Any) -> None:
        """Note an answer; no revision may be acknowledged twice."""
        for error in payload["errors"]:
            self.refused[error["code"]] += 1
        if payload["revision"] is not None:
            assert payload["revision"] not in self.done
            self.done[payload["revision"]] = what


@dataclass(slots=True)
class Writer:
    """One of the writers, who remembers what it has read of the articles that all share."""

    number: int
    editor: Editor
    articles: list[Any]
    tally: Tally
    random: Random

    async def work(self, count: int) -> None:
        """Send so many mutations, one after the other."""
        for number in range(count):
            await self.random.choice([self.update, self.update, self.add, self.publish, self.create])(number)

    async def update(self, number: int) -> None:
        """Change a field of a shared article, as it was when this writer read it last."""
        place = self.random.randrange(len(self.articles))
        article = self.articles[place]
        values = {self.random.choice(FIELDS): f"writer {self.number} change {number}"}
        payload = await self.editor.send(
            "updateArticle", id=article["id"], locale="en", ifRevision=article["revision"], **values
        )
        self.tally.note(str(values), payload)
        if payload["errors"]:
            self.articles[place] = await self.read(article["id"])
        else:
            self.articles[place] = payload["article"]

    async def add(self, number: int) -> None:
        """Add a section to a shared article; that never conflicts."""
        article = self.random.choice(self.articles)
        heading = f"section {self.number} {number}"
        payload = await self.editor.send(
            "createSection",
            articleId=article["id"],
            locale="en",
            ifRevision=article["revision"],
            section={"heading": heading},
        )
        assert payload["errors"] == []
        self.tally.note(heading, payload)

    async def publish(self, number: int) -> None:
        """Publish a shared article, or take it off."""
        mutation = self.random.choice(["publishArticles", "publishArticles", "unpublishArticles"])
        payload = await self.editor.send(mutation, ids=[self.random.choice(self.articles)["id"]])
        self.tally.note(f"{mutation} {number}", payload)

    async def create(self, number: int) -> None:
        """Create an article of this writer's own."""
        title = f"article {self.number} {number}"
        payload = await self.editor.send("createArticle", locale="en", title=title)
        assert payload["errors"] == []
        self.tally.note(title, payload)

    async def read(self, article_id: str) -> Any:
        """Return a shared article as it is now."""
        query = "query($id: ID!) @view(perspective: DRAFT) { article(by: {id: $id}) { id revision } }"
        return (await self.editor.client.ask(query, id=article_id)).data["article"]


async def check(editor: Editor, tally: Tally, first: int) -> None:
    """The history holds exactly what was acknowledged, without gaps, and the drafts hold what it says."""
    database = editor.client.database
    await database.head.reach(max(tally.done), 5)
    rows = await database.read(Sql("SELECT number FROM revision WHERE number > ? ORDER BY number", (first,)))
    assert [row["number"] for row in rows] == sorted(tally.done)
    assert [row["number"] for row in rows] == list(range(first + 1, first + 1 + len(rows)))
    changes = await database.read(
        Sql(
            "SELECT revision_id, COUNT(*) AS total FROM change WHERE revision_id > ? GROUP BY revision_id",
            (first,),
        )
    )
    assert len(list(changes)) == len(rows)
    headings = await database.read(
        Sql(
            "SELECT s.heading FROM section s JOIN edition e ON e.id = s.edition_id WHERE e.until > ?",
            (max(tally.done),),
        )
    )
    added = [what for what in tally.done.values() if what.startswith("section ")]
    assert Counter(row["heading"] for row in headings) == Counter(added)
    assert set(tally.refused) <= EXPECTED, tally.refused


async def start(editor: Editor, clients: list[Client], mutations: int) -> Tally:
    """Let all writers work at once and return what they were told."""
    articles = [await editor.create(f"shared {number}") for number in range(4)]
    tally = Tally()
    first = editor.client.database.head.revision
    writers = [
        Writer(number, Editor(clients[number % len(clients)]), list(articles), tally, Random(number))
        for number in range(WRITERS)
    ]
    await asyncio.gather(*(writer.work(mutations // WRITERS) for writer in writers))
    await check(editor, tally, first)
    return tally


async def test_one_process(client: Client) -> None:
    """Sixteen writers on the same and on different articles, through one service."""
    editor = await sign_in_editor(client)
    clients = [await client.sign_in(Role.PUBLISHER) for _ in range(WRITERS)]
    tally = await start(editor, clients, MUTATIONS)
    assert tally.refused["CONFLICT"] > 0


async def test_two_processes_share_a_database(client: Client, settings: Settings, tmp_path: Path) -> None:
    """The same through two servers on one database, over the network."""
    editor = await sign_in_editor(client)
    publisher = await client.sign_in(Role.PUBLISHER)
    folders = [tmp_path / name for name in ("one", "two")]
    async with AsyncExitStack() as stack:
        clients = []
        for folder in folders:
            folder.mkdir()
            address = stack.enter_context(serving(QUIET_SERVE, folder, quiet_environment(settings)))
            http = httpx2.AsyncClient(base_url=address, trust_env=False, timeout=60)
            clients.append(replace(publisher, http=await stack.enter_async_context(http)))
        tally = await start(editor, clients, MUTATIONS)
    assert len(tally.done) > MUTATIONS // 2
