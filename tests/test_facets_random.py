"""Facets of random lists, held against counting one by one, from memory and from the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings

from models.live_index import LiveIndex
from tests.naive_facets import (
    OF_ARTICLES,
    OF_QUESTIONS,
    count_sites,
    count_tags,
    count_values,
    count_years,
)
from tests.naive_filters import Where, meets, meets_question
from tests.random_articles import Shown, Stored, store
from tests.random_filters import ARTICLES, EXAMPLES, QUESTION, filters
from tests.test_filters_random import perspectives

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database]
properties = settings(
    derandomize=True,
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow],
)
LIST = "query($where: ArticleWhere) %s { articles(first: 0, where: $where) { " + OF_ARTICLES + " } }"
QUESTIONS = "query($where: QuestionWhere) %s { questions(first: 0, where: $where) { " + OF_QUESTIONS + " } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ARTICLES, ids=repr)
async def stored(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stored]:
    """Random articles in a database."""
    async with store(request.param, tmp_path_factory.mktemp("random")) as stored:
        yield stored


def count(articles: list[Shown]) -> dict[str, Any]:
    """Return the facets of articles, each as often as it is among them."""
    return {
        "tags": count_tags([list(article.named_tags) for article in articles]),
        "authors": count_values("author", (set(article.draft.authors) for article in articles)),
        "years": count_years(article.published_at for article in articles),
        "sites": count_sites(article.site for article in articles),
        "locales": count_values("locale", ({article.draft.locale} for article in articles)),
    }


def count_kinds(articles: list[Shown]) -> list[dict[str, Any]]:
    """Return the facet of the kinds of sections."""
    kinds = ({section.kind.value for section in article.draft.sections} for article in articles)
    return [{**one, "kind": one["kind"].upper()} for one in count_values("kind", kinds)]


@properties
@given(filters, perspectives)
async def test_facets_of_articles(stored: Stored, where: Where, view: str) -> None:
    """Facets count exactly the articles that meet the filter, the most frequent values first."""
    met = [article for article in stored.articles.all_shown() if meets(where, article)]
    expected = {**count(met), "sectionKinds": count_kinds(met)}
    index = stored.client.service.index
    for limited in (index, LiveIndex(stored.client.database, 0)):
        stored.client.service.index = limited
        found = (await stored.client.ask(LIST % view, where=where)).data["articles"]["facets"]
        assert found == expected
    stored.client.service.index = index


@properties
@given(QUESTION, perspectives)
async def test_facets_of_questions(stored: Stored, where: Where, view: str) -> None:
    """Facets of questions count each question that meets the filter with the traits of its article."""
    met = [
        article
        for article in stored.articles.all_shown()
        for text in article.questions
        if meets_question(where, text, article.site)
    ]
    found = (await stored.client.ask(QUESTIONS % view, where=where)).data["questions"]["facets"]
    assert found == count(met)
