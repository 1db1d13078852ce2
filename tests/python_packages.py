"""A Python of its own for the packages of tests/clients, as they want an older graphql-core than the service."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

from tests.npm import CLIENTS, skip

FOLDER = CLIENTS / ".venv"
PROGRAMS = FOLDER / ("Scripts" if sys.platform == "win32" else "bin")
INSTALLED = FOLDER / "installed.lock"
"""The lock file that the packages were installed by."""


def find_programs() -> Path:
    """Return the folder of the programs, with the packages installed; skip the test where that cannot be."""
    lock = CLIENTS / "requirements.lock"
    with lock.open() as opened:
        # Other processes test at the same time.
        fcntl.flock(opened, fcntl.LOCK_EX)
        if not INSTALLED.is_file() or INSTALLED.read_bytes() != lock.read_bytes():
            install(lock)
    return PROGRAMS


def install(lock: Path) -> None:
    """Install the packages; skip the test where that fails."""
    run("-m", "venv", "--clear", FOLDER, program=sys.executable)
    run(
        "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--requirement", lock
    )
    INSTALLED.write_bytes(lock.read_bytes())


def run(*arguments: str | Path, program: str | Path = PROGRAMS / "python") -> None:
    """Run Python; skip the test where that fails."""
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        skip(f"pip failed: packages in Python were NOT generated\n{done.stderr}")
