"""Random filters and orders over random articles, held against what they say evaluated one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schema.node import encode_id
from tests.naive_filters import Where, arrange, meets, meets_question
from tests.random_articles import Stored, store
from tests.random_filters import ARTICLES, EXAMPLES, QUESTION, filters, orders

perspectives = st.sampled_from(["", "@view(perspective: DRAFT)"])

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database]
properties = settings(
    derandomize=True,
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ARTICLES, ids=repr)
async def stored(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stored]:
    """Random articles in a database."""
    async with store(request.param, tmp_path_factory.mktemp("random")) as stored:
        yield stored


LIST = """query($where: ArticleWhere, $order: [ArticleOrder!]) %s {
  articles(first: 100, where: $where, orderBy: $order) { totalCount nodes { id } } }"""


@properties
@given(filters, orders, perspectives)
@example({"sections": {"some": {"heading": {"ne": "a"}}}}, [], "")
@example({"sections": {"none": {"heading": {"notIn": ["a", ""]}}}}, [], "")
@example({"tags": {"some": {"contains": "ẞ"}}}, [], "")
async def test_articles(stored: Stored, where: Where, order: list[tuple[str, bool]], view: str) -> None:
    """A list has exactly the articles that meet its filter, in its order, and counts them."""
    met = [article for article in stored.articles.all_shown() if meets(where, article)]
    directions = [{"field": name, "direction": "DESC" if down else "ASC"} for name, down in order]
    found = (await stored.client.ask(LIST % view, where=where, order=directions)).data["articles"]
    assert [node["id"] for node in found["nodes"]] == [
        encode_id("Article", a.id) for a in arrange(met, order)
    ]
    assert found["totalCount"] == len(met)


QUESTIONS = """query($where: QuestionWhere) %s {
  questions(first: 100, where: $where) { totalCount nodes { question article { id } } } }"""


@properties
@given(QUESTION, perspectives)
async def test_questions(stored: Stored, where: Where, view: str) -> None:
    """A list of questions has exactly those that meet its filter, newest articles first."""
    expected = [
        {"question": text, "article": {"id": encode_id("Article", article.id)}}
        for article in arrange(stored.articles.all_shown(), [])
        for text in article.questions
        if meets_question(where, text, article.site)
    ]
    found = (await stored.client.ask(QUESTIONS % view, where=where)).data["questions"]
    assert found == {"totalCount": len(expected), "nodes": expected[:100]}
