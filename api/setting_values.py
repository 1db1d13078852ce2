"""How settings are read: from the text of an environment variable to a value, or ValueError with what is needed."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from models.access import Role
from models.database import Address
from models.errors import ContentError
from models.paging import DEFAULT_SIZE, LARGEST_SIZE


def read_host(text: str) -> str:
    """Return the address to listen at; an empty one would mean every network that the machine is in."""
    if not text:
        raise ValueError("it is empty; 127.0.0.1 is this machine only, 0.0.0.0 every network it is in")
    return text


def read_text(text: str) -> str:
    """Return a text as it is."""
    return text


def read_bytes(text: str) -> int:
    """Return a number of bytes: `1048576`, `64k`, `64M` or `1G`."""
    units = {"k": 1024, "m": 1024**2, "g": 1024**3}
    factor = units.get(text[-1:].lower(), 1)
    number = text[:-1] if factor > 1 else text
    if not (number.isascii() and number.isdigit()):
        raise ValueError("a number of bytes is needed, such as 64M")
    return int(number) * factor


def read_limit(text: str) -> int:
    """Return a number of bytes that leaves room for a request."""
    if (limit := read_bytes(text)) < SMALLEST_LIMIT:
        raise ValueError(f"at least {SMALLEST_LIMIT} bytes are needed, or nothing could be asked")
    return limit


def read_port(text: str) -> int:
    """Return a port number."""
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise ValueError("a port is a number from 0 to 65535")
    return int(text)


def read_seconds(text: str) -> int:
    """Return a number of seconds, at most a year."""
    if not (text.isascii() and text.isdigit() and int(text[:10]) <= 31_536_000):
        raise ValueError("a whole number of seconds is needed, such as 60")
    return int(text)


def read_count(text: str) -> int:
    """Return a number from 0 to a million."""
    if not (text.isascii() and text.isdigit() and int(text[:10]) <= 1_000_000):
        raise ValueError("a number from 0 to 1000000 is needed")
    return int(text)


def read_page_size(text: str) -> int:
    """Return a number from 20, as many as a page has where nobody says how many, to 1000."""
    if not (text.isascii() and text.isdigit() and DEFAULT_SIZE <= int(text[:5]) <= LARGEST_SIZE):
        raise ValueError(f"a number from {DEFAULT_SIZE} to {LARGEST_SIZE} is needed")
    return int(text)


def read_amount(text: str) -> int:
    """Return a number from 0 to a thousand millions."""
    if not (text.isascii() and text.isdigit() and int(text[:11]) <= 1_000_000_000):
        raise ValueError("a number from 0 to 1000000000 is needed")
    return int(text)


def read_redis(text: str) -> str:
    """Return the address of a Redis server, or none at all."""
    parts = urlsplit(text)
    if text and not (parts.scheme in {"redis", "rediss", "unix"} and (parts.hostname or parts.path)):
        raise ValueError("an address is like redis://localhost:6379/0")
    return text


def read_path(text: str) -> Path | None:
    """Return the path of a file, None where none is given."""
    return Path(text) if text else None


def read_switch(text: str) -> bool:
    """Return whether something is on."""
    if text not in {"on", "off"}:
        raise ValueError("it is on or off")
    return text == "on"


def read_duration(text: str) -> float:
    """Return a number of seconds that need not be whole, at most a day."""
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,6})?", text) or float(text) > 86_400:
        raise ValueError("a number of seconds is needed, such as 0.5")
    return float(text)


def read_log_format(text: str) -> str:
    """Return how logs are written."""
    if text not in {"console", "json"}:
        raise ValueError("it is console or json")
    return text


def read_log_level(text: str) -> str:
    """Return from which level on something is logged."""
    if text not in {"debug", "info", "warning", "error"}:
        raise ValueError("it is debug, info, warning or error")
    return text


def read_audience(text: str) -> str:
    """Return who may see something."""
    if text not in {"off", "operators", "everybody"}:
        raise ValueError("it is off, operators or everybody")
    return text


def read_disclosure(text: str) -> str:
    """Return who may ask for the schema."""
    if text not in {EVERYBODY, "authenticated", "nobody"}:
        raise ValueError("it is everybody, authenticated or nobody")
    return text


def read_hosts(text: str) -> frozenset[str]:
    """Return names of hosts in lower case, without ports; `*.example.org` stands for all below that."""
    hosts = [host.strip().lower() for host in text.split(",") if host.strip()]
    for host in hosts:
        if not re.fullmatch(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", host):
            raise ValueError("a host is like www.example.org or *.example.org, without a port")
    return frozenset(hosts)


def read_operator_token(text: str) -> str:
    """Return a token that nobody guesses, or none."""
    if text and not re.fullmatch(r"[A-Za-z0-9._~+/=-]{24,256}", text):
        raise ValueError(
            "it has 24 to 256 letters, digits or any of ._~+/=-; `openssl rand -hex 24` prints one"
        )
    return text


def read_database(text: str) -> str:
    """Return a database address that can be understood."""
    try:
        Address(text)
    except (ContentError, ValueError) as error:
        raise ValueError(str(error)) from error
    return text


SMALLEST_LIMIT = 1024
EVERYBODY = "everybody"
PURGE_STYLES = ("varnish", "fastly", "cloudflare")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def read_web_address(text: str) -> str:
    """Return an address of the web, or none at all; without encryption only on this machine."""
    parts = urlsplit(text)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    plain = text.isascii() and text.isprintable() and not set(text) & set(" @?#")
    if text and not (secure and plain and parts.hostname and parts.port != 0):
        raise ValueError("an address begins with https://, or with http://localhost")
    return text


def read_addresses(text: str) -> tuple[str, ...]:
    """Return addresses of the web, separated by commas."""
    addresses = tuple(address.strip() for address in text.split(",") if address.strip())
    for address in addresses:
        parts = urlsplit(address)
        plain = address.isascii() and address.isprintable() and not set(address) & set(" @#")
        if not (parts.scheme in {"http", "https"} and plain and parts.hostname and parts.port != 0):
            raise ValueError("an address begins with http:// or https://; commas separate several")
    return addresses


def read_collector(text: str) -> str:
    """Return one address of the web, or none at all."""
    addresses = read_addresses(text)
    if len(addresses) > 1:
        raise ValueError("it is one address")
    return addresses[0] if addresses else ""


def read_style(text: str) -> str:
    """Return the name of a way to purge."""
    if text not in PURGE_STYLES:
        raise ValueError(f"it is one of {', '.join(PURGE_STYLES)}")
    return text


def read_roles(text: str) -> tuple[tuple[str, Role], ...]:
    """Return pairs of a value and its role: `editors=editor,chiefs=publisher`."""
    pairs = [pair.rpartition("=") for pair in text.split(",") if pair.strip()]
    if not all(value.strip() and role.strip() in list(Role) for value, _, role in pairs):
        raise ValueError(f"it is like editors=editor,chiefs=publisher; the roles are {', '.join(Role)}")
    return tuple((value.strip(), Role(role.strip())) for value, _, role in pairs)


def read_origins(text: str) -> frozenset[str]:
    """Return origins as browsers write them, or `*`."""
    origins = [origin.strip() for origin in text.split(",") if origin.strip()]
    for origin in origins:
        parts = urlsplit(origin)
        if origin != "*" and origin.lower() != f"{parts.scheme}://{parts.netloc}".lower():
            raise ValueError("an origin is like https://www.example.org, without a path")
    return frozenset(origin.lower() for origin in origins)
