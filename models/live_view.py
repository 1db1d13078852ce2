"""What one operation learns from the live index, noted so that it can be asked again later whether it still holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterator
from functools import partial
from typing import TypeVar

from models.cache_keys import Subject
from models.kept import Value
from models.live_index import LiveIndex
from models.live_list import Wanted
from models.live_publication import Lens, LivePublication
from models.paging import Window
from models.schedule import Span
from models.stored import StoredSite
from models.traits import Ranked, Trait
from models.view import View

Answer = TypeVar("Answer")

MOST_READS = 500


class Reads:
    """What an operation asked the live index and what it was answered; incomplete where it asked something else.

    `is_named` tells that it is known at least what all it asked was about.
    """

    def __init__(self, index: LiveIndex) -> None:
        self.is_complete = True
        self.is_named = True
        self.shows_head = False
        """Whether the operation shows the newest revision, whatever its view."""
        self._index = index
        self._known: list[tuple[Callable[[], object], object, Subject]] = []
        self._elsewhere: list[Subject] = []

    def __len__(self) -> int:
        return len(self._known)

    def note(self, ask: Callable[[], Answer], subject: Subject) -> Answer:
        """Ask, and remember what was asked, about what, and answered."""
        answer = ask()
        if len(self._known) < MOST_READS:
            self._known.append((ask, answer, subject))
        else:
            self.give_up()
        return answer

    def give_up(self) -> None:
        """Take note that the operation depends on something else."""
        self.is_complete = self.is_named = False
        self._known.clear()
        self._elsewhere.clear()

    def ask_elsewhere(self, subject: Subject) -> None:
        """Take note that the operation asks the database about what is, or was, live of a subject."""
        self.is_complete = False
        if self.is_named and len(self._elsewhere) < MOST_READS:
            self._elsewhere.append(subject)
        else:
            self.give_up()

    def subjects(self) -> Iterator[Subject]:
        """Yield what all that was asked was about; nothing where that is not known."""
        yield from (subject for _, _, subject in self._known)
        yield from self._elsewhere

    def hold_in(self, span: Span) -> bool:
        """Tell whether every question is answered in this span as it was."""
        if not self.is_complete or self._index.span != span:
            return False
        return all(ask() == answer for ask, answer, _ in self._known)


class LiveView:
    """The live index through the lens of a view."""

    def __init__(self, index: LiveIndex, view: View, reads: Reads) -> None:
        self.lens = Lens(view.locales, view.scope, view.chains)
        self._index = index
        self._reads = reads
        if view.chains:
            self._depend_on_chains()

    def _depend_on_chains(self) -> None:
        """Take note that the operation depends on what sites say of fallbacks, which has no revisions."""
        self._reads.shows_head = True
        found = self._reads.note(partial(self._index.find_chains, self.lens.locales), None)
        if found != self.lens.chains:
            # The view was opened when sites said something else.
            self._reads.give_up()

    def article(self, article_id: str) -> LivePublication | None:
        """Return what is shown of an article."""
        return self._reads.note(
            partial(self._index.find_article, self.lens, article_id), ("article", article_id)
        )

    def named(self, slug: str) -> tuple[LivePublication, ...]:
        """Return what is live and admitted with this slug, in whatever locale, the best of each chain first."""
        return self._reads.note(partial(self._index.find_named, self.lens, slug), ("slug", slug))

    def locales(self, article_id: str) -> tuple[str, ...]:
        """Return the locales in which an article is live and admitted, sorted."""
        return self._reads.note(
            partial(self._index.find_locales, self.lens, article_id), ("article", article_id)
        )

    def sites(self) -> tuple[StoredSite, ...]:
        """Return the sites in the scope, sorted by key."""
        return self._reads.note(partial(self._index.find_sites, self.lens), None)

    def page(self, wanted: Wanted, window: Window) -> list[LivePublication] | None:
        """Return a part of a list as `LiveList.page` does, None where the list is not in memory."""
        return self._reads.note(partial(self._index.find_page, wanted, window), wanted)

    def count(self, wanted: Wanted) -> int | None:
        """Return how long a list is, None where it is not in memory."""
        return self._reads.note(partial(self._index.count, wanted), wanted)

    async def work_out(self, name: Hashable, make: Callable[[], Awaitable[Value]]) -> Value:
        """Return what `make` makes of what this view shows, made once as long as all of that stays as it is.

        It may depend on all that the newest revision holds. Raises what `make` raises.
        """
        self._reads.give_up()
        return await self._index.kept.find(self._index.span, (self.lens, name), make)

    def rank(self, wanted: Wanted, trait: Trait, first: int) -> tuple[Ranked, ...] | None:
        """Return the first values of a trait as `LiveList.rank` does, None where the list is not in memory."""
        return self._reads.note(partial(self._index.rank, wanted, trait, first), wanted)

    @property
    def point(self) -> object:
        """Return what tells the index and its revision from others."""
        return self._index, self._index.span.revision

    def edition_ids(self) -> set[int]:
        """Return the editions that are live now or later, in whatever scope. Takes no note."""
        return self._index.edition_ids()

    def find_shown(self, article_id: str) -> LivePublication | None:
        """Return what is shown of an article. Takes no note."""
        return self._index.find_article(self.lens, article_id)
