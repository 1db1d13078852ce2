"""Titles and questions of editions in memory, and what views show of them. They never change, so none is ever wrong."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from models.database import Database
from models.searching.phrases import FEW, Phrase, Phrases, normalise

PHRASE_BYTES = 600
"""What a phrase takes with its words, sorted and by each of them. Measured, rounded up."""

EDITION_BYTES = 70
MOST_VIEWS = 4
MOST_FORGOTTEN = 5_000
"""So many editions that nothing shows any more are kept at least, beside as many as are shown."""

Title = Sequence[Any]
Asked = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view shows: editions, and its tags."""

    editions: Set[int]
    tags: Phrases


@dataclass(slots=True, eq=False)
class KeptPhrases:
    """The phrases of known editions. `learnt` tells at which point of the live index all of its editions were known."""

    titles: Phrases = field(default_factory=Phrases)
    questions: Phrases = field(default_factory=Phrases)
    learnt: object = None
    views: OrderedDict[object, Shown] = field(default_factory=OrderedDict)
    tags: OrderedDict[object, tuple[object, Phrases]] = field(default_factory=OrderedDict)
    """The tags of live views: what they were made of, and their phrases."""
    known: set[int] = field(default_factory=set)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        phrases = len(self.titles) + len(self.questions)
        phrases += sum(len(tags) for _, tags in self.tags.values())
        phrases += sum(len(shown.tags) for shown in self.views.values())
        editions = len(self.known) + sum(len(shown.editions) for shown in self.views.values())
        return PHRASE_BYTES * phrases + EDITION_BYTES * editions

    def forget(self) -> None:
        """Know nothing."""
        self.known, self.titles, self.questions = set(), Phrases(), Phrases()
        self.learnt = None
        self.views.clear()
        self.tags.clear()

    def keep_view(self, key: object, shown: Shown) -> None:
        """Keep what a view shows, the least recently used forgotten."""
        self.views[key] = shown
        while len(self.views) > MOST_VIEWS:
            self.views.popitem(last=False)

    def keep_tags(self, key: object, source: object, tags: Phrases) -> None:
        """Keep the tags of a live view, the least recently used forgotten."""
        self.tags[key] = source, tags
        while len(self.tags) > MOST_VIEWS:
            self.tags.popitem(last=False)

    async def learn(self, database: Database, wanted: Set[int]) -> None:
        """Know these editions; right after that, before anything else is waited for, they are known."""
        if wanted <= self.known:
            return
        async with self._lock:
            outlived = len(self.known) > 2 * len(wanted) + MOST_FORGOTTEN
            missing = wanted if outlived else wanted - self.known
            if not missing:
                return
            titles, questions = await read_phrases(database, sorted(missing))
            if outlived or len(titles) + len(questions) > FEW:
                bases = (Phrases(), Phrases()) if outlived else (self.titles, self.questions)
                known: set[int] = set() if outlived else self.known
                made = await asyncio.to_thread(build, bases, titles, questions)
                if outlived:
                    self.forget()
                (self.titles, self.questions), self.known = made, known | missing
            else:
                self.titles.add(make_titles(titles))
                self.questions.add(make_questions(titles, questions))
                self.known |= missing


async def read_phrases(database: Database, ids: Sequence[int]) -> tuple[list[Title], list[Asked]]:
    """Return id, article and title of editions, and edition, place and text of their questions."""
    dialect = database.dialect
    titles, questions = await asyncio.gather(
        database.read(dialect.gather("edition", "id", ("article_id", "title"), ids)),
        database.read(dialect.gather("question", "edition_id", ("position", "question"), ids)),
    )
    return list(dialect.gathered(titles)), list(dialect.gathered(questions))


def build(
    bases: tuple[Phrases, Phrases], titles: Sequence[Title], questions: Sequence[Asked]
) -> tuple[Phrases, Phrases]:
    """Return phrases with those of more editions; takes long where these are many, and changes nothing."""
    return (
        bases[0].joined(make_titles(titles)),
        bases[1].joined(make_questions(titles, questions)),
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
