"""What a verb came to: what it changed, or why it refused. Plain data, kept with an idempotency key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from models.errors import ContentError, Forbidden, InvalidContent

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An article in one locale."""

    article_id: str
    locale: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something was refused: a stable code, a sentence, and the path into the input that it is about.

    A conflict tells the place and the revision that the edit was based on.
    """

    code: str
    message: str
    path: Path = ()
    permission: str | None = None
    place: Place | None = None
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb did: the revision it became, None if it changed nothing; what it touched, in input order.

    `part` is the key of the section or question that it was about. `failures` is what was left out. `actions`
    tells for each article of an import what saving did, and whether it was published.
    """

    revision: int | None
    places: tuple[Place, ...] = ()
    part: str | None = None
    site: str | None = None
    failures: tuple[Failure, ...] = ()
    actions: tuple[tuple[str, bool], ...] = ()


class Refused(ContentError):
    """A verb refused for one or more reasons, and did nothing."""

    code = "REFUSED"

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__(" ".join(failure.message for failure in failures))
        self.failures = tuple(failures)


def explain(error: ContentError, *path: str) -> list[Failure]:
    """Return the failures that an error stands for, under a path into the input."""
    if isinstance(error, Refused):
        return [replace(failure, path=(*path, *failure.path)) for failure in error.failures]
    if isinstance(error, InvalidContent):
        return [Failure(error.code, p.message, (*path, *p.path)) for p in error.problems]
    permission = error.permission if isinstance(error, Forbidden) else None
    return [Failure(error.code, error.message, path, permission)]


def read_done(value: dict[str, Any]) -> Done:
    """Return what a stored JSON value says was done."""
    return Done(
        value["revision"],
        tuple(Place(**place) for place in value["places"]),
        value["part"],
        value["site"],
        tuple(read_failure(failure) for failure in value["failures"]),
        tuple((action, published) for action, published in value["actions"]),
    )


def read_failure(value: dict[str, Any]) -> Failure:
    """Return the failure that a stored JSON value holds."""
    place = value["place"] and Place(**value["place"])
    return Failure(**{**value, "path": tuple(value["path"]), "place": place})
