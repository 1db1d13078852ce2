"""Filters: what they refuse, that null is no condition left out by accident, and how far they nest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUERY = "query($where: ArticleWhere) { articles(where: $where) { totalCount } }"


async def count(client: Client, where: Any) -> int:
    """Return how many articles meet a filter."""
    reply = await client.ask(QUERY, where=where)
    total: int = reply.data["articles"]["totalCount"]
    return total


@pytest.mark.parametrize(
    "where",
    [
        {"slug": None},
        {"slug": {"eq": None}},
        {"slug": {"in": None}},
        {"and": None},
        {"or": None},
        {"not": None},
        {"id": None},
        {"publishedAt": {"lt": None}},
        {"tags": None},
        {"tags": {"some": None}},
        {"tags": {"some": {"eq": None}}},
        {"sections": {"some": {"kind": None}}},
        {"sections": {"none": {"heading": {"eq": None}}}},
        {"questions": {"some": {"question": None}}},
        {"not": {"or": [{"title": {"contains": None}}]}},
    ],
)
async def test_null_is_refused(reading: Client, where: Any) -> None:
    """Null anywhere in a filter is an error: as "no condition" it would list everything."""
    reply = await reading.ask(QUERY, where=where)
    assert reply.codes == ["INVALID_ARGUMENT"]
    assert "must not be null" in reply.message


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"slug": {}},
        {"and": []},
        {"tags": {}},
        {"sections": {}},
        {"not": {"or": []}},
        {"title": {"contains": ""}},
        {"title": {"startsWith": ""}},
        {"slug": {"notIn": []}},
    ],
)
async def test_no_condition_holds_for_all(reading: Client, where: Any) -> None:
    """A filter that says nothing lets everything pass."""
    assert await count(reading, where) == 6


@pytest.mark.parametrize("where", [{"not": {}}, {"or": []}, {"slug": {"in": []}}, {"id": {"in": []}}])
async def test_no_alternative_holds_for_none(reading: Client, where: Any) -> None:
    """A filter that leaves no possibility lets nothing pass."""
    assert await count(reading, where) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%", 0),
        ("_", 0),
        ("' OR 1=1 --", 0),
        ("?", 0),
        ("$1", 0),
        ("\\", 0),
        ("MOON", 2),
        ("\uff90\uff75", 0),
        ("\uff4d\uff4f\uff4f\uff4e", 2),
        ("🙂" * 100, 0),
        ("x" * 20_000, 0),
    ],
)
async def test_texts_are_only_texts(reading: Client, text: str, expected: int) -> None:
    """No character of a text means anything but itself; wide letters are the same letters."""
    assert await count(reading, {"title": {"contains": text}}) == expected


@pytest.mark.parametrize(
    "where",
    [
        {"slug": {"eq": "a\0"}},
        {"slug": {"ne": "\0"}},
        {"slug": {"in": ["tides", "\0"]}},
        {"slug": {"notIn": ["\0"]}},
        {"title": {"contains": "\0"}},
        {"title": {"startsWith": "\0"}},
        {"site": {"eq": "\0"}},
        {"tags": {"every": {"in": ["\0"]}}},
        {"sections": {"some": {"heading": {"eq": "\0"}}}},
        {"questions": {"none": {"question": {"eq": "\0"}}}},
    ],
)
async def test_nul_is_refused(reading: Client, where: Any) -> None:
    """NUL, which one of the databases cannot store, is refused alike by both."""
    assert (await reading.ask(QUERY, where=where)).codes == ["INVALID_ARGUMENT"]


def nest(depth: int) -> Any:
    """Return a filter of this depth that turns round what it holds."""
    where: Any = {"slug": {"eq": "tides"}}
    for _ in range(depth - 1):
        where = {"not": where}
    return where


async def test_depth(reading: Client) -> None:
    """Filters nest ten deep; deeper ones are refused, however deep they are."""
    assert await count(reading, nest(9)) == 1
    assert await count(reading, nest(10)) == 5
    for depth in (11, 50):
        assert (await reading.ask(QUERY, where=nest(depth))).codes == ["INVALID_ARGUMENT"]


@pytest.mark.parametrize("depth", [150, 400, 900])
async def test_bottomless_filters(reading: Client, depth: int) -> None:
    """A filter as deep as a body can hold has one error, and it is the client's."""
    reply = await reading.ask(QUERY, where=nest(depth))
    assert reply.status == 200
    assert len(reply.codes) == 1
    assert reply.codes == ["DOCUMENT_TOO_LARGE"]


@pytest.mark.parametrize("field", ["tags", "authors"])
async def test_looks_into_lists(reading: Client, field: str) -> None:
    """A filter looks into what an article has several of thirty times; more are refused, and it is told what to do."""
    some = {field: {"some": {"in": ["a", "b"]}}}
    assert await count(reading, {"or": [some] * 30}) == await count(reading, some)
    reply = await reading.ask(QUERY, where={"or": [some] * 15, "not": {"and": [some] * 16}})
    assert reply.codes == ["INVALID_ARGUMENT"]
    assert "at most 30 times, not 31" in reply.message
    assert "in one list" in reply.message


@pytest.mark.parametrize("field", ["slug", "site", "title"])
async def test_long_lists(reading: Client, field: str) -> None:
    """A list in a filter has at most 500 entries."""
    assert await count(reading, {field: {"in": ["x"] * 500}}) == 0
    reply = await reading.ask(QUERY, where={field: {"in": ["x"] * 501}})
    assert (reply.codes, "at most 500" in reply.message) == (["INVALID_ARGUMENT"], True)


async def test_long_lists_of_ids(reading: Client) -> None:
    """A list of ids is bounded like any other."""
    reply = await reading.ask("{ articles(first: 1) { nodes { id } } }")
    (node,) = reply.data["articles"]["nodes"]
    assert await count(reading, {"id": {"in": [node["id"]] * 500}}) == 1
    assert (await reading.ask(QUERY, where={"id": {"in": [node["id"]] * 501}})).codes == ["INVALID_ARGUMENT"]


@pytest.mark.parametrize(
    "identifier", ["", "nonsense", "U2l0ZTpoYXJib3Vy", "QXJ0aWNsZTo", "QXJ0aWNsZTp4=", "ä"]
)
async def test_ids_that_are_none(reading: Client, identifier: str) -> None:
    """An id of another type, or none at all, is an error and not an empty list."""
    for where in ({"id": {"eq": identifier}}, {"id": {"notIn": [identifier]}}):
        assert (await reading.ask(QUERY, where=where)).codes == ["INVALID_ID"]


@pytest.mark.parametrize(
    "where",
    [
        {"slug": "tides"},
        {"slug": {"like": "t%"}},
        {"slug": {"eq": 5}},
        {"publishedAt": {"lt": "yesterday"}},
        {"publishedAt": {"lt": 5}},
        {"publishedAt": {"lt": "2026-03-01"}},
        {"publishedAt": {"lt": "2026-03-01T00:00:00"}},
        {"sections": {"some": {"kind": ["NOVEL"]}}},
        {"unknown": {}},
        [1],
        "x",
    ],
)
async def test_wrong_types(reading: Client, where: Any) -> None:
    """A filter that the contract does not have is the client's error."""
    assert (await reading.ask(QUERY, where=where)).codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"])
async def test_moments_at_the_ends_of_time(reading: Client, text: str) -> None:
    """All moments that RFC 3339 can write in UTC can be compared with."""
    below = await count(reading, {"publishedAt": {"lt": text}})
    above = await count(reading, {"publishedAt": {"gt": text}})
    assert {below, above} == {0, 6}


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
async def test_moments_beyond_the_ends_of_time(reading: Client, text: str) -> None:
    """A moment that UTC cannot write is refused: no answer could repeat it."""
    assert (await reading.ask(QUERY, where={"publishedAt": {"lt": text}})).codes == ["BAD_USER_INPUT"]
