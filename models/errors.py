"""Everything content can refuse, as one tree. Each error carries a stable code and a sentence.

ContentError
├── InvalidContent        INVALID_CONTENT        a draft breaks a rule; lists every problem with its path
├── InvalidArgument       INVALID_ARGUMENT       an argument of a read is out of its range or malformed
├── InvalidIdentifier     INVALID_ID             an id that this server never gave out
├── InvalidCursor         INVALID_CURSOR         a cursor that is damaged or of another list
├── AmbiguousAddress      AMBIGUOUS_ADDRESS      a slug or path of more than one site or draft
├── UnknownSite           UNKNOWN_SITE           no site has this key
├── NotFound              NOT_FOUND              a verb was asked for something that does not exist
├── SlugTaken             SLUG_TAKEN             another published article has this slug at that time
├── Conflict              CONFLICT               an edit touches what others changed since its revision
├── KeyReused             IDEMPOTENCY_KEY_REUSED an idempotency key came again with other arguments
├── LimitExceeded         LIMIT_EXCEEDED         more at once than is taken
├── Unauthenticated       UNAUTHENTICATED        no credentials where some are needed, or rejected ones
├── Forbidden             FORBIDDEN              the actor lacks the right
├── RevisionGone          REVISION_GONE          a revision older than what compacting kept
├── RevisionUnknown       REVISION_UNKNOWN       a revision that has not been written yet
├── RevisionNotReached    REVISION_NOT_REACHED   this process did not reach `minRevision` in time
├── Unavailable           the database does not answer as it should; a request may be sent again
│   ├── DatabaseBusy      DATABASE_BUSY          another write takes longer than one waits
│   ├── DatabaseLost      DATABASE_UNAVAILABLE   the database cannot be reached
│   ├── DatabaseFull      DATABASE_FULL          there is no room for what is to be written
│   └── DatabaseReadOnly  DATABASE_READ_ONLY     nothing can be written, as on a read-only disk or a replica
├── BackupRefused         BACKUP_REFUSED         a backup cannot be written there, or not be restored into this database
├── ArchiveUnusable       ARCHIVE_UNUSABLE       a backup's file is damaged, cut off, none at all, or of a newer version
└── DatabaseNotReady      DATABASE_NOT_READY     tables are missing or older than this program
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ContentError(Exception):
    """Base of all refusals; `code` is stable, the message is meant for a person."""

    code = "CONTENT_ERROR"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: the path into the draft (`("sections", "2", "heading")`) and a sentence."""

    path: tuple[str, ...]
    message: str


class InvalidContent(ContentError):
    """A draft breaks one or more rules; nothing of it was written."""

    code = "INVALID_CONTENT"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class InvalidArgument(ContentError):
    """An argument of a read is out of its range or malformed."""

    code = "INVALID_ARGUMENT"


class InvalidIdentifier(ContentError):
    """An id that this server never gave out."""

    code = "INVALID_ID"


class InvalidCursor(ContentError):
    """A cursor that is damaged or belongs to another list."""

    code = "INVALID_CURSOR"


class AmbiguousAddress(ContentError):
    """A slug or path that stands in more than one site, or of more than one draft."""

    code = "AMBIGUOUS_ADDRESS"


class UnknownSite(ContentError):
    """No site has this key."""

    code = "UNKNOWN_SITE"


class NotFound(ContentError):
    """A verb was asked for something that does not exist."""

    code = "NOT_FOUND"


class SlugTaken(ContentError):
    """Another published article of the site has this slug in this locale at that time."""

    code = "SLUG_TAKEN"


class Conflict(ContentError):
    """An edit was made on an older revision and touches what others changed since; `paths` say where."""

    code = "CONFLICT"

    def __init__(self, message: str, paths: Sequence[tuple[str, ...]]) -> None:
        super().__init__(message)
        self.paths = tuple(paths)


class KeyReused(ContentError):
    """An idempotency key came again with other arguments."""

    code = "IDEMPOTENCY_KEY_REUSED"


class LimitExceeded(ContentError):
    """More at once than is taken."""

    code = "LIMIT_EXCEEDED"


class Unauthenticated(ContentError):
    """No credentials where some are needed, or credentials that are rejected."""

    code = "UNAUTHENTICATED"


class AuthenticationUnavailable(Exception):
    """Nobody can tell now whether a credential is good; one may ask again after so many seconds."""

    code = "AUTHENTICATION_UNAVAILABLE"
    message = "The issuer of this token cannot be asked for its keys now. Try again later."

    def __init__(self, seconds: float) -> None:
        super().__init__(self.message)
        self.seconds = seconds


class Forbidden(ContentError):
    """The actor lacks the right that `permission` names."""

    code = "FORBIDDEN"

    def __init__(self, message: str, permission: str) -> None:
        super().__init__(message)
        self.permission = permission


class RevisionGone(ContentError):
    """A revision older than what compacting kept."""

    code = "REVISION_GONE"

    def __init__(self, revision: int, oldest: int) -> None:
        super().__init__(
            f"Revision {revision} was removed by compacting; the oldest that can be read is {oldest}."
        )


class RevisionUnknown(ContentError):
    """A revision that has not been written yet."""

    code = "REVISION_UNKNOWN"


class RevisionNotReached(ContentError):
    """This process did not reach `minRevision` in time."""

    code = "REVISION_NOT_REACHED"


class Unavailable(ContentError):
    """The database does not answer as it should; nobody did anything wrong."""


class DatabaseLost(Unavailable):
    """The database cannot be reached, or its connection was lost."""

    code = "DATABASE_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__(
            "The database cannot be reached. What was to be changed may have been changed or not; "
            "with @idempotent it can be sent again safely."
        )


class DatabaseBusy(Unavailable):
    """Another write takes longer than one waits."""

    code = "DATABASE_BUSY"

    def __init__(self) -> None:
        super().__init__(
            "Another write takes long, so that this one was given up; nothing was changed. Try again."
        )


class DatabaseFull(Unavailable):
    """There is no room for what is to be written."""

    code = "DATABASE_FULL"

    def __init__(self) -> None:
        super().__init__("The database has no room left, so that nothing was changed; reading goes on.")


class DatabaseReadOnly(Unavailable):
    """Nothing can be written: the disk, the file or the server is read-only."""

    code = "DATABASE_READ_ONLY"

    def __init__(self) -> None:
        super().__init__(
            "The database cannot be written at the moment; nothing was changed, reading goes on."
        )


class BackupRefused(ContentError):
    """A backup cannot be written there, or not be restored into this database."""

    code = "BACKUP_REFUSED"


class ArchiveUnusable(ContentError):
    """A backup's file is damaged, cut off, none at all, or of a newer version."""

    code = "ARCHIVE_UNUSABLE"


class DatabaseNotReady(ContentError):
    """Tables are missing, or older or newer than this program."""

    code = "DATABASE_NOT_READY"
