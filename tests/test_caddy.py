"""Caddy in front, with the configuration that is shipped."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.caddy import needs_caddy, proxying_by_caddy
from tests.proxies import NAME, open_secure
from tests.serving import QUIET_SERVE, ROOT, free_port, serving

pytestmark = needs_caddy

QUERY = {"query": "{ head }"}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of Caddy in front of a server, and of a port where nobody answers."""
    folder = tmp_path_factory.mktemp("caddy")
    environment = {"PYTHONPATH": str(ROOT), "QUIET_DATABASE": f"sqlite://{folder}/a.sqlite3"}
    behind = free_port()
    with (
        serving((*QUIET_SERVE, "--sample"), folder, environment, behind),
        proxying_by_caddy(behind, free_port(), folder) as port,
    ):
        yield port


@pytest.fixture
def browser(port: int) -> Iterator[httpx2.Client]:
    """A client that speaks to Caddy under the name of the configuration."""
    with httpx2.Client(
        base_url=f"https://127.0.0.1:{port}", verify=False, trust_env=False, headers={"host": NAME}
    ) as client:
        yield client


def ask(browser: httpx2.Client, method: str, path: str, **options: object) -> httpx2.Response:
    """Return the response to a request that names the server in its handshake, too."""
    extensions = {"sni_hostname": NAME}
    return browser.request(method, path, extensions=extensions, **options)  # type: ignore[arg-type] # options of httpx


def test_requests_are_passed_on(browser: httpx2.Client, port: int) -> None:
    """Queries are answered over TLS though one of the two processes is gone, with HTTP/2 offered and HSTS said."""
    for _ in range(4):
        response = ask(browser, "POST", "/graphql", json=QUERY)
        assert response.json()["data"] == {"head": 1}
    assert response.headers["strict-transport-security"]
    assert response.headers["content-security-policy"]
    with open_secure(port, "h2", "http/1.1") as secure:
        assert secure.selected_alpn_protocol() == "h2"


def test_streams_are_held_back_nowhere(browser: httpx2.Client, port: int) -> None:
    """The first event of a stream arrives while the stream goes on, by event stream and by WebSocket."""
    query = "subscription { changes(since: 0) { kind } }"
    with browser.stream(
        "GET",
        "/graphql",
        params={"query": query},
        headers={"accept": "text/event-stream"},
        extensions={"sni_hostname": NAME},
    ) as response:
        first = next(line for line in response.iter_lines() if line.startswith("data: {"))
        assert json.loads(first.removeprefix("data: "))["data"]["changes"]
    with connect(
        f"ws://{NAME}:{port}/graphql",
        sock=open_secure(port),
        subprotocols=[Subprotocol("graphql-transport-ws")],
    ) as connection:
        connection.send('{"type":"connection_init"}')
        assert json.loads(connection.recv(timeout=20)) == {"type": "connection_ack"}


def test_the_inside_stays_inside(browser: httpx2.Client) -> None:
    """Figures and versions are not told to those who come through Caddy; too large bodies end there."""
    for path in ("/metrics", "/version", "/readyz"):
        assert ask(browser, "GET", path).status_code == 404
    assert ask(browser, "GET", "/livez").status_code == 200
    headers = {"content-type": "application/json"}
    assert ask(browser, "POST", "/graphql", content=b"a" * 9_000_000, headers=headers).status_code == 413
