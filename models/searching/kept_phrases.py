"""Titles and questions of what is live, in memory as far as they fit. They never change, so none is ever wrong."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from models.database import Database
from models.dialect import Sql, join
from models.searching.phrases import FEW, Phrase, Phrases, normalise

PHRASE_BYTES = 600
"""What a phrase takes with its words, sorted and by each of them. Measured, rounded up."""

EDITION_BYTES = 70
MOST_VIEWS = 4
MOST_FORGOTTEN = 5_000
"""So many editions that are not live any more are kept at least, beside as many as are."""

Title = Sequence[Any]
Asked = Sequence[Any]


@dataclass(slots=True, eq=False)
class KeptPhrases:
    """The phrases of known editions, in `limit` bytes. None instead of titles or questions says that they do not fit.

    `learnt` tells at which point of the live index all of its editions were known.
    """

    limit: int = 0
    titles: Phrases | None = None
    questions: Phrases | None = None
    learnt: object = None
    tags: OrderedDict[object, tuple[object, Phrases]] = field(default_factory=OrderedDict)
    """The tags of live views: what they were made of, and their phrases."""
    known: set[int] = field(default_factory=set)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        tags = sum(len(tags) for _, tags in self.tags.values())
        return measure(len(self.known), len(self.titles or ()) + len(self.questions or ()) + tags)

    def has_room(self, editions: int, phrases: int) -> bool:
        """Tell whether so much more fits."""
        return self.size + measure(editions, phrases) <= self.limit

    def keep_tags(self, key: object, source: object, tags: Phrases) -> None:
        """Keep the tags of a live view where they fit, the least recently used forgotten."""
        self.tags.pop(key, None)
        if self.has_room(0, len(tags)):
            self.tags[key] = source, tags
        while len(self.tags) > MOST_VIEWS:
            self.tags.popitem(last=False)

    async def learn(self, database: Database, point: object, wanted: Set[int]) -> None:
        """Know these editions, which are those of a point of the live index, as far as they fit."""
        async with self._lock:
            if self.learnt == point:
                return
            if not await self._add(database, wanted, wanted - self.known):
                await self._begin(database, wanted)
            self.learnt = point

    async def _add(self, database: Database, wanted: Set[int], missing: Set[int]) -> bool:
        """Know more editions; return False where that is not worth while or does not fit."""
        if self.titles is None or len(self.known) > 2 * len(wanted) + MOST_FORGOTTEN:
            return False
        if not missing:
            return True
        if not self.has_room(len(missing), len(missing)):
            return False
        count = await self._count(database, missing)
        if count is None:
            self.questions = None
        titles, questions = await read_phrases(database, sorted(missing), asked=count is not None)
        if len(titles) + len(questions) > FEW:
            bases = self.titles, self.questions
            self.titles, self.questions = await asyncio.to_thread(build, bases, titles, questions)
        else:
            self.titles.add(make_titles(titles))
            if self.questions is not None:
                self.questions.add(make_questions(titles, questions))
        self.known |= missing
        return True

    async def _begin(self, database: Database, wanted: Set[int]) -> None:
        """Know nothing but these editions."""
        self.titles = self.questions = self.learnt = None
        self.known = set()
        if not self.has_room(len(wanted), len(wanted)):
            self.tags.clear()
        if self.has_room(len(wanted), len(wanted)):
            self.titles, self.questions = Phrases(), Phrases()
            await self._add(database, wanted, wanted)

    async def _count(self, database: Database, editions: Set[int]) -> int | None:
        """Return how many questions editions have, None where they do not fit beside their titles."""
        if self.questions is None:
            return None
        room = (self.limit - self.size - measure(len(editions), len(editions))) // PHRASE_BYTES
        condition = database.dialect.one_of("edition_id", sorted(editions))
        # No further than that: counting takes longer than anybody should wait.
        counted = join(" ", [Sql("SELECT 1 FROM question WHERE"), condition, Sql("LIMIT ?", (room + 1,))])
        rows = await database.read(Sql("SELECT COUNT(*) AS questions FROM (") + counted + Sql(") counted"))
        count = int(rows[0]["questions"])
        return count if count <= room else None


def measure(editions: int, phrases: int) -> int:
    """Return about how many bytes so much takes."""
    return PHRASE_BYTES * phrases + EDITION_BYTES * editions


async def read_phrases(
    database: Database, ids: Sequence[int], *, asked: bool
) -> tuple[list[Title], list[Asked]]:
    """Return id, article and title of editions, and edition, place and text of their questions if `asked`."""
    dialect = database.dialect
    statements = [dialect.gather("edition", "id", ("article_id", "title"), ids)]
    if asked:
        statements.append(dialect.gather("question", "edition_id", ("position", "question"), ids))
    titles, *questions = await asyncio.gather(*map(database.read, statements))
    return list(dialect.gathered(titles)), [one for rows in questions for one in dialect.gathered(rows)]


def build(
    bases: tuple[Phrases, Phrases | None], titles: Sequence[Title], questions: Sequence[Asked]
) -> tuple[Phrases, Phrases | None]:
    """Return phrases with those of more editions; takes long where these are many, and changes nothing."""
    return (
        bases[0].joined(make_titles(titles)),
        None if bases[1] is None else bases[1].joined(make_questions(titles, questions)),
    )


def make_titles(titles: Iterable[Title]) -> Iterable[Phrase]:
    """Yield the phrases of titles that have words."""
    for edition_id, article_id, title in titles:
        normal = normalise(title)
        if normal:
            yield Phrase(normal, article_id, edition_id)


def make_questions(titles: Iterable[Title], questions: Iterable[Asked]) -> Iterable[Phrase]:
    """Yield the phrases of questions that have words."""
    articles = {edition_id: article_id for edition_id, article_id, _ in titles}
    for edition_id, position, question in questions:
        normal = normalise(question)
        # The history may have been compacted between the two statements.
        if normal and edition_id in articles:
            yield Phrase(normal, articles[edition_id], edition_id, position)
