"""One operation: what its resolvers may use. Built when it begins, from its view."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from models.reading import Reader

if TYPE_CHECKING:
    from schema.projector import DocumentProjections

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """The reader of the operation's view, the head revision when it began, and its document's projections.

    `projections` is None where the projector is off.
    """

    reader: Reader
    head: int
    projections: DocumentProjections | None = None

    async def gather(self, loads: Sequence[Awaitable[T]]) -> list[T]:
        """Return the results of loads that run side by side, so that they share statements."""
        return list(await asyncio.gather(*loads))
