"""What this process has counted since it started. Counting is all that happens in the way of a request.

Labels have few values: names come from `api.observing.names`, everything else from this program.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Up to how many seconds each bucket counts; one more counts the rest."""


class Histogram:
    """How long something took, in buckets."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        """Count one more that took so long."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


class Histograms(dict[tuple[str, ...], Histogram]):
    """Histograms by the values of their labels; one that is asked for begins to exist."""

    def __missing__(self, labels: tuple[str, ...]) -> Histogram:
        made = self[labels] = Histogram()
        return made


@dataclass(slots=True)
class Tallies:
    """Everything that is counted."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By door and status."""

    operations: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """By operation, type, outcome and cache."""

    durations: Histograms = field(default_factory=Histograms)
    """By operation and cache."""

    refusals: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """By code."""

    statements: Histograms = field(default_factory=Histograms)
    """By kind."""

    failed_statements: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """By kind."""

    unexpected: int = 0
