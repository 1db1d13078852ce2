"""The GraphiQL page: HTML without inline code, the files it loads, and the headers that keep it closed.

It must not know the schema, the content, or who asks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.graphiql.third_party import THIRD_PARTY, ThirdPartyFile, integrity_of

log = logging.getLogger(__name__)

ENDPOINT = "/graphql"
FOLDER = Path(__file__).parent
OWN_FILES = ("start.css", "fetcher.js", "start.js", "icon.svg", "examples.graphql")
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".graphql": "application/graphql; charset=utf-8",
}
FOREVER = "public, max-age=31536000, immutable"

# The same address answers browsers with this page and programs with data.
PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file that the page loads: from us (`content` is there) or, without it, from the CDN `address`."""

    name: str
    address: str
    integrity: str
    content: bytes | None

    @property
    def suffix(self) -> str:
        """What kind of file it is, as its name ends: `.css`, `.js`."""
        return Path(self.name).suffix


class GraphiQL:
    """The page and its files, read and hashed once, when the service is put together.

    `assets` is the folder with the files of other projects (see `install`); a file that is missing
    there, or is not the pinned one, is loaded from the CDN instead.
    """

    def __init__(
        self, assets: Path = FOLDER / "assets", third_party: Iterable[ThirdPartyFile] = THIRD_PARTY
    ) -> None:
        others = [read_third_party(assets, file) for file in third_party]
        own = [read_own(name) for name in OWN_FILES]
        self.files = {file.name: file for file in (*others, *own)}
        self._html = render_page(self.files)
        self._headers = {**PAGE_HEADERS, "Content-Security-Policy": content_security_policy(others)}
        self.assets_route = Route(f"{ENDPOINT}/assets/{{name}}", self.answer_asset, name="graphiql-asset")

    def page(self) -> Response:
        """Return the page, to be answered at the address of the API itself."""
        return Response(self._html, media_type="text/html", headers=self._headers)

    async def answer_asset(self, request: Request) -> Response:
        """Answer one of the page's files by its name, or 404: no path ever reaches the disk."""
        file = self.files.get(request.path_params["name"])
        if file is None or file.content is None:
            return Response("Not found", 404, media_type="text/plain")
        # During a roll-out an old process may be asked for a new version: that answer must not stick.
        is_current = request.url.query == file.address.partition("?")[2]
        headers = {
            "Cache-Control": FOREVER if is_current else "no-cache",
            "X-Content-Type-Options": "nosniff",
            "Content-Type": MEDIA_TYPES[file.suffix],
        }
        return Response(file.content, headers=headers)


def wants_page(request: Request) -> bool:
    """Say whether a request to the API's address comes from somebody's browser and brings no query."""
    if request.method not in ("GET", "HEAD") or {"query", "extensions"} & request.query_params.keys():
        return False
    return any("text/html" in accepted for accepted in request.headers.getlist("accept"))


def read_own(name: str) -> PageFile:
    """Return one of our own files, which are part of the package."""
    return local_file(name, (FOLDER / name).read_bytes())


def read_third_party(assets: Path, file: ThirdPartyFile) -> PageFile:
    """Return `file` from the folder `assets` where that has it as pinned, else by its address at the CDN."""
    path = assets / file.name
    content = path.read_bytes() if path.is_file() else None
    if content is not None and integrity_of(content) == file.integrity:
        return local_file(file.name, content)
    if content is not None:
        log.warning("%s is not the pinned file; the GraphiQL page loads it from the CDN", path)
    return PageFile(file.name, file.cdn_address, file.integrity, content=None)


def local_file(name: str, content: bytes) -> PageFile:
    """Return a file under our own address, which changes when its content does."""
    integrity = integrity_of(content)
    version = integrity.removeprefix("sha384-").translate(str.maketrans("+/", "-_"))[:16]
    return PageFile(name, f"{ENDPOINT}/assets/{name}?v={version}", integrity, content)


def content_security_policy(third_party: Iterable[PageFile]) -> str:
    """Return the header's value: our own files only, plus the exact CDN addresses that the page needs."""
    elsewhere = [file for file in third_party if file.content is None]
    scripts = " ".join(["'self'", *(file.address for file in elsewhere if file.suffix == ".js")])
    styles = " ".join(["'self'", *(file.address for file in elsewhere if file.suffix == ".css")])
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; font-src 'self' data:; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def render_page(files: dict[str, PageFile]) -> str:
    """Return the HTML: styles and scripts in the order of `files`, our own after the others they build on."""
    styles = [link_style(file) for file in files.values() if file.suffix == ".css"]
    scripts = [link_script(file) for file in files.values() if file.suffix == ".js"]
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="robots" content="noindex">',
        "<title>Quiet Engine</title>",
        f'<link rel="icon" href="{escape(files["icon.svg"].address)}">',
        *styles,
        f'<main id="graphiql" data-endpoint="{ENDPOINT}" '
        f'data-examples="{escape(files["examples.graphql"].address)}">',
        "<p>Quiet Engine answers GraphQL at this address. GraphiQL, its explorer, needs JavaScript.</p>",
        "</main>",
        *scripts,
    ]
    return "\n".join(lines) + "\n"


def link_style(file: PageFile) -> str:
    """Return the element that loads a style sheet and lets the browser check it."""
    return f'<link rel="stylesheet" href="{escape(file.address)}" {checked(file)}>'


def link_script(file: PageFile) -> str:
    """Return the element that loads a script, in order, after the page has been read."""
    return f'<script defer src="{escape(file.address)}" {checked(file)}></script>'


def checked(file: PageFile) -> str:
    """Return the attributes that make a browser refuse other content than this."""
    return f'integrity="{escape(file.integrity)}" crossorigin="anonymous"'
