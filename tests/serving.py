"""Running the command `quiet` as its users do: a process of its own, a free port, an end with the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2

from api.settings import Settings

START_SECONDS = 60.0
NO_CERTIFICATES = False
"""For clients of servers on this machine: reading all certificates for each of them takes longer than most answers."""

ROOT = Path(__file__).parent.parent
QUIET = (sys.executable, "-c", "from api.cli import main; main(prog_name='quiet')")
"""`quiet` from this checkout, wherever the command is installed from."""

QUIET_SERVE = (*QUIET, "serve")


def quiet_environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables of a process on the database of these settings."""
    return {"PYTHONPATH": str(ROOT), "QUIET_DATABASE": settings.database}


class ServerError(AssertionError):
    """The server ended, or did not answer in time; the message holds what it printed."""


def free_port() -> int:
    """A port on this machine that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def serving(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Iterator[str]:
    """Run `command` with `--port N` in `folder` until the block ends; give the server's base address.

    N is `port`, or else a free one. The block starts when the server answers over HTTP. Raises ServerError
    with the server's output when it does not.
    """
    port = free_port() if port is None else port
    printed = folder / "server.log"
    with (
        printed.open("wb") as output,
        subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for_answer(server, base, printed)
            yield base
        finally:
            end(server)


def wait_for_answer(server: subprocess.Popen[bytes], base: str, printed: Path) -> None:
    """Return when the server answers at all, whatever the status."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ServerError(f"the server ended with status {server.returncode}:\n{printed.read_text()}")
        try:
            httpx2.get(f"{base}/livez", trust_env=False, verify=NO_CERTIFICATES, timeout=5)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise ServerError(f"the server did not answer within {START_SECONDS:.0f} s:\n{printed.read_text()}")


def end(server: subprocess.Popen[bytes]) -> None:
    """Ask the process to end; after ten seconds, end it."""
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
