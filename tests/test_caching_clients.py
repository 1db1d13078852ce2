"""Apollo Client and urql as they are, asking by the hashes of documents with GET."""

from __future__ import annotations

import json
from typing import Any

from models.draft import ArticleDraft
from tests.live import Live
from tests.node_programs import run_program

HASH = {"method": "GET", "text": False}


async def converse(live: Live, node: str, program: str) -> Any:
    """Let a program read three articles, and return what it tells."""
    for title in ("Ebb", "Flow", "Tide"):
        await live.client.save(ArticleDraft("en", title.lower(), title))
    return json.loads(await run_program(node, program, f"http://127.0.0.1:{live.port}/graphql"))


async def test_apollo_client(live: Live, node: str) -> None:
    """A hash is asked for first, the text is sent once; then all pages come by the hash, and make one list."""
    told = await converse(live, node, "apollo.mjs")
    assert told["first"] == ["Ebb", "Flow"]
    assert told["all"] == ["Ebb", "Flow", "Tide"]
    assert told["requests"] == [HASH, {"method": "POST", "text": True}, HASH, HASH]


async def test_urql(live: Live, node: str) -> None:
    """A hash is asked for first, the text is sent once; another client of the same page asks by the hash alone."""
    told = await converse(live, node, "urql.mjs")
    assert told["answers"] == [["Ebb", "Flow"], ["Ebb", "Flow"]]
    assert told["requests"] == [HASH, {"method": "GET", "text": True}, HASH]
