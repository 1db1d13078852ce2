"""Look-ups by id, slug and path, present and former; and what is refused in them."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import pytest

from tests.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")

BY = "query($by: ArticleBy!, $site: String) { article(by: $by, site: $site) { path site { key } } }"


def opaque(text: str) -> str:
    """Return a text in the form of an id."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


async def find(client: Client, site: str | None = None, view: str = "", **by: str) -> Any:
    """Return the path of the article that these names find."""
    reply = await client.ask(BY.replace(" {", f" {view} {{", 1), by=by, site=site)
    return reply.data["article"] and reply.data["article"]["path"]


@pytest.mark.parametrize(
    ("slug", "path"),
    [
        ("tides", "/en/tides"),
        ("gezeiten", "/de/gezeiten"),
        ("neblina", "/pt-BR/neblina"),
        ("the-moon", "/en/moon"),
        ("/tides/", "/en/tides"),
        (" tides ", "/en/tides"),
        ("TIDES", None),
        ("regatta", None),
        ("lighthouse", None),
        ("wreck", None),
        ("", None),
        ("/", None),
        ("%", None),
        ("' OR ''='", None),
        ("🙂", None),
        ("x" * 50_000, None),
    ],
)
async def test_slugs(reading: Client, slug: str, path: str | None) -> None:
    """A slug finds what is live under it, or was; without site and locale where it is clear what is meant."""
    assert await find(reading, slug=slug) == path


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/en/tides", "/en/tides"),
        ("en/tides/", "/en/tides"),
        ("/de/gezeiten", "/de/gezeiten"),
        ("/PT_br/mares", "/pt-BR/mares"),
        ("/en/the-moon", "/en/moon"),
        ("/old/tides.html", "/en/tides"),
        ("/en/gezeiten", None),
        ("/fr/tides", None),
        ("/tides", None),
        ("/en/", None),
        ("//", None),
        ("", None),
        ("/en/wreck", None),
        ("/en/regatta", None),
        ("/" * 10_000, None),
    ],
)
async def test_paths(reading: Client, path: str, found: str | None) -> None:
    """A path finds the translation that its locale names, and so does an address from before the import."""
    assert await find(reading, site="harbour", path=path) == found


async def test_ambiguous_addresses(reading: Client) -> None:
    """A slug or path of two sites is refused until the site is named."""
    for by in ({"slug": "moon"}, {"path": "/en/moon"}):
        reply = await reading.ask(BY, by=by)
        assert reply.codes == ["AMBIGUOUS_ADDRESS"]
        for key in ("harbour", "kitchen"):
            reply = await reading.ask(BY, by=by, site=key)
            assert reply.data["article"]["site"]["key"] == key


@pytest.mark.parametrize("key", ["none", "", "Harbour", "' OR 1=1", "x" * 5000])
async def test_unknown_sites(reading: Client, key: str) -> None:
    """A site that does not exist is an error, not an empty answer."""
    for query in (
        'query($s: String!) { article(by: {slug: "tides"}, site: $s) { id } }',
        "query($s: String!) { tags(site: $s) { slug } }",
    ):
        assert (await reading.ask(query, s=key)).codes == ["UNKNOWN_SITE"]


async def test_a_former_slug_at_the_time(reading: Client) -> None:
    """What is former today was in use at the revision before, and what came later is not known there."""
    assert await find(reading, view="@view(revision: 2)", slug="the-moon", site="harbour") == "/en/the-moon"
    assert await find(reading, view="@view(revision: 2)", slug="moon", site="harbour") is None


@pytest.mark.parametrize(
    "identifier", ["", "nonsense", "tides", opaque("Article:"), opaque("Novel:1"), "ä", "🙂"]
)
async def test_ids_that_nobody_gave_out(reading: Client, identifier: str) -> None:
    """What this server never gave out as an id is refused wherever it stands."""
    replies = [
        await reading.ask("query($id: ID!) { node(id: $id) { id } }", id=identifier),
        await reading.ask("query($id: ID!) { nodes(ids: [$id]) { id } }", id=identifier),
        await reading.ask(BY, by={"id": identifier}),
    ]
    assert [reply.codes for reply in replies] == [["INVALID_ID"]] * 3


@pytest.mark.parametrize("name", ["Article", "Section", "Question", "Site", "Tag"])
async def test_ids_of_nothing(reading: Client, name: str) -> None:
    """An id of the right form that names nothing finds null."""
    reply = await reading.ask("query($id: ID!) { node(id: $id) { id } }", id=opaque(f"{name}:nothing"))
    assert reply.data == {"node": None}


async def test_ids_of_another_type(reading: Client) -> None:
    """The id of a site does not name an article."""
    reply = await reading.ask(BY, by={"id": opaque("Site:harbour")})
    assert reply.codes == ["INVALID_ID"]
    assert "a Site" in reply.message


async def test_what_is_not_live_has_no_node(reading: Client) -> None:
    """The ids of a deleted article and its parts stay valid and find it in the view of before alone."""
    query = "query($ids: [ID!]!) %s { nodes(ids: $ids) { id } }"
    before = await reading.ask(
        'query @view(revision: 2) { article(by: {slug: "wreck"}) { id } '
        'lamp: article(by: {slug: "lighthouse"}) { id } }'
    )
    ids = [article["id"] for article in before.data.values()]
    now = await reading.ask(query % "", ids=ids)
    then = await reading.ask(query % "@view(revision: 2)", ids=ids)
    assert now.data == {"nodes": [None, None]}
    assert then.data == {"nodes": [{"id": identifier} for identifier in ids]}


async def test_many_ids(reading: Client) -> None:
    """A hundred ids are at most one statement; more are refused."""
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    ids = [opaque(f"Article:{number}") for number in range(100)]
    reply = await reading.ask(query, ids=ids)
    assert reply.data["nodes"] == [None] * 100
    assert len(reply.statements) <= 1
    assert (await reading.ask(query, ids=[*ids, ids[0]])).codes == ["INVALID_ARGUMENT"]
    assert (await reading.ask(query, ids=[])).data == {"nodes": []}


async def test_one_name_only(reading: Client) -> None:
    """`by` takes exactly one name, and not null."""
    for by in ({}, {"slug": "tides", "id": "x"}, {"slug": None}, {"slug": "tides", "path": None}):
        assert (await reading.ask(BY, by=by)).codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "query",
    [
        "query($t: String!) { article(by: {slug: $t}) { id } }",
        "query($t: String!) { article(by: {path: $t}) { id } }",
        'query($t: String!) { article(by: {path: "/en/tides"}, site: $t) { id } }',
        "query($t: String!) { tags(site: $t) { slug } }",
        "query($t: String!) { articles(after: $t) { totalCount } }",
        "query($t: String!) { questions(before: $t) { totalCount } }",
        "query($t: String!) { questions(where: {question: {contains: $t}}) { totalCount } }",
        "query($t: ID!) { node(id: $t) { id } }",
        "query($t: Locale!) @view(locales: [$t]) { head }",
        "query($t: DateTime!) @view(at: $t) { head }",
    ],
)
async def test_nul_in_every_text(reading: Client, query: str) -> None:
    """NUL in any argument is the client's error with a code, alone and within a text."""
    for text in ("\0", "tides\0", "\0tides"):
        reply = await reading.ask(query, t=text)
        assert set(reply.codes) < CLIENT_ERRORS, reply.body
        assert len(reply.codes) == 1


CLIENT_ERRORS = {"INVALID_ARGUMENT", "UNKNOWN_SITE", "INVALID_CURSOR", "INVALID_ID", "BAD_USER_INPUT"}


@pytest.mark.parametrize("name", ["Article", "Section", "Question", "Tag"])
async def test_nul_in_ids(reading: Client, name: str) -> None:
    """NUL inside an id is refused alike by both databases."""
    reply = await reading.ask("query($id: ID!) { node(id: $id) { id } }", id=opaque(f"{name}:a\0"))
    assert reply.codes == ["INVALID_ARGUMENT"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ article(by: {slug: "tides"}) { related(first: -1) { label } } }', "INVALID_ARGUMENT"),
        ('{ article(by: {slug: "tides"}) { related(first: 101) { label } } }', "INVALID_ARGUMENT"),
        ('{ article(by: {slug: "tides"}) { intro { excerpt(words: 0) } } }', "INVALID_ARGUMENT"),
        ('{ article(by: {slug: "tides"}) { intro { excerpt(words: 501) } } }', "INVALID_ARGUMENT"),
        ("{ tags(first: -1) { slug } }", "INVALID_ARGUMENT"),
        ("{ tags(first: 1001) { slug } }", "INVALID_ARGUMENT"),
        ("{ tags(first: 99999999999) { slug } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ tags(first: null) { slug } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_numbers_out_of_range(reading: Client, query: str, code: str) -> None:
    """A number that a field does not take is refused, with the field's path where it has one."""
    reply = await reading.ask(query)
    assert reply.codes == [code]
    if code == "INVALID_ARGUMENT":
        assert reply.body["errors"][0]["path"][-1] in query


async def test_an_error_in_one_field_leaves_the_others(reading: Client) -> None:
    """A nullable field that fails is null; its neighbours are answered."""
    reply = await reading.ask('{ node(id: "x") { id } head article(by: {slug: "tides"}) { slug } }')
    assert reply.codes == ["INVALID_ID"]
    assert reply.body["data"] == {"node": None, "head": 7, "article": {"slug": "tides"}}
