"""What docs/clients.md shows is what the programs of tests/clients run."""

from __future__ import annotations

import re

from tests.npm import CLIENTS
from tests.serving import ROOT

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROGRAMS = ("*.mjs", "codegen/*.*", "relay/*.*", "ariadne/*.*")


def squeeze(text: str) -> str:
    """Return a text without what only lays it out."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def test_recipes_are_those_that_are_tried() -> None:
    """Each paragraph of each example stands in a program, and all of an example's stand in the same one."""
    programs = [squeeze(path.read_text()) for pattern in PROGRAMS for path in CLIENTS.glob(pattern)]
    examples = BLOCK.findall((ROOT / "docs" / "clients.md").read_text())
    assert len(examples) >= 9
    for _, example in examples:
        paragraphs = squeeze(example).split("\n\n")
        assert any(all(paragraph in program for paragraph in paragraphs) for program in programs), example
