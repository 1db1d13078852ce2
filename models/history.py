"""What happened to an article: its part of the change log, and what an edition held at a revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.access import Right
from models.dialect import Sql
from models.reading import Reader
from models.revision import ChangeKind


@dataclass(frozen=True, slots=True)
class Event:
    """One change of an article in a locale: what, when, who, and why if they said so."""

    article_id: str
    locale: str
    revision: int
    position: int
    moment: int
    kind: ChangeKind
    actor: str
    message: str | None


async def list_events(
    reader: Reader, article_id: str, locale: str, size: int, before: tuple[int, int] | None
) -> Sequence[Event]:
    """Return the newest changes of an article up to the view's revision, older than `before` (revision, position).

    Raises Forbidden without the right to preview.
    """
    reader.actor.require(Right.PREVIEW)
    revision, position = before or (reader.view.revision + 1, 0)
    rows = await reader.database.read(
        Sql(
            "SELECT c.article_id, c.locale, c.revision_id, c.position, c.kind, r.moment, r.actor, r.message "
            "FROM change c JOIN revision r ON r.number = c.revision_id "
            "WHERE c.article_id = ? AND c.locale = ? AND c.revision_id <= ? "
            "AND (c.revision_id < ? OR (c.revision_id = ? AND c.position < ?)) "
            "ORDER BY c.revision_id DESC, c.position DESC LIMIT ?",
            (article_id, locale, reader.view.revision, revision, revision, position, size),
        )
    )
    return [
        Event(
            row["article_id"],
            row["locale"],
            row["revision_id"],
            row["position"],
            row["moment"],
            ChangeKind(row["kind"]),
            row["actor"],
            row["message"],
        )
        for row in rows
    ]


async def count_events(reader: Reader, article_id: str, locale: str) -> int:
    """Return how many changes an article has had up to the view's revision. Raises Forbidden."""
    reader.actor.require(Right.PREVIEW)
    rows = await reader.database.read(
        Sql(
            "SELECT COUNT(*) AS total FROM change c WHERE c.article_id = ? AND c.locale = ? AND c.revision_id <= ?",
            (article_id, locale, reader.view.revision),
        )
    )
    return int(rows[0]["total"])
