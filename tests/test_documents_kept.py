"""Documents in memory: as many as are asked for again and again, and nothing of those that were forgotten."""

from __future__ import annotations

import gc

import pytest

from schema import documents as module
from schema.answer import Request
from schema.build import build_schema, core_schema
from schema.documents import Documents
from schema.planning import Plans
from schema.projector import Projector

FILLER = "# so many words that are read and mean nothing\n" * 10


def make_documents() -> Documents:
    """Return documents of the contract, none of which is known."""
    schema = core_schema(build_schema())
    return Documents(schema, Projector(schema))


def write(number: int, filler: str = "") -> str:
    """Return a document that is unlike all others."""
    return f"query Q{number}($n: Int) {{ articles(first: $n) {{ nodes {{ id title sections {{ id }} }} }} }} {filler}"


def test_room_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those asked for last are kept, as many as there is room for by number and by length."""
    monkeypatch.setattr(module, "MOST_KEPT", 20)
    monkeypatch.setattr(module, "MOST_CHARACTERS", 6_000)
    documents = make_documents()
    for number in range(40):
        documents.prepare(write(number))
        documents.prepare(write(0))
    assert [documents.knows(write(number)) for number in (0, 1, 20, 21, 39)] == [
        True,
        False,
        False,
        True,
        True,
    ]
    for number in range(100, 120):
        documents.prepare(write(number, FILLER))
    known = [number for number in range(100, 120) if documents.knows(write(number, FILLER))]
    assert known == list(range(120 - 6_000 // len(write(100, FILLER)), 120))


def test_what_is_forgotten_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a forgotten document stays, neither in circles that the collector must find nor with its plans."""
    documents, plans = make_documents(), Plans(core_schema(build_schema()))

    def ask(numbers: range) -> None:
        for number in numbers:
            prepared = documents.prepare(write(number))
            assert prepared.planned is not None
            assert plans.find(prepared.planned, Request("", variables={"n": number}), str(number)) is not None

    ask(range(20))
    documents = make_documents()
    gc.collect()
    at_first = len(gc.get_objects())
    ask(range(100, 200))
    gc.collect()
    full = len(gc.get_objects())
    assert full - at_first > 100 * 100
    gc.disable()
    try:
        monkeypatch.setattr(module, "MOST_KEPT", 1)
        documents.prepare("{ head }")
        # What stays are bound plans, a dozen objects each, and what one validation leaves to the collector.
        assert len(gc.get_objects()) - at_first < 100 * 30
    finally:
        gc.enable()
