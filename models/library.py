"""Editions in memory. An edition never changes, so what is here is never wrong, only evicted.

Relations are loaded with one statement for all editions that are asked for in the same turn of the event
loop, so the number of statements depends on what is selected, never on how many rows there are.
"""

from __future__ import annotations

from asyncio import Future
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import orjson

from models.batching import Batch
from models.database import Database
from models.dialect import Sql
from models.errors import RevisionGone
from models.live_publication import LivePublication
from models.relation import LINKS, QUESTIONS, RELATIONS, SECTIONS, Columns, Relation, measure
from models.searching.kept_phrases import KeptPhrases
from models.stored import (
    EDITION_COLUMNS,
    Seo,
    StoredEdition,
    StoredLink,
    StoredQuestion,
    StoredSection,
    read_edition,
)

Wanted = tuple[StoredEdition, Columns]
"""An edition, and the columns of its parts that are wanted."""

OWN_TEXTS = ("intro_markdown", "intro_html", "intro_text", "summary")
PART_BYTES = 400
"""What a part takes besides its texts: the object, its numbers and short strings. Measured, rounded up."""

LOST = 16
"""One in so many bytes is lost between objects of all sizes that come and go. Measured with 50,000 articles."""

PHRASES = 4
"""The part of the limit, one in so many bytes, that titles and questions may take; what does not fit is not kept."""

FRAGMENT_BYTES = 250
"""What a fragment takes besides its text: the key and its place in a dictionary."""

SEO_BYTES = 100
"""What an edition's wishes for search engines take besides their text."""


class Library:
    """Loaded editions, the least recently used evicted when they take more than `limit` bytes."""

    def __init__(self, database: Database, limit: int) -> None:
        self.database = database
        self.limit = limit
        self.size = 0
        self.hits = self.loads = 0
        """How often editions or parts of them were in memory when they were asked for, and how often not."""
        self.beside: Callable[[], int] = lambda: 0
        """Tells how many bytes something else takes of the limit."""
        self.phrases = KeptPhrases(limit // PHRASES)
        """Titles and questions of what is live, as far as they fit."""
        self._editions: OrderedDict[int, StoredEdition] = OrderedDict()
        self._rows = Batch[int, StoredEdition | None](self._load_editions)
        self._seo = Batch[StoredEdition, Seo](self._load_seo)
        self._parts: Mapping[str, Batch[Wanted, list[Any]]] = {
            name: Batch(partial(self._load, relation)) for name, relation in RELATIONS.items()
        }

    def __len__(self) -> int:
        return len(self._editions)

    def keep(self, values: Sequence[Any]) -> StoredEdition:
        """Return the edition whose EDITION_COLUMNS have these values, with all that has been loaded of it before."""
        known = self._editions.get(values[0])
        if known is not None:
            if known.rendered == values[-1]:
                self._editions.move_to_end(known.id)
                return known
            self._drop(known)
        edition = read_edition(values)
        if self.limit:
            self._editions[edition.id] = edition
            self._grow(edition, 1000 + measure((edition,), OWN_TEXTS))
        return edition

    def edition(self, edition_id: int, rendered: int) -> StoredEdition | Future[StoredEdition | None]:
        """Return an edition as it was rendered by a revision, at once where it is in memory; None where it is gone."""
        known = self._editions.get(edition_id)
        if known is None or known.rendered != rendered:
            self.loads += 1
            return self._rows.request(edition_id)
        self.hits += 1
        self._editions.move_to_end(edition_id)
        return known

    def sections(self, edition: StoredEdition) -> list[StoredSection] | Awaitable[list[StoredSection]]:
        """Return an edition's sections, at once where they are in memory."""
        return self.part(edition, SECTIONS, SECTIONS.everything)

    def questions(self, edition: StoredEdition) -> list[StoredQuestion] | Awaitable[list[StoredQuestion]]:
        """Return an edition's questions, at once where they are in memory."""
        return self.part(edition, QUESTIONS, QUESTIONS.everything)

    def links(self, edition: StoredEdition) -> list[StoredLink] | Awaitable[list[StoredLink]]:
        """Return an edition's links, at once where they are in memory."""
        return self.part(edition, LINKS, LINKS.everything)

    def seo(self, edition: StoredEdition) -> Seo | Awaitable[Seo]:
        """Return what an edition's author wished for search engines, at once where it is in memory."""
        return self._seo.request(edition) if edition.seo is None else edition.seo

    def part(
        self, edition: StoredEdition, relation: Relation, columns: Columns
    ) -> list[Any] | Awaitable[list[Any]]:
        """Return a relation of an edition with these columns, at once where it is in memory."""
        if relation.has(edition, columns):
            self.hits += 1
            parts: list[Any] = getattr(edition, relation.name)
            return parts
        self.loads += 1
        return self._parts[relation.name].request((edition, columns))

    def load(
        self, editions: Sequence[StoredEdition], relation: Relation, columns: Columns
    ) -> Sequence[Awaitable[Any]]:
        """Return what to wait for until editions have these columns of a relation; nothing where they have them."""
        missing = [(edition, columns) for edition in editions if not relation.has(edition, columns)]
        self.loads += len(missing)
        self.hits += len(editions) - len(missing)
        return self._parts[relation.name].request_all(missing) if missing else ()

    def fragments(
        self, found: Sequence[LivePublication], name: Callable[[LivePublication], tuple[Any, ...]]
    ) -> list[bytes] | None:
        """Return the finished JSON of editions, which `name` names, None where one of it is not in memory."""
        known = []
        find, touch = self._editions.get, self._editions.move_to_end
        for publication in found:
            edition = find(publication.edition_id)
            if edition is None or edition.rendered != publication.rendered:
                return None
            fragment = edition.fragments.get(name(publication))
            if fragment is None:
                return None
            known.append(fragment)
            touch(publication.edition_id)
        self.hits += len(known)
        return known

    def keep_fragment(self, edition: StoredEdition, key: tuple[Any, ...], fragment: bytes) -> None:
        """Keep finished JSON with its edition, under what it depends on besides."""
        if self._editions.get(edition.id) is edition:
            edition.fragments[key] = fit(fragment)
            self._grow(edition, FRAGMENT_BYTES + len(fragment))

    async def _load_editions(self, ids: Sequence[int]) -> dict[int, StoredEdition | None]:
        condition = self.database.dialect.one_of("e.id", ids)
        rows = await self.database.read(Sql(f"SELECT {EDITION_COLUMNS} FROM edition e WHERE") + condition)
        found = {row[0]: self.keep(tuple(row)) for row in rows}
        return {edition_id: found.get(edition_id) for edition_id in ids}

    async def _load_seo(self, editions: Sequence[StoredEdition]) -> dict[StoredEdition, Seo]:
        condition = self.database.dialect.one_of("e.id", [edition.id for edition in editions])
        rows = await self.database.read(Sql("SELECT e.id, e.seo FROM edition e WHERE") + condition)
        found = {row["id"]: row["seo"] for row in rows}
        for edition in editions:
            if edition.id not in found:
                # The history was compacted between two statements.
                raise RevisionGone(edition.since, self.database.head.oldest)
            edition.seo = orjson.loads(found[edition.id])
            self._grow(edition, SEO_BYTES + len(found[edition.id]))
        return {edition: edition.seo or {} for edition in editions}

    async def _load(self, relation: Relation, wanted: Sequence[Wanted]) -> dict[Wanted, list[Any]]:
        columns = 0
        for _, needed in wanted:
            columns |= needed
        parts: dict[int, list[Any]] = {edition.id: [] for edition, _ in wanted}
        dialect, chosen = self.database.dialect, relation.choose(columns)
        rows = await self.database.read(dialect.gather(relation.table, "edition_id", chosen, list(parts)))
        for values in dialect.gathered(rows):
            parts[values.pop(0)].append(relation.read(values))
        for edition in {edition for edition, _ in wanted}:
            # Here and not in the statement, which mostly finds them in order: that is cheaper.
            self._take(relation, edition, sorted(parts[edition.id], key=relation.sort_key), columns)
        return {(edition, needed): getattr(edition, relation.name) for edition, needed in wanted}

    def _take(self, relation: Relation, edition: StoredEdition, parts: list[Any], columns: Columns) -> None:
        known = getattr(edition, relation.name)
        is_new = known is None
        if not is_new and len(known) != len(parts):
            # The history was compacted between two statements.
            raise RevisionGone(edition.since, self.database.head.oldest)
        new = relation.take(edition, parts, columns)
        if self._editions.get(edition.id) is edition:
            self._grow(
                edition, relation.measure(parts, new) + (64 + PART_BYTES * len(parts) if is_new else 0)
            )

    def _grow(self, edition: StoredEdition, size: int) -> None:
        edition.size += size
        if self._editions.get(edition.id) is not edition:
            return
        self.size += size
        limit = self.limit - self.limit // LOST - self.beside() - self.phrases.size
        while self.size > limit and self._editions:
            self._drop(next(iter(self._editions.values())))

    def _drop(self, edition: StoredEdition) -> None:
        del self._editions[edition.id]
        self.size -= edition.size


def fit(text: bytes) -> bytes:
    """Return the same bytes without the room that whoever wrote them kept for more."""
    return bytes(memoryview(text))
