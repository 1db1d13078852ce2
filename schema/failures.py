"""What mutations answer when they refuse: errors that are part of the contract, with the path that they are about."""

from __future__ import annotations

import strawberry
from strawberry.types import Info

from models.errors import Conflict, Forbidden, LimitExceeded, NotFound, UnknownSite
from models.outcome import Failure, Place
from schema.article import Article
from schema.drafts import show_draft
from schema.node import encode_id
from schema.operation import Operation
from schema.scalars import Revision

NAMES = {"redirects": "redirectFrom"}
"""What the input calls a field that the content calls otherwise."""

PARTS = {"sections": "Section", "questions": "Question"}


@strawberry.interface(description="Why a mutation refused something. What is refused leaves no trace.")
class MutationError:
    """Base of the errors that payloads carry."""

    message: str = strawberry.field(description="What is wrong, in a sentence for a person.")
    code: str = strawberry.field(description="What is wrong, in a word for a program. It never changes.")
    path: list[str] = strawberry.field(
        description="Where in the input it is wrong: names of fields and places in lists, from 0."
    )


@strawberry.type(description="A value breaks a rule.")
class ValidationError(MutationError):
    """A value breaks a rule; the code says which."""


@strawberry.type(description="What the input names does not exist for whoever asks.")
class NotFoundError(MutationError):
    """Something does not exist, or must not be known."""


@strawberry.type(description="More at once than one mutation takes.")
class LimitError(MutationError):
    """Too much at once."""


@strawberry.type(description="Whoever asks lacks a right.")
class ForbiddenError(MutationError):
    """A right is missing."""

    permission: str = strawberry.field(description="The right: read, preview, edit, publish or administer.")


@strawberry.type(
    description="Somebody else changed the same since `ifRevision`. Read what is there now, decide, send it again."
)
class ConflictError(MutationError):
    """An edit that would overwrite somebody else's."""

    place: strawberry.Private[Place]
    revision: strawberry.Private[int]

    @strawberry.field(description="The revision that the edit was made on.")
    def base_revision(self) -> Revision:
        """Return the edit's own revision."""
        return Revision(self.revision)

    @strawberry.field(description="The article as the edit had it before it.")
    async def base(self, info: Info[Operation, None]) -> Article | None:
        """Return the base of the edit, which stands at the oldest revision still if that is newer."""
        oldest = info.context.reader.database.head.oldest
        return await show_draft(info.context, self.place, max(self.revision, oldest))

    @strawberry.field(description="The article as it is now.")
    async def current(self, info: Info[Operation, None]) -> Article | None:
        """Return the newest edition."""
        return await show_draft(info.context, self.place, None)


ERRORS = [ValidationError, NotFoundError, LimitError, ForbiddenError, ConflictError]


def show_failure(failure: Failure) -> MutationError:
    """Return the contract's error of a failure."""
    message, code = failure.message, failure.code
    path = [NAMES.get(name, name) for name in failure.path]
    if code == Conflict.code:
        assert failure.place is not None
        assert failure.base is not None
        path = name_parts(path)
        return ConflictError(
            message=message, code=code, path=path, place=failure.place, revision=failure.base
        )
    if code == Forbidden.code:
        return ForbiddenError(message=message, code=code, path=path, permission=failure.permission or "")
    if code in {NotFound.code, UnknownSite.code}:
        return NotFoundError(message=message, code=code, path=path)
    if code == LimitExceeded.code:
        return LimitError(message=message, code=code, path=path)
    return ValidationError(message=message, code=code, path=path)


def name_parts(path: list[str]) -> list[str]:
    """Return a path with the ids of sections and questions in place of their keys."""
    return [
        encode_id(PARTS[before], name) if before in PARTS and name else name
        for before, name in zip(["", *path], path, strict=False)
    ]
