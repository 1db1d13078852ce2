"""A service to attack."""

from __future__ import annotations

import pytest

from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from tests.client import Client


@pytest.fixture
async def attacked(client: Client) -> Client:
    """A service with a few articles, and the limits that it has by default."""
    sections = [SectionDraft(f"Part {n}", 2, body="The sea rises.") for n in range(4)]
    questions = [QuestionDraft(f"Why {n}?", "Because of the moon.") for n in range(4)]
    await client.save(
        *(
            ArticleDraft("en", f"tides-{n}", f"Tides {n}", sections=sections, questions=questions)
            for n in range(12)
        )
    )
    await client.service._counts._count(0)
    return client
