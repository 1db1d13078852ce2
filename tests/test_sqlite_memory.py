"""SQLite counts no memory: threads would wait for each other to do it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from models.sqlite_memory import find_library
from tests.serving import ROOT

pytestmark = pytest.mark.skipif(find_library() is None, reason="SQLite's library cannot be told from outside")

OPEN = """
import asyncio, sqlite3, sys
from models.database import open_database
from models.dialect import Sql
from models.sqlite_memory import find_library

async def main():
    async with open_database("sqlite:///" + sys.argv[1]) as database:
        rows = await database.read(Sql("SELECT 'there' AS word"))
        print(rows[0]["word"], find_library().sqlite3_memory_used())
"""


def run(script: str, path: Path) -> str:
    """Return what a script prints in a process of its own, which has not used SQLite yet."""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_nothing_is_counted(tmp_path: Path) -> None:
    """With a database open SQLite says that it has taken no memory, as it did not count it."""
    assert run(OPEN + "asyncio.run(main())", tmp_path / "a.db") == "there 0"


def test_who_uses_it_already_is_left_alone(tmp_path: Path) -> None:
    """Where somebody has a connection already it goes on, and so does the counting."""
    script = (
        OPEN
        + "before = sqlite3.connect(':memory:'); before.execute('CREATE TABLE a (b)'); asyncio.run(main()); "
        "print(before.execute('SELECT count(*) FROM a').fetchone()[0])"
    )
    opened, counted = run(script, tmp_path / "a.db").splitlines()
    assert int(opened.removeprefix("there ")) > 0
    assert counted == "0"
