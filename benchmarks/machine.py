"""What a measurement was made on: without it the figures of two runs cannot be compared."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("uvicorn", "uvloop", "httptools", "starlette", "strawberry-graphql", "graphql-core")
DRIVERS = ("tortoise-orm", "aiosqlite", "asyncpg", "orjson")


def describe_machine(postgres: str | None) -> str:
    """Return processor, systems and packages in some lines of Markdown; `postgres` is the version of a server."""
    packages = ", ".join(f"{name} {version(name)}" for name in (*PACKAGES, *DRIVERS))
    lines = [
        f"Machine: {find_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {postgres or 'not measured'}",
        f"Packages: {packages}",
        f"Tools: {find_tool('wrk', '-v')}, {find_tool('nginx', '-v')}",
    ]
    return "\n".join(f"- {line}" for line in lines)


def find_processor() -> str:
    """Return the processor's name, as far as the system tells it."""
    path = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", path.read_text()) if path.is_file() else None
    return found[1] if found else platform.processor() or platform.machine()


def find_tool(name: str, option: str) -> str:
    """Return a program's own word about its version."""
    program = shutil.which(name)
    if program is None:
        return f"no {name}"
    done = subprocess.run([program, option], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()[0].removesuffix(" Copyright (C) 2012 Will Glozer")
