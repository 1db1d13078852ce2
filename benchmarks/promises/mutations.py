"""Mutations drawn from the contract by hypothesis-graphql, with ids, slugs and sites that exist."""

from __future__ import annotations

import re
from functools import cache
from random import Random
from typing import Any

import orjson
from graphql import DocumentNode, print_ast
from hypothesis import strategies as st
from hypothesis_graphql import mutations, nodes

from tests.dressing import Known
from tests.generated_documents import MARK, VALUES, draw, keep, retyped_contract

DRAWN_AT_ONCE = 25
SCALARS = {
    "Markdown": [
        "",
        "Tides *rise* and [fall](/en/moon).",
        "# A\n\n> b\n\n```\nc",
        "<script>alert(1)</script>",
    ],
    "URL": ["https://example.org/a?b=c", "http://127.0.0.1/", "javascript:alert(1)", "ftp://x", ""],
}
"""Values of the scalars that mutations take and queries do not."""

GIVEN = VALUES | {name: st.sampled_from(texts).map(nodes.String) for name, texts in SCALARS.items()}
MARKED = re.compile(rf'"{MARK}(\w+) (\d+)"')


@cache
def drawn(number: int) -> list[DocumentNode]:
    """Return some mutations; always the same for a number."""
    return draw(
        mutations(retyped_contract(), custom_scalars=GIVEN, print_ast=keep),
        DRAWN_AT_ONCE,
        number,
    )


class Mutations:
    """Writes mutations about what there is."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def draw(self, number: int, random: Random) -> tuple[str, dict[str, Any]]:
        """Return a mutation and its variables, of which it has none."""
        text = print_ast(random.choice(drawn(number // DRAWN_AT_ONCE)))
        return MARKED.sub(self._find, text), {}

    def _find(self, mark: re.Match[str]) -> str:
        return orjson.dumps(self._known.find(mark[1], int(mark[2]))).decode()
