"""Answers kept in memory: the same as fresh ones whatever happens, never another's, and never too many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random
from typing import Any

import orjson
import pytest

from api.graphql_reply import Body
from api.response_cache import ENTRY_BYTES, Entry, ResponseCache, digest_request
from api.settings import Settings
from models import moment
from models.access import Role, anonymous_actor
from models.schedule import Span
from schema.answer import Answer, Request
from schema.call import Call
from tests.client import Client, serve
from tests.editor import Editor, sign_in_editor

START = 1_800_000_000_000
LIST = "{ articles { totalCount nodes { title path sections { heading } related { article { title } } } } }"
QUERIES = [
    LIST,
    '{ article(by: {slug: "a"}) { title } }',
    '{ article(by: {path: "/en/b"}) { title related { article { title } } } }',
    "{ head sites { key name } tags { name } }",
    "query @view(revision: 3) { articles { nodes { title } } }",
    'query @view(locales: ["de", "en"]) { articles { nodes { title locales } } }',
    "{ questions { totalCount } }",
]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A clock that stands still unless its entry is changed."""
    now = [START]
    monkeypatch.setattr(moment, "now", lambda: now[0])
    return now


@pytest.fixture
async def client(settings: Settings, clock: list[int]) -> AsyncIterator[Client]:
    """A client of a service that keeps answers."""
    async with serve(replace(settings, response_cache_bytes=1_000_000)) as client:
        yield client


async def ask(client: Client, query: str) -> tuple[Any, int]:
    """Return the data that answers a query and how many statements were read for it."""
    reply = await client.ask(query)
    return reply.data, len(reply.statements)


async def test_the_second_time_reads_nothing(editor: Editor, client: Client) -> None:
    """A query that was answered before is answered again without a statement, in the same bytes."""
    await editor.create("A", publish=True)
    first, second = await client.ask(LIST), await client.ask(LIST)
    assert first.content == second.content
    assert first.headers["content-revision"] == second.headers["content-revision"]
    assert (len(first.statements) > 0, len(second.statements)) == (True, 0)


async def test_many_at_once_are_one(editor: Editor, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks the same at the same time shares one execution; mutations, and what has no revisions, are not shared."""
    await editor.create("A", publish=True)
    answer, asked = client.service.answer, list[Call]()

    async def count(call: Call) -> Answer:
        asked.append(call)
        return await answer(call)

    monkeypatch.setattr(client.service, "answer", count)
    replies = await asyncio.gather(*(client.ask(LIST) for _ in range(20)))
    assert {reply.content for reply in replies} == {replies[0].content}
    assert len(asked) == 1
    replies = await asyncio.gather(*(editor.client.ask("{ tokens { id } }") for _ in range(3)))
    assert [reply.status for reply in replies] == [200] * 3
    assert len(asked) == 4
    create = (
        'mutation { createArticle(input: {locale: "en", title: "B"}) { article { id } errors { message } } }'
    )
    made = await asyncio.gather(*(editor.client.ask(create) for _ in range(3)))
    assert len(asked) == 7
    assert len({reply.content for reply in made}) > 1


async def test_after_any_change_answers_are_fresh(editor: Editor, client: Client, clock: list[int]) -> None:
    """Between random verbs and moments, every answer is what a fresh execution gives."""
    random = Random(1)
    articles = [await editor.create(title, slug=title.lower()) for title in "ABC"]
    reader = anonymous_actor(may_read=True)
    for _ in range(40):
        article = random.choice(articles)
        verb = random.choice(
            ["publishArticles", "publishArticles", "unpublishArticles", "updateArticle", "wait"]
        )
        if verb == "wait":
            clock[0] += random.choice([1, 500, 3_000])
        elif verb == "updateArticle":
            change = {"id": article["id"], "locale": "en", "ifRevision": client.database.head.revision}
            await editor.send(verb, **change, title=random.choice("ABCXYZ"), publish=random.random() < 0.5)
        else:
            later = moment.to_text(clock[0] + random.choice([1, 500, 3_000]))
            window = random.choice([{}, {"from": later}, {"until": later}]) if verb[0] == "p" else {}
            await editor.send(verb, ids=[article["id"]], **window)
        for query in random.sample(QUERIES, 4):
            reply = await client.ask(query)
            fresh = await client.service.ask(Request(query), reader)
            assert reply.body.get("data") == orjson.loads(orjson.dumps(fresh.data)), (verb, query)
            again = await client.ask(query)
            assert again.body.get("data") == reply.body.get("data")


async def test_a_scheduled_moment_ends_an_answer(editor: Editor, client: Client, clock: list[int]) -> None:
    """What goes live or ends by schedule is seen at its moment, not one millisecond before or after."""
    article = await editor.create("A")
    window = {"from": moment.to_text(START + 1_000), "until": moment.to_text(START + 2_000)}
    await editor.do("publishArticles", ids=[article["id"]], **window)
    for offset, count in ((0, 0), (999, 0), (1_000, 1), (1_999, 1), (2_000, 0), (9_000, 0)):
        clock[0] = START + offset
        for _ in range(2):
            data, _ = await ask(client, "{ articles { totalCount } }")
            assert data["articles"]["totalCount"] == count, offset


async def test_a_clock_that_goes_back_does_not_show_the_future(
    editor: Editor, client: Client, clock: list[int]
) -> None:
    """A moment that was shown as the past is refused where the clock, set right, says that it is still to come."""
    await editor.create("a")
    query = f'query @view(at: "{moment.to_text(START + 3_000)}") {{ articles {{ totalCount }} }}'
    clock[0] = START + 5_000
    assert (await client.ask(query)).data
    assert (await ask(client, query))[1] == 0
    clock[0] = START + 1_000
    assert (await client.ask(query)).codes == ["FORBIDDEN"]
    clock[0] = START + 5_000
    assert (await client.ask(query)).data


async def test_nobody_gets_what_another_may_see(editor: Editor, client: Client) -> None:
    """The same query is answered to each by their own rights and scope."""
    await editor.create("Live", publish=True)
    await editor.create("Draft")
    drafts = "query @view(perspective: DRAFT) { articles { totalCount } }"
    previewer = await client.sign_in(Role.PREVIEWER)
    elsewhere = await client.sign_in(Role.PREVIEWER, locales=["de"])
    for _ in range(2):
        assert (await previewer.ask(drafts)).data["articles"]["totalCount"] == 2
        assert (await elsewhere.ask(drafts)).data["articles"]["totalCount"] == 0
        assert (await client.ask(drafts)).codes == ["FORBIDDEN"]
        assert (await client.ask("{ articles { totalCount } }")).data["articles"]["totalCount"] == 1
    reply = await client.showing("qe_wrong").ask("{ articles { totalCount } }")
    assert reply.codes == ["UNAUTHENTICATED"]


async def test_what_has_no_revisions_is_not_kept(editor: Editor, client: Client) -> None:
    """Tokens come and go without a revision, so what shows them is always read."""
    administrator = await client.sign_in(Role.ADMINISTRATOR)
    for count in (2, 3):
        reply = await administrator.ask("{ tokens { id } }")
        assert len(reply.data["tokens"]) >= count
        await client.sign_in(Role.READER)
    errors = "{ articles(first: 1000) { totalCount } }"
    assert (await client.ask(errors)).codes == (await client.ask(errors)).codes == ["INVALID_ARGUMENT"]


async def test_a_known_answer_is_not_sent_again(editor: Editor, client: Client) -> None:
    """A GET that names the tag of the present answer gets 304 and no body; after a change it gets the new one."""
    article = await editor.create("A", publish=True)
    query = {"query": LIST}
    first = await client.http.get("/graphql", params=query)
    assert first.headers["cache-control"] == "no-cache"
    anything = await client.http.get("/graphql", params=query, headers={"if-none-match": "*"})
    assert anything.status_code == 304
    named = {"if-none-match": f'"other", {first.headers["etag"]}'}
    again = await client.http.get("/graphql", params=query, headers=named)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    await editor.update(article, title="B", publish=True)
    changed = await client.http.get("/graphql", params=query, headers=named)
    assert changed.status_code == 200
    assert changed.json()["data"]["articles"]["nodes"][0]["title"] == "B"
    assert changed.headers["etag"] != first.headers["etag"]


async def test_answers_to_a_credential_are_not_stored_elsewhere(editor: Editor, client: Client) -> None:
    """What is answered to a token is marked as private, kept or not."""
    previewer = await client.sign_in(Role.PREVIEWER)
    for _ in range(2):
        response = await client.http.get("/graphql", params={"query": LIST}, headers=previewer.headers)
        assert response.headers["cache-control"] == "private, no-store"
        assert response.headers["vary"] == "Accept, Authorization"


def test_bottomless_variables_have_no_digest() -> None:
    """What is nested too deeply to be compared, as an editor's mutation may be sent, is nobody else's request."""
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    anybody = anonymous_actor(may_read=True)
    assert digest_request(Request("{ head }", variables={"unknown": deep}), anybody) is None
    assert digest_request(Request("{ head }", variables={"unknown": []}), anybody) is not None


def test_the_cache_is_bounded() -> None:
    """The least recently used answers go when there are too many bytes, and too large ones never come in."""
    cache, span = ResponseCache(3 * (ENTRY_BYTES + 100)), Span(1, 0, 10)

    def put(name: bytes, size: int = 100) -> None:
        cache.put(name, Entry(Body(b"x" * size), 1, span, None, is_pinned=False, made=0))

    for name in (b"a", b"b", b"c"):
        put(name)
    assert cache.get(b"a", span, 5) is not None
    put(b"d")
    assert [cache.get(name, span, 5) is not None for name in (b"a", b"b", b"c", b"d")] == [
        True,
        False,
        True,
        True,
    ]
    put(b"e", 10_000)
    assert cache.get(b"e", span, 5) is None
    assert cache.size <= cache.limit
    assert cache.get(b"a", Span(2, 0, 10), 5) is None


async def test_answers_outlive_changes_of_something_else(editor: Editor, client: Client) -> None:
    """A kept answer stays when nothing that it was made of changed, and says the newest revision."""
    article = await editor.create("A", slug="a", publish=True)
    other = await editor.create("B", slug="b", publish=True)
    one = '{ article(by: {slug: "a"}) { title related { article { title } } } }'
    order = "orderBy: [{field: SLUG, direction: DESC}]"
    newest = f"{{ articles(first: 1, {order}) {{ nodes {{ title }} pageInfo {{ hasNextPage }} }} }}"
    count = "{ articles { totalCount } }"
    for query in (one, newest, count):
        await client.ask(query)
    before = await client.ask(count)
    await editor.update(other, title="Changed", publish=True)
    await client.ask("{ sites { key } }")  # lets the index follow
    again = await client.ask(one)
    assert again.statements == []
    assert (await client.ask(count)).statements == []
    assert again.body["extensions"]["view"]["revision"] == client.database.head.revision
    assert again.headers["content-revision"] == str(client.database.head.revision)
    assert again.body["extensions"]["view"]["revision"] > before.body["extensions"]["view"]["revision"]
    assert (await client.ask(newest)).data["articles"]["nodes"] == [{"title": "Changed"}]
    await editor.update(article, title="A, too", publish=True)
    assert (await client.ask(one)).data["article"]["title"] == "A, too"
    await editor.do("unpublishArticles", ids=[other["id"]])
    assert (await client.ask(count)).data["articles"]["totalCount"] == 1


async def test_tags_outlive_changes_of_something_else(editor: Editor, client: Client) -> None:
    """A tag names the content: it stays the same over revisions that change nothing in the answer."""
    await editor.create("A", slug="a", publish=True)
    query = {"query": '{ article(by: {slug: "a"}) { title } }'}
    first = await client.http.get("/graphql", params=query)
    await editor.create("B", slug="b", publish=True)
    named = {"if-none-match": first.headers["etag"]}
    assert (await client.http.get("/graphql", params=query, headers=named)).status_code == 304


async def test_what_shows_the_revision_changes_with_it(editor: Editor, client: Client) -> None:
    """The head revision and cursors carry the revision, so that answers with them end with it."""
    await editor.create("A", publish=True)
    for query in ("{ head }", "{ articles { edges { cursor } } }", "{ articles { pageInfo { endCursor } } }"):
        first = await client.ask(query)
        await editor.create("Draft")
        assert (await client.ask(query)).data != first.data


async def test_pinned_answers_are_immutable(editor: Editor, client: Client) -> None:
    """An answer to a GET that names its revision may be kept for ever, if it needed no credential."""
    await editor.create("A", publish=True)
    revision = client.database.head.revision
    query = {"query": f"query @view(revision: {revision}) {{ articles {{ nodes {{ title }} }} }}"}
    response = await client.http.get("/graphql", params=query)
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    await editor.create("B", publish=True)
    again = await client.http.get("/graphql", params=query)
    assert (again.content, again.headers["etag"]) == (response.content, response.headers["etag"])
    for other in (f"@view(revision: {revision}) {{ head }}", "{ articles { totalCount } }"):
        response = await client.http.get("/graphql", params={"query": f"query {other}"})
        assert response.headers["cache-control"] == "no-cache"
    previewer = await client.sign_in(Role.PREVIEWER)
    private = await client.http.get("/graphql", params=query, headers=previewer.headers)
    assert private.headers["cache-control"] == "private, no-store"


async def test_others_may_keep_answers_for_a_while(settings: Settings, clock: list[int]) -> None:
    """Shared caches are told how long, but never beyond the next scheduled moment."""
    keeping = replace(settings, response_cache_bytes=1_000_000, shared_cache_seconds=60)
    async with serve(keeping) as client:
        editor = await sign_in_editor(client)
        article = await editor.create("A", publish=True)
        query = {"query": LIST}

        async def read_policy() -> str:
            """Return what a response says to caches."""
            return str((await client.http.get("/graphql", params=query)).headers["cache-control"])

        assert await read_policy() == "public, max-age=0, s-maxage=60, stale-while-revalidate=60"
        window = {"until": moment.to_text(clock[0] + 90_000)}
        await editor.do("publishArticles", ids=[article["id"]], **window)
        assert await read_policy() == "public, max-age=0, s-maxage=60"
        clock[0] += 80_000
        assert await read_policy() == "public, max-age=0, s-maxage=10"
        clock[0] += 9_500
        assert await read_policy() == "no-cache"
        failed = await client.http.get(
            "/graphql", params={"query": "{ articles(first: 1000) { totalCount } }"}
        )
        assert failed.headers["cache-control"] == "no-cache"
