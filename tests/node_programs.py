"""Programs of tests/clients, run beside a service that answers in this process."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from tests.npm import CLIENTS

SECONDS = 60.0
"""How long a test waits for a program before it fails."""


async def run_program(*command: str | Path, folder: Path = CLIENTS) -> str:
    """Run a program in a folder to its end, and return what it printed; it must not fail."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(SECONDS):
            printed, complained = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode == 0, f"{printed.decode()}\n{complained.decode()}"
    return printed.decode()
