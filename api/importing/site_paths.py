"""Addresses in one spelling, so that `/Docs/A%20b/index.html?x#y` and `/Docs/A b` are the same place.

It knows URLs as text and no article.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

ENDING = re.compile(r"(?:/(?:_?index|readme))?\.(?:html?|md|markdown)$|/index$", re.IGNORECASE)
WEB = ("http", "https", "")


@dataclass(frozen=True, slots=True)
class Address:
    """A web address taken apart: its host in lower case (empty for none), its decoded path and its query."""

    host: str
    path: str
    query: str = ""

    @property
    def is_absolute(self) -> bool:
        """Tell whether the path begins at the site's root."""
        return self.path.startswith("/")


def read_address(href: str) -> Address | None:
    """Return a link's address without its fragment, or None where it leads to no page.

    Of no page are mail and other schemes, mere fragments, and what is no URL.
    """
    try:
        parts = urlsplit(href.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in WEB or not (parts.path or host):
        return None
    path = unicodedata.normalize("NFC", unquote(parts.path)).replace("\\", "/")
    return Address(host, path or "/", parts.query)


def bare(path: str) -> str:
    """Return a path without outer slashes, `index`, and the endings of pages; `/` for the root."""
    return ENDING.sub("", f"/{path.strip('/')}").strip("/") or "/"


def bare_old(address: Address) -> str:
    """Return the bare path of an old address, with its query: `/index.php?id=7` and `/index.php?id=8` are two."""
    return f"{bare(address.path)}?{address.query}" if address.query else bare(address.path)


def join(base: str, path: str) -> str | None:
    """Return a relative path seen from a folder, or None where it leaves the root."""
    joined = posixpath.normpath(posixpath.join(base.strip("/"), path))
    return None if joined == ".." or joined.startswith("../") else joined.removeprefix(".")
