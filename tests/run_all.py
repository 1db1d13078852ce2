"""`make test`: all tests on SQLite, those that use a database on PostgreSQL as well, and one sum at the end.

Each database has processes of its own, because the ORM keeps one per process. Both run at the same time: much of it
is waiting for processes to start and for disks.
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
PROCESSES = max(3, os.cpu_count() or 1)
"""How many there are for each database; three keep two cores at work, as some tests wait."""

PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", str(PROCESSES), "--dist", "worksteal")
"""Each process takes neighbouring tests, which share what their modules set up."""

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


class Run:
    """pytest at work on one database; what it prints is kept until it is asked for."""

    def __init__(self, database: str, arguments: list[str], environment: dict[str, str]) -> None:
        self.database = database
        self._folder = TemporaryDirectory()
        self._report = Path(self._folder.name) / "report.xml"
        self._printed = Path(self._folder.name) / "printed.txt"
        with self._printed.open("wb") as output:
            self._process = subprocess.Popen(
                [*PYTEST, f"--junitxml={self._report}", *arguments],
                # Many tests start processes of their own, which would otherwise compile everything anew.
                env={
                    **os.environ,
                    **environment,
                    "QUIET_TEST_DATABASE": database,
                    "PYTHONDONTWRITEBYTECODE": "",
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def finish(self, tally: Tally) -> None:
        """Wait for the end, print what was printed, and count what came out."""
        status = self._process.wait()
        print(f"\n=== Tests on {self.database} ===", flush=True)
        with self._printed.open(errors="replace") as lines:
            sys.stdout.writelines(lines)
        tally.add(self._report, 0 if status == NO_TESTS_COLLECTED else status)
        self._folder.cleanup()


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
    runs = [Run("sqlite", arguments, {})]
    postgres = find_postgres()
    if postgres is not None:
        marked = ["-m", "database", *arguments]
        runs.append(Run("postgres", marked, {"QUIET_TEST_POSTGRES": postgres}))
    for run in runs:
        run.finish(tally)
    if postgres is None:
        print(SKIPPED_BLOCK)
    print(f"\n{tally}" + (" (PostgreSQL not tested)" if postgres is None else ""), flush=True)
    return 1 if tally.failed or tally.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
