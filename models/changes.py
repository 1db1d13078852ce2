"""The change log as a view shows it: what a copy of the content must do to stay in step.

A change stands at a point: a revision and a moment. What a verb did stands at its commit; what was scheduled
stands at its own moment, under the revision that was the newest just before. Points are totally ordered, so
that a reader who remembers the last one misses nothing and gets nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from models.batching import Batch
from models.database import Database, Row
from models.dialect import Sql, join
from models.errors import InvalidArgument
from models.moment import FOREVER
from models.reading import ARTICLE_COLUMNS, JOINS, Reader, StoredArticle
from models.revision import ChangeKind
from models.view import View, list_values, pin_revision

LAST_NAME = "~"
"""Comes after the id of any article."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place in the change log; `position` is that of a verb's change, FOREVER after all changes of a revision.

    `article_id` and `locale` order what was scheduled for the same moment.
    """

    revision: int
    moment: int
    position: int
    article_id: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to an article in a locale, or to a site where these are None."""

    point: Point
    kind: ChangeKind
    site_id: str
    article_id: str | None
    locale: str | None


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes are wanted; None is all."""

    kinds: frozenset[ChangeKind] | None = None
    sites: frozenset[str] | None = None
    articles: frozenset[str] | None = None

    def admits(self, alias: str) -> Sql:
        """Return the condition that the change `alias` is wanted."""
        wanted = (("kind", self.kinds), ("site_id", self.sites), ("article_id", self.articles))
        conditions = [list_values(f"{alias}.{name}", frozenset(v)) for name, v in wanted if v is not None]
        return join(" AND ", conditions) if conditions else Sql("1 = 1")


@dataclass(frozen=True, slots=True)
class ChangePart:
    """Some changes in order, the point up to which nothing is missing, and whether more follow in this view."""

    changes: Sequence[Change]
    end: Point
    more: bool


@dataclass(frozen=True, slots=True)
class PointView(View):
    """A view at the point that the row `c` of a statement holds, instead of one of its own."""

    def counts(self, alias: str) -> Sql:
        """Return the condition that the row `alias` belongs to the history at the point's revision."""
        return Sql(f"{alias}.since <= c.revision AND {alias}.until > c.revision")

    def lives(self, alias: str) -> Sql:
        """Return the condition that the publication `alias` is live at the point."""
        return self.counts(alias) + Sql(
            f"AND {alias}.live_from <= c.moment AND {alias}.live_until > c.moment"
        )


async def start_after(database: Database, revision: int) -> Point:
    """Return the point after all changes of a revision. Raises RevisionUnknown, RevisionGone or InvalidArgument."""
    number, moment = await pin_revision(database, revision, None)
    return Point(number, moment, FOREVER, LAST_NAME)


def check_point(database: Database, point: Point) -> None:
    """Raise RevisionUnknown or RevisionGone where nothing can be told of what came after a point."""
    database.head.check(point.revision)


async def list_changes(reader: Reader, after: Point, size: int, wanted: ChangeFilter) -> ChangePart:
    """Return at most `size` changes after a point, up to the view's revision and moment, in order.

    Under PUBLISHED these are the changes of what readers see: an article in a locale is live, or is not any more,
    once per revision. Under DRAFT it is everything that was done.
    """
    view = reader.view
    if not size:
        raise InvalidArgument("changes(first:) takes 1 or more.")
    done = await load_done(reader, after, size + 1, wanted)
    full = len(done) > size
    until = min(done[-1].point.moment, view.moment) if full else view.moment
    due = await load_due(reader, after, until, size + 1, wanted)
    found = sorted([*done, *due], key=lambda change: change.point)
    if len(found) > size:
        return ChangePart(found[:size], found[size - 1].point, more=True)
    end = Point(view.revision, view.moment, FOREVER, LAST_NAME)
    return ChangePart(found, max(after, end), more=False)


async def load_done(reader: Reader, after: Point, size: int, wanted: ChangeFilter) -> list[Change]:
    """Return what verbs did after a point, in order."""
    view = reader.view
    statement = (
        Sql("SELECT x.* FROM (")
        + (DONE_TO_DRAFTS if view.shows_drafts else DONE_TO_READERS)
        + Sql(
            "AND c.revision_id <= ? "
            "AND (c.revision_id > ? OR (c.revision_id = ? AND c.position > CAST(? AS BIGINT)))) x WHERE",
            (view.revision, after.revision, after.revision, after.position),
        )
        + in_view(reader, wanted)
        + Sql("ORDER BY x.revision, x.position LIMIT ?", (size,))
    )
    return [read_change(row) for row in await reader.database.read(statement)]


COLUMNS = (
    "SELECT c.revision_id AS revision, r.moment, c.position, c.article_id, c.locale, "
    "COALESCE(c.site_id, h.site_id) AS site_id,"
)
LOG = (
    "FROM change c JOIN revision r ON r.number = c.revision_id LEFT JOIN article h ON h.id = c.article_id "
    "LEFT JOIN edition e ON e.id = c.edition_id"
)
DONE_TO_DRAFTS = Sql(
    f"{COLUMNS} c.kind {LOG} WHERE c.kind <> 'compacted' AND (c.kind <> 'rendered' OR e.until > c.revision_id)"
)
SAME = "m.article_id = c.article_id AND m.locale = c.locale AND m.revision_id = c.revision_id"
LIVE = (
    "{0}.article_id = c.article_id AND {0}.locale = c.locale "
    "AND {0}.live_from <= r.moment AND {0}.live_until > r.moment"
)
DONE_TO_READERS = Sql(
    f"{COLUMNS} CASE WHEN c.article_id IS NULL OR c.kind = 'rendered' THEN c.kind "
    f"WHEN n.id IS NULL THEN 'unpublished' ELSE 'published' END AS kind {LOG} "
    f"LEFT JOIN publication n ON {LIVE.format('n')} AND n.since <= c.revision_id AND n.until > c.revision_id "
    f"LEFT JOIN publication o ON {LIVE.format('o')} AND o.since < c.revision_id AND o.until >= c.revision_id "
    "WHERE c.kind <> 'compacted' AND (c.article_id IS NULL "
    "OR (c.kind = 'rendered' AND n.edition_id = c.edition_id) "
    "OR (c.kind <> 'rendered' AND (COALESCE(n.edition_id, 0) <> COALESCE(o.edition_id, 0) "
    "OR n.published_at <> o.published_at) "
    f"AND NOT EXISTS (SELECT 1 FROM change m WHERE {SAME} AND m.position > c.position)))"
)
"""What is live after a revision (`n`) and was before it (`o`) differs; of a revision's changes of one article and
locale the last one stands for all."""


async def load_due(reader: Reader, after: Point, until: int, size: int, wanted: ChangeFilter) -> list[Change]:
    """Return what was scheduled and came due after a point, up to a moment, in order.

    A revision has the moment at which its verb began, and may be committed after somebody looked at a later one.
    What came due in between stands under the new revision, and so after the point of who looked.
    """
    begin = "COALESCE((SELECT v.moment FROM revision v WHERE v.number = ? AND v.moment < ?), ?)"
    boundaries = "UNION".join(
        f" SELECT article_id, locale, site_id, {column} AS moment FROM publication "
        f"WHERE {column} >= {begin} AND {column} <= ? "
        for column in ("live_from", "live_until")
    )
    newest = (
        "(SELECT v.number FROM revision v WHERE v.moment < b.moment AND v.number <= ? "
        "ORDER BY v.moment DESC, v.number DESC LIMIT 1)"
    )
    same = (
        "{0}.article_id = d.article_id AND {0}.locale = d.locale "
        "AND {0}.since <= d.revision AND {0}.until > d.revision"
    )
    statement = (
        Sql(
            "SELECT x.* FROM (SELECT d.*, CASE WHEN n.id IS NULL THEN 'unpublished' ELSE 'published' END AS kind "
            f"FROM (SELECT b.*, {newest} AS revision, {FOREVER} AS position FROM ({boundaries}) b) d "
            f"LEFT JOIN publication n ON {same.format('n')} AND n.live_from = d.moment "
            f"LEFT JOIN publication o ON {same.format('o')} AND o.live_until = d.moment "
            "WHERE COALESCE(n.edition_id, 0) <> COALESCE(o.edition_id, 0) OR n.published_at <> o.published_at"
            ") x WHERE (x.revision > ? OR x.moment > ? "
            "OR (x.moment = ? AND (x.article_id > ? OR (x.article_id = ? AND x.locale > ?)))) AND",
            (
                reader.view.revision,
                *(after.revision + 1, after.moment, after.moment, until) * 2,
                after.revision,
                *(after.moment,) * 2,
                *(after.article_id or LAST_NAME,) * 2,
                after.locale,
            ),
        )
        + in_view(reader, wanted)
        + Sql("ORDER BY x.revision, x.moment, x.article_id, x.locale LIMIT ?", (size,))
    )
    return [read_change(row) for row in await reader.database.read(statement)]


def in_view(reader: Reader, wanted: ChangeFilter) -> Sql:
    """Return the condition that the change `x` is wanted, and of something that the view may show."""
    view = reader.view
    articles = join(" AND ", [view.reaches("x"), view.speaks("x", reader.database.dialect)])
    sites = Sql("1 = 0")
    if view.scope.article is None:
        sites = Sql("1 = 1") if view.scope.sites is None else list_values("x.site_id", view.scope.sites)
    return (
        Sql("((x.article_id IS NOT NULL AND")
        + articles
        + Sql(") OR (x.article_id IS NULL AND")
        + sites
        + Sql(")) AND")
        + wanted.admits("x")
    )


def read_change(row: Row) -> Change:
    """Return the change of a row. What came due has the name of its article in its point."""
    is_due = row["position"] == FOREVER
    name = (row["article_id"], row["locale"]) if is_due else ("", "")
    return Change(
        Point(row["revision"], row["moment"], row["position"], *name),
        ChangeKind(row["kind"]),
        row["site_id"],
        row["article_id"],
        row["locale"],
    )


Then = tuple[int, int, str]
"""A revision, a moment and the id of an article."""


def gather_articles(reader: Reader) -> Batch[Then, StoredArticle | None]:
    """Return the way to articles as the view shows them at other points, None where it shows none."""
    return Batch(partial(load_articles, reader), remember=True)


async def load_articles(reader: Reader, points: Sequence[Then]) -> dict[Then, StoredArticle | None]:
    """Return articles as the view shows them at these points, with one statement."""
    at = reader.view
    view = PointView(at.revision, at.moment, at.locales, at.perspective, at.scope, at.chains)
    dialect = reader.database.dialect
    columns = f"c.revision AS then_revision, c.moment AS then_moment, {ARTICLE_COLUMNS}"
    source, joined = Sql("publication"), Sql("")
    if view.shows_drafts:
        columns = columns.replace("p.published_at", f"COALESCE(l.published_at, {FOREVER}) AS published_at")
        source = DRAFTS_THEN
        joined = Sql("LEFT JOIN publication l ON l.article_id = p.article_id AND l.locale = p.locale AND")
        joined += view.lives("l")
    rows = await reader.database.read(
        Sql(f"SELECT {columns} FROM")
        + dialect.points(points)
        + Sql("c CROSS JOIN")
        + source
        + JOINS
        + joined
        + Sql("WHERE p.article_id = c.article_id AND")
        + view.serves("p", "s", dialect)
    )
    found = {
        (row["then_revision"], row["then_moment"], row["shown_id"]): reader.read_article(row) for row in rows
    }
    return {point: found.get(point) for point in points}


DRAFTS_THEN = Sql(
    "(SELECT d.id, d.article_id, h.site_id, d.locale, d.slug, d.id AS edition_id, d.since, d.until "
    "FROM edition d JOIN article h ON h.id = d.article_id)"
)
