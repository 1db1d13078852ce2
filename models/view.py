"""The view: what one operation may see. Every read of content starts here.

A view is fixed when an operation begins. A row that it does not admit does not exist, whatever the path.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from models import moment
from models.access import ANONYMOUS, EVERYWHERE, Actor, Right, Scope
from models.database import Database
from models.dialect import Dialect, Sql, join
from models.errors import InvalidArgument, Unauthenticated
from models.fallback import Chain, list_spoken, make_chains
from models.moment import FOREVER
from models.stored import load_sites


class Perspective(StrEnum):
    """Which content a view shows."""

    PUBLISHED = "published"
    DRAFT = "draft"


DRAFTS = (
    "(SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until, "
    f"COALESCE(l.published_at, {FOREVER}) AS published_at "
    "FROM edition d JOIN article h ON h.id = d.article_id "
    "LEFT JOIN publication l ON l.article_id = d.article_id AND l.locale = d.locale AND"
)
"""Newest editions in the form of publications; one that is not live counts as published at the end of time."""


@dataclass(frozen=True, slots=True)
class View:
    """What one operation may see, in the first of `locales` in which it stands.

    PUBLISHED: what is live at `moment` by the history up to `revision`. DRAFT: the newest edition of everything
    at `revision`. Without locales each article stands in its site's default locale, else in its first other
    one. With `chains` others stand in for the locales that are named (`models.fallback`). `scope` is where the
    actor's rights hold.
    """

    revision: int
    moment: int
    locales: tuple[str, ...] = ()
    perspective: Perspective = Perspective.PUBLISHED
    scope: Scope = EVERYWHERE
    chains: tuple[Chain, ...] = ()

    def pinned_to(self, revision: int, at: int) -> View:
        """Return the same view of another point of the history."""
        return replace(self, revision=revision, moment=at)

    def speaking(self, locales: tuple[str, ...], chains: tuple[Chain, ...] = ()) -> View:
        """Return the same view in other locales; without chains no others stand in for them."""
        return replace(self, locales=locales, chains=chains)

    @property
    def spoken(self) -> tuple[str, ...]:
        """Return all locales in which the view shows articles; empty where it shows all."""
        return list_spoken(self.locales, self.chains)

    @property
    def chooses(self) -> bool:
        """Tell whether the view names locales, and an article may stand in several of its locales."""
        return len(self.spoken) > 1

    @property
    def shows_drafts(self) -> bool:
        """Tell whether the perspective is DRAFT."""
        return self.perspective is Perspective.DRAFT

    def source(self) -> Sql:
        """Return what to read from: publications, or newest editions in the same form."""
        if not self.shows_drafts:
            return Sql("publication")
        return Sql(DRAFTS) + self.lives("l") + Sql(")")

    def lives(self, alias: str) -> Sql:
        """Return the condition that the publication `alias` is live."""
        return self.counts(alias) + Sql(
            f"AND {alias}.live_from <= ? AND {alias}.live_until > ?", (self.moment, self.moment)
        )

    def counts(self, alias: str) -> Sql:
        """Return the condition that the row `alias` belongs to the history at this revision."""
        return Sql(f"{alias}.since <= ? AND {alias}.until > ?", (self.revision, self.revision))

    def holds(self, alias: str) -> Sql:
        """Return the condition that `alias`, a publication or else an edition, stands in whatever scope."""
        return self.counts(alias) if self.shows_drafts else self.lives(alias)

    def stands(self, alias: str) -> Sql:
        """Return the condition that `alias`, a publication or else an edition, stands in this view's scope.

        It says nothing of sites: `alias` is of an article that the view is known to show.
        """
        if self.scope.locales is None:
            return self.holds(alias)
        return self.holds(alias) + Sql("AND") + list_values(f"{alias}.locale", self.scope.locales)

    def reaches(self, alias: str) -> Sql:
        """Return the condition that `alias`, which has a site and a locale, lies in the actor's scope."""
        conditions = []
        if self.scope.sites is not None:
            conditions.append(list_values(f"{alias}.site_id", self.scope.sites))
        if self.scope.locales is not None:
            conditions.append(list_values(f"{alias}.locale", self.scope.locales))
        if self.scope.article is not None:
            conditions.append(Sql(f"{alias}.article_id = ?", (self.scope.article,)))
        return join(" AND ", conditions) if conditions else Sql("1 = 1")

    def admits(self, alias: str) -> Sql:
        """Return the condition that this view shows the row `alias` of its source, in whatever locale."""
        if self.scope == EVERYWHERE:
            return self.holds(alias)
        return self.holds(alias) + Sql("AND") + self.reaches(alias)

    def speaks(self, alias: str, dialect: Dialect, site: str | None = None) -> Sql:
        """Return the condition that the locale of `alias` is one of this view's.

        `site` is the column with the id of its site, where that is not one of `alias`.
        """
        if not self.locales:
            return Sql("1 = 1")
        column = f"{alias}.locale"
        if len(self.chains) < 2:
            return dialect.one_of(column, self.spoken)
        ways = [
            list_values(site or f"{alias}.site_id", chain.sites or ())
            + Sql("AND")
            + dialect.one_of(column, chain.locales)
            for chain in self.chains
        ]
        return Sql("(") + join(" OR ", ways) + Sql(")")

    def serves(self, alias: str, site: str, dialect: Dialect) -> Sql:
        """Return the condition that the row `alias` of the source is the one shown of its article.

        It is admitted, and no other one of the article has a locale that comes before in the chain.
        `site` is the alias of the article's site.
        """
        live = join(" AND ", [self.admits(alias), self.speaks(alias, dialect)])
        if self.locales and not self.chooses:
            return live
        better = join(
            " AND ",
            [
                Sql(f"o.article_id = {alias}.article_id"),
                self.stands("o"),
                self.speaks("o", dialect, f"{site}.id"),
                self.rank("o", site) + Sql("<") + self.rank(alias, site),
            ],
        )
        return live + Sql(f"AND NOT EXISTS (SELECT 1 FROM {self.table} o WHERE") + better + Sql(")")

    @property
    def table(self) -> str:
        """Return the table whose rows stand for an article in a locale."""
        return "edition" if self.shows_drafts else "publication"

    def rank(self, alias: str, site: str) -> Sql:
        """Return the place of a publication's locale in the chain, an expression that sorts."""
        if not self.locales:
            return Sql(f"CASE WHEN {alias}.locale = {site}.default_locale THEN '' ELSE {alias}.locale END")
        column = f"{alias}.locale"
        if len(self.chains) < 2:
            return find_place(column, self.spoken)
        ways = [
            Sql("WHEN")
            + list_values(f"{site}.id", chain.sites or ())
            + Sql("THEN")
            + find_place(column, chain.locales)
            for chain in self.chains
        ]
        return Sql("CASE") + join(" ", ways) + Sql("END")


def list_values(column: str, values: Collection[str]) -> Sql:
    """Return the condition that a column has one of a few values."""
    if not values:
        return Sql("1 = 0")
    marks = ", ".join("?" for _ in values)
    return Sql(f"{column} IN ({marks})", tuple(sorted(values)))


def find_place(column: str, values: tuple[str, ...]) -> Sql:
    """Return the place of a column's value among these, an expression that sorts."""
    whens = " ".join(f"WHEN ? THEN {place}" for place in range(len(values)))
    return Sql(f"CASE {column} {whens} END", values)


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """What an operation asks to see; None where it does not say. `fallback`: others stand in for its locales."""

    perspective: Perspective = Perspective.PUBLISHED
    locales: tuple[str, ...] = ()
    revision: int | None = None
    at: int | None = None
    min_revision: int | None = None
    fallback: bool = False

    @property
    def is_of_now(self) -> bool:
        """Tell whether it asks for the present, not for another point of the history."""
        return self.revision is None and self.at is None

    @property
    def is_published(self) -> bool:
        """Tell whether it asks for what is published, not for drafts."""
        return self.perspective is Perspective.PUBLISHED

    @property
    def names_revision(self) -> bool:
        """Tell whether it asks for one revision as of its own moment, which is the same for ever."""
        return self.revision is not None and self.at is None


NOW = ViewRequest()
"""What is asked for where nothing is said."""

REACH_SECONDS = 5.0
LONGEST_CHAIN = 20


async def open_view(database: Database, request: ViewRequest, actor: Actor) -> View:
    """Return the view that is asked for.

    With neither revision nor moment: now. With a revision: the content as of that revision at the moment it
    was committed, or at `at`. With a moment of the past: the content as it stood then; of the future: as it
    is scheduled to be. The present never lies before the newest commit, whatever the clock does. What a
    revision had scheduled for a time after the next one takes the right to preview (`limit_moment`).

    Drafts and the future need the right to preview. Raises Unauthenticated, Forbidden, InvalidArgument,
    RevisionUnknown, RevisionGone, or RevisionNotReached.
    """
    if actor.name == ANONYMOUS and not actor.may(Right.READ):
        raise Unauthenticated("This service answers only requests that carry a token.")
    actor.require(Right.READ)
    if request.perspective is Perspective.DRAFT:
        actor.require(Right.PREVIEW)
    if len(request.locales) > LONGEST_CHAIN:
        raise InvalidArgument(f"A view names at most {LONGEST_CHAIN} locales.")
    database.head.look()
    if request is NOW:
        return View(database.head.revision, present(database), scope=actor.scope)
    if request.min_revision is not None:
        await database.head.reach(request.min_revision, REACH_SECONDS)
    locales = tuple(dict.fromkeys(request.locales))
    revision, at = await choose_point(database, request)
    if at > present(database):
        actor.require(Right.PREVIEW)
    if request.revision is not None and request.at is not None:
        at = await limit_moment(database, revision, at, actor)
    chains: tuple[Chain, ...] = ()
    if request.fallback and locales:
        chains = make_chains(await load_sites(database), locales)
    return View(revision, at, locales, request.perspective, actor.scope, chains)


def present(database: Database) -> int:
    """Return the present moment: the clock's, but never before the newest commit."""
    return max(moment.now(), database.head.moment)


async def choose_point(database: Database, request: ViewRequest) -> tuple[int, int]:
    """Return the revision and moment at which the request looks."""
    if request.revision is not None:
        return await pin_revision(database, request.revision, request.at)
    now = present(database)
    if request.at is None or request.at >= now:
        return database.head.revision, now if request.at is None else request.at
    rows = await database.read(
        Sql("SELECT number FROM revision WHERE moment <= ? ORDER BY number DESC LIMIT 1", (request.at,))
    )
    revision = rows[0]["number"] if rows else 0
    database.head.check(revision)
    return revision, request.at


async def pin_revision(database: Database, revision: int, at: int | None) -> tuple[int, int]:
    """Return a revision with the moment to look at it: `at`, or else the moment of its commit."""
    if revision < 0:
        raise InvalidArgument("A revision is 0 or more.")
    database.head.check(revision)
    if at is not None:
        return revision, at
    rows = await database.read(Sql("SELECT moment FROM revision WHERE number = ?", (revision,)))
    return revision, rows[0]["moment"] if rows else 0


async def limit_moment(database: Database, revision: int, at: int, actor: Actor) -> int:
    """Return the moment at which an actor sees a revision who asks for `at`.

    Without the right to preview that is never later than the last moment at which the revision was the newest:
    what it had scheduled for later may have been withdrawn, and then was never public.
    """
    if revision >= database.head.revision or actor.may(Right.PREVIEW):
        return at
    moments = database.head.moments
    if revision + 1 not in moments or revision not in moments:
        query = Sql("SELECT number, moment FROM revision WHERE number IN (?, ?)", (revision, revision + 1))
        moments = OrderedDict((row["number"], row["moment"]) for row in await database.read(query))
    return min(at, max(moments.get(revision, 0), moments[revision + 1] - 1))
