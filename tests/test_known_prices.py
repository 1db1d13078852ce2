"""Prices of operations that were asked for before, with the same variables or others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schema.documents
from models.sizes import Sizes
from schema.answer import Request
from schema.build import build_schema, core_schema
from schema.documents import Documents, Prepared
from schema.given import Given
from schema.known_prices import MOST_PRICES
from schema.pricing import price_operation
from tests.test_pricing import SIZES

SCHEMA: Any = core_schema(build_schema())
ONE = "query($path: String!) { article(by: {path: $path}) { title sections { heading } } }"
MANY = """query($first: Int = 3, $skips: Boolean = false, $where: ArticleWhere, $words: String) {
  articles(first: $first, where: $where, search: $words) @skip(if: $skips) { totalCount nodes { id tags { slug } } }
}"""

Count = Callable[[], int]


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Tell how many prices were worked out."""
    calls: list[object] = []

    def work_out(*arguments: Any, **options: Any) -> int:
        calls.append(arguments)
        return price_operation(*arguments, **options)

    monkeypatch.setattr(schema.documents, "price_operation", work_out)
    return lambda: len(calls)


def prepare(text: str) -> Prepared:
    """Return a document that nobody has asked for before."""
    prepared = Documents(SCHEMA, None).prepare(text)
    assert not prepared.errors
    return prepared


def price(
    prepared: Prepared, variables: Mapping[str, Any], sizes: Sizes = SIZES, *, is_live: bool = True
) -> int:
    """Return the price of a document's only operation."""
    return prepared.price(SCHEMA, Request("", None, dict(variables)), sizes, is_live=is_live)


def work_out(prepared: Prepared, variables: Mapping[str, Any]) -> int:
    """Return the price of a document's only operation, without what is known of it."""
    operation = prepared.find_operation(None)
    assert prepared.document is not None
    assert operation is not None
    return price_operation(SCHEMA, prepared.document, operation, Given(operation, variables), SIZES)


def test_other_values_of_what_changes_no_price(count: Count) -> None:
    """The price of a document is worked out once for all paths, and all words that are searched for."""
    one, many = prepare(ONE), prepare(MANY)
    assert len({price(one, {"path": f"/en/{number}"}) for number in range(9)}) == 1
    assert len({price(many, {"words": f"word{number}"}) for number in range(9)}) == 1
    assert count() == 2
    assert price(many, {"words": 'a "phrase"'}) == price(many, {"words": "a"}) + 1_000
    assert count() == 3


def test_what_changes_prices(count: Count) -> None:
    """Another size of pages, another view and other sizes of the content have prices of their own."""
    prepared = prepare(MANY)
    assert price(prepared, {"first": 10}) > price(prepared, {"first": 5}) > price(prepared, {})
    assert price(prepared, {}, is_live=False) > price(prepared, {})
    assert count() == 4
    other = Sizes(articles=1)
    assert price(prepared, {}, other) < price(prepared, {})


def test_what_is_looked_at_only_with_some_values() -> None:
    """A variable that matters only where another one has some value is taken into account from then on."""
    prepared = prepare(MANY)
    skipped = price(prepared, {"skips": True, "first": 5})
    assert price(prepared, {"first": 5}) != price(prepared, {"first": 9}) != skipped
    assert price(prepared, {"skips": True, "first": 9}) == skipped


def test_many_values() -> None:
    """A document is priced rightly after more values than are remembered."""
    prepared = prepare(MANY)
    told = [price(prepared, {"first": number % 90}) for number in range(3 * MOST_PRICES)]
    assert told == [work_out(prepared, {"first": number % 90}) for number in range(3 * MOST_PRICES)]


VALUES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "first": st.sampled_from([None, 0, 1, 5, 50, 10_000]),
        "skips": st.booleans(),
        "where": st.sampled_from(
            [None, {}, {"title": {"eq": "a"}}, {"tags": {"some": {"in": ["a", "b"]}}}, {"or": [{}, {}]}]
        ),
        "words": st.sampled_from([None, "", "a", '"a b"', "-a", '"a" "b" c', "first"]),
    },
)


@settings(max_examples=50)
@given(st.lists(VALUES, max_size=8))
def test_known_prices_are_right(many: list[dict[str, Any]]) -> None:
    """What is known of some variables never makes the price of others wrong."""
    prepared = prepare(MANY)
    for variables in many:
        assert price(prepared, variables) == work_out(prepared, variables)
