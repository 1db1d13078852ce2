"""What real proxies in front have in common: the name they answer to, and how one comes to them over TLS."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

NAME = "api.example.org"
START_SECONDS = 20.0


def open_secure(port: int, *protocols: str) -> ssl.SSLSocket:
    """Return a connection to a proxy on this machine, under the name of its configuration; offers protocols (ALPN).

    Its certificate signed itself, and is believed.
    """
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if protocols:
        context.set_alpn_protocols(list(protocols))
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    return context.wrap_socket(plain, server_hostname=NAME)


def wait_for(process: subprocess.Popen[bytes], connect: Callable[[], socket.socket], log: Path) -> None:
    """Return when a proxy takes connections; `log` is what it says where it does not."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None, log.read_text()
        try:
            connect().close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return
