"""Plans: made once for an operation, whatever the arguments of its root fields are, and never for another answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

import schema.planning
from models.draft import ArticleDraft
from schema.plan import Plan, make_plan
from tests.client import Client

pytestmark = pytest.mark.database

DOCUMENT = """query Page($slug: String!, $first: Int = 1, $long: Boolean = false, $words: Int = 2) {
  article(by: { slug: $slug }) { title ...Long @include(if: $long) }
  articles(first: $first) { nodes { slug } }
}
fragment Long on Article { intro { excerpt(words: $words) } }"""

ROOT = "query Root($long: Boolean = false) { articles @include(if: $long) { nodes { slug } } }"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Sequence[object]:
    """Return the plans that are made during a test."""
    plans: list[object] = []

    def note(*arguments: Any) -> Plan | None:
        plan = make_plan(*arguments)
        plans.append(plan)
        return plan

    monkeypatch.setattr(schema.planning, "make_plan", note)
    return plans


async def test_one_plan_for_all_arguments(client: Client, made: Sequence[object]) -> None:
    """Other arguments of root fields need no other plan; what chooses the selection does."""
    await client.save(*(ArticleDraft("en", name, name.upper(), intro="One two three.") for name in "abc"))
    for name in "abc":
        reply = await client.ask(DOCUMENT, slug=name, first=2)
        assert reply.data["article"] == {"title": name.upper()}
        assert len(reply.data["articles"]["nodes"]) == 2
    assert len(made) == 1
    for words, excerpt in ((1, "One…"), (2, "One two…")):
        reply = await client.ask(DOCUMENT, slug="a", long=True, words=words)
        assert reply.data["article"] == {"title": "A", "intro": {"excerpt": excerpt}}
    assert len(made) == 3
    assert None not in made


async def test_wrong_variables(client: Client, made: Sequence[object]) -> None:
    """Variables of a wrong type, missing ones and refused arguments are errors, and the next answer is right."""
    await client.save(ArticleDraft("en", "a", "A"))
    assert (await client.ask(DOCUMENT, slug="a")).data["article"] == {"title": "A"}
    for wrong in ({"slug": 1}, {}, {"slug": "a", "first": "many"}):
        assert (await client.ask(DOCUMENT, **wrong)).codes == ["BAD_USER_INPUT"]
    for document in (DOCUMENT, ROOT):
        assert (await client.ask(document, slug="a", long=None)).codes == ["BAD_USER_INPUT"]
    assert (await client.ask(DOCUMENT, slug="a", first=-1)).body["errors"][0]["path"] == ["articles"]
    assert (await client.ask(DOCUMENT, slug="a")).data["article"] == {"title": "A"}
    assert len([plan for plan in made if plan]) == 1
