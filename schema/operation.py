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

    `projections` is None where the projector is off; `private_webhooks` says whether webhooks may lead to addresses
    that are not on the public internet.
    """

    reader: Reader
    head_revision: int
    projections: DocumentProjections | None = None
    private_webhooks: bool = False

    @property
    def head(self) -> int:
        """Return the head revision; what shows it is another answer at every revision."""
        self.reader.reads.give_up()
        self.reader.reads.shows_head = True
        return self.head_revision

    async def gather(self, loads: Sequence[Awaitable[T]]) -> list[T]:
        """Return the results of loads that run side by side, so that they share statements."""
        return list(await asyncio.gather(*loads))
