"""What is live at the newest revision, in memory: the way from an id, a slug or a list to editions.

The index follows the change log: it reads again what the revisions since its own one touched, and looks anew at
what begins or ends as time passes. It answers for one revision and one span of time; every other view asks the
database.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from sys import intern

from models.conditions import compile_condition
from models.database import Database, Row, refuse_nul
from models.dialect import Sql
from models.fallback import Chain, make_chains
from models.kept import Kept
from models.live_list import LiveList, Wanted
from models.live_publication import Lens, LivePublication
from models.moment import FOREVER
from models.paging import Window
from models.predicates import NotInMemory
from models.schedule import Span
from models.stored import StoredSite, load_sites, read_list
from models.traits import COUNT_KINDS, Ranked, Trait

PUBLICATION_BYTES = 1_050
"""What a publication takes in all that the index keeps of it. Measured, rounded up."""

KEPT = 8
"""One in so many bytes is for what was worked out from the index: the hits of searches."""

MOST_ENTRIES = 4_000_000
"""How many entries all kept lists may have together; each takes the 8 bytes of a pointer."""

MOST_LISTS = 200
MOST_UPDATES = 2_000
"""How many places in lists are put right after a change; beyond that, lists are made anew when they are asked for."""

MOST_ASKED = 1_000
QUICKLY_LISTED = 1_000
"""A list over so many articles is made at once; a longer one only when it is asked for a second time."""

COLUMNS = (
    "p.article_id, p.site_id, p.locale, p.slug, p.live_from, p.live_until, p.published_at, a.created_at, "
    "e.id AS edition_id, e.rendered, e.saved_at, e.title, e.title_folded, e.slug_folded, e.tags, e.authors, "
    f"{COUNT_KINDS} AS kinds"
)
JOINS = "JOIN edition e ON e.id = p.edition_id JOIN article a ON a.id = p.article_id"

logger = logging.getLogger("quiet.live")


NOWHERE = Span(-1, 0, 0)


class LiveIndex:
    """The publications of one revision that are live now or later; `limit` bounds their bytes, 0 keeps none."""

    def __init__(self, database: Database, limit: int) -> None:
        self.span = NOWHERE
        self._sites: tuple[StoredSite, ...] = ()
        self._defaults: dict[str, str] = {}
        self._database = database
        self._most = limit // PUBLICATION_BYTES
        self.kept = Kept(limit // KEPT)
        self._reading: asyncio.Task[None] | None = None
        self._articles: dict[str, tuple[LivePublication, ...]] = {}
        self._count = 0
        self._slugs: defaultdict[str, tuple[LivePublication, ...]] = defaultdict(tuple)
        self._boundaries: list[tuple[int, str]] = []
        self._lists: OrderedDict[Wanted, LiveList] = OrderedDict()
        self._asked: OrderedDict[int, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._articles)

    @property
    def size(self) -> int:
        """Return about how many bytes the index takes."""
        return PUBLICATION_BYTES * self._count + 8 * self._entries() + self.kept.size

    def covers(self, revision: int, moment: int) -> bool:
        """Tell whether the index stands at a revision and moment."""
        span = self.span
        return span.revision == revision and span.since <= moment < span.until

    async def reach(self, revision: int, moment: int) -> None:
        """Bring the index to a revision and moment, unless it is beyond, or too large. Raises DatabaseLost."""
        while self.span.revision < revision and self._most:
            # One reading for all who wait: a lock would let them on one by one, each a turn of the loop later.
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self._follow(revision, moment))
                # Whoever waited may have given up; an error is then nobody's.
                self._reading.add_done_callback(lambda task: task.cancelled() or task.exception())
            await asyncio.shield(self._reading)
        if self.span.revision == revision and moment >= self.span.until:
            self._pass(moment)

    async def _follow(self, revision: int, moment: int) -> None:
        """Read what changed up to a revision, or everything at first."""
        if self.span is NOWHERE:
            await self._load(revision, moment)
            return
        touched = "(SELECT DISTINCT article_id FROM change WHERE revision_id > ? AND revision_id <= ?)"
        rows = await self._database.read(
            Sql(
                f"SELECT c.article_id AS changed, {COLUMNS} FROM {touched} c "
                "LEFT JOIN publication p ON p.article_id = c.article_id AND p.since <= ? AND p.until > ? "
                "LEFT JOIN edition e ON e.id = p.edition_id LEFT JOIN article a ON a.id = p.article_id",
                (self.span.revision, revision, revision, revision),
            )
        )
        changed = {row["changed"] for row in rows}
        if None in changed:  # a site, or how far back the history goes
            await self._load_sites()
            self._lists.clear()
        found = self._group(row for row in rows if row["edition_id"] is not None)
        self._replace({one: found.get(one, ()) for one in changed if one is not None}, revision, moment)

    async def _load(self, revision: int, moment: int) -> None:
        query = Sql(
            f"SELECT {COLUMNS} FROM publication p {JOINS} "
            "WHERE p.since <= ? AND p.until > ? AND p.live_until > ? LIMIT ?",
            (revision, revision, moment, self._most + 1),
        )
        await self._load_sites()
        rows = await self._database.read(query)
        if len(rows) > self._most:
            logger.warning(
                "More than %d publications are live: too many to be kept in QUIET_LIBRARY_BYTES. "
                "Lists and look-ups ask the database.",
                self._most,
            )
            self._most = 0
            return
        self._replace(self._group(rows), revision, moment)
        # What had ended by then is not here, so earlier moments are not known.
        self.span = replace(self.span, since=moment)

    async def _load_sites(self) -> None:
        self._sites = await load_sites(self._database)
        self._defaults = {site.id: site.default_locale for site in self._sites}

    def _group(self, rows: Iterable[Row]) -> Mapping[str, tuple[LivePublication, ...]]:
        """Return the publications of these rows by article."""
        keys = {site.id: site.key for site in self._sites}
        found: defaultdict[str, list[LivePublication]] = defaultdict(list)
        for row in rows:
            found[row["article_id"]].append(read_publication(row, keys))
        return {article_id: tuple(publications) for article_id, publications in found.items()}

    def _replace(
        self, changed: Mapping[str, tuple[LivePublication, ...]], revision: int, moment: int
    ) -> None:
        """Take these articles for what they are now, and stand at a revision and moment."""
        moment = max(moment, self.span.since)
        try:
            since = self._take(changed, moment)
        except BaseException:
            self._forget()
            raise
        until = self._boundaries[0][0] if self._boundaries else FOREVER
        self.span = Span(revision, max(since, self.span.since), until)

    def _take(self, changed: Mapping[str, tuple[LivePublication, ...]], moment: int) -> int:
        """Put articles and lists right for a moment; return the last one at which anything began or ended."""
        last, due = self._take_due(moment)
        before = {one: self._articles.get(one, ()) for one in (*changed, *due)}
        self._update_lists(before, {**before, **changed}, moment)
        for article_id, publications in changed.items():
            self._forget_slugs(before[article_id])
            last = max(last, self._keep(article_id, publications, moment))
        return last

    def _update_lists(
        self,
        before: Mapping[str, tuple[LivePublication, ...]],
        after: Mapping[str, tuple[LivePublication, ...]],
        moment: int,
    ) -> None:
        if len(after) * len(self._lists) > MOST_UPDATES:
            self._lists.clear()
        for wanted, kept in self._lists.items():
            for one, publications in after.items():
                old = wanted.lens.choose(before[one], self.span.since, self._defaults)
                kept.replace(old, wanted.lens.choose(publications, moment, self._defaults))

    def _forget(self) -> None:
        """Know nothing, so that everything is read anew."""
        self.span = NOWHERE
        self._count = 0
        for known in (self._articles, self._slugs, self._boundaries, self._lists):
            known.clear()

    def _pass(self, moment: int) -> None:
        """Let time pass up to a moment."""
        self._replace({}, self.span.revision, moment)

    def _take_due(self, moment: int) -> tuple[int, set[str]]:
        """Return the last boundary up to a moment, 0 if none was ahead, and the articles that have one."""
        last, due = 0, set()
        while self._boundaries and self._boundaries[0][0] <= moment:
            last, article_id = heapq.heappop(self._boundaries)
            due.add(article_id)
        return last, due

    def _keep(self, article_id: str, publications: tuple[LivePublication, ...], moment: int) -> int:
        """Keep an article; return the last boundary up to a moment."""
        self._count += len(publications) - len(self._articles.get(article_id, ()))
        if publications:
            self._articles[article_id] = publications
        else:
            self._articles.pop(article_id, None)
        last = 0
        for publication in publications:
            self._slugs[publication.slug] += (publication,)
            for boundary in (publication.live_from, publication.live_until):
                if boundary <= moment:
                    last = max(last, boundary)
                elif boundary < FOREVER:
                    heapq.heappush(self._boundaries, (boundary, article_id))
        return last

    def _forget_slugs(self, publications: Sequence[LivePublication]) -> None:
        for gone in publications:
            rest = tuple(other for other in self._slugs[gone.slug] if other is not gone)
            if rest:
                self._slugs[gone.slug] = rest
            else:
                del self._slugs[gone.slug]

    def find_article(self, lens: Lens, article_id: str) -> LivePublication | None:
        """Return what is shown of an article, None where nothing is."""
        return lens.choose(self._articles.get(article_id, ()), self.span.since, self._defaults)

    def edition_ids(self) -> set[int]:
        """Return the editions that are live now or later."""
        return {p.edition_id for publications in self._articles.values() for p in publications}

    def find_named(self, lens: Lens, slug: str) -> tuple[LivePublication, ...]:
        """Return what is live and admitted with this slug: in the lens's locales by rank and article, then the rest."""
        named = self._slugs.get(slug, ())
        shown = [p for p in named if p.is_live_at(self.span.since) and lens.admits(p)]
        if len(shown) > 1:
            shown.sort(key=lambda p: (lens.rank(p, self._defaults), p.article_id))
        return tuple(shown)

    def find_locales(self, lens: Lens, article_id: str) -> tuple[str, ...]:
        """Return the locales in which an article is live and admitted, sorted."""
        publications = self._articles.get(article_id, ())
        live = (p for p in publications if p.is_live_at(self.span.since) and lens.admits(p))
        return tuple(sorted(p.locale for p in live))

    def find_sites(self, lens: Lens) -> tuple[StoredSite, ...]:
        """Return the sites in the lens's scope, sorted by key."""
        if lens.scope.sites is None:
            return self._sites
        return tuple(site for site in self._sites if lens.scope.holds_site(site.id))

    def find_chains(self, locales: tuple[str, ...]) -> tuple[Chain, ...]:
        """Return the chains of all sites for locales that a view names."""
        return make_chains(self._sites, locales)

    def find_page(self, wanted: Wanted, window: Window) -> list[LivePublication] | None:
        """Return a part of a list as `LiveList.page` does, None where the list is not in memory."""
        found = self._find_list(wanted)
        return None if found is None else found.page(window)

    def count(self, wanted: Wanted) -> int | None:
        """Return how long a list is, None where it is not in memory."""
        found = self._find_list(wanted)
        return None if found is None else len(found)

    def rank(self, wanted: Wanted, trait: Trait, first: int) -> tuple[Ranked, ...] | None:
        """Return the first values of a trait as `LiveList.rank` does, None where the list is not in memory."""
        found = self._find_list(wanted)
        if found is None:
            return None
        ranked = found.rank(trait)[:first]
        self._make_room()
        return ranked

    def _find_list(self, wanted: Wanted) -> LiveList | None:
        kept = self._lists.get(wanted)
        if kept is None:
            return self._make_list(wanted) if self._is_worth(wanted) else None
        self._lists.move_to_end(wanted)
        return kept

    def _make_list(self, wanted: Wanted) -> LiveList | None:
        # What cannot be asked of the database cannot be asked here either.
        refuse_nul(compile_condition(wanted.condition, self._database.dialect).parameters)
        try:
            made = LiveList(wanted)
        except NotInMemory:
            return None
        made.fill(self._articles.values(), self.span.since, self._defaults)
        self._lists[wanted] = made
        self._make_room()
        return made

    def _make_room(self) -> None:
        while len(self._lists) > 1 and (len(self._lists) > MOST_LISTS or self._entries() > MOST_ENTRIES):
            self._lists.popitem(last=False)

    def _entries(self) -> int:
        """Return how many entries all lists have together."""
        return sum(kept.entries for kept in self._lists.values())

    def _is_worth(self, wanted: Wanted) -> bool:
        name = hash(wanted)
        if len(self._articles) <= QUICKLY_LISTED or name in self._asked:
            self._asked.pop(name, None)
            return True
        self._asked[name] = None
        if len(self._asked) > MOST_ASKED:
            self._asked.popitem(last=False)
        return False


def read_publication(row: Row, site_keys: Mapping[str, str]) -> LivePublication:
    """Return the publication that a row holds; texts that many have in common are kept once."""
    tags = read_list(row["tags"])
    return LivePublication(
        article_id=row["article_id"],
        site_id=intern(row["site_id"]),
        site_key=site_keys[row["site_id"]],
        locale=intern(row["locale"]),
        slug=row["slug"],
        slug_folded=row["slug_folded"],
        live_from=row["live_from"],
        live_until=row["live_until"],
        published_at=row["published_at"],
        created_at=row["created_at"],
        edition_id=row["edition_id"],
        rendered=row["rendered"],
        saved_at=row["saved_at"],
        title=row["title"],
        title_folded=row["title_folded"],
        tags=tuple(intern(tag["slug"]) for tag in tags),
        tag_names=tuple(intern(tag["name"]) for tag in tags),
        authors=tuple(map(intern, read_list(row["authors"]))),
        kinds=row["kinds"] or 0,
    )
