"""`make test`: all tests on SQLite, then those that use a database again on PostgreSQL, and one sum at the end.

Each database has a process of its own, because the ORM keeps one per process.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import asyncpg

CANDIDATES = (
    "postgres://postgres:postgres@127.0.0.1:5432/postgres",
    "postgres:///postgres?host=/var/run/postgresql",
    "postgres:///postgres?host=/tmp",
)
NO_TESTS_COLLECTED = 5
COUNTS = ("tests", "failures", "errors", "skipped")
SKIPPED_BLOCK = """
######################################################################
#  PostgreSQL tests SKIPPED: no server answers here.
#  Start one, or set QUIET_TEST_POSTGRES=postgres://user:pw@host/name
#  to a database whose user may create databases.
######################################################################
"""


@dataclass(slots=True)
class Tally:
    """How many tests ended how, over all runs; `broken` counts runs that did not get as far as that."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    broken: int = 0

    def add(self, report: Path, status: int) -> None:
        """Count the tests of one run, from its JUnit report and pytest's exit status."""
        totals = Counter[str]()
        if report.is_file():
            for suite in ElementTree.parse(report).iter("testsuite"):
                totals.update({name: int(suite.get(name, 0)) for name in COUNTS})
        failed = totals["failures"] + totals["errors"]
        self.passed += totals["tests"] - failed - totals["skipped"]
        self.failed += failed
        self.skipped += totals["skipped"]
        self.broken += status != 0 and not failed

    def __str__(self) -> str:
        broken = f", {self.broken} runs broken" if self.broken else ""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped{broken}"


def run_pytest(tally: Tally, database: str, arguments: list[str], environment: dict[str, str]) -> None:
    """Run pytest once against `database`, and count what came out."""
    print(f"\n=== Tests on {database} ===", flush=True)
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "2", f"--junitxml={report}", *arguments],
            env={**os.environ, **environment, "QUIET_TEST_DATABASE": database},
            check=False,
        )
        tally.add(report, 0 if done.returncode == NO_TESTS_COLLECTED else done.returncode)


def find_postgres() -> str | None:
    """The address of a PostgreSQL server: the one that is asked for, else one of this machine that lets us in."""
    if asked_for := os.environ.get("QUIET_TEST_POSTGRES"):
        return asked_for
    return next((address for address in CANDIDATES if asyncio.run(lets_us_in(address))), None)


async def lets_us_in(address: str) -> bool:
    """Say whether a server answers at `address` and accepts us as somebody who may create databases."""
    try:
        connection = await asyncpg.connect(address, timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    try:
        may_create = await connection.fetchval(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
    finally:
        await connection.close()
    return bool(may_create)


def main(arguments: list[str]) -> int:
    """Run everything, say the sum last, and return the exit status for make."""
    tally = Tally()
    run_pytest(tally, "sqlite", arguments, {})
    postgres = find_postgres()
    if postgres is None:
        print(SKIPPED_BLOCK)
    else:
        run_pytest(tally, "postgres", ["-m", "database", *arguments], {"QUIET_TEST_POSTGRES": postgres})
    print(f"\n{tally}" + (" (PostgreSQL not tested)" if postgres is None else ""), flush=True)
    return 1 if tally.failed or tally.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
