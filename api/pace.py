"""The pace of a process: how long operations may take, and how many are executed at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.patience import Patience
from api.settings import Settings
from api.turns import Turns


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one waits, and whose turn it is. Changes stand in a line of their own: reads never wait for them."""

    patience: Patience = field(default_factory=lambda: Patience(0, 0))
    queries: Turns = field(default_factory=lambda: Turns(0, 0))
    changes: Turns = field(default_factory=lambda: Turns(0, 0))


def set_pace(settings: Settings) -> Pace:
    """Return the pace that is set."""
    most, most_waiting = settings.concurrent_operations, settings.queued_operations
    return Pace(
        Patience(settings.operation_seconds, settings.mutation_seconds),
        Turns(most, most_waiting),
        Turns(most, most_waiting),
    )
