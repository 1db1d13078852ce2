"""Purges: what a change makes void leaves the caches in front, in each cache's own form, and never is skipped."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

import api.purge
import api.purge_styles
from api.settings import Settings, WrongSetting, read_settings
from models import moment
from models.cache_keys import ALL, ANY, hash_key
from models.draft import ArticleDraft
from models.follower import find_point
from tests.client import Client, article_id, serve
from tests.receiver import Received, Receiver, Told, receiving
from tests.serving import QUIET_SERVE, quiet_environment, serving
from tests.test_change_stream import CREATE, PUBLISH, SITE, Site, prepare
from tests.varnish import caching, free_ports, needs_varnish

PAGE = hash_key("slug", "quay")
FASTLY = "/service/SU1Z0isxPaozGVKXdv0eY/purge"
CLOUDFLARE = "/client/v4/zones/023e105f4ecef8ad9ca31a8372d0c353/purge_cache"


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let second purges and repetitions come soon."""
    monkeypatch.setattr(api.purge, "AGAIN_AFTER", 0.3)
    monkeypatch.setattr(api.purge, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(api.purge_styles, "SOON", 0.01)


@asynccontextmanager
async def purging(
    settings: Settings, address: str, style: str, token: str = "secret"
) -> AsyncIterator[Client]:
    """Run the service in this process with a cache in front; there is a site, as a new one drops everything."""
    async with serve(settings) as client:
        await client.save(ArticleDraft("en", "first", "First"), publish=False)
    storing = replace(settings, response_cache_bytes=1_000_000, shared_cache_seconds=600)
    async with serve(replace(storing, purge=(address,), purge_style=style, purge_token=token)) as client:
        yield client


def read_header(request: Received) -> set[str]:
    """Return the keys that a request names in its header."""
    return set(request.headers["surrogate-key"].split(" "))


def read_tags(request: Received) -> set[str]:
    """Return the keys that a request names as Cloudflare's tags."""
    return set(json.loads(request.body)["tags"])


async def take(receiver: Receiver) -> Received:
    """Return the next request of a receiver."""
    return await asyncio.to_thread(receiver.take)


@pytest.mark.database
@pytest.mark.parametrize(
    ("style", "path", "method", "header", "read"),
    [
        ("varnish", "/", "PURGE", ("authorization", "Bearer secret"), read_header),
        ("fastly", FASTLY, "POST", ("fastly-key", "secret"), read_header),
        ("cloudflare", CLOUDFLARE, "POST", ("authorization", "Bearer secret"), read_tags),
    ],
)
async def test_each_style(
    settings: Settings,
    style: str,
    path: str,
    method: str,
    header: tuple[str, str],
    read: Callable[[Received], set[str]],
) -> None:
    """A new follower drops all; then each change drops its keys, at once and a second time some seconds later."""
    done = Told(200, b'{"success": true, "errors": [], "result": {"id": "x"}}')
    with receiving(lambda _: done) as cache:
        async with purging(settings, cache.address + path, style) as client:
            assert read(await take(cache)) == {ALL}
            await client.save(ArticleDraft("en", "quay", "Quay"))
            expected = {ANY, PAGE, hash_key("article", article_id("quay"))}
            seen: list[Received] = []
            while sum(expected <= read(one) for one in seen) < 2:
                seen.append(await take(cache))
            assert {(one.method, one.path, one.headers[header[0]]) for one in seen} == {
                (method, path, header[1])
            }
            first, second = [one.at for one in seen if expected <= read(one)]
            assert second - first >= 0.29


@pytest.mark.database
async def test_trouble_is_told_and_nothing_is_skipped(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """A purge that fails is sent again until the cache did it; the position moves only then."""
    answers = iter(
        [
            Told(200, b'{"success": false}'),
            Told(500, b"broken"),
            Told(429, b"", {"retry-after": "0"}),
            Told(302, b"", {"location": "/elsewhere"}),
            Told(200, b"no JSON"),
        ]
    )
    with receiving(lambda _: next(answers, Told(200, b'{"success": true}'))) as cache:
        async with purging(settings, cache.address + CLOUDFLARE, "cloudflare") as client:
            name = api.purge.Target(cache.address + CLOUDFLARE, "cloudflare", "").name
            for _ in range(5):
                assert read_tags(await take(cache)) == {ALL}
                assert await find_point(client.database, name) is None
            await client.save(ArticleDraft("en", "quay", "Quay"))
            while PAGE not in read_tags(await take(cache)):
                pass
        assert {one.path for one in cache.received} == {CLOUDFLARE}
    told = [record.message for record in caplog.records if record.name == "quiet.purge"]
    assert len(told) == 5
    assert "it answered 500: 'broken'" in told[1]
    assert "it answered 302" in told[3]
    assert "secret" not in caplog.text


@pytest.mark.database
async def test_many_keys_go_in_batches(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import of many articles is purged in requests of the size that a cache takes, or as everything."""
    monkeypatch.setattr("models.purging.MOST_KEYS", 400)
    with receiving(lambda _: Told(200, b'{"success": true}')) as cache:
        async with purging(settings, cache.address + CLOUDFLARE, "cloudflare") as client:
            assert read_tags(await take(cache)) == {ALL}
            await client.save(*(ArticleDraft("en", f"a{n}", f"A {n}") for n in range(20)))
            wanted, is_all_again = {hash_key("slug", f"a{n}") for n in range(20)}, False
            while wanted or not is_all_again:
                tags = read_tags(await take(cache))
                assert len(tags) <= 30
                wanted -= tags
                is_all_again |= tags == {ALL}
            await client.save(*(ArticleDraft("en", f"b{n}", f"B {n}", tags=[f"t{n}"]) for n in range(100)))
            named = {hash_key("slug", f"b{n}") for n in range(100)}
            while (tags := read_tags(await take(cache))) != {ALL}:
                assert named.isdisjoint(tags)


@pytest.mark.database
async def test_what_happened_meanwhile_is_purged(settings: Settings) -> None:
    """What changed while no process ran is purged when one starts, and only that."""
    with receiving() as cache:
        async with purging(settings, cache.address, "varnish") as client:
            name = api.purge.Target(cache.address, "varnish", "").name
            assert read_header(await take(cache)) == {ALL}
            assert read_header(await take(cache)) == {ALL}
            async with asyncio.timeout(10):
                while await find_point(client.database, name) is None:
                    await client.database.head.wait(0.05)
        async with serve(settings) as client:
            await client.save(ArticleDraft("en", "quay", "Quay"))
        async with purging(settings, cache.address, "varnish"):
            keys = read_header(await take(cache))
        assert PAGE in keys
        assert ALL not in keys


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"QUIET_PURGE": "ftp://cache/"}, "begins with http"),
        ({"QUIET_PURGE": "http://cache/"}, "QUIET_SHARED_CACHE_SECONDS"),
        ({"QUIET_PURGE_TOKEN": "x"}, "without QUIET_PURGE"),
        ({"QUIET_PURGE": "https://a/", "QUIET_PURGE_STYLE": "squid"}, "varnish, fastly, cloudflare"),
        (
            {"QUIET_PURGE": "https://a/", "QUIET_PURGE_STYLE": "fastly", "QUIET_SHARED_CACHE_SECONDS": "60"},
            "QUIET_PURGE_TOKEN",
        ),
        (
            {
                "QUIET_PURGE": "http://a.example/",
                "QUIET_PURGE_STYLE": "fastly",
                "QUIET_PURGE_TOKEN": "x",
                "QUIET_SHARED_CACHE_SECONDS": "60",
            },
            "https://",
        ),
    ],
)
def test_settings_that_cannot_work(values: dict[str, str], message: str) -> None:
    """Settings under which nothing would be purged stop the start with a sentence."""
    with pytest.raises(WrongSetting, match=message):
        read_settings(values)
    right = {"QUIET_PURGE": "http://varnish:6081/, http://[::1]:6082/", "QUIET_SHARED_CACHE_SECONDS": "60"}
    assert read_settings(right).purge == ("http://varnish:6081/", "http://[::1]:6082/")


@contextmanager
def cached_service(settings: Settings, folder: Path) -> Iterator[tuple[str, str]]:
    """Run `quiet serve` with two workers behind a real Varnish; give the addresses of both."""
    front, back = free_ports(2)
    environment = {
        **quiet_environment(settings),
        "QUIET_SHARED_CACHE_SECONDS": "86400",
        "QUIET_PURGE": f"http://127.0.0.1:{front}/",
    }
    with (
        caching(front, back, folder) as cache,
        serving((*QUIET_SERVE, "--workers", "2"), folder, environment, port=back) as base,
    ):
        yield base, cache


class Reader:
    """Reads through the cache."""

    def __init__(self, cache: str) -> None:
        self.cache = cache

    def get(self, query: str) -> tuple[str, Any]:
        """Return whether the cache had it, and the data."""
        response = httpx2.get(f"{self.cache}/graphql", params={"query": query}, trust_env=False, timeout=30)
        assert response.status_code == 200, response.text
        assert "surrogate-key" not in response.headers
        return response.headers["x-cache"], response.json()["data"]

    def store(self, query: str) -> Any:
        """Return the data once the cache has it; the purge of a change before may come first."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            (state, data) = self.get(query)
            if state == "HIT":
                return data
            time.sleep(0.05)
        raise AssertionError("never stored")

    def wait_for(self, query: str, data: Any) -> float:
        """Return how many seconds it took until the cache gave this data."""
        began = time.monotonic()
        while self.get(query)[1] != data:
            assert time.monotonic() - began < 20, self.get(query)
            time.sleep(0.02)
        return time.monotonic() - began


@needs_varnish
@pytest.mark.database
async def test_behind_a_real_varnish(settings: Settings, tmp_path: Path) -> None:
    """Varnish gives stored answers until what they are made of changes, by a verb or by schedule, and no longer."""
    secret = await prepare(settings)
    with cached_service(settings, tmp_path) as (base, cache):
        site, reader = Site(base, secret), Reader(cache)
        site.send(SITE)
        quay = site.send(CREATE, input={"locale": "en", "title": "Quay", "tags": ["sea"], "publish": True})
        pier = site.send(CREATE, input={"locale": "en", "title": "Pier"})
        page = '{ article(by: {slug: "quay"}) { title } }'
        tagged = '{ articles(where: {tags: {some: {eq: "sea"}}}) { nodes { title } } }'
        everything = "{ articles { totalCount } }"
        reader.wait_for(everything, {"articles": {"totalCount": 1}})
        await settle(reader, [page, tagged, everything])
        site.send(PUBLISH, input={"ids": [pier["article"]["id"]]})
        reader.wait_for(everything, {"articles": {"totalCount": 2}})
        for query in (page, tagged):
            assert reader.get(query)[0] == "HIT", query
        update = (
            "mutation($input: UpdateArticleInput!) { updateArticle(input: $input) { errors { message } } }"
        )
        change = {"id": quay["article"]["id"], "locale": "en", "title": "New quay", "publish": True}
        site.send(update, input={**change, "ifRevision": site.head()})
        assert reader.wait_for(page, {"article": {"title": "New quay"}}) < 3
        assert reader.wait_for(tagged, {"articles": {"nodes": [{"title": "New quay"}]}}) < 3
        later = site.send(CREATE, input={"locale": "en", "title": "Later"})["article"]["id"]
        due = moment.now() + 2_000
        site.send(PUBLISH, input={"ids": [later], "from": moment.to_text(due)})
        awaited = '{ article(by: {slug: "later"}) { title } }'
        assert reader.store(awaited) == {"article": None}
        reader.wait_for(awaited, {"article": {"title": "Later"}})
        assert due <= moment.now() < due + 3_000


async def settle(reader: Reader, queries: list[str]) -> None:
    """Wait until answers are stored and no purge that is under way drops them."""
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < 6:
        for query in queries:
            if reader.get(query)[0] != "HIT":
                quiet_since = time.monotonic()
        await asyncio.sleep(0.1)
