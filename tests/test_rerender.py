"""Renewing what an older renderer made."""

from __future__ import annotations

from models.access import system_actor
from models.draft import ArticleDraft, SectionDraft
from models.edition import Edition
from models.rendering import RENDERER
from models.rerendering import count_outdated, rerender
from models.section import Section
from tests.client import Client


async def test_rerender_renews_and_readers_see_it(client: Client) -> None:
    """Editions of another renderer are rendered again as a revision, and what was in memory is replaced."""
    sections = [SectionDraft("Why?", body="Because **so**.")]
    await client.save(ArticleDraft("en", "a", "A", intro="Hello *you*.", sections=sections))
    query = "{ head articles { nodes { intro { html } sections { anchor body { html text } } } } }"
    before = (await client.ask(query)).data
    await Section.all().update(body_html="old", body_text="old", anchor="kept")
    await Edition.all().update(renderer=RENDERER + 1, intro_html="old")
    assert await count_outdated(client.database) == 1
    assert [number async for number in rerender(client.database, actor=system_actor("t"))] == [1]
    after = (await client.ask(query)).data
    assert (before["head"], after["head"]) == (1, 2)
    node = after["articles"]["nodes"][0]
    assert node["intro"] == before["articles"]["nodes"][0]["intro"]
    assert node["sections"] == [
        {"anchor": "kept", "body": before["articles"]["nodes"][0]["sections"][0]["body"]}
    ]
    assert await count_outdated(client.database) == 0
    found = (await client.ask('{ search(query: "because so") { nodes { part { __typename } } } }')).data
    assert found["search"]["nodes"] == [{"part": {"__typename": "Section"}}]
