"""Searches with quotes and minus signs: what must stand, and what must not."""

from __future__ import annotations

import pytest

from models.draft import ArticleDraft, SectionDraft
from tests.client import Client
from tests.test_search import SEARCH, library, search, slugs

__all__ = ["library"]


async def test_phrases(library: Client) -> None:
    """A phrase must stand as it is, whatever else is asked for, and each of several must."""
    assert await slugs(library, '"twice a day"') == ["tides"]
    assert await slugs(library, '"a twice day"') == []
    assert await slugs(library, '"hot oven" moon') == ["bread"]
    assert await slugs(library, '"hot oven" "culture daily"') == ["bread"]
    assert await slugs(library, '"hot oven" "twice a day"') == []


async def test_a_word_in_quotes(library: Client) -> None:
    """A single word in quotes must stand as well."""
    assert await slugs(library, "moon bread") == ["tides", "bread"]
    assert await slugs(library, '"moon" bread') == ["tides"]
    assert await slugs(library, '"xylophone" bread') == []


async def test_words_to_leave_out(library: Client) -> None:
    """What a word or phrase behind a minus stands in anywhere is left out; a minus elsewhere means nothing."""
    assert set(await slugs(library, "sea cooking")) == {"tides", "bread"}
    assert await slugs(library, "sea cooking -moon") == ["bread"]
    assert await slugs(library, 'sea cooking -"twice a day"') == ["bread"]
    assert await slugs(library, "sea sourdough -yeast") == ["tides"]
    assert await slugs(library, 'sea sourdough -"hot oven"') == ["tides"]
    assert await slugs(library, "moon -- - -") == ["tides"]


@pytest.mark.parametrize(
    "typed", ["\u201ca day\u201d twice", "\u201ea day\u201c twice", "\u00aba day\u00bb twice"]
)
async def test_quotes_of_all_keyboards(library: Client, typed: str) -> None:
    """Quotes are those that keyboards make of them."""
    assert await slugs(library, typed) == ["tides"]
    assert await slugs(library, typed.replace("a day", "day a")) == []


async def test_quotes_that_are_not_closed(library: Client) -> None:
    """While a phrase is typed its words count, and behind a minus they are left out already."""
    assert set(await slugs(library, '"hot oven mo')) == {"bread", "tides"}
    assert set(await slugs(library, 'sea sourdough -"hot ov')) == {"tides", "bread"}
    assert await slugs(library, 'sea sourdough -"hot oven') == ["tides"]


async def test_all_that_have_a_phrase(client: Client) -> None:
    """What has a phrase is found however much else has its words, and wherever in a long text it stands."""
    sections = [
        SectionDraft("Page new", 2, body="The page is new, and page by page the new") for _ in range(40)
    ]
    crowd = [ArticleDraft("en", f"crowd-{n}", "New to page", sections=sections) for n in range(10)]
    text = "word " * 200 + "the page by the page, " * 20 + "and here a new page" + " word" * 200
    await client.save(
        *crowd, ArticleDraft("en", "one", "Other", sections=[SectionDraft("Part", 2, body=text)])
    )
    found = await search(client, '"new page"', first=20)
    assert [node["article"]["slug"] for node in found["nodes"]] == ["one"]
    assert found["totalCount"] == 1
    assert "<mark>new</mark> <mark>page</mark>" in found["nodes"][0]["fragments"][0]
    assert len(await slugs(client, "-other new page", first=20)) == 10


async def test_a_phrase_that_stands_nowhere(library: Client) -> None:
    """Passages are not looked for again and again where few have all words of a phrase, however many have one."""
    crowd = [SectionDraft(None, 2, body="page" if n < 460 else "lamp") for n in range(900)]
    await library.save(ArticleDraft("en", "crowd", "Crowd", sections=crowd))
    reply = await library.ask(SEARCH, words='"page lamp"')
    assert reply.data["search"]["nodes"] == []
    # Once with the phrase, and without it for what a phrase leaves out.
    assert sum("found AS MATERIALIZED" in s and "e.id IN (" in s for s in reply.statements) == 1


async def test_what_is_left_out_is_not_corrected(library: Client) -> None:
    """A word that stands only where a minus or a phrase leaves it out stands for no other."""
    await library.save(ArticleDraft("en", "noon", "Noon and Soon"))
    for typed in ("moon -twice", '"noon and soon" moon -twice', 'moon "pulls moon"'):
        found = await search(library, typed)
        assert found["didYouMean"] is None
    assert await slugs(library, "moon -twice") == []
