"""A real Caddy with the configuration of the repository, in front of servers on this machine."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.serving import ROOT, free_port

CADDY = shutil.which("caddy")
CONFIGURATION = ROOT / "deploy" / "Caddyfile"
NAME = "api.example.org"
START_SECONDS = 20.0
GLOBAL = """{{
	admin off
	local_certs
	skip_install_trust
	http_port {plain}
	https_port {secure}
	storage file_system {folder}
}}
"""
"""What is of this machine alone: ports that anybody may open, and certificates that nobody has to ask for."""

needs_caddy = pytest.mark.skipif(
    CADDY is None, reason="######## Caddy is missing: its configuration is NOT TESTED ########"
)


@contextmanager
def proxying_by_caddy(first: int, second: int, folder: Path) -> Iterator[int]:
    """Run Caddy in front of two ports until the block ends; yield its port with TLS."""
    secure = free_port()
    text = CONFIGURATION.read_text()
    assert "127.0.0.1:8001 127.0.0.1:8002" in text
    own = GLOBAL.format(plain=free_port(), secure=secure, folder=folder)
    places = f"127.0.0.1:{first} 127.0.0.1:{second}"
    (folder / "Caddyfile").write_text(own + text.replace("127.0.0.1:8001 127.0.0.1:8002", places))
    log = folder / "caddy.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [str(CADDY), "run", "--config", str(folder / "Caddyfile")],
            env={**os.environ, "HOME": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as caddy,
    ):
        try:
            wait_for(caddy, secure, log)
            yield secure
        finally:
            caddy.terminate()
            caddy.wait(timeout=20)


def open_secure(port: int, *protocols: str) -> ssl.SSLSocket:
    """Return a connection to Caddy under the name of the configuration."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(list(protocols))
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    return context.wrap_socket(plain, server_hostname=NAME)


def wait_for(caddy: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when Caddy takes connections and has a certificate for them."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert caddy.poll() is None, log.read_text()
        try:
            open_secure(port).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return
