"""The ways in which one service can answer the same request: they must differ in nothing but time."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from random import Random
from typing import Any

import orjson
import pytest
from graphql import DocumentNode

from models import moment
from models.access import system_actor
from models.database import Database
from models.library import Library
from models.live_index import LiveIndex
from schema.answer import Answer, Request
from schema.documents import Documents, Prepared
from schema.errors import INTERNAL_ERROR, PARSE_FAILED, VALIDATION_FAILED
from schema.service import Service
from tests.dressing import Dresser, Known
from tests.generated_documents import documents, draw

DOCUMENTS = int(os.environ.get("QUIET_TEST_DOCUMENTS", "200"))
SEED = int(os.environ.get("QUIET_TEST_SEED", "0"))
DRAWN_AT_ONCE = 25
ROUNDS = max(1, DOCUMENTS * 2 // 5 // DRAWN_AT_ONCE)
"""How many times documents are drawn for the fixed content, and as often for histories; half as often for answers
that are kept, where each is asked several times."""

SILENT = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""Where a field nulls its parent, graphql-core drops what it has begun for the others, and Python warns of it."""

READER = system_actor("reader")
LIMITS = (1, 20_000, 10_000_000)
ALL = """query($drafts: Perspective!, $locales: [Locale!]) @view(perspective: $drafts, locales: $locales) {
  articles(first: 100) { edges { cursor } nodes { id slug path title tags { name }
    sections { id heading } questions { id question } } }
  sites { id key } tags { id name } }"""
FAILURES = {VALIDATION_FAILED, PARSE_FAILED, INTERNAL_ERROR}


class Unprojected(Documents):
    """The documents of another service without their projections: parsing is not what is compared."""

    def __init__(self, others: Documents) -> None:
        self._others = others

    def prepare(self, text: str) -> Prepared:
        """Return a document to be executed field by field."""
        return replace(self._others.prepare(text), projections=None)


@dataclass(slots=True)
class Ways:
    """A service that executes field by field on the database, one that projects what it loads, one that keeps all.

    `counts` tells how many answers were compared, and how many of them showed something of an article.
    """

    plain: Service
    projecting: Service
    keeping: Service
    counts: Counter[str] = field(default_factory=Counter)

    def forget(self, limit: int) -> None:
        """Begin with nothing in memory, and room for so many bytes."""
        database = self.keeping.database
        self.keeping.library = Library(database, limit)
        self.keeping.index = LiveIndex(database, max(limit // 2, 100_000))

    async def ask(self, text: str, variables: dict[str, Any]) -> list[Answer]:
        """Return the answers of all, and again of the one that has it in memory then."""
        request = Request(text, variables=variables)
        services = (self.plain, self.projecting, self.keeping, self.keeping)
        return [await service.ask(request, READER) for service in services]

    async def compare(self, parts: Sequence[DocumentNode], known: Known, random: Random) -> None:
        """Ask for the same in all ways; fails where one is answered in another way."""
        text, variables = Dresser(self.keeping.schema, known, random).write(parts)
        answers = [(answer.data, answer.errors) for answer in await self.ask(text, variables)]
        codes = {error["extensions"]["code"] for _, errors in answers for error in errors}
        assert not codes & FAILURES, f"{text}\n{variables}\n{answers[0]}"
        said, *others = write(answers)
        for way, found in zip(("projected", "kept", "from memory"), others, strict=True):
            assert found == said, f"{way}\n{text}\n{variables}\n{said!r}\n{found!r}"
        self.counts["asked"] += 1
        self.counts["shown"] += known.is_shown_in(said)


def make_ways(database: Database) -> Ways:
    """Return the ways to answer from a database."""
    keeping = Service(database, Library(database, LIMITS[-1]))
    projecting, plain = (Service(database, Library(database, 0), indexes=False) for _ in range(2))
    projecting.documents = keeping.documents
    plain.documents = Unprojected(keeping.documents)
    return Ways(plain, projecting, keeping)


def write(answers: Sequence[tuple[Any, Sequence[Any]]]) -> list[bytes]:
    """Return what the data and errors of answers say, as bytes; where they looked is the same for all.

    Of several errors that null the same object only the first to be found is told, and which one that is the
    specification leaves open (section 6.4.4). So where one has more than one, or an error leaves nothing else, only
    that there are some is said.
    """
    is_loose = any(len(errors) > 1 or (errors and data is None) for data, errors in answers)
    return [orjson.dumps([data, bool(errors) if is_loose else errors]) for data, errors in answers]


@cache
def drawn(number: int) -> list[list[DocumentNode]]:
    """Return some generated documents, each in parts that belong together; always the same for a number."""
    parts = draw(documents(), DRAWN_AT_ONCE, SEED * 1_000_000 + number)
    random = Random(number)
    return [random.sample(parts, random.randint(1, 4)) for _ in range(DRAWN_AT_ONCE)]


def clean_up() -> None:
    """Let go what graphql-core has begun and dropped, as long as Python's warnings of it are expected (SILENT)."""
    gc.collect()


async def find_known(service: Service, revisions: Iterable[int], moments: Iterable[int]) -> Known:
    """Return what there is to ask for, in any locale and perspective."""
    found = []
    for drafts in ("PUBLISHED", "DRAFT"):
        for locales in (["en"], ["de"]):
            request = Request(ALL, variables={"drafts": drafts, "locales": locales})
            answer = await service.ask(request, READER)
            found.append(orjson.loads(orjson.dumps(answer.data)))
    return sum_up(found, revisions, moments)


def sum_up(found: Sequence[Any], revisions: Iterable[int], moments: Iterable[int]) -> Known:
    """Return the answers to ALL as what is known."""
    articles = [article for data in found for article in data["articles"]["nodes"]]
    parts = [part for a in articles for part in (*a["sections"], *a["questions"])]
    sites = [site for data in found for site in data["sites"]]
    tags = [tag for data in found for tag in data["tags"]]
    texts = [a["title"] for a in articles] + [part.get("heading") or part.get("question") for part in parts]
    named = {
        "article": [a["id"] for a in articles],
        "id": [thing["id"] for thing in (*articles, *articles, *parts, *sites, *tags)],
        "slug": [*(a["slug"] for a in articles), "nowhere"],
        "path": [a["path"] for a in articles],
        "site": [site["key"] for site in sites],
        "text": [
            *filter(None, texts),
            *(tag["name"] for tag in tags),
            *(a["slug"] for a in articles),
            "a",
            "",
        ],
        "cursor": [edge["cursor"] for data in found for edge in data["articles"]["edges"]],
        "revision": list(revisions),
        "moment": [moment.to_text(m) for m in moments],
    }
    things = {kind: list(dict.fromkeys(values)) or [""] for kind, values in named.items()}
    marks = chain(named["article"], named["path"], (part["id"] for part in parts), filter(None, texts))
    return Known(things, frozenset(orjson.dumps(mark) for mark in marks))
