"""Where webhooks may lead: checked when saved, and again at each connection, which goes where was checked."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from api.webhook_sending import Sender
from models.delivery import Event
from models.errors import InvalidContent
from models.webhook import Wanted, create_webhook
from models.webhook_address import AddressRefused, check_machine, read_target, resolve
from tests.client import TESTER, Client
from tests.receiver import Receiver, receiving
from tests.webhooks import hook, publish, take

pytestmark = pytest.mark.database


@pytest.fixture
def client(telling: Client) -> Client:
    """Return a client of a service that tells webhooks on this machine."""
    return telling


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let names lead to these IP addresses, one look-up after the other; the last one stays. Returns what was asked."""
    asked: list[str] = []

    def look_up(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        answer = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


async def test_connections_go_where_was_checked(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is looked up anew for each attempt, once, and its present address is refused or connected to."""
    port = receiver.port
    with monkeypatch.context() as patch:
        asked = resolving(patch, "127.0.0.1")
        webhook, _ = await hook(client, f"http://hooks.example:{port}/x")
        await publish(client, "A")
        request = await take(receiver)
        assert request.headers["host"] == f"hooks.example:{port}"
        assert asked.count("hooks.example") == 2
    event = Event("evt_1", "t", 1, "{}")
    sender = Sender(private=False)
    secure = replace(webhook, address=f"https://hooks.example:{port}/x")
    for machine in ("127.0.0.1", "10.1.2.3", "169.254.169.254"):
        with monkeypatch.context() as patch:
            resolving(patch, machine)
            outcome = await sender.send(secure, event)
        assert outcome.status is None
        assert f"leads to {machine}, which is not on the public internet" in str(outcome.error)
    await sender.close()
    assert len(receiver.received) == 1


def make_certificate(name: str, folder: Path) -> Path:
    """Write a key with a certificate for a name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize(("certified", "arrives"), [("hooks.example", True), ("others.example", False)])
async def test_encryption_verifies_the_name(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, certified: str, arrives: bool
) -> None:
    """The machine that was checked must show a certificate for the name, not for its number or another name."""
    path = make_certificate(certified, tmp_path)
    trust = ssl.create_default_context(cafile=str(path))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    sender = Sender(private=True, trust=trust)
    with receiving(encryption=server) as receiver:
        resolving(monkeypatch, "127.0.0.1")
        webhook, _ = await hook(client, f"https://hooks.example:{receiver.port}/")
        outcome = await sender.send(webhook, Event("evt_1", "t", 1, "{}"))
        await sender.close()
        assert outcome.is_done == arrives
        assert len(receiver.received) == arrives
        if not arrives:
            assert "certificate" in str(outcome.error)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://example.com/", "https://"),
        ("ftp://example.com/", "https://"),
        ("https://user:password@example.com/", "user name"),
        ("https://example.com/#x", "fragment"),
        ("https:///x", "is like"),
        ("https://example.com:0/", "is like"),
        ("https://example.com:99999/", "cannot be read"),
        ("https://ex ample.com/", "is like"),
        ("https://[::1", "cannot be read"),
        ("https://nowhere.invalid/", "cannot be resolved"),
        ("https://127.0.0.1/", "127.0.0.1"),
        ("https://2130706433/", "127.0.0.1"),
        ("https://0x7f.1/", "127.0.0.1"),
        ("https://localhost/", "not on the public internet"),
        ("https://[::ffff:127.0.0.1]/", "not on the public internet"),
        ("https://[64:ff9b::7f00:1]/", "not on the public internet"),
        ("https://224.0.0.1/", "no single machine"),
    ],
)
async def test_addresses_that_cannot_be_saved(client: Client, address: str, reason: str) -> None:
    """An address that nothing may be sent to is refused with a reason when it is saved."""
    with pytest.raises(InvalidContent) as raised:
        await create_webhook(client.database, TESTER, address, Wanted(), private=False)
    (problem,) = raised.value.problems
    assert problem.path == ("address",)
    assert reason in problem.message


PRIVATE = (
    "127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 "
    "100.100.100.200 0.1.2.3 192.0.0.1 192.0.2.1 198.18.0.1 240.0.0.1 255.255.255.255 168.63.129.16 192.88.99.1 "
    "::1 ::127.0.0.1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd00:ec2::254 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 "
    "64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1:: 2001:0:7f00:1:: 2001:db8::1 3fff::1 100::1"
)


def test_machines_that_are_not_public() -> None:
    """Loopback, private, link-local, shared, reserved and disguised addresses are refused, public ones are not."""
    for text in PRIVATE.split():
        assert check_machine(text, private=False) is not None, text
        assert check_machine(text, private=True) is None, text
    for text in ("1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:1.1.1.1"):
        assert check_machine(text, private=False) is None, text
    for text in ("0.0.0.0", "::", "224.0.0.1", "ff02::1", "::ffff:0.0.0.0"):
        assert check_machine(text, private=True) is not None, text


async def test_a_name_with_one_private_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that stands for a public and a private machine leads nowhere."""

    def look_up(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("1.1.1.1", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        await resolve(read_target("https://mixed.example/", private=False), private=False)
