"""The GraphiQL page: closed by its headers, complete without a CDN, and still whole where npm is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from graphql import build_schema, parse, validate
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from api.graphiql import install
from api.graphiql.page import FOLDER, FOREVER, GraphiQL, wants_page
from api.graphiql.third_party import CDN, THIRD_PARTY, ThirdPartyFile, integrity_of

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = b"window.GraphiQL = null;"
PINNED = ThirdPartyFile("graphiql.js", "graphiql", "4.1.2", "graphiql.min.js", integrity_of(SCRIPT))


def serve(graphiql: GraphiQL) -> TestClient:
    """A client of an application that answers browsers with the page and programs with JSON."""

    async def answer(request: Request) -> Response:
        return graphiql.page() if wants_page(request) else JSONResponse({"data": None})

    return TestClient(Starlette(routes=[graphiql.assets_route, Route("/graphql", answer)]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds the one pinned file of `PINNED`."""
    (tmp_path / "graphiql.js").write_bytes(SCRIPT)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> TestClient:
    """A client of a page whose third-party files are all installed."""
    return serve(GraphiQL(folder, [PINNED]))


async def status_of_raw_path(graphiql: GraphiQL, path: str) -> int:
    """The status for a path exactly as an attacker sends it: HTTP clients tidy up dots and slashes first."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }
    await Starlette(routes=[graphiql.assets_route])(scope, receive, send)
    status = sent[0]["status"]
    assert isinstance(status, int)
    return status


class PageReader(HTMLParser):
    """Collects what a page loads, and whatever code stands in the page itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[dict[str, str | None]] = []
        self.inline: list[str] = []
        self._open: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        self.inline += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        values = dict(attrs)
        if tag in ("script", "link"):
            self.loads.append({"address": values.get("src") or values.get("href"), **values})

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open in ("script", "style") and data.strip():
            self.inline.append(data)


def policy(headers: Mapping[str, str]) -> dict[str, str]:
    """The directives of a Content-Security-Policy header."""
    parts = [part.strip().partition(" ") for part in headers["content-security-policy"].split(";")]
    return {name: value for name, _, value in parts}


def test_a_browser_gets_the_page_with_closed_headers(client: TestClient) -> None:
    answer = client.get("/graphql", headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "Accept" in answer.headers["vary"]
    assert "<title>Quiet Engine</title>" in answer.text


def test_the_policy_allows_nothing_but_our_own_origin(client: TestClient) -> None:
    assert policy(client.get("/graphql", headers=BROWSER).headers) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self' data:",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


def test_no_code_and_no_style_stands_in_the_page(client: TestClient) -> None:
    assert PageReader(client.get("/graphql", headers=BROWSER).text).inline == []


def test_the_reader_of_these_tests_sees_code_in_a_page() -> None:
    page = PageReader('<p onclick="a()" style="b">c</p><script>d()</script><style>e</style>')
    assert page.inline == ["onclick", "style", "d()", "e"]


def test_everything_that_the_page_loads_is_there_typed_hashed_and_kept_for_good(client: TestClient) -> None:
    html = client.get("/graphql", headers=BROWSER).text
    loads = PageReader(html).loads
    assert len(loads) == 5  # our style, our icon, the third-party script, our scripts
    for load in loads:
        assert load["address"] is not None
        answer = client.get(load["address"])
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == FOREVER
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert load.get("integrity", integrity_of(answer.content)) == integrity_of(answer.content)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("fetcher.js", "text/javascript; charset=utf-8"),
        ("start.js", "text/javascript; charset=utf-8"),
        ("start.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("examples.graphql", "application/graphql; charset=utf-8"),
    ],
)
def test_our_own_files_have_their_media_type(client: TestClient, name: str, media_type: str) -> None:
    answer = client.get(f"/graphql/assets/{name}")
    assert answer.headers["content-type"] == media_type
    assert answer.content == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef"])
def test_an_answer_to_another_version_is_not_kept(client: TestClient, query: str) -> None:
    assert client.get(f"/graphql/assets/start.js{query}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "nothing.js",
        "page.py",
        "package.json",
        "licences.txt",
        "../page.py",
        "%2e%2e/page.py",
        "%2e%2e%2fpage.py",
        "..%2fpage.py",
        "..%5cpage.py",
        "./start.js",
        "assets/graphiql.js",
        "%2fetc%2fpasswd",
        "start.js%00",
        "",
    ],
)
async def test_no_other_path_reaches_a_file(folder: Path, path: str) -> None:
    assert await status_of_raw_path(GraphiQL(folder, [PINNED]), f"/graphql/assets/{path}") == 404


async def test_a_raw_path_reaches_a_file_of_the_page(folder: Path) -> None:
    assert await status_of_raw_path(GraphiQL(folder, [PINNED]), "/graphql/assets/start%2ejs") == 200


def test_assets_are_only_read(client: TestClient) -> None:
    assert client.post("/graphql/assets/start.js").status_code == 405
    assert client.head("/graphql/assets/start.js").status_code == 200


def test_without_npm_the_page_names_the_cdn_and_the_hash_of_each_file(tmp_path: Path) -> None:
    answer = serve(GraphiQL(tmp_path / "absent")).get("/graphql", headers=BROWSER)
    reader = PageReader(answer.text)
    elsewhere = {load["address"]: load for load in reader.loads if str(load["address"]).startswith(CDN)}
    assert list(elsewhere) == [
        *(file.cdn_address for file in THIRD_PARTY if file.name.endswith(".css")),
        *(file.cdn_address for file in THIRD_PARTY if file.name.endswith(".js")),
    ]
    for file in THIRD_PARTY:
        assert elsewhere[file.cdn_address]["integrity"] == file.integrity
        assert elsewhere[file.cdn_address]["crossorigin"] == "anonymous"
    assert reader.inline == []


def test_without_npm_the_policy_adds_just_the_files_of_the_cdn(tmp_path: Path) -> None:
    directives = policy(serve(GraphiQL(tmp_path / "absent")).get("/graphql", headers=BROWSER).headers)
    scripts = [file.cdn_address for file in THIRD_PARTY if file.name.endswith(".js")]
    styles = [file.cdn_address for file in THIRD_PARTY if file.name.endswith(".css")]
    assert directives["script-src"].split() == ["'self'", *scripts]
    assert directives["style-src"].split() == ["'self'", *styles]
    assert directives["connect-src"] == "'self'"


def test_a_file_that_is_not_the_pinned_one_is_never_served(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "graphiql.js").write_bytes(b"alert('changed')")
    client = serve(GraphiQL(folder, [PINNED]))
    assert client.get("/graphql/assets/graphiql.js").status_code == 404
    assert PINNED.cdn_address in client.get("/graphql", headers=BROWSER).text
    assert "is not the pinned file" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "accept", "wanted"),
    [
        ("GET", "/graphql", "text/html,*/*;q=0.8", True),
        ("HEAD", "/graphql", "text/html", True),
        ("GET", "/graphql", "*/*", False),
        ("GET", "/graphql", "application/json", False),
        ("GET", "/graphql?query={head}", "text/html", False),
        ("GET", "/graphql?extensions={}", "text/html", False),
        ("POST", "/graphql", "text/html", False),
    ],
)
def test_only_a_browser_without_a_query_wants_the_page(
    method: str, path: str, accept: str, wanted: bool
) -> None:
    address, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": address,
        "query_string": query.encode(),
        "headers": [(b"accept", accept.encode())],
    }
    assert wants_page(Request(scope)) is wanted


def test_the_page_and_its_own_files_name_no_version_of_the_server(client: TestClient) -> None:
    answer = client.get("/graphql", headers=BROWSER)
    assert "server" not in answer.headers
    assert "0.1" not in answer.text


def test_the_pinned_files_are_of_the_versions_in_the_npm_manifest() -> None:
    manifest = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    assert {file.package: file.version for file in THIRD_PARTY} == manifest


def test_the_npm_lock_pins_content_and_names_no_registry() -> None:
    packages = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    dependencies = {name: entry for name, entry in packages.items() if name}
    assert dependencies
    assert [name for name, entry in dependencies.items() if "resolved" in entry] == []
    assert [
        name for name, entry in dependencies.items() if not entry["integrity"].startswith("sha512-")
    ] == []


def test_the_installed_files_are_the_pinned_ones_with_their_licences() -> None:
    if not install.ASSETS.is_dir():
        pytest.skip("GraphiQL's files are not installed; `make install` does it where npm is there")
    contents = {file.name: (install.ASSETS / file.name).read_bytes() for file in THIRD_PARTY}
    assert {name: integrity_of(content) for name, content in contents.items()} == {
        file.name: file.integrity for file in THIRD_PARTY
    }
    licences = (install.ASSETS / install.LICENCES).read_text(encoding="utf-8")
    assert all(
        f"{'=' * 20} {package}\n" in licences for package in ("graphiql", "react", "react-dom", "graphql")
    )


@pytest.mark.parametrize("query", (FOLDER / "examples.graphql").read_text().split("# ---\n"))
def test_each_example_is_valid_against_the_contract(query: str) -> None:
    contract = build_schema((FOLDER.parent.parent / "schema" / "schema.graphql").read_text())
    assert validate(contract, parse(query)) == []


def test_set_up_refuses_a_file_that_is_not_the_pinned_one(tmp_path: Path) -> None:
    (tmp_path / "graphiql").mkdir()
    path = tmp_path / "graphiql" / "graphiql.min.js"
    path.write_bytes(SCRIPT)
    assert install.read_pinned(tmp_path, PINNED) == SCRIPT
    path.write_bytes(SCRIPT + b" ")
    with pytest.raises(install.InstallError, match="not the pinned file"):
        install.read_pinned(tmp_path, PINNED)
    path.unlink()
    with pytest.raises(install.InstallError, match=r"holds no graphiql\.min\.js"):
        install.read_pinned(tmp_path, PINNED)


def test_set_up_that_fails_says_why_and_leaves_the_files_alone(tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho no network >&2\nexit 7\n")
    npm.chmod(0o755)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "graphiql.js").write_bytes(SCRIPT)
    with pytest.raises(install.InstallError, match="no network"):
        install.install(str(npm), tmp_path / "assets")
    assert (tmp_path / "assets" / "graphiql.js").read_bytes() == SCRIPT
