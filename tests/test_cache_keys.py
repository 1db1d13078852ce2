"""Keys of answers: whatever makes an answer another one makes one of its keys void, and little else does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest
from hypothesis import Phase, given
from hypothesis import settings as examples

from api.settings import Settings
from models import moment
from models.access import Role, system_actor
from models.cache_keys import ALL, ANY, hash_key, key_reads
from models.changes import Point
from models.compacting import compact, plan_compacting
from models.draft import ArticleDraft
from models.publishing import unpublish_articles
from models.purging import find_void
from tests.client import TESTER, Client, article_id, serve
from tests.content import DAY, Clock, set_clock
from tests.editor import Editor
from tests.history.playing import begin, play, random_histories
from tests.history.programs import Program, programs

LONGEST = 1_000

NODES = "nodes { id title slug locale locales tags { slug } related { article { title } } }"
LISTS = [
    "",
    "(first: 2)",
    "(first: 1, orderBy: [{field: TITLE, direction: ASC}])",
    '(where: {tags: {some: {eq: "sea"}}})',
    '(where: {site: {eq: "one"}, title: {contains: "e"}})',
    '(where: {or: [{site: {eq: "two"}}, {slug: {eq: "s"}}]})',
    '(where: {not: {site: {eq: "two"}}})',
    '(where: {slug: {in: ["s", "t"]}})',
]
VIEWS = ["", '@view(locales: ["en"])', '@view(locales: ["de", "en"])']
QUERIES = [
    *(f"query {view} {{ articles{wanted} {{ totalCount {NODES} }} }}" for view in VIEWS for wanted in LISTS),
    *(f'query {view} {{ article(by: {{slug: "{slug}"}}, site: "{site}") {{ title path locales }} }}'
      for view in VIEWS for slug, site in (("s", "one"), ("t", "one"), ("u", "two"), ("s", "two"))),
    '{ article(by: {path: "/en/s"}, site: "one") { title body: sections { heading } } }',
    '{ article(by: {path: "/old/s"}, site: "one") { title } }',
    '{ article(by: {slug: "none"}, site: "one") { title } }',
    "{ questions { totalCount } }",
    "{ tags { slug } }",
    "{ head }",
    "{ sites { key name } }",
    "{ articles(first: 1) { pageInfo { hasNextPage } } }",
]  # fmt: skip


@dataclass
class Store:
    """Answers stored outside, and dropped by their keys alone."""

    client: Client
    point: Point | None = None
    answers: dict[str, tuple[Any, set[str]]] = field(default_factory=dict)
    kept: int = 0

    async def get(self, query: str) -> tuple[Any, set[str]]:
        """Return a fresh answer and its keys."""
        response = await get(self.client, query)
        body = response.json()
        if "errors" in body:
            assert body["errors"][0]["extensions"]["code"] in {"UNKNOWN_SITE", "AMBIGUOUS_ADDRESS"}, body
            return body["errors"], {ALL}
        keys = response.headers["surrogate-key"]
        assert response.headers["cache-tag"] == keys.replace(" ", ",")
        assert len(keys) * 2 < LONGEST
        return body["data"], set(keys.split())

    async def follow(self) -> set[str]:
        """Drop what is void since the last time; return the keys."""
        dropped: set[str] = set()
        while True:
            void = await find_void(self.client.service.open_reader(system_actor("test")), self.point)
            self.point = void.end
            dropped.update(void.keys)
            if not void.more:
                break
        self.answers = {query: a for query, a in self.answers.items() if not a[1] & dropped}
        return dropped

    async def renew(self, queries: Sequence[str]) -> list[int]:
        """Return which of these answers outlived what happened since they were stored, and store all again."""
        await self.follow()
        stayed = [number for number, query in enumerate(queries) if query in self.answers]
        self.answers = {query: await self.get(query) for query in queries}
        return stayed

    async def check(self) -> None:
        """Compare all that is still stored with fresh answers, and store these."""
        await self.follow()
        for query in QUERIES:
            fresh, keys = await self.get(query)
            if query in self.answers:
                self.kept += 1
                assert self.answers[query][0] == fresh, query
            if keys != {ALL}:  # an error says to nobody that it may be stored
                self.answers.setdefault(query, (fresh, keys))


async def get(client: Client, query: str) -> httpx2.Response:
    """Ask by GET, the only way by which answers are stored outside."""
    return await client.http.get("/graphql", params={"query": query}, headers=client.headers)


async def begin_store(client: Client) -> Store:
    """Return an empty store that has heard of all that happened so far."""
    store = Store(client)
    await store.follow()
    return store


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    """A client of a service whose public answers others may store."""
    storing = replace(settings, response_cache_bytes=10_000_000, shared_cache_seconds=60)
    async with serve(storing) as client:
        yield client


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The present moment, which stays until it is changed."""
    return set_clock(monkeypatch, moment.now())


@examples(random_histories(5), phases=[Phase.generate])
@given(program=programs(8))
async def test_stored_answers_of_random_histories(
    client: Client, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    """Whatever verbs do and schedules bring, a stored answer whose keys are not void is what a fresh one is."""
    runner = await begin(client, monkeypatch, program)
    store = Store(client)
    async for _ in play(runner, program):
        await store.check()
    for _ in range(4):
        runner.clock.now += DAY
        await store.check()
    assert store.kept


def by_slug(slug: str) -> str:
    """Return the query of an article's page."""
    return f'{{ article(by: {{slug: "{slug}"}}) {{ title sections {{ heading }} related {{ article {{ title }} }} }} }}'


@pytest.mark.database
async def test_other_pages_stay(editor: Editor, client: Client) -> None:
    """Publishing an article makes its own page and the lists void that may have it, and no other page or list."""
    first = await editor.create("A", slug="a", tags=["x"], publish=True)
    await editor.create("B", slug="b", tags=["y"], publish=True)
    store = await begin_store(client)
    tagged = '{ articles(where: {tags: {some: {eq: "%s"}}}) { nodes { title } } }'
    german = 'query @view(locales: ["de"]) { articles { nodes { title } } }'
    queries = [by_slug("a"), by_slug("b"), by_slug("c"), tagged % "x", tagged % "y", tagged % "z", german]
    queries += ["{ articles { totalCount } }", f'{{ node(id: "{first["id"]}") {{ id }} }}']

    await store.renew(queries)
    assert await store.renew(queries) == list(range(9))
    await editor.update(first, title="A, again", tags=["z"], publish=True)
    assert await store.renew(queries) == [1, 2, 4, 6]
    await editor.create("C", slug="c", publish=True)
    assert await store.renew(queries) == [0, 1, 3, 4, 5, 6, 8]
    await editor.create("E", slug="e", publish=True)
    assert await store.renew(queries) == [0, 1, 2, 3, 4, 5, 6, 8]
    await editor.create("Draft", slug="d", tags=["x"])
    assert await store.renew(queries) == list(range(9))
    await editor.do("unpublishArticles", ids=[first["id"]])
    assert await store.renew(queries) == [1, 2, 3, 4, 6]


@pytest.mark.database
async def test_a_schedule_makes_void_at_its_moment(editor: Editor, client: Client, clock: Clock) -> None:
    """What begins and ends by schedule makes its page void at that moment and not before."""
    article = await editor.create("A", slug="a")
    store = await begin_store(client)
    window = {"from": moment.to_text(clock.now + 1_000), "until": moment.to_text(clock.now + 2_000)}
    await editor.do("publishArticles", ids=[article["id"]], **window)
    page = hash_key("slug", "a")
    for wait, is_void in ((0, False), (999, False), (1, True), (500, False), (500, True), (5_000, False)):
        clock.now += wait
        assert (page in await store.follow()) == is_void, wait


@pytest.mark.database
async def test_sites_and_cut_histories_make_all_void(editor: Editor, client: Client) -> None:
    """A changed site is in every answer; a follower that the log does not reach back to begins by dropping all."""
    await editor.create("A", slug="a", publish=True)
    store = Store(client)
    assert await store.follow() == {ALL}
    old = store.point
    assert await store.follow() == set()
    await editor.do("updateSite", key="docs", name="New")
    assert ALL in await store.follow()
    plan = await plan_compacting(client.database, client.database.head.moment, actor=TESTER)
    async for _ in compact(client.database, plan, actor=TESTER):
        pass
    store.point = old
    assert await store.follow() == {ALL}


@pytest.mark.database
async def test_a_revision_committed_late_is_not_missed(editor: Editor, client: Client, clock: Clock) -> None:
    """What a slow transaction schedules for a moment that somebody has seen already makes its page void."""
    article = await editor.create("A", slug="a")
    store = await begin_store(client)
    began = clock.now
    clock.now += 5_000
    await store.follow()
    clock.now = began + 1
    await editor.do("publishArticles", ids=[article["id"]], **{"from": moment.to_text(began + 3_000)})
    clock.now = began + 5_001
    assert hash_key("slug", "a") in await store.follow()


@pytest.mark.database
async def test_addresses_that_found_nothing(client: Client) -> None:
    """A page that was not there is void when an article takes its slug, or names it as a former address."""
    await client.save(ArticleDraft("en", "quay", "Quay"))
    store = await begin_store(client)
    missing = [by_slug("one"), by_slug("two"), by_slug("three")]

    await store.renew(missing)
    await client.save(ArticleDraft("en", "one", "One"))
    assert await store.renew(missing) == [1, 2]
    await client.save(ArticleDraft("en", "quay", "Quay", redirects=["/en/two"]))
    assert await store.renew(missing) == [0, 2]
    assert store.answers[by_slug("two")][0]["article"]["title"] == "Quay"
    await client.save(ArticleDraft("en", "quay", "Quay"))
    assert await store.renew(missing) == [0, 2]


@pytest.mark.database
async def test_a_translation_shown_instead(client: Client) -> None:
    """A list of a slug is void when its article ends in the locale that was shown before."""
    quay, kai = ArticleDraft("en", "quay", "Quay"), ArticleDraft("de", "kai", "Kai")
    await client.save(quay, kai, key="quay")
    store = await begin_store(client)
    named = ['{ articles(where: {slug: {eq: "kai"}}) { totalCount } }']

    await store.renew(named)
    await unpublish_articles(client.database, [article_id("quay")], ["en"], actor=TESTER)
    assert await store.renew(named) == []
    assert store.answers[named[0]][0] == {"articles": {"totalCount": 1}}


async def test_keys_are_few_whatever_is_asked(client: Client) -> None:
    """An answer made of hundreds of articles and lists has keys of bounded length, which changes still reach."""
    for count in (1, 30, 31, 200, 499):
        keys = key_reads(("slug", f"s{n}") for n in range(count))
        assert keys[0] == ALL
        assert len(" ".join(keys)) < LONGEST / 2
        for n in range(count):
            key = hash_key("slug", f"s{n}")
            assert {key, key[:2], key[:1]} & set(keys)
    aliases = " ".join(
        f'a{n}: articles(where: {{tags: {{some: {{eq: "t{n}"}}}}}}) {{ nodes {{ title }} }}'
        for n in range(20)
    )
    _, keys_of_lists = await Store(client).get(f"{{ {aliases} }}")
    assert keys_of_lists == {ALL, "lists"}
    assert key_reads(None) == [ALL, ANY]


async def test_answers_without_keys(editor: Editor, client: Client, settings: Settings) -> None:
    """What is pinned, private, or not to be stored for a time has no keys."""
    await editor.create("A", slug="a", publish=True)
    pinned = f"query @view(revision: {client.database.head.revision}) {{ articles {{ nodes {{ title }} }} }}"
    named = await client.sign_in(Role.READER)
    for who, query in ((client, pinned), (named, by_slug("a"))):
        for _ in range(2):
            response = await get(who, query)
            assert "surrogate-key" not in response.headers
    response = await get(client, by_slug("a"))
    again = await get(replace(client, headers={"if-none-match": response.headers["etag"]}), by_slug("a"))
    assert (again.status_code, again.headers["surrogate-key"]) == (304, response.headers["surrogate-key"])
    posted = await client.ask(by_slug("a"))
    assert "surrogate-key" not in posted.headers
    async with serve(replace(settings, response_cache_bytes=1_000_000)) as other:
        response = await get(other, by_slug("a"))
        assert "surrogate-key" not in response.headers
