"""Where webhooks may lead: what their addresses look like, and which machines a name may stand for.

A name is resolved when a webhook is saved and again at each connection, which then goes to the very address that
was checked: a name that leads elsewhere a moment later leads nowhere.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from models.errors import ContentError

LONGEST_ADDRESS = 2_000
RESOLVE_SECONDS = 5.0

PUBLIC_6 = ip_network("2000::/3")
"""All that is given out for the public internet (RFC 4291); what stands outside is local or leads to IPv4."""

REFUSED = tuple(
    map(
        ip_network,
        (
            "2002::/16",  # 6to4: an IPv4 address in disguise (RFC 3056)
            "3fff::/20",  # documentation (RFC 9637)
            "192.88.99.0/24",  # 6to4 relays (RFC 7526)
            "168.63.129.16/32",  # a cloud's own services, at an address that looks public
        ),
    )
)


class AddressRefused(ContentError):
    """An address is none that a webhook may have, or leads where it must not."""

    code = "ADDRESS_REFUSED"


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts: the name to verify and to send, and where its machine is."""

    scheme: str
    host: str
    port: int
    authority: str
    path: str


def read_target(address: str, *, private: bool) -> Target:
    """Return the parts of an address. Raises AddressRefused where a webhook must not have it, whatever it leads to."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused("The address cannot be read.") from None
    plain = address.isascii() and address.isprintable() and " " not in address
    if len(address) > LONGEST_ADDRESS or not plain or not host or port == 0:
        raise AddressRefused(
            "An address is like https://example.com/hook; other letters are written in percent."
        )
    if parts.username is not None or parts.fragment or "\\" in address:
        raise AddressRefused("An address has no user name, password or fragment.")
    if parts.scheme != "https" and not (parts.scheme == "http" and private):
        raise AddressRefused("An address begins with https://; http:// needs QUIET_WEBHOOK_PRIVATE=on.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), parts.netloc, path)


async def resolve(target: Target, *, private: bool) -> list[str]:
    """Return the IP addresses of a target, each of which may be connected to. Raises AddressRefused.

    One that may not be refuses all: a name that stands for a public and a private machine is no mistake.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        raise AddressRefused(f"The name {target.host!r} cannot be resolved.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for text in addresses:
        problem = check_machine(text, private=private)
        if problem:
            raise AddressRefused(f"{target.host!r} leads to {text}, {problem}.")
    return addresses


def check_machine(text: str, *, private: bool) -> str | None:
    """Return why nothing may be sent to an IP address, None where it may."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_multicast or address.is_unspecified:
        return "which is no single machine"
    if private or is_public(address):
        return None
    return "which is not on the public internet; QUIET_WEBHOOK_PRIVATE=on allows it"


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is one of the public internet."""
    if any(address in network for network in REFUSED):
        return False
    return address.is_global and (isinstance(address, IPv4Address) or address in PUBLIC_6)
