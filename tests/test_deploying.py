"""What is shipped: the image's steps without Docker, and the files for systemd, Compose and nginx."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest
import yaml
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from api.setting_table import SETTINGS
from api.settings import IN_FILES, read_settings
from tests.nginx import Proxy, needs_nginx, proxying
from tests.proxies import NAME, open_secure
from tests.serving import QUIET_SERVE, ROOT, free_port, serving
from tests.test_packaging import Installation, build

DEPLOY = ROOT / "deploy"
KNOWN = {f"QUIET_{setting.name}" for setting in SETTINGS} | {f"QUIET_{name}_FILE" for name in IN_FILES}
ANALYZE = shutil.which("systemd-analyze")
QUERY = {"query": "{ head }"}


def test_what_is_installed_serves_where_nothing_can_be_written(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """deploy/check.sh: the wheel, started as nobody on a read-only file system, answers and ends well."""
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        pytest.skip("unshare and setpriv are missing: the read-only file system is NOT TESTED")
    wheel = build("wheel", ROOT, tmp_path_factory.mktemp("shipped_wheel"))
    installation = Installation(wheel, tmp_path_factory.mktemp("shipped"))
    done = subprocess.run(
        [DEPLOY / "check.sh", installation.folder / "venv"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"serves: uid [1-9]\d*, read-only, two processes", done.stdout)


def test_the_image_is_made_by_the_script() -> None:
    """The Dockerfile has no steps of its own to install anything, is nobody's root, and its settings exist."""
    text = (ROOT / "Dockerfile").read_text()
    assert "deploy/build.sh /opt/quiet" in text
    assert not re.search(r"\bpip\b|apt-get|curl|ADD ", text)
    users = re.findall(r"^USER (.*)$", text, re.MULTILINE)
    assert users == ["10001:10001"]
    named = dict(re.findall(r"\b(QUIET_[A-Z_]+)=(\S+)", text))
    assert read_settings(named).host == "0.0.0.0"
    script = (DEPLOY / "build.sh").read_text()
    assert script.count("--require-hashes --only-binary :all:") == 2


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-build.lock"])
def test_the_image_has_what_is_tested(name: str) -> None:
    """Each package of the image is locked by hash, at the version that the tests run with; no index is named."""
    pattern = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    tested = dict(pattern.findall((ROOT / "requirements-dev.lock").read_text()))
    text = (DEPLOY / name).read_text()
    locked = pattern.findall(text)
    assert len(locked) >= 5
    for package, version in locked:
        assert tested[package] == version
    assert len(re.findall(r"^[a-z0-9-]+==.*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(locked)
    # Comments, packages and hashes: nothing else stands there, and so no address to take them from.
    line = re.compile(r"#.*|--hash=sha256:[0-9a-f]{64}( \\)?|[a-z0-9-]+==\S+( ; [^:/]+)? \\|")
    assert [found for found in text.splitlines() if not line.fullmatch(found.strip())] == []


def test_compose() -> None:
    """Compose starts two processes alike after one migration, with settings that exist and no secret in sight."""
    content = yaml.safe_load((ROOT / "compose.yaml").read_text())
    services = content["services"]
    assert services["migrate"]["command"] == ["migrate"]
    assert services["migrate"]["restart"] == "no"
    for name in ("quiet-1", "quiet-2"):
        service = services[name]
        assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["restart"] == "unless-stopped"
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    for service in services.values():
        for setting, value in service["environment"].items():
            assert setting in KNOWN or setting.startswith("POSTGRES_")
            assert not (re.search("PASSWORD|TOKEN", setting) and not setting.endswith("_FILE")), value
        assert set(service["secrets"]) <= set(content["secrets"])


@pytest.mark.parametrize(
    "name",
    [
        "docs/deploying.md",
        "docs/security.md",
        "SECURITY.md",
        "deploy/nginx.conf",
        "deploy/quiet-engine.service",
    ],
)
def test_the_guides_name_what_exists(name: str) -> None:
    """Every setting, file and command of make that the guides name is there."""
    text = (ROOT / name).read_text()
    assert set(re.findall(r"QUIET_[A-Z_]*[A-Z]", text)) <= KNOWN
    for path in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / name).parent / path).exists(), path
    for path in re.findall(r"`((?:deploy|docs|tests)/[\w./-]*)", text):
        assert (ROOT / path).exists(), path
    targets = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make (\w+)", text):
        assert f"\n{target}:" in targets


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit of systemd, with a program that is there."""
    program = tmp_path / "quiet"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    path = tmp_path / "quiet-engine.service"
    path.write_text(
        (DEPLOY / "quiet-engine.service").read_text().replace("/opt/quiet/bin/quiet", str(program))
    )
    return path


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is missing: the unit is NOT TESTED")
def test_the_unit_of_systemd(unit: Path) -> None:
    """systemd understands the unit, and finds it as closed as it says: 2 of 10 or less, where 10 is open."""
    verified = subprocess.run([str(ANALYZE), "verify", unit], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", "--threshold=20", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-2000:]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx in front of a server, and of a port where nobody answers."""
    folder = tmp_path_factory.mktemp("nginx")
    environment = {
        "PYTHONPATH": str(ROOT),
        "QUIET_DATABASE": f"sqlite://{folder}/a.sqlite3",
        "QUIET_SHARED_CACHE_SECONDS": "3600",
    }
    port = free_port()
    with (
        serving((*QUIET_SERVE, "--sample"), folder, environment, port),
        proxying(port, free_port(), folder) as proxy,
    ):
        yield proxy


@pytest.fixture
def browser(proxy: Proxy) -> Iterator[httpx2.Client]:
    """A client that speaks to nginx under the name of the configuration."""
    with httpx2.Client(
        base_url=f"https://127.0.0.1:{proxy.secure}", verify=False, trust_env=False, headers={"host": NAME}
    ) as client:
        yield client


@needs_nginx
def test_nginx_passes_requests_on(browser: httpx2.Client, proxy: Proxy) -> None:
    """Queries are answered over TLS though one of the two processes is gone, with HTTP/2 offered and HSTS said."""
    for _ in range(4):
        response = browser.post("/graphql", json=QUERY)
        assert response.json()["data"] == {"head": 1}
    assert response.headers["strict-transport-security"]
    assert response.headers["content-security-policy"]
    with open_secure(proxy.secure, "h2", "http/1.1") as secure:
        assert secure.selected_alpn_protocol() == "h2"
    moved = httpx2.get(f"http://127.0.0.1:{proxy.plain}/graphql?a=b", trust_env=False)
    assert (moved.status_code, moved.headers["location"]) == (308, f"https://{NAME}/graphql?a=b")


@needs_nginx
def test_nginx_keeps_public_answers(browser: httpx2.Client) -> None:
    """A public answer to GET comes from nginx the second time, one to a credential never; media types do not mix."""
    path = "/graphql?query={articles{totalCount}}"
    ids = [browser.get(path).headers["x-request-id"] for _ in range(2)]
    assert ids[0] == ids[1]
    other = browser.get(path, headers={"accept": "application/graphql-response+json"})
    assert other.headers["content-type"].startswith("application/graphql-response+json")
    assert browser.get(path, headers={"authorization": "Bearer nonsense"}).status_code == 401
    assert browser.get(path).headers["x-request-id"] == ids[0]


@needs_nginx
def test_nginx_holds_streams_back_nowhere(browser: httpx2.Client, proxy: Proxy) -> None:
    """The first event of a stream arrives while the stream goes on, by event stream and by WebSocket."""
    query = "subscription { changes(since: 0) { kind } }"
    with browser.stream(
        "GET", "/graphql", params={"query": query}, headers={"accept": "text/event-stream"}
    ) as response:
        first = next(line for line in response.iter_lines() if line.startswith("data: {"))
        assert json.loads(first.removeprefix("data: "))["data"]["changes"]
    with connect(
        f"ws://{NAME}:{proxy.secure}/graphql",
        sock=open_secure(proxy.secure),
        subprotocols=[Subprotocol("graphql-transport-ws")],
    ) as connection:
        connection.send('{"type":"connection_init"}')
        assert json.loads(connection.recv(timeout=20)) == {"type": "connection_ack"}


class Telling(BaseHTTPRequestHandler):
    """Answers with the headers that it gets."""

    def do_POST(self) -> None:
        """Answer one request."""
        body = json.dumps({name.lower(): self.headers.get_all(name) for name in self.headers}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@needs_nginx
def test_nginx_says_where_clients_come_from(tmp_path: Path) -> None:
    """A client cannot choose whose budget it spends, nor under which name it came, by saying that it is elsewhere."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Telling)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        with (
            proxying(server.server_port, server.server_port, tmp_path) as proxy,
            httpx2.Client(verify=False, trust_env=False) as client,
        ):
            named = {"host": NAME, "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "http"}
            told = client.post(f"https://127.0.0.1:{proxy.secure}/graphql", headers=named).json()
    finally:
        server.shutdown()
        server.server_close()
    assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == (["127.0.0.1"], ["https"])
    assert told["host"] == [NAME]


@needs_nginx
def test_nginx_keeps_the_inside_inside(browser: httpx2.Client) -> None:
    """Figures and versions are not told to those who come through nginx; too large bodies end there."""
    for path in ("/metrics", "/version", "/readyz"):
        assert browser.get(path).status_code == 404
    assert browser.get("/livez").status_code == 200
    assert browser.post("/graphql", content=b"a" * 9_000_000).status_code == 413
