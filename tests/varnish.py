"""A real Varnish with the VCL of the documentation, in front of a server on this machine."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.serving import ROOT, free_port

VARNISHD = shutil.which("varnishd") or shutil.which("varnishd", path="/usr/sbin")
VCL = ROOT / "docs" / "varnish.vcl"
START_SECONDS = 30.0

needs_varnish = pytest.mark.skipif(
    VARNISHD is None,
    reason="######## varnishd is missing: caching is NOT TESTED against a real cache ########",
)


@contextmanager
def caching(port: int, backend: int, folder: Path) -> Iterator[str]:
    """Run Varnish on a port in front of the one of a backend until the block ends; give its base address."""
    assert VARNISHD is not None
    text = VCL.read_text()
    assert '.port = "8000"' in text
    (folder / "test.vcl").write_text(text.replace('.port = "8000"', f'.port = "{backend}"'))
    command = [VARNISHD, "-F", "-j", "none", "-a", f"127.0.0.1:{port}", "-f", str(folder / "test.vcl")]
    with (
        (folder / "varnish.log").open("wb") as log,
        subprocess.Popen(
            [*command, "-n", str(folder / "varnish"), "-s", "malloc,16m"],
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as varnish,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for_cache(varnish, base, folder / "varnish.log")
            yield base
        finally:
            varnish.terminate()
            varnish.wait(timeout=20)


def wait_for_cache(varnish: subprocess.Popen[bytes], base: str, log: Path) -> None:
    """Return when Varnish answers at all."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert varnish.poll() is None, log.read_text()
        try:
            httpx2.get(base, trust_env=False, timeout=5)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"Varnish did not answer:\n{log.read_text()}")


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now, each another one."""
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return sorted(ports)
