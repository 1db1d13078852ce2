"""Suggestions among random articles, held against comparing one text after the other, from memory and without any."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.library import PHRASES, Library
from models.live_index import LiveIndex
from models.searching import found_phrases
from models.searching.kept_phrases import measure
from tests.naive_suggestions import Text, suggest
from tests.random_articles import PIECES, Stored, store
from tests.random_filters import ARTICLES, EXAMPLES
from tests.test_filters_random import perspectives

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database]
QUERY = "query($prefix: String!, $site: String) %s { suggest(prefix: $prefix, first: 50, site: $site) { kind text } }"
ENDS = [*PIECES, "twin", "twi", "k1", "タ", "l'e", "x"]
typed = st.lists(st.sampled_from(ENDS), min_size=1, max_size=4).map("".join)

LITTLE = {
    "MOST_MATCHES": 3,
    "MOST_PASSAGES": 12,
    "MOST_EDITIONS": 8,
    "MOST_FOUND": 5,
    "MOST_COMPLETIONS": 2,
    "MOST_GROWN": 4,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ARTICLES, ids=repr)
async def stored(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stored]:
    """Random articles in a database."""
    async with store(request.param, tmp_path_factory.mktemp("random")) as stored:
        yield stored


def list_texts(stored: Stored, site: str | None) -> list[Text]:
    """Return all that may be suggested of a site, or of all."""
    shown = [one for one in stored.articles.all_shown() if site in {None, one.site}]
    names: dict[str, str] = {}
    for slug, name in (tag for one in shown for tag in one.named_tags):
        names[slug] = min(name, names.get(slug, name))
    return [
        *(Text("ARTICLE", one.draft.title, one.id) for one in shown),
        *(
            Text("QUESTION", question, one.id, place)
            for one in shown
            for place, question in enumerate(one.questions, start=1)
        ),
        *(Text("TAG", name, slug) for slug, name in names.items()),
    ]


@settings(
    derandomize=True,
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(typed, perspectives, st.sampled_from([None, "one", "two"]))
@example("a", "", None)
@example("tw", "", "one")
@example("Ä ", "", None)
async def test_suggestions(stored: Stored, prefix: str, view: str, site: str | None) -> None:
    """What is suggested is exactly what has all that was typed, the best first."""
    expected = [{"kind": one.kind, "text": one.text} for one in suggest(prefix, list_texts(stored, site))]
    service = stored.client.service
    index, library = service.index, service.library
    try:
        for memory in ("all", "titles", "none"):
            if memory == "titles":
                service.library = Library(service.database, find_room_for_titles(index))
            if memory == "none":
                service.index, service.library = LiveIndex(service.database, 0), Library(service.database, 0)
            found = (await stored.client.ask(QUERY % view, prefix=prefix, site=site)).data["suggest"]
            assert found == expected[:50]
            kept = service.library.phrases
            assert kept.size <= kept.limit
            assert not (memory == "titles" and kept.learnt) or (kept.titles and kept.questions is None)
    finally:
        service.index, service.library = index, library


def find_room_for_titles(index: LiveIndex) -> int:
    """Return a limit in which the titles of what is live can be kept, but not the questions."""
    editions = len(index.edition_ids())
    return PHRASES * measure(editions, editions + 5)


@settings(
    derandomize=True,
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(typed, perspectives, st.sampled_from([None, "one", "two"]))
@example("a", "", None)
async def test_suggestions_of_a_part(stored: Stored, prefix: str, view: str, site: str | None) -> None:
    """Where only a part may be looked at, what is suggested has all that was typed, in the same order."""
    texts = list_texts(stored, site)
    expected = [(one.kind, one.text) for one in suggest(prefix, texts) if one.kind != "TAG"]
    names = {name for one in stored.articles.all_shown() for _, name in one.named_tags}
    service = stored.client.service
    index, library = service.index, service.library
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, value in LITTLE.items():
            monkeypatch.setattr(found_phrases, name, value)
        try:
            service.index, service.library = LiveIndex(service.database, 0), Library(service.database, 0)
            found = (await stored.client.ask(QUERY % view, prefix=prefix, site=site)).data["suggest"]
        finally:
            service.index, service.library = index, library
    rest = iter(expected)
    assert all((one["kind"], one["text"]) in rest for one in found if one["kind"] != "TAG")
    assert names.issuperset(one["text"] for one in found if one["kind"] == "TAG")
