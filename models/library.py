"""Editions in memory. An edition never changes, so what is here is never wrong, only evicted.

Relations are loaded with one statement for all editions that are asked for in the same turn of the event
loop, so the number of statements depends on what is selected, never on how many rows there are.
"""

from __future__ import annotations

from asyncio import Future
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from sys import getsizeof
from typing import Any

from models.batching import Batch
from models.database import Database, Row
from models.dialect import Sql
from models.live_publication import LivePublication
from models.stored import (
    EDITION_COLUMNS,
    StoredEdition,
    StoredLink,
    StoredQuestion,
    StoredSection,
    read_edition,
    read_link,
    read_question,
    read_section,
)


@dataclass(frozen=True, slots=True)
class Relation:
    """How one kind of an edition's parts is loaded and measured."""

    attribute: str
    columns: str
    table: str
    order: str
    read: Callable[[Row], Any]
    texts: Callable[[Any], tuple[str | None, ...]]


SECTIONS = Relation(
    "sections",
    "key, position, level, kind, heading, anchor, body_markdown, body_html, body_text, word_count, images, "
    "pros, cons",
    "section",
    "position",
    read_section,
    attrgetter("body_markdown", "body_html", "body_text"),
)
QUESTIONS = Relation(
    "questions",
    "key, position, section, anchor, question, answer_markdown, answer_html, answer_text, word_count, images",
    "question",
    "position",
    read_question,
    attrgetter("answer_markdown", "answer_html", "answer_text"),
)
LINKS = Relation(
    "links",
    "kind, position, section, label, url, target_id",
    "link",
    "kind, position",
    read_link,
    attrgetter("label", "url"),
)

PART_BYTES = 400
"""What a part takes besides its texts: the object, its numbers and short strings. Measured, rounded up."""

FRAGMENT_BYTES = 250
"""What a fragment takes besides its text: the key and its place in a dictionary."""


class Library:
    """Loaded editions, the least recently used evicted when they take more than `limit` bytes."""

    def __init__(self, database: Database, limit: int) -> None:
        self.database = database
        self.limit = limit
        self.size = 0
        self._editions: OrderedDict[int, StoredEdition] = OrderedDict()
        self._rows = Batch[int, StoredEdition | None](self._load_editions)
        self._sections = Batch[StoredEdition, list[StoredSection]](partial(self._load, SECTIONS))
        self._questions = Batch[StoredEdition, list[StoredQuestion]](partial(self._load, QUESTIONS))
        self._links = Batch[StoredEdition, list[StoredLink]](partial(self._load, LINKS))

    def __len__(self) -> int:
        return len(self._editions)

    def keep(self, row: Row) -> StoredEdition:
        """Return the edition of this row, with all that has been loaded of it before."""
        known = self._editions.get(row["id"])
        if known is not None:
            if known.rendered == row["rendered"]:
                self._editions.move_to_end(known.id)
                return known
            self._drop(known)
        edition = read_edition(row)
        self._editions[edition.id] = edition
        intro = (edition.intro_markdown, edition.intro_html, edition.intro_text, edition.summary)
        self._grow(edition, 1000 + sum(map(getsizeof, intro)))
        return edition

    def edition(self, edition_id: int, rendered: int) -> StoredEdition | Future[StoredEdition | None]:
        """Return an edition as it was rendered by a revision, at once where it is in memory; None where it is gone."""
        known = self._editions.get(edition_id)
        if known is None or known.rendered != rendered:
            return self._rows.request(edition_id)
        self._editions.move_to_end(edition_id)
        return known

    def sections(self, edition: StoredEdition) -> list[StoredSection] | Awaitable[list[StoredSection]]:
        """Return an edition's sections, at once where they are in memory."""
        return edition.sections if edition.sections is not None else self._sections.request(edition)

    def questions(self, edition: StoredEdition) -> list[StoredQuestion] | Awaitable[list[StoredQuestion]]:
        """Return an edition's questions, at once where they are in memory."""
        return edition.questions if edition.questions is not None else self._questions.request(edition)

    def links(self, edition: StoredEdition) -> list[StoredLink] | Awaitable[list[StoredLink]]:
        """Return an edition's links, at once where they are in memory."""
        return edition.links if edition.links is not None else self._links.request(edition)

    def part(self, edition: StoredEdition, name: str) -> list[Any] | Awaitable[list[Any]]:
        """Return the relation of an edition that has this name, at once where it is in memory."""
        if name == "sections":
            return self.sections(edition)
        return self.questions(edition) if name == "questions" else self.links(edition)

    def fragments(
        self, found: Sequence[LivePublication], name: Callable[[LivePublication], tuple[Any, ...]]
    ) -> list[bytes] | None:
        """Return the finished JSON of editions, which `name` names, None where one of it is not in memory."""
        known = []
        for publication in found:
            edition = self._editions.get(publication.edition_id)
            if edition is None or edition.rendered != publication.rendered:
                return None
            fragment = edition.fragments.get(name(publication))
            if fragment is None:
                return None
            known.append(fragment)
            self._editions.move_to_end(edition.id)
        return known

    def keep_fragment(self, edition: StoredEdition, key: tuple[Any, ...], fragment: bytes) -> None:
        """Keep finished JSON with its edition, under what it depends on besides."""
        edition.fragments[key] = fragment
        self._grow(edition, FRAGMENT_BYTES + len(fragment))

    async def _load_editions(self, ids: Sequence[int]) -> dict[int, StoredEdition | None]:
        condition = self.database.dialect.one_of("e.id", ids)
        rows = await self.database.read(Sql(f"SELECT {EDITION_COLUMNS} FROM edition e WHERE") + condition)
        found = {row["id"]: self.keep(row) for row in rows}
        return {edition_id: found.get(edition_id) for edition_id in ids}

    async def _load(self, relation: Relation, editions: Sequence[StoredEdition]) -> dict[StoredEdition, Any]:
        parts: dict[int, list[Any]] = {edition.id: [] for edition in editions}
        rows = await self.database.read(
            Sql(f"SELECT edition_id, {relation.columns} FROM {relation.table} WHERE")
            + self.database.dialect.one_of("edition_id", list(parts))
            + Sql(f"ORDER BY edition_id, {relation.order}")
        )
        for row in rows:
            parts[row["edition_id"]].append(relation.read(row))
        for edition in editions:
            self._take(relation, edition, parts[edition.id])
        return {edition: parts[edition.id] for edition in editions}

    def _take(self, relation: Relation, edition: StoredEdition, parts: list[Any]) -> None:
        if getattr(edition, relation.attribute) is None:
            setattr(edition, relation.attribute, parts)
            texts = (text for part in parts for text in relation.texts(part) if text)
            self._grow(edition, 64 + PART_BYTES * len(parts) + sum(map(getsizeof, texts)))

    def _grow(self, edition: StoredEdition, size: int) -> None:
        edition.size += size
        if self._editions.get(edition.id) is not edition:
            return
        self.size += size
        while self.size > self.limit and self._editions:
            self._drop(next(iter(self._editions.values())))

    def _drop(self, edition: StoredEdition) -> None:
        del self._editions[edition.id]
        self.size -= edition.size
