"""All checks in their order, and how they are run."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import asyncpg
from tortoise.exceptions import BaseORMException

from models.database import Database
from models.migrating import require_migrated
from models.snapshot import Snapshot, open_snapshot
from models.verifying.editions import find_changed_content, find_overlapping_editions
from models.verifying.history import find_broken_history, find_wrong_head
from models.verifying.indexed import find_missing_passages
from models.verifying.publications import find_clashes, find_wrong_publications
from models.verifying.rows import find_broken_file, find_broken_references

MOST = 20
"""How many faults of a check are told one by one; the others are counted."""

RESTORE = "Restore the last backup that `quiet verify` finds whole into a new database."
REINDEX = "Run `quiet reindex`."

DAMAGED = (sqlite3.DatabaseError, asyncpg.PostgresError, BaseORMException)
"""What drivers raise when rows cannot be read any more."""

Find = Callable[[Database, Snapshot], AsyncIterator[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold, how to find where it does not, and what to do then."""

    promise: str
    find: Find
    remedy: str = RESTORE


CHECKS = (
    Check("The file of the database is sound", find_broken_file),
    Check("Every row that another one names is there", find_broken_references),
    Check("Revisions have no gaps and are in order", find_broken_history),
    Check("The head is the newest revision", find_wrong_head),
    Check("Of each article and locale there is one edition at a time", find_overlapping_editions),
    Check("Every edition has the content that its hash was made of", find_changed_content),
    Check("Every publication is of an edition of its article", find_wrong_publications),
    Check("No two publications are live at once where one is", find_clashes),
    Check(
        "The search index has the passages of every edition, and no others", find_missing_passages, REINDEX
    ),
)


@dataclass(slots=True)
class Verdict:
    """A check that was run, how many faults it found, and the first of them."""

    check: Check
    count: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, fault: str) -> None:
        """Take note of a fault."""
        self.count += 1
        if self.count <= MOST:
            self.faults.append(fault)


async def verify(database: Database) -> AsyncIterator[Verdict]:
    """Run all checks on the database as it is now, and yield what each found. Raises DatabaseNotReady."""
    await require_migrated(database)
    async with open_snapshot(database.address) as snapshot:
        for check in CHECKS:
            verdict = Verdict(check)
            try:
                async for fault in check.find(database, snapshot):
                    verdict.add(fault)
            except DAMAGED as error:
                verdict.add(f"This cannot be looked at: {error}.")
            yield verdict
