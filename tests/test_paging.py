"""Pages of a list: what the arguments take, what cursors are, and that pages put together are the list."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import orjson
import pytest

from tests.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORDERS = [
    "",
    "orderBy: [{field: TITLE, direction: ASC}]",
    "orderBy: [{field: SLUG}, {field: CREATED_AT}]",
    "orderBy: [{field: UPDATED_AT, direction: ASC}, {field: TITLE}]",
    "orderBy: []",
]


async def articles(client: Client, arguments: str, **variables: Any) -> Any:
    """Return the list of articles that these arguments give."""
    declared = "($c: String)" if variables else ""
    reply = await client.ask(
        f"query{declared} {{ articles{arguments} {{ edges {{ cursor node {{ id }} }} "
        "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }",
        **variables,
    )
    return reply.data["articles"]


def ids(page: Any) -> list[str]:
    """Return the ids on a page."""
    return [edge["node"]["id"] for edge in page["edges"]]


@pytest.mark.parametrize("size", [1, 2, 4, 100])
@pytest.mark.parametrize("order", ORDERS)
async def test_pages_forward_make_the_list(reading: Client, order: str, size: int) -> None:
    """Following endCursor gives each item once, in the list's order, whatever the order and page size."""
    whole = ids(await articles(reading, f"(first: 100 {order})"))
    seen: list[str] = []
    cursor = None
    while True:
        page = await articles(reading, f"(first: {size}, after: $c {order})", c=cursor)
        assert page["pageInfo"]["hasPreviousPage"] is (cursor is not None)
        seen += ids(page)
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(whole) == 6
    assert seen == whole


@pytest.mark.parametrize("order", ORDERS)
async def test_pages_backward_make_the_list(reading: Client, order: str) -> None:
    """Following startCursor from the end gives the same list from its other side."""
    whole = ids(await articles(reading, f"(first: 100 {order})"))
    seen: list[str] = []
    cursor = None
    while True:
        page = await articles(reading, f"(last: 2, before: $c {order})", c=cursor)
        assert page["pageInfo"]["hasNextPage"] is (cursor is not None)
        seen = ids(page) + seen
        cursor = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert seen == whole


async def test_window_between_cursors(reading: Client) -> None:
    """`after` and `before` together give what lies between the two."""
    edges = (await articles(reading, "(first: 6)"))["edges"]
    reply = await reading.ask(
        "query($a: String, $b: String) { front: articles(after: $a, before: $b) { nodes { id } } "
        "end: articles(last: 1, after: $a, before: $b) { nodes { id } } }",
        a=edges[0]["cursor"],
        b=edges[4]["cursor"],
    )
    between = [{"id": edge["node"]["id"]} for edge in edges[1:4]]
    assert reply.data == {"front": {"nodes": between}, "end": {"nodes": between[-1:]}}


async def test_an_empty_page(reading: Client) -> None:
    """A page of no items says whether there are any, and has no cursors."""
    page = await articles(reading, "(first: 0)")
    beyond = await articles(reading, "(first: 2, offset: 50)")
    cursorless = {"startCursor": None, "endCursor": None}
    assert page == {"edges": [], "pageInfo": {"hasNextPage": True, "hasPreviousPage": False, **cursorless}}
    assert beyond["edges"] == []
    assert beyond["pageInfo"]["hasNextPage"] is False


async def test_twenty_items_without_a_size(reading: Client) -> None:
    """Null arguments are as good as none."""
    nulls = "(first: null, last: null, after: null, before: null, offset: null, where: null, orderBy: null)"
    assert await articles(reading, nulls) == await articles(reading, "(first: 20)")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("first: -1", "first takes 0 to 100, not -1."),
        ("first: 101", "first takes 0 to 100, not 101."),
        ("last: -1", "last takes 0 to 100, not -1."),
        ("last: 1000", "last takes 0 to 100, not 1000."),
        ("first: 1, last: 1", "Give first or last, not both."),
        ("offset: -1", "offset takes 0 to 100000, not -1. Page by cursor instead."),
        ("offset: 100001", "offset takes 0 to 100000, not 100001. Page by cursor instead."),
        ("last: 1, offset: 1", "offset goes with first and after, not with last or before."),
    ],
)
@pytest.mark.parametrize("field", ["articles", "questions"])
async def test_sizes_out_of_range(reading: Client, field: str, arguments: str, sentence: str) -> None:
    """A size that no page has is refused with a sentence that says what is taken."""
    reply = await reading.ask(f"{{ {field}({arguments}) {{ totalCount }} }}")
    assert (reply.codes, reply.message) == (["INVALID_ARGUMENT"], sentence)


async def test_offset_with_before_is_refused(reading: Client) -> None:
    """Counting from the front does not go with a cursor from the end."""
    cursor = (await articles(reading, ""))["pageInfo"]["endCursor"]
    reply = await reading.ask(f'{{ articles(before: "{cursor}", offset: 1) {{ totalCount }} }}')
    assert reply.codes == ["INVALID_ARGUMENT"]


async def test_one_field_twice_in_an_order(reading: Client) -> None:
    """An order names each field once."""
    reply = await reading.ask("{ articles(orderBy: [{field: TITLE}, {field: TITLE}]) { totalCount } }")
    assert reply.codes == ["INVALID_ARGUMENT"]


def forge(cursor: str, **changes: object) -> str:
    """Return a cursor with entries of its list replaced: `_1` is the entry with the index 1."""
    parts = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for name, value in changes.items():
        parts[int(name[1:])] = value
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"_1": 8}, "REVISION_UNKNOWN"),
        ({"_1": 2**63}, "INVALID_CURSOR"),
        ({"_1": "7"}, "INVALID_CURSOR"),
        ({"_1": True}, "INVALID_CURSOR"),
        ({"_1": 1.5}, "INVALID_CURSOR"),
        ({"_1": -(2**63) - 1}, "INVALID_CURSOR"),
        ({"_2": 2**63}, "INVALID_CURSOR"),
        ({"_2": None}, "INVALID_CURSOR"),
        ({"_3": "x"}, "INVALID_CURSOR"),
        ({"_3": 2**64 - 1}, "INVALID_CURSOR"),
        ({"_4": 1}, "INVALID_CURSOR"),
        ({"_4": "a\0"}, "INVALID_ARGUMENT"),
        ({"_0": None}, "INVALID_CURSOR"),
    ],
)
async def test_forged_cursors(reading: Client, changes: dict[str, Any], code: str) -> None:
    """A cursor whose inside was changed is refused with a code, whatever stands in it."""
    cursor = (await articles(reading, "(first: 2)"))["pageInfo"]["endCursor"]
    if any(isinstance(v, int) and v < -(2**63) for v in changes.values()):
        inside = b'["x", -9223372036854775809]'
        forged = urlsafe_b64encode(inside).decode()
    else:
        forged = forge(cursor, **changes)
    reply = await reading.ask("query($c: String) { articles(after: $c) { nodes { id } } }", c=forged)
    assert reply.codes == [code]


@pytest.mark.parametrize("cursor", ["", "=", "nonsense", "W10", "e30", "NQ", "ä", "%00", "A" * 5000, "[]"])
@pytest.mark.parametrize("side", ["after", "before"])
async def test_damaged_cursors(reading: Client, side: str, cursor: str) -> None:
    """What never was a cursor is refused, and the answer does not repeat all of it."""
    reply = await reading.ask(f"query($c: String) {{ articles({side}: $c) {{ nodes {{ id }} }} }}", c=cursor)
    assert reply.codes == ["INVALID_CURSOR"]
    assert len(reply.message) < 200


async def test_cursors_of_other_lists(reading: Client) -> None:
    """A cursor goes with its own field, filter, order and locales alone."""
    cursor = (await articles(reading, "(first: 2)"))["pageInfo"]["endCursor"]
    for query in (
        "query($c: String) { questions(after: $c) { totalCount } }",
        'query($c: String) { articles(after: $c, where: {site: {eq: "harbour"}}) { totalCount } }',
        "query($c: String) { articles(after: $c, where: {}) { totalCount } }",
        "query($c: String) { articles(after: $c, orderBy: [{field: SLUG}]) { totalCount } }",
        'query($c: String) @view(locales: ["en"]) { articles(after: $c) { totalCount } }',
    ):
        assert (await reading.ask(query, c=cursor)).codes == ["INVALID_CURSOR"]


async def test_cursors_of_two_revisions(reading: Client) -> None:
    """Two cursors that were read at different revisions do not bound one page."""
    now = (await articles(reading, ""))["pageInfo"]
    earlier = await reading.ask("query @view(revision: 3) { articles { pageInfo { startCursor } } }")
    reply = await reading.ask(
        "query($a: String, $b: String) { articles(after: $a, before: $b) { totalCount } }",
        a=earlier.data["articles"]["pageInfo"]["startCursor"],
        b=now["endCursor"],
    )
    assert reply.codes == ["INVALID_CURSOR"]


async def test_a_cursor_carries_its_revision(reading: Client) -> None:
    """The next page is of the revision of the first, although the view has moved on meanwhile."""
    first = await reading.ask(
        "query @view(revision: 3) { articles(first: 2) { totalCount pageInfo { endCursor } } }"
    )
    cursor = first.data["articles"]["pageInfo"]["endCursor"]
    whole = await reading.ask("query @view(revision: 3) { articles { nodes { id } } }")
    rest = await reading.ask(
        "query($c: String) { articles(after: $c) { totalCount nodes { id } } }", c=cursor
    )
    assert rest.data["articles"]["totalCount"] == first.data["articles"]["totalCount"] == 8
    assert rest.data["articles"]["nodes"] == whole.data["articles"]["nodes"][2:]
