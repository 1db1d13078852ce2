"""Copies of what somebody may see, kept in step by `changes` alone, and how they are held against fresh snapshots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from models.access import Role
from tests.client import Client
from tests.content import DAY
from tests.history.playing import play
from tests.history.programs import Program
from tests.history.running import Runner

VIEW = "query($drafts: Perspective!, $locales: [Locale!]%s) @view(perspective: $drafts, locales: $locales) "
SHOWN = (
    "id locale slug title summary publishedAt updatedAt tags { slug } "
    "sections { heading body { markdown } } questions { question }"
)
SNAPSHOT = VIEW % "" + f"{{ articles(first: 100) {{ nodes {{ {SHOWN} }} }} head }}"
CHANGES = VIEW % ", $since: Revision, $after: String, $first: Int!" + (
    "{ changes(since: $since, after: $after, first: $first) { cursor revision hasMore changes { "
    f"cursor revision at kind articleId locale site {{ key }} article {{ {SHOWN} }} }} }} }}"
)

Reader = tuple[Client, bool, list[str] | None]
"""Who reads, whether drafts, and in which locales."""


@dataclass
class Copy:
    """A copy of all articles that a client may see in some locales, kept in step by pages of so many changes."""

    client: Client
    drafts: bool
    locales: list[str] | None
    size: int = 100
    articles: dict[str, Any] = field(default_factory=dict)
    since: int | None = None
    after: str | None = None
    seen: set[str] = field(default_factory=set)

    @property
    def perspective(self) -> str:
        """Return the perspective in the words of the contract."""
        return "DRAFT" if self.drafts else "PUBLISHED"

    async def ask(self, query: str, **variables: Any) -> Any:
        """Ask in the copy's view, for which few statements are enough."""
        reply = await self.client.ask(query, drafts=self.perspective, locales=self.locales, **variables)
        assert len(reply.statements) <= 14
        return reply.data

    async def snapshot(self) -> dict[str, Any]:
        """Return all articles afresh; the first snapshot is what the copy goes on from."""
        data = await self.ask(SNAPSHOT)
        self.since = self.since or data["head"]
        return {article["id"]: article for article in data["articles"]["nodes"]}

    async def begin(self) -> None:
        """Take the first snapshot."""
        self.articles = await self.snapshot()

    async def follow(self) -> list[Any]:
        """Apply all changes page by page, and return them."""
        told: list[Any] = []
        while True:
            since = None if self.after else self.since
            page = (await self.ask(CHANGES, since=since, after=self.after, first=self.size))["changes"]
            assert len(page["changes"]) <= self.size
            for change in page["changes"]:
                self.apply(change, change["cursor"])
            told += page["changes"]
            assert page["changes"] or not page["hasMore"]
            self.after = page["cursor"]
            if not page["hasMore"]:
                return told

    def apply(self, change: Any, cursor: str) -> None:
        """Apply one change; its cursor was never seen before."""
        assert cursor not in self.seen
        self.seen.add(cursor)
        if change["article"]:
            self.articles[change["articleId"]] = change["article"]
        else:
            self.articles.pop(change["articleId"], None)


async def list_readers(runner: Runner) -> list[Reader]:
    """Return readers with every right, in one locale, several, or all."""
    limited = await runner.public.sign_in(Role.PREVIEWER, locales=["de"], sites=["one"])
    return [
        (runner.public, False, None),
        (runner.public, False, ["en"]),
        (runner.public, False, ["de", "en"]),
        (limited, False, None),
        (runner.client, True, None),
        (runner.client, True, ["en", "de"]),
        (limited, True, None),
    ]


async def check_copies(runner: Runner, program: Program, make_copy: Callable[[int, Reader], Copy]) -> None:
    """Begin a copy after each step of a program, and compare all with fresh snapshots when time has passed.

    Every second copy follows after each step, the others only in the end. Copies are numbered; readers take turns.
    """
    readers = await list_readers(runner)
    copies: list[Copy] = []
    async for _ in play(runner, program):
        number = len(copies)
        copies.append(make_copy(number, readers[number % len(readers)]))
        await copies[number].begin()
        for copy in copies[::2]:
            await copy.follow()
    runner.clock.now += 3 * DAY
    for copy in copies:
        await copy.follow()
        assert copy.articles == await copy.snapshot()
