"""The schema, looked at by graphql-eslint: its recommended rules for schemas and those for Relay."""

from __future__ import annotations

import json

from tests.node_programs import run_program
from tests.serving import ROOT

CONTRACT = ROOT / "schema" / "schema.graphql"
RULE = "@graphql-eslint/"

CHANGED = {
    # What has no life of its own has no id: payloads, edges, entries of a table of contents, facets. What can
    # be fetched again is a Node, and has one.
    f"{RULE}strict-id-in-types": "off",
    # Searches, histories and lists for editors go forward alone; articles and questions go both ways.
    f"{RULE}relay-arguments": ["error", {"includeBoth": False}],
    # Both are optional in Relay's specification. Connections offer `nodes` beside `edges`, and what is never paged
    # is a plain list; a hit of a search or an entry of a history is a node without an id.
    f"{RULE}relay-edge-types": [
        "error",
        {"shouldImplementNode": False, "listTypeCanWrapOnlyEdgeType": False},
    ],
}
FOUND = {
    # An FAQ's question has the text of the question: no other word says it as well.
    (f"{RULE}no-typename-prefix", 'Field "question" starts with the name of the parent type "Question"'),
}


async def test_the_schema_is_clean(node: str) -> None:
    """Each rule has nothing to say, but for what is named here with its reason."""
    found = json.loads(await run_program(node, "lint_schema.mjs", CONTRACT, json.dumps(CHANGED)))
    assert {(finding["ruleId"], finding["message"]) for finding in found} == FOUND, found
