"""What is looked at before a request is answered: the host it names, and the page that it comes from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
from websockets.exceptions import InvalidStatus

from api.headers import DEFAULTS
from api.health import PATHS
from api.settings import Settings
from models.access import Role
from tests.client import Client, serve
from tests.live import running

PAGE, EVIL = "https://www.example.org", "https://evil.example"
QUERY = {"query": "{ head }"}
PREFLIGHT = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
}


@pytest.fixture
async def named(settings: Settings) -> AsyncIterator[Client]:
    """A service that has a name, and others."""
    async with serve(replace(settings, hosts=frozenset({"api.example", "*.inside.example"}))) as client:
        yield client


@pytest.fixture
async def opened(settings: Settings) -> AsyncIterator[Client]:
    """A service that pages of one other origin may ask."""
    async with serve(replace(settings, origins=frozenset({PAGE}))) as client:
        yield client


async def send(client: Client, method: str, path: str = "/graphql", **headers: str) -> httpx2.Response:
    """Send a request with headers; a query where it is POST."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.http.request(method, path, headers=named, json=QUERY if method == "POST" else None)


@pytest.mark.parametrize(
    "host", ["api.example", "API.example:8443", "api.example:", "a.inside.example", "a.b.inside.example:1"]
)
async def test_named_hosts_are_answered(host: str, named: Client) -> None:
    """What names one of the hosts is answered, whatever the port and the case."""
    assert (await send(named, "POST", host=host)).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "inside.example", "evilinside.example", "api.example.evil", "api.example:80@evil", ""],
)
async def test_other_hosts_are_not_answered(host: str, named: Client) -> None:
    """What names another host is told so, with no name of ours, wherever it leads."""
    for method, path in (
        ("POST", "/graphql"),
        ("OPTIONS", "/graphql"),
        ("GET", "/sitemap.xml"),
        ("GET", "/"),
    ):
        response = await send(named, method, path, host=host)
        assert response.status_code == 421
        assert response.json()["errors"][0]["extensions"] == {"code": "HOST_UNKNOWN"}
        assert "api.example" not in response.text
        assert response.headers["x-content-type-options"] == "nosniff"


async def test_health_is_told_under_every_name(named: Client) -> None:
    """Those who watch processes know them by their addresses."""
    for path in ("/livez", "/readyz"):
        assert (await send(named, "GET", path, host="10.0.0.7:8000")).status_code == 200


async def test_sockets_of_other_hosts(settings: Settings) -> None:
    """A WebSocket that names another host is not opened: a page that has its name lead here does not get in."""
    async with (
        running(replace(settings, hosts=frozenset({"127.0.0.1"}))) as live,
        live.ready(origin=f"http://127.0.0.1:{live.port}"),
    ):
        pass
    async with running(replace(settings, hosts=frozenset({"api.example"}))) as live:
        with pytest.raises(InvalidStatus, match="403"):
            async with live.socket(origin=f"http://127.0.0.1:{live.port}"):
                pass


async def test_pages_of_a_named_origin_may_ask(opened: Client) -> None:
    """A browser is told that the page may send what it wants to send, and that it may read what comes."""
    asked = await send(opened, "OPTIONS", origin=PAGE, **PREFLIGHT)
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == PAGE
    assert "POST" in asked.headers["access-control-allow-methods"]
    allowed = asked.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "content-type", "if-none-match"} <= set(allowed)
    for response in (await send(opened, "POST", origin=PAGE), await send(opened, "GET", origin=PAGE)):
        assert response.headers["access-control-allow-origin"] == PAGE
        assert "ETag" in response.headers["access-control-expose-headers"]
        assert "origin" in response.headers["vary"].lower()
        assert "authorization" in response.headers["vary"].lower()


async def test_refusals_can_be_read_by_pages(opened: Client) -> None:
    """A page that may ask may also read why it was refused."""
    response = await send(opened, "POST", origin=PAGE, authorization="Bearer nonsense")
    assert response.status_code == 401
    assert response.headers["access-control-allow-origin"] == PAGE


@pytest.mark.parametrize(
    "origin",
    [EVIL, "null", "http://www.example.org", "https://www.example.org:8443", "https://www.example.org.evil"],
)
async def test_pages_of_other_origins_may_not(origin: str, opened: Client) -> None:
    """Other pages are told nothing, and neither are caches that might serve them what another one got."""
    for response in (
        await send(opened, "OPTIONS", origin=origin, **PREFLIGHT),
        await send(opened, "POST", origin=origin),
        await send(opened, "GET", "/feed.json?site=test", origin=origin),
    ):
        assert "access-control-allow-origin" not in response.headers
        assert "origin" in response.headers["vary"].lower()


async def test_nobody_is_let_in_by_default(client: Client) -> None:
    """Without a setting no page of another origin may do anything, and responses carry nothing about it."""
    for response in (
        await send(client, "OPTIONS", origin=PAGE, **PREFLIGHT),
        await send(client, "POST", origin=PAGE),
    ):
        assert not [name for name in response.headers if name.startswith("access-control")]


async def test_every_origin(settings: Settings) -> None:
    """With `*` every page may ask; what it must never have is the credentials that a browser sends by itself."""
    async with serve(replace(settings, origins=frozenset({"*"}))) as client:
        asked = await send(client, "OPTIONS", origin=EVIL, **PREFLIGHT)
        answered = await send(client, "POST", origin=EVIL)
        for response in (asked, answered):
            assert response.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in response.headers
        followed = await send(client, "PUT", "/changes", origin=EVIL)
        assert followed.headers["access-control-allow-origin"] == "*"


async def test_health_is_for_no_page(opened: Client) -> None:
    """Pages are not told how the server is."""
    for path in PATHS:
        response = await send(opened, "GET", path, origin=PAGE)
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("GET", "/graphql?query={head}", "*/*"),
        ("GET", "/graphql", "text/html"),
        ("POST", "/graphql", "*/*"),
        ("POST", "/graphql", "image/png"),
        ("OPTIONS", "/graphql", "*/*"),
        ("GET", "/", "*/*"),
        ("GET", "/nowhere", "*/*"),
        ("PUT", "/changes", "*/*"),
        ("GET", "/livez", "*/*"),
        ("GET", "/metrics", "*/*"),
        ("GET", "/robots.txt", "*/*"),
        ("GET", "/feed.atom", "*/*"),
        ("GET", "/graphql/assets/start.js", "*/*"),
        ("GET", "/graphql/assets/nothing", "*/*"),
    ],
)
async def test_every_response_is_closed(method: str, path: str, accept: str, client: Client) -> None:
    """Each response tells browsers to do nothing with it that was not meant, and names no program."""
    response = await send(client, method, path, accept=accept)
    assert {name.lower() for name in DEFAULTS} <= set(response.headers)
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(response.headers)


async def test_reading_has_no_effect(client: Client) -> None:
    """Nothing that a link, an image or a form of another page can send changes anything, whoever is asked."""
    editor = await client.sign_in(Role.ADMINISTRATOR)
    before = (await client.ask("{ head }")).data
    change = 'mutation { createSite(input: { key: "x", name: "X", defaultLocale: "en" }) { revision } }'
    for method in ("GET", "HEAD"):
        for accept in ("*/*", "text/event-stream", "text/html"):
            response = await client.http.request(
                method, "/graphql", params={"query": change}, headers={**editor.headers, "accept": accept}
            )
            assert response.status_code in {200, 405, 406}
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain; x=application/json",
    ):
        assert (
            await editor.post(f'{{"query": "{change}"}}'.replace('"x"', '\\"x\\"'), content_type=kind)
        ).status == 415
    assert (await client.ask("{ head }")).data == before
