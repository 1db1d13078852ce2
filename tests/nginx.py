"""A real nginx with the configuration of the repository, in front of servers on this machine."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.proxies import NAME, open_secure, wait_for
from tests.serving import ROOT, free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CONFIGURATION = ROOT / "deploy" / "nginx.conf"

needs_nginx = pytest.mark.skipif(
    NGINX is None, reason="######## nginx is missing: its configuration is NOT TESTED ########"
)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running nginx: its ports without and with TLS."""

    plain: int
    secure: int


@contextmanager
def proxying(first: int, second: int, folder: Path) -> Iterator[Proxy]:
    """Run nginx in front of two ports until the block ends."""
    proxy = Proxy(free_port(), free_port())
    write_certificate(folder)
    (folder / "site.conf").write_text(adapt(CONFIGURATION.read_text(), proxy, first, second, folder))
    (folder / "main.conf").write_text(describe_main(folder))
    command = [
        str(NGINX),
        "-p",
        str(folder),
        "-c",
        str(folder / "main.conf"),
        "-e",
        str(folder / "error.log"),
    ]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as nginx:
        try:
            wait_for(nginx, partial(open_secure, proxy.secure), folder / "error.log")
            yield proxy
        finally:
            nginx.terminate()
            nginx.wait(timeout=20)


def adapt(text: str, proxy: Proxy, first: int, second: int, folder: Path) -> str:
    """Return the configuration for this machine: every line of it stays, its places are others."""
    for before, after in (
        ("127.0.0.1:8001", f"127.0.0.1:{first}"),
        ("127.0.0.1:8002", f"127.0.0.1:{second}"),
        ("listen 80;", f"listen 127.0.0.1:{proxy.plain};"),
        ("    listen [::]:80;\n", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{proxy.secure} ssl http2;"),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("/etc/ssl/quiet", str(folder)),
        ("/var/cache/nginx", str(folder)),
    ):
        assert before in text, before
        text = text.replace(before, after)
    return text


def describe_main(folder: Path) -> str:
    """Return the main configuration, as distributions have it."""
    user = "user root;" if os.geteuid() == 0 else ""
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; {user} pid {folder}/nginx.pid; worker_processes 1; events {{ worker_connections 256; }}\n"
        f"http {{ access_log off; {places} include {folder}/site.conf; }}\n"
    )


def write_certificate(folder: Path) -> None:
    """Write a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
