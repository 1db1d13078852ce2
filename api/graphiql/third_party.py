"""The files of other projects that the GraphiQL page loads: where they come from and what they must hash to.

It must not know how they are fetched or served.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha384


@dataclass(frozen=True, slots=True)
class ThirdPartyFile:
    """One file of an npm package: the name that we serve it under, and its Subresource Integrity value."""

    name: str
    package: str
    version: str
    path: str
    integrity: str

    @property
    def cdn_address(self) -> str:
        """Where a public CDN has the same bytes, for installations without npm."""
        return f"{CDN}/npm/{self.package}@{self.version}/{self.path}"


CDN = "https://cdn.jsdelivr.net"

# In the order in which the page must load them: each script finds the ones before it as globals.
THIRD_PARTY: tuple[ThirdPartyFile, ...] = (
    ThirdPartyFile(
        "graphiql.css",
        "graphiql",
        "4.1.2",
        "graphiql.min.css",
        "sha384-1el1QShFBnnXTx9x/Cprg82hZWKt0ry29OAYIXt05swbi0KcZDFoj0CWguMpopJr",
    ),
    ThirdPartyFile(
        "explorer.css",
        "@graphiql/plugin-explorer",
        "4.0.6",
        "dist/style.css",
        "sha384-XffIsImDMwexX8UM/Bg3tss0MZOeQmZcnHzk0avUrw9ff0IQ2g9j7QLA6m2lz5D0",
    ),
    ThirdPartyFile(
        "react.js",
        "react",
        "18.3.1",
        "umd/react.production.min.js",
        "sha384-DGyLxAyjq0f9SPpVevD6IgztCFlnMF6oW/XQGmfe+IsZ8TqEiDrcHkMLKI6fiB/Z",
    ),
    ThirdPartyFile(
        "react-dom.js",
        "react-dom",
        "18.3.1",
        "umd/react-dom.production.min.js",
        "sha384-gTGxhz21lVGYNMcdJOyq01Edg0jhn/c22nsx0kyqP0TxaV5WVdsSH1fSDUf5YJj1",
    ),
    ThirdPartyFile(
        "graphiql.js",
        "graphiql",
        "4.1.2",
        "graphiql.min.js",
        "sha384-9XdHu7ajgGJziD4J1zNBKQ842Q/+zZfDv+ib1eMhZWBH6hPAs806x+Jbcf0yNO6B",
    ),
    ThirdPartyFile(
        "explorer.js",
        "@graphiql/plugin-explorer",
        "4.0.6",
        "dist/index.umd.js",
        "sha384-gXYG2RCFRuAiKUaKTbKxOVlvr0U9z0D/V/l5jdvRSH46vQ+9cpkG2d3ByiggUYvD",
    ),
)


def integrity_of(content: bytes) -> str:
    """Return the Subresource Integrity value of `content`, as an `integrity` attribute holds it."""
    return "sha384-" + b64encode(sha384(content).digest()).decode()
