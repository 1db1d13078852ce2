"""Requests spoiled at random: whole ones as a client sends them, with something in them that nobody meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import orjson

TOKENS = [
    *(
        "{ ",
        " }",
        "(",
        ")",
        "[",
        "]",
        ":",
        "$x",
        "!",
        "...",
        "@include(if: $x)",
        "@view(revision: 99)",
        "@nothing",
    ),
    *(
        '"',
        '"""',
        "\\u0000",
        "\\ud800",
        "#",
        "null",
        "true",
        "-1",
        "1e400",
        "99999999999999999999",
        "🌊",
        "\u202e",
    ),
    *(
        "\0",
        "\ufeff",
        "__typename",
        "__schema { types { name } }",
        "fragment F on Article { ...F }",
        "mutation ",
    ),
    *("first: 2147483648", 'after: "AAAA"', "offset: -1", 'id: "QXJ0aWNsZTox"', "... on Nothing { id }"),
]
"""What is put into documents."""

VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        2**31,
        2**53,
        -(2**63),
        1e308,
        0.1,
        "",
        " ",
        "\0",
        "a" * 5_000,
        "\u202e",
        "🌊",
    ),
    *(
        "1' OR '1'='1",
        "../../etc/passwd",
        "AAAA",
        "QXJ0aWNsZTox",
        "2999-13-45T99:99:99Z",
        "1970-01-01T00:00:00Z",
    ),
    *(
        [],
        {},
        [[]],
        [None],
        {"eq": None},
        {"and": [{"or": []}]},
        {"id": {"in": ["x"] * 1_100}},
        "en",
        "DRAFT",
    ),
]
"""What stands in for values of variables, and for whatever else a request says."""

TYPES = ["application/json", "application/json; charset=utf-16", "text/plain", "application/graphql", ""]
ACCEPTED = [
    "application/json",
    "application/graphql-response+json",
    "text/event-stream",
    "*/*",
    "image/png",
    ";;,",
]
PATHS = [
    "/feed.atom",
    "/feed.json",
    "/sitemap.xml",
    "/llms.txt",
    "/robots.txt",
    "/en/x.md",
    "/en/%00.md",
    "/version",
]
PARAMETERS = ["site", "tag", "locale", "part", "since", "nothing"]


@dataclass(slots=True)
class Sent:
    """A request: its method, address, headers and body."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def scramble(text: str, variables: dict[str, Any], random: Random) -> Sent:
    """Return a request for a document with these variables, spoiled in one way, and perhaps in others."""
    asked: dict[str, Any] = {"query": text, "variables": dict(variables)}
    ways: Sequence[Callable[[dict[str, Any], Random], None]] = (spoil_document, spoil_variables, spoil_fields)
    for way in random.choices(ways, k=random.randint(0, 2)):
        way(asked, random)
    sent = write_get(asked) if random.random() < 0.2 else write_post(asked)
    if random.random() < 0.2:
        spoil_headers(sent, random)
    if random.random() < 0.2:
        sent.body = spoil_bytes(sent.body, random)
    return ask_elsewhere(random) if random.random() < 0.1 else sent


def spoil_document(asked: dict[str, Any], random: Random) -> None:
    """Cut out, double or put in something at some place."""
    text = str(asked["query"])
    start = random.randrange(len(text) + 1)
    end = min(len(text), start + random.choice([0, 1, 3, 20, 200]))
    middle = random.choice(["", text[start:end] * random.choice([2, 50]), random.choice(TOKENS)])
    asked["query"] = text[:start] + middle + text[end:]


def spoil_variables(asked: dict[str, Any], random: Random) -> None:
    """Give a variable another value, or leave it out, or give one that there is not."""
    variables = asked["variables"]
    if not isinstance(variables, dict):
        return
    name = random.choice([*variables, "x"])
    if random.random() < 0.3:
        variables.pop(name, None)
    else:
        variables[name] = random.choice(VALUES)


def spoil_fields(asked: dict[str, Any], random: Random) -> None:
    """Give another part of the request a value that nobody expects."""
    names = ["query", "variables", "operationName", "extensions", "documentId", "nothing"]
    asked[random.choice(names)] = random.choice(
        [*VALUES, {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}, {"persistedQuery": 1}]
    )


def spoil_headers(sent: Sent, random: Random) -> None:
    """Send headers that say something else."""
    choices = {
        "content-type": TYPES,
        "accept": ACCEPTED,
        "quiet-price-only": ["1", ""],
        "if-none-match": ['W/"x"', "*", '"'],
        "authorization": ["Bearer x", "Bearer ", "Basic eDp5", "\u00e4"],
        "content-length": ["5", "-1", "x"],
        "traceparent": ["00-0-0-0", "x" * 300],
        "x-request-id": ["a b", "x" * 300],
        "host": ["", "evil.example:99999"],
    }
    for name in random.sample(sorted(choices), random.randint(1, 3)):
        sent.headers[name] = random.choice(choices[name])


def spoil_bytes(body: bytes, random: Random) -> bytes:
    """Return a body that is cut off, or has bytes in it that are no text."""
    place = random.randrange(len(body) + 1)
    return random.choice(
        [body[:place], body[:place] + b"\xff\xfe" + body[place:], b"[" + body + b"]", b"[" * 3_000]
    )


def write_post(asked: dict[str, Any]) -> Sent:
    """Return a request by POST."""
    body = orjson.dumps(asked, default=str)
    return Sent("POST", "/graphql", {"content-type": "application/json"}, body)


def write_get(asked: dict[str, Any]) -> Sent:
    """Return a request by GET."""
    fields = {name: value if isinstance(value, str) else orjson.dumps(value) for name, value in asked.items()}
    return Sent("GET", f"/graphql?{urlencode(fields, errors='replace')[:60_000]}")


def ask_elsewhere(random: Random) -> Sent:
    """Return a request for something else that strangers may ask for."""
    named = random.choices(PARAMETERS, k=random.randint(0, 2))
    values = [quote(str(random.choice(VALUES)), errors="replace")[:2_000] for _ in named]
    query = "&".join(f"{name}={value}" for name, value in zip(named, values, strict=True))
    return Sent(random.choice(["GET", "GET", "HEAD", "POST"]), f"{random.choice(PATHS)}?{query}")
