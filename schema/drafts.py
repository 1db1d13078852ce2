"""Articles as a mutation's answer shows them: the newest edition at the revision that it became."""

from __future__ import annotations

from models.outcome import Place
from models.reading import Reader
from models.view import pin_revision
from schema.article import Article
from schema.operation import Operation


async def read_drafts(operation: Operation, revision: int | None, locale: str) -> Reader:
    """Return a reader of drafts in a locale at a revision, now if None. Raises Forbidden."""
    database = operation.reader.database
    number = database.head.revision if revision is None else revision
    _, moment = await pin_revision(database, number, None)
    return await operation.reader.drafting(number, locale, moment)


async def show_draft(operation: Operation, place: Place, revision: int | None) -> Article | None:
    """Return an article's newest edition at a revision, now if None; None where it has none."""
    reader = await read_drafts(operation, revision, place.locale)
    stored = await reader.article(place.article_id)
    return None if stored is None else Article(stored=stored, reader=reader)
