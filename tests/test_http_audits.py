"""The audits of graphql-http, which the GraphQL over HTTP specification's working group keeps, against the service."""

from __future__ import annotations

import json

from tests.live import Live
from tests.node_programs import run_program

AUDITS = 61
"""How many audits the package has."""


async def test_every_audit_passes(live: Live, node: str) -> None:
    """Whatever the specification says must, should or may be so, is so."""
    url = f"http://127.0.0.1:{live.port}/graphql"
    results = json.loads(await run_program(node, "audit.mjs", url))
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == AUDITS
