"""A read is of one moment: under constant updates all that an answer shows belongs together, and is never older.

QUIET_TEST_READS says how many answers are read in all.
"""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import replace
from itertools import count

import pytest

from api.settings import Settings
from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from tests.client import Client, serve

READS = int(os.environ.get("QUIET_TEST_READS", "400"))
READERS = 8
PARTS = "title summary sections { heading body { text } } questions { question answer { text } }"
QUERY = f"""query Look {{
  ebb: article(by: {{ slug: "ebb" }}) {{ {PARTS} }}
  flow: article(by: {{ path: "/en/flow" }}) {{ {PARTS} related {{ article {{ title }} }} }}
  articles(orderBy: [{{ field: TITLE }}]) {{ nodes {{ title questions {{ question }} }} totalCount }}
  questions {{ nodes {{ question article {{ title }} }} }}
  search(query: "water") {{ nodes {{ article {{ title }} }} }}
}}"""

pytestmark = pytest.mark.database


def draft(slug: str, number: int) -> ArticleDraft:
    """Return an article all of whose texts name a number."""
    said = f"water {number}"
    sections = [SectionDraft(f"{slug} {said} {part}", 2, body=f"It is {said}.") for part in range(3)]
    questions = [QuestionDraft(f"Is {slug} {said}, {part}?", f"It is {said}.") for part in range(3)]
    return ArticleDraft("en", slug, f"{slug} {said}", summary=said, sections=sections, questions=questions)


async def write(client: Client, is_done: asyncio.Event) -> int:
    """Change both articles in one revision, again and again; return how often."""
    for number in count(1):
        await client.save(draft("ebb", number), draft("flow", number))
        if is_done.is_set():
            return number
    raise AssertionError


async def read(client: Client, numbers: list[int]) -> None:
    """Read until there are enough, each answer with memory as full as it happens to be."""
    newest = 0
    while len(numbers) < READS:
        if len(numbers) % 7 == 0:
            client.forget(100_000)
        reply = await client.ask(f"{QUERY}\n# {len(numbers) % 3}")
        assert reply.data["articles"]["totalCount"] == 2
        found = {int(number) for number in re.findall(rb"water (\d+)", reply.content)}
        assert len(found) == 1, reply.content
        (number,) = found
        # Whoever has seen something never sees what was before it.
        assert number >= newest
        newest = number
        numbers.append(number)


@pytest.mark.parametrize("kept", [0, 5_000_000])
async def test_answers_are_of_one_moment(settings: Settings, kept: int) -> None:
    """Two articles that change together, with all their parts, in lists and searches, show one and the same state."""
    async with serve(
        replace(settings, response_cache_bytes=kept, cost_per_minute=0, operation_seconds=60)
    ) as client:
        await client.save(draft("ebb", 0), draft("flow", 0))
        numbers: list[int] = []
        is_done = asyncio.Event()
        writing = asyncio.create_task(write(client, is_done))
        try:
            await asyncio.gather(*(read(client, numbers) for _ in range(READERS)))
        finally:
            is_done.set()
            written = await writing
    assert written > READS // 200
    assert len(set(numbers)) > READS // 200
