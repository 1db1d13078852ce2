"""Where pages are on the web: a site's address put before the path of an article, written as a URI; and paths read.

A site without an address has no pages that are known; then there is no absolute address to tell.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from models.draft import normalise_locale, normalise_text
from models.errors import InvalidContent
from models.stored import StoredSite

SEGMENTS = "/~!$&'()*+,;=:@"
"""What stands in a path as it is, besides letters, digits and `-._` (RFC 3986, section 3.3)."""

WRITTEN = f"{SEGMENTS}?%[]"
"""What stands as it is in an address that somebody wrote, who may have escaped the rest."""

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
WEB = re.compile(r"https?://", re.IGNORECASE)
MARKS = re.compile("[%?#]")
"""What is never a letter of a path: it begins an escape, a query or a fragment."""

PATTERN = re.compile(r"\*|/(?::|\.{1,2}(?:/|$))")
"""What stands for many paths, or for another one: `/old/*`, `/blog/:year`, `/a/../b`."""

ANYWHERE = "https://site.example/en/article"
"""Stands for the page of an article where that is not known yet."""

LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
LONGEST_HOST = 253

OLD_ADDRESS = (
    "is no old address: that is a path such as /old/kites or /index.php?id=7, or a whole http(s) URL with one, "
    "without patterns (*, :name), parts that are a dot or two, escapes that are no UTF-8, and line breaks."
)


def article_path(locale: str, slug: str) -> str:
    """Return the address of an article within its site, as people read it."""
    return f"/{locale}/{slug}"


def split_path(address: str) -> tuple[str, str] | None:
    """Return locale and slug of a path such as `/en/tides`, or None where it has another form."""
    first, _, slug = address[1:].partition("/")
    try:
        return (normalise_locale(first), slug) if slug else None
    except InvalidContent:
        return None


def read_old_address(written: str) -> str:
    """Return an address at which something stood before as it is looked up: its path, and its query if it has one.

    Of a whole URL of the web it is the same. Raises ValueError, with a sentence, where it could never lead anywhere.
    """
    try:
        path, query = split_written(written)
    except ValueError as error:
        raise ValueError(f"{written[:100]!r} {OLD_ADDRESS}") from error
    if (path == "/" and not query) or PATTERN.search(path):
        raise ValueError(f"{written[:100]!r} {OLD_ADDRESS}")
    return f"{path}?{query}" if query else path


def split_written(written: str) -> tuple[str, str]:
    """Return path and query of an address as a person or a browser writes it, both as they are looked up.

    The query is as browsers send it. The path begins with one slash, and perhaps a locale in its usual case; it has no
    escapes but those of MARKS.
    Raises ValueError where it has no path of the web, or one with white space other than plain spaces.
    """
    written = written.strip()
    refuse_unprintable(written)
    if WEB.match(written):
        parts = urlsplit(written)
        return spell_path(parts.path), quote(parts.query, safe=WRITTEN)
    if SCHEME.match(written):
        raise ValueError("It is of another scheme.")
    path, _, query = written.partition("#")[0].partition("?")
    return spell_path(path), quote(query, safe=WRITTEN)


def spell_path(path: str) -> str:
    """Return a path that may have escapes as it is looked up. Raises ValueError as `split_written` does."""
    decoded = unquote(path, errors="strict")
    refuse_unprintable(decoded.strip())
    path = "/" + normalise_text(escape_marks(decoded)).lstrip("/")
    named = split_path(path)
    return article_path(*named) if named else path


def escape_marks(path: str) -> str:
    """Return a path without escapes as it is looked up: only what would begin an escape, query or fragment is one."""
    return MARKS.sub(lambda mark: quote(mark[0]), path)


def refuse_unprintable(text: str) -> None:
    """Raise ValueError where a text has control characters, or white space other than plain spaces."""
    for character in text:
        if character != " " and (character.isspace() or unicodedata.category(character) in {"Cc", "Cs"}):
            raise ValueError("It has a control character or white space.")


def article_url(site: StoredSite, locale: str, slug: str) -> str | None:
    """Return the absolute address of an article's page, None where the site has none."""
    base = site_url(site)
    return None if base is None else base + quote(article_path(locale, slug), safe=SEGMENTS)


def site_url(site: StoredSite) -> str | None:
    """Return the absolute address of a site without a slash at its end, None where nobody has given one."""
    written = write_uri(site.url) if site.url else None
    return None if written is None else written.rstrip("/")


def is_base(url: str) -> bool:
    """Tell whether an address may be a site's: of the web, on a host that may be one, and without user or query."""
    try:
        refuse_unprintable(url)
        parts = urlsplit(url)
        host, port = write_host(parts.hostname or ""), parts.port
    except ValueError:
        return False
    plain = parts.scheme in {"http", "https"} and not (parts.query or parts.fragment or "@" in parts.netloc)
    return plain and port != 0 and (parts.netloc.startswith("[") or is_host(host))


def is_host(host: str) -> bool:
    """Tell whether a name in ASCII may be one of the internet, or an IPv4 address."""
    return len(host) <= LONGEST_HOST and all(
        LABEL.fullmatch(label) for label in host.removesuffix(".").split(".")
    )


def write_host(host: str) -> str:
    """Return a host in small letters as the web writes it, others than ASCII as punycode. Raises ValueError."""
    return (host if host.isascii() else host.encode("idna").decode()).lower()


def find_host(base: str | None) -> str | None:
    """Return host and port of a site's address in small letters, None where the site has none."""
    return (urlsplit(base).netloc.lower() or None) if base else None


def path_within(address: str, base: str | None) -> str | None:
    """Return the path of an address within a site as people read it, None where it leads elsewhere.

    `base` is the site's address: its host may be written in capitals or behind `http` as well, and its own path may
    stand before the path. Query and fragment do not belong to it. Raises ValueError where it is no address at all.
    """
    parts = urlsplit(address)
    own = unquote(urlsplit(base).path).rstrip("/") if base else ""
    path = unquote(parts.path)
    is_whole = bool(parts.netloc)
    if is_whole and parts.scheme not in {"http", "https", ""}:
        return None
    if is_whole and write_host(parts.netloc) != write_host(find_host(base) or ""):
        return None
    if not path.startswith("/") or "\0" in path or (parts.scheme and not is_whole):
        return None
    if own and path.startswith(f"{own}/"):
        return path[len(own) :]
    return None if own and is_whole else path


def resolve_url(address: str, base: str | None) -> str | None:
    """Return an author's address as an absolute one of the web, None where that is not possible.

    `base` is the address of the page that it stands in, None where that is not known.
    """
    try:
        joined = urljoin(base, address.strip()) if base else address.strip()
    except ValueError:
        return None
    return write_uri(joined)


def is_on_web(address: str) -> bool:
    """Tell whether an author's address is one of the web, or relative to the article's page."""
    return resolve_url(address, ANYWHERE) is not None


def write_uri(address: str) -> str | None:
    """Return an absolute address of the web in ASCII (RFC 3986), None where it is none."""
    try:
        parts = urlsplit(address)
        host = parts.netloc if parts.netloc.isascii() else write_host(parts.netloc)
    except ValueError:  # UnicodeError is one
        return None
    if parts.scheme not in {"http", "https"} or not host or " " in host:
        return None
    rest = (quote(part, safe=WRITTEN) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, host, *rest))
