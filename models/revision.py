"""The numbered history: head, revisions and changes, and the one transaction in which verbs run.

Every verb opens `write`, records what it changed, and leaves. The head row is locked for as long, so
writes of content are serialised, revisions have no gaps and come in the order of commit.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from models import moment
from models.database import Database
from models.errors import DatabaseNotReady
from models.fields import CodeField


class ChangeKind(StrEnum):
    """What happened to an article in one locale."""

    CREATED = "created"
    UPDATED = "updated"
    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"
    RENDERED = "rendered"


class Head(Model):
    """One row: the newest revision. Locked first by every write of content."""

    id = fields.IntField(primary_key=True, generated=False)
    revision = fields.BigIntField()
    moment = fields.BigIntField()

    class Meta:
        table = "head"


class Revision(Model):
    """A committed change of content: number, moment, who, which verb, and why if they said so."""

    number = fields.BigIntField(primary_key=True, generated=False)
    moment = fields.BigIntField(db_index=True)
    actor = fields.TextField()
    verb = CodeField(max_length=30)
    message = fields.TextField(null=True)

    class Meta:
        table = "revision"


class Change(Model):
    """An article and locale that a revision touched, and how."""

    id = fields.BigIntField(primary_key=True)
    revision: fields.ForeignKeyRelation[Revision] = fields.ForeignKeyField(
        "models.Revision", related_name="changes", on_delete=fields.CASCADE
    )
    position = fields.IntField()
    kind = CodeField(max_length=20)
    article_id = CodeField(max_length=36)
    locale = CodeField(max_length=35)
    edition_id = fields.BigIntField(null=True)

    class Meta:
        table = "change"
        unique_together = (("revision_id", "position"),)
        indexes = (("article_id", "locale"),)


@dataclass(slots=True)
class Writing:
    """An open write: the revision it will become, its moment, and the changes recorded so far."""

    connection: BaseDBAsyncClient
    actor: str
    revision: int
    moment: int
    changes: list[Change] = field(default_factory=list)

    def record(self, kind: ChangeKind, article_id: str, locale: str, edition_id: int | None) -> None:
        """Add a row to the change log of this revision."""
        self.changes.append(
            Change(
                revision_id=self.revision,
                position=len(self.changes),
                kind=kind,
                article_id=article_id,
                locale=locale,
                edition_id=edition_id,
            )
        )


class Rehearsed(Exception):
    """Leaves the transaction of a rehearsal so that it is rolled back."""


@asynccontextmanager
async def write(
    database: Database, *, actor: str, verb: str, message: str | None = None, rehearse: bool = False
) -> AsyncIterator[Writing]:
    """Run a verb in one transaction that becomes one revision if it recorded any change.

    Nothing is committed, and the head stays, when the block raises, records no change, or `rehearse`
    is true. The moment of a revision never lies before that of the one before, whatever the clock does.
    """
    try:
        async with database.transaction() as connection:
            writing = await lock_head(connection, actor)
            yield writing
            if not writing.changes or rehearse:
                raise Rehearsed
            await commit_revision(writing, verb, message)
            await database.announce(connection, writing.revision, writing.moment)
    except Rehearsed:
        return
    database.head.advance(writing.revision, writing.moment)


async def lock_head(connection: BaseDBAsyncClient, actor: str) -> Writing:
    """Lock the head row and return the write that follows it."""
    head = await Head.filter(id=1).using_db(connection).select_for_update().first()
    if head is None:
        raise DatabaseNotReady("The database has no head row. Run `quiet migrate`.")
    return Writing(connection, actor, head.revision + 1, max(moment.now(), head.moment))


async def commit_revision(writing: Writing, verb: str, message: str | None) -> None:
    """Write the revision, its changes and the new head."""
    await Revision.create(
        number=writing.revision,
        moment=writing.moment,
        actor=writing.actor,
        verb=verb,
        message=message,
        using_db=writing.connection,
    )
    await Change.bulk_create(writing.changes, using_db=writing.connection)
    await (
        Head.filter(id=1)
        .using_db(writing.connection)
        .update(revision=writing.revision, moment=writing.moment)
    )
