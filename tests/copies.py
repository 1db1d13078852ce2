"""Running the programs of docs/examples/ beside a service whose content changes, and killing them on the way."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models import moment
from models.compacting import compact, plan_compacting
from models.draft import ArticleDraft, QuestionDraft, SectionDraft, SectionKind
from models.publishing import delete_articles, publish_articles, unpublish_articles
from tests.client import TESTER, Client, article_id
from tests.content import DAY, Clock, set_clock
from tests.serving import ROOT

EXAMPLES = ROOT / "docs" / "examples"
PAGE = 100
"""How many articles or changes the examples ask for at a time."""

DYING = f"""
import os, runpy, signal, sys
left = int(sys.argv.pop(1))
sys.argv.pop(0)
def trace(frame, event, argument):
    global left
    if not frame.f_code.co_filename.startswith({str(EXAMPLES)!r}):
        return None
    left -= event == "line"
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return trace
sys.path.insert(0, {str(EXAMPLES)!r})
sys.settrace(trace)
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a program that is killed before so many of the lines that it executes."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended, and what it printed."""

    status: int
    printed: str
    complaints: str


def copy_example(name: str, folder: Path, replaced: Mapping[str, str] | None = None) -> Path:
    """Copy one of the examples into a folder, with other words in place of some of its own; return its path."""
    text = (EXAMPLES / name).read_text()
    for old, new in (replaced or {}).items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / name).write_text(text)
    return folder / name


@asynccontextmanager
async def started(command: list[str], folder: Path, port: int) -> AsyncIterator[Process]:
    """Start a program in a folder, beside the service on this port; it is killed at the end of the block."""
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - nobody waits
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, "CONTENT_URL": f"http://127.0.0.1:{port}", "NO_PROXY": "127.0.0.1"},
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def run(folder: Path, port: int, name: str, *arguments: str, lines: int | None = None) -> Ended:
    """Run one of the examples to its end, or until it is killed after so many lines."""
    command = [sys.executable, "-W", "error"]
    if lines is not None:
        command += ["-c", DYING, str(lines)]
    async with started([*command, str(EXAMPLES / name), *arguments], folder, port) as process:
        printed, complaints = await process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, printed.decode(), complaints.decode())


async def update(folder: Path, port: int, name: str, *arguments: str) -> str:
    """Run one of the examples, which must succeed and complain of nothing; return what it prints."""
    ended = await run(folder, port, name, *arguments)
    assert (ended.status, ended.complaints) == (0, "")
    return ended.printed


async def kill_again_and_again(
    folder: Path, port: int, name: str, *arguments: str, look: Callable[[], None]
) -> None:
    """Run one of the examples until it succeeds, killed a little later each time; look at what each leaves behind."""
    lines, kills = 100, 0
    while (ended := await run(folder, port, name, *arguments, lines=lines)).status == -signal.SIGKILL:
        look()
        lines, kills = lines * 4 // 3, kills + 1
    assert (ended.status, ended.complaints) == (0, "")
    assert kills > 9


async def list_articles(client: Client, shown: str, locale: str = "en") -> list[Any]:
    """Return what a fresh snapshot shows of all articles."""
    query = (
        "query($locale: Locale!, $after: String) @view(locales: [$locale]) { articles(first: 100, after: $after) "
        f"{{ nodes {{ {shown} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    )
    articles: list[Any] = []
    after, more = None, True
    while more:
        page = (await client.ask(query, locale=locale, after=after)).data["articles"]
        articles += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return articles


async def save_many(client: Client, title: str) -> None:
    """Publish more articles than a page holds, or change their titles and texts."""
    count = PAGE + PAGE // 4
    drafts = [
        ArticleDraft("en", f"article-{n}", f"{title} {n}", intro=f"{title} no. {n}") for n in range(count)
    ]
    await client.save(*drafts)


TIDES = ArticleDraft(
    "en",
    "tides",
    'Tides & "currents" <today>',
    summary="Ebb & flow",
    intro="What **pulls** the water? See [quays](/en/quay), [piers](/en/pier?a=1&b=2#end) and [a map](/map).",
    questions=[QuestionDraft("Is 1 < 2?", "It *is*.")],
    sections=[
        SectionDraft(body='A text without a heading: `<a href="/en/quay">`', anchor='a"b'),
        SectionDraft("Why <b>twice</b>?", 3, SectionKind.FAQ, questions=[QuestionDraft("R & D?", "No.")]),
        SectionDraft("Weighing", 2, SectionKind.PROS_AND_CONS, pros=["It's <free>"], cons=["Salt & rust"]),
    ],
)
QUAY = ArticleDraft("en", "quay", "Quays", intro="Of stone.")
PIER = ArticleDraft("en", "pier", "Piers", intro="Of wood.")


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Lets things happen to articles, one after the other."""

    client: Client
    clock: Clock

    async def publish(self) -> None:
        """Publish an article that links to others, of which one does not stay."""
        await self.client.save(TIDES, QUAY, PIER)
        await unpublish_articles(self.client.database, [article_id("pier")], actor=TESTER)

    async def schedule(self) -> None:
        """Let an article go live by its schedule."""
        due = self.clock.now + DAY
        await publish_articles(self.client.database, [article_id("pier")], actor=TESTER, live_from=due)
        self.clock.now += 2 * DAY

    async def edit(self) -> None:
        """Change a text."""
        await self.client.save(ArticleDraft("en", "pier", "Piers", intro="Of iron."))

    async def move(self) -> None:
        """Give an article, to which others link, another slug, in the place of one that was there."""
        await self.client.save(ArticleDraft("en", "harbour/quay", "The quay", intro="Of stone."), key="quay")
        await self.client.save(ArticleDraft("en", "quay", "Another quay", intro="New."), key="another")

    async def translate(self) -> None:
        """Publish in another locale, and save drafts: nothing that a reader of English sees."""
        await self.client.save(ArticleDraft("de", "pier", "Seebrücken"), key="pier")
        await self.client.save(ArticleDraft("en", "pier", "Piers tomorrow"), publish=False)

    async def unpublish(self) -> None:
        """Take an article off."""
        await unpublish_articles(self.client.database, [article_id("quay")], actor=TESTER)

    async def delete(self) -> None:
        """Delete an article."""
        await delete_articles(self.client.database, [article_id("tides")], actor=TESTER)

    async def forget(self) -> None:
        """Remove all history but the present."""
        self.clock.now += DAY
        await self.edit()
        database = self.client.database
        plan = await plan_compacting(database, self.clock.now, actor=TESTER)
        async for _ in compact(database, plan, actor=TESTER):
            pass
        assert database.head.oldest == plan.oldest

    @property
    def verbs(self) -> list[Callable[[], Awaitable[None]]]:
        """All that happens, in order."""
        return [
            self.publish,
            self.schedule,
            self.edit,
            self.move,
            self.translate,
            self.unpublish,
            self.delete,
        ]


def open_newsroom(client: Client, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Return what lets things happen in the service of a client, whose clock stands still in between."""
    return Newsroom(client, set_clock(monkeypatch, moment.now()))
