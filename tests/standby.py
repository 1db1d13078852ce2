"""A PostgreSQL server of its own with a streaming replica, which can be promoted."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.serving import free_port

NOBODY = "nobody"
"""Who runs the servers where the tests are run by root, whom PostgreSQL does not start for."""

SWIFT = ("-c", "fsync=off", "-c", "max_connections=20", "-c", "max_wal_senders=2", "-c", "wal_level=replica")


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a folder."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        """Return the address of its database."""
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres?pool=4"

    def call(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs on it."""
        path = shutil.which(program, path=find_programs())
        assert path is not None
        subprocess.run(
            [path, *arguments, "-D", str(self.folder)],
            check=True,
            cwd=self.folder.parent,
            user=NOBODY if os.geteuid() == 0 else None,
            stdout=subprocess.DEVNULL,
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the server until the block ends."""
        options = f"-p {self.port} -h 127.0.0.1 -k '' {' '.join(SWIFT)}"
        log = str(self.folder.parent / "log")
        self.call("pg_ctl", "start", "--wait", "--silent", "--log", log, "--options", options)
        try:
            yield
        finally:
            self.call("pg_ctl", "stop", "--wait", "--silent", "--mode", "immediate")

    def promote(self) -> None:
        """Let a replica be a server that can be written to."""
        self.call("pg_ctl", "promote", "--wait", "--silent")


@contextmanager
def replicating() -> Iterator[tuple[Server, Server]]:
    """Run an empty server and a replica of it; skips the test where PostgreSQL's programs are not there."""
    if not find_programs():
        pytest.skip("PostgreSQL's programs are not here")
    with TemporaryDirectory() as name:
        if os.geteuid() == 0:
            shutil.chown(name, NOBODY)
        primary = Server(Path(name) / "primary", free_port())
        replica = Server(Path(name) / "replica", free_port())
        primary.call("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        with primary.running():
            copied = f"--dbname=postgres://postgres@127.0.0.1:{primary.port}"
            replica.call("pg_basebackup", copied, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
            with replica.running():
                yield primary, replica


def find_programs() -> str:
    """Return the folder with the programs of a PostgreSQL server, an empty text where there is none."""
    try:
        asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    folder = asked.stdout.strip()
    return folder if (Path(folder) / "initdb").exists() else ""
