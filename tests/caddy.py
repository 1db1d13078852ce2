"""A real Caddy with the configuration of the repository, in front of servers on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.proxies import open_secure, wait_for
from tests.serving import ROOT, free_port

CADDY = shutil.which("caddy")
CONFIGURATION = ROOT / "deploy" / "Caddyfile"
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
            # It has a certificate a moment later than it listens.
            wait_for(caddy, partial(open_secure, secure), log)
            yield secure
        finally:
            caddy.terminate()
            caddy.wait(timeout=20)
