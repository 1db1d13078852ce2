"""Where pages are on the web: a site's address put before the path of an article, written as a URI.

A site without an address has no pages that are known; then there is no absolute address to tell.
"""

from __future__ import annotations

from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from models.draft import normalise_locale
from models.errors import InvalidContent
from models.stored import StoredSite

SEGMENTS = "/~!$&'()*+,;=:@"
"""What stands in a path as it is, besides letters, digits and `-._` (RFC 3986, section 3.3)."""

WRITTEN = f"{SEGMENTS}?%[]"
"""What stands as it is in an address that somebody wrote, who may have escaped the rest."""


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


def article_url(site: StoredSite, locale: str, slug: str) -> str | None:
    """Return the absolute address of an article's page, None where the site has none."""
    base = site_url(site)
    return None if base is None else base + quote(article_path(locale, slug), safe=SEGMENTS)


def site_url(site: StoredSite) -> str | None:
    """Return the absolute address of a site without a slash at its end, None where nobody has given one."""
    written = write_uri(site.url) if site.url else None
    return None if written is None else written.rstrip("/")


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
    if is_whole and (parts.netloc.lower() != find_host(base) or parts.scheme not in {"http", "https", ""}):
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


def write_uri(address: str) -> str | None:
    """Return an absolute address of the web in ASCII (RFC 3986), None where it is none."""
    try:
        parts = urlsplit(address)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:  # UnicodeError is one
        return None
    if parts.scheme not in {"http", "https"} or not host or " " in host:
        return None
    rest = (quote(part, safe=WRITTEN) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, host, *rest))
