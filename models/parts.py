"""Which article and locale a section or question belongs to."""

from __future__ import annotations

from models.access import Actor, Right
from models.database import Database
from models.dialect import Sql
from models.errors import NotFound
from models.outcome import Place


async def find_place(database: Database, actor: Actor, table: str, key: str) -> Place:
    """Return where the section or question (`table`) with this key stands, or stood last.

    Raises Forbidden where the actor may not edit at all, NotFound where the part lies outside of their scope.
    """
    actor.require(Right.EDIT)
    rows = await database.read(
        Sql(
            f"SELECT e.article_id, e.locale, a.site_id FROM {table} x JOIN edition e ON e.id = x.edition_id "
            "JOIN article a ON a.id = e.article_id WHERE x.key = ? ORDER BY e.id DESC LIMIT 1",
            (key,),
        )
    )
    for row in rows:
        scope = actor.scope
        if scope.holds_article(row["article_id"], row["site_id"]) and scope.holds_locale(row["locale"]):
            return Place(row["article_id"], row["locale"])
    raise NotFound(f"There is no {table} {key}.")
