"""The view: what one operation may see. Every read of content starts here.

A view is fixed when an operation begins. A row that it does not admit does not exist, whatever the path.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from models import moment
from models.database import Database
from models.dialect import Dialect, Sql, join
from models.errors import Forbidden, InvalidArgument, RevisionUnknown


class Perspective(StrEnum):
    """Which content a view shows."""

    PUBLISHED = "published"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class View:
    """What is live at `moment` by the history up to `revision`, in the first of `locales` that exists.

    Without locales each article stands in its site's default locale, else in its first other one.
    """

    revision: int
    moment: int
    locales: tuple[str, ...] = ()
    perspective: Perspective = Perspective.PUBLISHED

    def pinned_to(self, revision: int, at: int) -> View:
        """Return the same view of another point of the history."""
        return replace(self, revision=revision, moment=at)

    def speaking(self, locales: tuple[str, ...]) -> View:
        """Return the same view in other locales."""
        return replace(self, locales=locales)

    def admits(self, alias: str) -> Sql:
        """Return the condition that the publication `alias` is live in this view, in whatever locale."""
        return Sql(
            f"{alias}.since <= ? AND {alias}.until > ? AND {alias}.live_from <= ? AND {alias}.live_until > ?",
            (self.revision, self.revision, self.moment, self.moment),
        )

    def speaks(self, alias: str, dialect: Dialect) -> Sql:
        """Return the condition that the locale of `alias` is one of this view's."""
        return dialect.one_of(f"{alias}.locale", self.locales) if self.locales else Sql("1 = 1")

    def serves(self, alias: str, site: str, dialect: Dialect) -> Sql:
        """Return the condition that publication `alias` is the one shown of its article.

        It is live, and no other live one of the article has a locale that comes before in the chain.
        `site` is the alias of the article's site.
        """
        live = join(" AND ", [self.admits(alias), self.speaks(alias, dialect)])
        if len(self.locales) == 1:
            return live
        better = join(
            " AND ",
            [
                Sql(f"o.article_id = {alias}.article_id"),
                self.admits("o"),
                self.speaks("o", dialect),
                self.rank("o", site) + Sql("<") + self.rank(alias, site),
            ],
        )
        return live + Sql("AND NOT EXISTS (SELECT 1 FROM publication o WHERE") + better + Sql(")")

    def rank(self, alias: str, site: str) -> Sql:
        """Return the place of a publication's locale in the chain, an expression that sorts."""
        if not self.locales:
            return Sql(f"CASE WHEN {alias}.locale = {site}.default_locale THEN '' ELSE {alias}.locale END")
        whens = " ".join(f"WHEN ? THEN {place}" for place in range(len(self.locales)))
        return Sql(f"CASE {alias}.locale {whens} END", self.locales)


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """What an operation asks to see; None where it does not say."""

    perspective: Perspective = Perspective.PUBLISHED
    locales: tuple[str, ...] = ()
    revision: int | None = None
    at: int | None = None
    min_revision: int | None = None


REACH_SECONDS = 5.0
LONGEST_CHAIN = 20


async def open_view(database: Database, request: ViewRequest) -> View:
    """Return the view that is asked for.

    With neither revision nor moment: now. With a revision: the content as of that revision at the moment it
    was committed, or at `at`. With a moment of the past: the content as it stood then; of the future: as it
    is scheduled to be. The present never lies before the newest commit, whatever the clock does.

    Raises Forbidden for drafts, InvalidArgument, RevisionUnknown, or RevisionNotReached.
    """
    if request.perspective is Perspective.DRAFT:
        raise Forbidden(
            "Drafts can be read only with the right to preview, which this request does not have."
        )
    if len(request.locales) > LONGEST_CHAIN:
        raise InvalidArgument(f"A view names at most {LONGEST_CHAIN} locales.")
    database.head.look()
    if request.min_revision is not None:
        await database.head.reach(request.min_revision, REACH_SECONDS)
    locales = tuple(dict.fromkeys(request.locales))
    revision, at = await choose_point(database, request)
    return View(revision, at, locales, request.perspective)


async def choose_point(database: Database, request: ViewRequest) -> tuple[int, int]:
    """Return the revision and moment at which the request looks."""
    head = database.head
    present = max(moment.now(), head.moment)
    if request.revision is not None:
        return await pin_revision(database, request.revision, request.at)
    if request.at is None or request.at >= present:
        return head.revision, present if request.at is None else request.at
    rows = await database.read(
        Sql("SELECT number FROM revision WHERE moment <= ? ORDER BY number DESC LIMIT 1", (request.at,))
    )
    return (rows[0]["number"] if rows else 0), request.at


async def pin_revision(database: Database, revision: int, at: int | None) -> tuple[int, int]:
    """Return a revision with the moment to look at it: `at`, or else the moment of its commit."""
    if revision < 0:
        raise InvalidArgument("A revision is 0 or more.")
    if revision > database.head.revision:
        raise RevisionUnknown(f"Revision {revision} does not exist; the newest is {database.head.revision}.")
    if at is not None:
        return revision, at
    rows = await database.read(Sql("SELECT moment FROM revision WHERE number = ?", (revision,)))
    return revision, rows[0]["moment"] if rows else 0
