"""What SQLite notes of commits, read without asking it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from models import head, wal_index
from models.errors import DatabaseLost
from models.head import SqliteHead

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the mappings of a process are told by Linux")

TABLE = "CREATE TABLE head (id INTEGER PRIMARY KEY, revision INTEGER, moment INTEGER, oldest INTEGER)"


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection of somebody who writes to a new database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute(TABLE)
        writer.execute("INSERT INTO head VALUES (1, 0, 0, 0)")
        yield writer


def commit(writer: sqlite3.Connection, revision: int) -> None:
    """Commit a revision."""
    writer.execute("UPDATE head SET revision = ?, moment = ?", (revision, revision))


class Asked:
    """Counts what a head asks SQLite."""

    def __init__(self, followed: SqliteHead) -> None:
        self.statements: list[str] = []
        assert followed._connection is not None
        followed._connection.set_trace_callback(self.statements.append)


@on_linux
@pytest.mark.parametrize(
    "name", ["a.db", "a b (deleted).db", "\N{SNOWMAN}.db", "a\u2028b.db", "a\udcff.db", "linked.db"]
)
async def test_it_is_asked_only_after_a_commit(name: str, tmp_path: Path) -> None:
    """Every commit is seen at the next look, whatever the file is called, and without one nothing is asked."""
    path = tmp_path / name
    if name.startswith("linked"):
        path.symlink_to(tmp_path / "target.db")
    with writing(path) as writer:
        followed = SqliteHead(str(path))
        await followed.open()
        followed.look()
        asked = Asked(followed)
        for revision in range(1, 200):
            commit(writer, revision)
            for _ in range(3):
                followed.look()
                assert followed.revision == revision
        assert len(asked.statements) == 2 * 199
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        commit(writer, 200)
        followed.look()
        assert followed.revision == 200
        await followed.close()


async def test_where_it_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the index is not found SQLite is asked, once in a round of the event loop."""
    monkeypatch.setattr(head, "find_header", lambda _path: None)
    with writing(tmp_path / "a.db") as writer:
        followed = SqliteHead(str(tmp_path / "a.db"))
        await followed.open()
        commit(writer, 1)
        followed._look_again()
        followed.look()
        assert followed.revision == 1
        await followed.close()


async def test_nothing_is_read_where_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that nobody has open has no index here, nor has any where the system does not tell."""
    with writing(tmp_path / "a.db"):
        pass
    assert wal_index.find_header(str(tmp_path / "a.db")) is None
    monkeypatch.setattr(wal_index, "MAPPINGS", tmp_path / "none")
    with writing(tmp_path / "b.db") as writer:
        writer.execute("SELECT * FROM head").fetchall()
        assert wal_index.find_header(str(tmp_path / "b.db")) is None


async def test_memory_is_left_with_the_connection(tmp_path: Path) -> None:
    """Once a head is closed it looks at no memory any more, as that may be somebody else's."""
    with writing(tmp_path / "a.db"):
        followed = SqliteHead(str(tmp_path / "a.db"))
        await followed.open()
        await followed.close()
    assert followed._header is None


async def test_a_position_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails is told, and the commit is seen as soon as it can be read again."""

    class Failing:
        """A connection whose disk fails."""

        def execute(self, _statement: str) -> None:
            """Fail."""
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error

    with writing(tmp_path / "a.db") as writer:
        followed = SqliteHead(str(tmp_path / "a.db"))
        await followed.open()
        commit(writer, 1)
        followed._look_again()
        with monkeypatch.context() as broken:
            broken.setattr(followed, "_connection", Failing())
            with pytest.raises(DatabaseLost):
                followed.look()
        followed.look()
        assert followed.revision == 1
        await followed.close()
