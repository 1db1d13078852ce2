"""The numbered history: head, revisions and changes, and the one transaction in which verbs run.

Every verb opens `write`, records what it changed, and leaves. The head row is locked for as long, so
writes of content are serialised, revisions have no gaps and come in the order of commit.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from models import moment
from models.access import Actor
from models.checking import check_text
from models.database import Database
from models.errors import DatabaseBusy, DatabaseNotReady, InvalidContent
from models.fields import CodeField
from models.idempotency import Receipt, keep, look_up
from models.outcome import Done
from models.table_model import TableModel

LONGEST_MESSAGE = 1000


class ChangeKind(StrEnum):
    """What happened to an article in one locale."""

    CREATED = "created"
    UPDATED = "updated"
    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"
    RESTORED = "restored"
    CONFIRMED = "confirmed"
    RENDERED = "rendered"
    COMPACTED = "compacted"


class Head(TableModel):
    """One row: the newest revision, and the oldest that can be read. Locked first by every write of content."""

    id = fields.IntField(primary_key=True, generated=False)
    revision = fields.BigIntField()
    moment = fields.BigIntField()
    oldest = fields.BigIntField()

    class Meta:
        table = "head"


class Revision(TableModel):
    """A committed change of content: number, moment, who, which verb, and why if they said so."""

    number = fields.BigIntField(primary_key=True, generated=False)
    moment = fields.BigIntField(db_index=True)
    actor = fields.TextField()
    verb = CodeField(max_length=30)
    message = fields.TextField(null=True)

    class Meta:
        table = "revision"


class Change(TableModel):
    """What a revision touched, and how: an article in a locale, or a site."""

    id = fields.BigIntField(primary_key=True)
    revision: fields.ForeignKeyRelation[Revision] = fields.ForeignKeyField(
        "models.Revision", related_name="changes", on_delete=fields.CASCADE
    )
    position = fields.IntField()
    kind = CodeField(max_length=20)
    article_id = CodeField(max_length=36, null=True)
    locale = CodeField(max_length=35, null=True)
    edition_id = fields.BigIntField(null=True)
    site_id = CodeField(max_length=36, null=True)

    class Meta:
        table = "change"
        unique_together = (("revision_id", "position"),)
        indexes = (("article_id", "locale"),)


@dataclass(slots=True)
class Writing:
    """An open write: the revision it will become, its moment, and the changes recorded so far.

    `done` is what the verb says it did; `receipt` the idempotency key that it was asked with; `oldest` the oldest
    revision that can be read.
    """

    connection: BaseDBAsyncClient
    actor: Actor
    revision: int
    moment: int
    oldest: int = 0
    receipt: Receipt | None = None
    changes: list[Change] = field(default_factory=list)
    done: Done = field(default_factory=lambda: Done(None))

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

    def record_site(self, kind: ChangeKind, site_id: str) -> None:
        """Add a row about a site to the change log of this revision."""
        position = len(self.changes)
        self.changes.append(Change(revision_id=self.revision, position=position, kind=kind, site_id=site_id))

    def record_compacting(self) -> None:
        """Add a row that says that older revisions cannot be read any more."""
        self.changes.append(
            Change(revision_id=self.revision, position=len(self.changes), kind=ChangeKind.COMPACTED)
        )

    def finish(self, done: Done) -> None:
        """Say what the verb did; the revision is filled in, None where no change was recorded."""
        self.done = replace(done, revision=self.revision if self.changes else None)


class Abandoned(Exception):
    """Leaves the transaction of a write that changed nothing, or of a rehearsal, so that it is rolled back."""


@asynccontextmanager
async def write(
    database: Database,
    *,
    actor: Actor,
    verb: str,
    message: str | None = None,
    rehearse: bool = False,
    receipt: Receipt | None = None,
) -> AsyncIterator[Writing]:
    """Run a verb in one transaction that becomes one revision if it recorded any change.

    Nothing is committed, and the head stays, when the block raises, records no change, or `rehearse`
    is true. The moment of a revision never lies before that of the one before, whatever the clock does.
    Raises InvalidArgument for a message that cannot be stored; Repeated or KeyReused where the receipt's
    key was used before.
    """
    check_message(message)
    try:
        async with database.transaction() as connection:
            writing = await lock_head(database, connection, actor)
            if receipt is not None:
                await look_up(connection, receipt, writing.moment)
            yield writing
            if rehearse:
                writing.done = replace(writing.done, revision=None)
            if rehearse or not (writing.changes or receipt):
                raise Abandoned
            if writing.changes:
                await commit_revision(writing, verb, message)
                await database.announce(connection, writing.revision, writing.moment, writing.oldest)
            if receipt is not None:
                await keep(connection, receipt, writing.done, writing.moment)
    except Abandoned:
        return
    if writing.changes:
        database.head.advance(writing.revision, writing.moment, writing.oldest)


def check_message(message: str | None) -> None:
    """Raise InvalidArgument where a message is too long or cannot be stored."""
    problems = list(check_text(("message",), message, longest=LONGEST_MESSAGE))
    if problems:
        raise InvalidContent(problems)


async def lock_head(database: Database, connection: BaseDBAsyncClient, actor: Actor) -> Writing:
    """Lock the head row and return the write that follows it.

    The head is at the revision before from then on, though no word of it has come yet: what the write finds,
    a key that was used or nothing to change, can be shown as it is.
    """
    try:
        head = await Head.filter(id=1).using_db(connection).select_for_update().first()
    except TimeoutError as error:
        raise DatabaseBusy from error
    if head is None:
        raise DatabaseNotReady("The database has no head row. Run `quiet migrate`.")
    database.head.advance(head.revision, head.moment, head.oldest)
    return Writing(connection, actor, head.revision + 1, max(moment.now(), head.moment), head.oldest)


async def commit_revision(writing: Writing, verb: str, message: str | None) -> None:
    """Write the revision, its changes and the new head."""
    await Revision.create(
        number=writing.revision,
        moment=writing.moment,
        actor=writing.actor.name,
        verb=verb,
        message=message,
        using_db=writing.connection,
    )
    await Change.bulk_create(writing.changes, using_db=writing.connection)
    await (
        Head.filter(id=1)
        .using_db(writing.connection)
        .update(revision=writing.revision, moment=writing.moment, oldest=writing.oldest)
    )
