"""Node and the packages of tests/clients, for the tests of what is written in JavaScript."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from tests.serving import ROOT

CLIENTS = ROOT / "tests" / "clients"
PACKAGES = CLIENTS / "node_modules"


def find_node() -> str:
    """Return the path of the program `node`, with the packages installed; skip the test where that cannot be."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        skip("npm is not on this machine: programs in JavaScript were NOT tried")
    lock = CLIENTS / "package-lock.json"
    with lock.open() as opened:
        # Other processes test at the same time.
        fcntl.flock(opened, fcntl.LOCK_EX)
        if not is_newer(PACKAGES / ".package-lock.json", lock):
            install(npm)
    return program


def is_newer(installed: Path, lock: Path) -> bool:
    """Tell whether what is installed is what the lock file says."""
    return installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime


def install(npm: str) -> None:
    """Install the packages; skip the test where that fails."""
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=CLIENTS, capture_output=True, text=True, check=False)
    if done.returncode:
        skip(f"npm ci failed: programs in JavaScript were NOT tried\n{done.stderr}")


def skip(reason: str) -> NoReturn:
    """Skip the test so that nobody overlooks it."""
    print(f"\n### {reason}", file=sys.stderr)
    pytest.skip(reason)
