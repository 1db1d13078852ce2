"""What a promise is: a sentence, and figures that show whether it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure: what was looked at, what was found, what is promised, and whether that is kept.

    `is_kept` is None where it could not be shown on this machine: `found` says why.
    """

    what: str
    found: str
    promised: str
    is_kept: bool | None

    def describe(self) -> str:
        """Return the figure as a row of a table."""
        said = {True: "kept", False: "**BROKEN**", None: "NOT SHOWN"}[self.is_kept]
        return f"| {self.what} | {self.found} | {self.promised} | {said} |"


@dataclass(frozen=True, slots=True)
class Options:
    """How much is tried, and on which PostgreSQL server; without one promises are shown on SQLite alone.

    `corpus` is a file of articles that are asked for, None where these are made up.
    """

    postgres: str | None = None
    cases: int = 10_000
    kills: int = 100
    reads: int = 10_000
    requests: int = 1_000_000
    rounds: int = 8
    seed: int = 0
    corpus: Path | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise by its name; `show` yields figures as it finds them."""

    name: str
    sentence: str
    show: Callable[[Options], Iterator[Finding]]


class Progress:
    """Says now and then how far long work is."""

    def __init__(self, what: str, total: int, every: float = 10.0) -> None:
        self._what = what
        self._total = total
        self._every = every
        self._begun = self._told = monotonic()

    def tell(self, done: int) -> None:
        """Say it, unless that was said a moment ago."""
        now = monotonic()
        if now - self._told >= self._every:
            self._told = now
            print(f"  {self._what}: {done:,} of {self._total:,}, {now - self._begun:.0f} s", flush=True)
