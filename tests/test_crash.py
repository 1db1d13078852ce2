"""A server that is killed at any moment: what it acknowledged is there, nothing is half there, repeats are exact.

QUIET_TEST_ROUNDS says how often it is killed; the suite does it a few times.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from tests.serving import QUIET_SERVE, free_port, quiet_environment, wait_for_answer

ROUNDS = int(os.environ.get("QUIET_TEST_ROUNDS", "2"))
WRITERS = 8
PARTS = 6


@dataclass(slots=True)
class Journal:
    """What writers sent by its key, and what they were answered; None where no answer came."""

    sent: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)


@contextmanager
def killable(folder: Path, settings: Settings) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run a server that the block kills; give its address and process."""
    port = free_port()
    log = folder / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*QUIET_SERVE, "--port", str(port)],
            cwd=folder,
            env={**os.environ, **quiet_environment(settings)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            wait_for_answer(server, f"http://127.0.0.1:{port}", log)
            yield f"http://127.0.0.1:{port}", server
        finally:
            server.kill()


def make_request(name: str, random: Random, shared: Any) -> tuple[str, dict[str, Any]]:
    """Return a mutation: a whole new article, published, or another section of the one that all share."""
    if random.random() < 0.6:
        sections = [
            {"heading": f"{name} {number}", "body": "word " * 200, "questions": [{"question": f"{name}?"}]}
            for number in range(PARTS)
        ]
        return "createArticle", {"locale": "en", "title": name, "sections": sections, "publish": True}
    base = {"articleId": shared["id"], "locale": "en", "ifRevision": shared["revision"]}
    return "createSection", {**base, "section": {"heading": name}}


async def write(editor: Editor, journal: Journal, random: Random, name: str, shared: Any) -> None:
    """Send mutations with keys until the server is gone."""
    with suppress(httpx2.HTTPError):
        for number in range(10_000):
            key = f"{name} {number}"
            journal.sent[key] = make_request(key, random, shared)
            mutation, values = journal.sent[key]
            payload = await editor.send(mutation, idempotency=key, **values)
            assert payload["errors"] == []
            journal.answers[key] = payload


async def kill_under_load(
    address: str, server: subprocess.Popen[bytes], publisher: Client, journal: Journal, seed: int, shared: Any
) -> None:
    """Let writers work on a server and kill it after a random number of answers."""
    random = Random(seed)
    enough = len(journal.answers) + random.randint(1, 40)
    async with httpx2.AsyncClient(base_url=address, trust_env=False, timeout=60) as http:
        editor = Editor(replace(publisher, http=http))
        writers = [
            asyncio.ensure_future(write(editor, journal, Random(seed * 100 + n), f"{seed} {n}", shared))
            for n in range(WRITERS)
        ]
        while len(journal.answers) < enough:  # noqa: ASYNC110 - the moment shall be a random one
            await asyncio.sleep(random.random() / 200)
        server.kill()
        await asyncio.gather(*writers)


async def check(editor: Editor, journal: Journal) -> None:
    """All that was acknowledged is there, whole; what is sent again is answered as before and does nothing."""
    database = editor.client.database
    database.head.look()
    rows = await database.read(
        Sql(
            "SELECT e.id, COUNT(s.id) AS parts FROM edition e LEFT JOIN section s ON s.edition_id = e.id "
            "WHERE e.title <> 'shared' GROUP BY e.id"
        )
    )
    assert {row["parts"] for row in rows} <= {PARTS}
    numbers = await database.read(Sql("SELECT number FROM revision ORDER BY number"))
    assert [row["number"] for row in numbers] == list(range(1, len(numbers) + 1))
    for key, answer in journal.answers.items():
        mutation, values = journal.sent[key]
        assert await editor.send(mutation, idempotency=key, **values) == answer
    assert len(await database.read(Sql("SELECT number FROM revision"))) == len(numbers)


async def finish(editor: Editor, journal: Journal, others: int = 1) -> None:
    """Send again what was never answered; done or not, each is there once in the end, beside so many others."""
    for key, (mutation, values) in journal.sent.items():
        if key not in journal.answers:
            journal.answers[key] = await editor.send(mutation, idempotency=key, **values)
    created = {
        p["article"]["id"] for key, p in journal.answers.items() if journal.sent[key][0] == "createArticle"
    }
    reply = await editor.client.ask("query @view(perspective: DRAFT) { articles { totalCount } }")
    assert reply.data["articles"]["totalCount"] == len(created) + others
    revisions = [payload["revision"] for payload in journal.answers.values()]
    assert len(set(revisions)) == len(revisions)


async def test_kill(client: Client, settings: Settings, tmp_path: Path) -> None:
    """Killed again and again under eight writers, the server loses nothing and does nothing twice."""
    administrator = await sign_in_editor(client)
    shared = await administrator.create("shared")
    publisher = await client.sign_in(Role.PUBLISHER)
    journal = Journal()
    for seed in range(ROUNDS):
        with killable(tmp_path, settings) as (address, server):
            await kill_under_load(address, server, publisher, journal, seed, shared)
        await check(Editor(publisher), journal)
    await finish(Editor(publisher), journal)
    await check(Editor(publisher), journal)
