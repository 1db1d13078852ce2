"""docs/backup.md is run: its commands do what it says, and its lists are the code's."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

import click
import pytest

from api.cli import main
from models.backup.archive import SEAL_BYTES, open_archive
from models.backup.manifest import Manifest, Part
from models.verifying.checks import CHECKS

TEXT = (Path(__file__).parent.parent / "docs" / "backup.md").read_text()
BLOCKS: list[str] = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
SHIM = f"""#!/bin/sh
exec "{sys.executable}" -m quiet_engine "$@"
"""


def write_shim(folder: Path) -> Path:
    """Make a folder with a command `quiet` that is this program."""
    folder.mkdir()
    (folder / "quiet").write_text(SHIM)
    (folder / "quiet").chmod(0o755)
    return folder


async def run(script: str, folder: Path, programs: Path) -> str:
    """Run a script that must succeed, and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-eu",
        "-c",
        script,
        cwd=folder,
        env={"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(Path(__file__).parent.parent)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaints = await process.communicate()
    assert process.returncode == 0, (printed + complaints).decode()
    return printed.decode()


@pytest.mark.skipif(shutil.which("unzip") is None, reason="needs unzip")
async def test_the_commands(tmp_path: Path) -> None:
    """All commands of the text, one after the other in one folder, do what is said there."""
    programs = write_shim(tmp_path / "programs")
    await run(
        "printf '# Tides\\n\\nTwice a day.\\n' > tides.md; quiet import tides.md --publish",
        tmp_path,
        programs,
    )
    printed = "".join([await run(block, tmp_path, programs) for block in BLOCKS])
    assert "Wrote for-a-colleague.zip" in printed
    assert "Restored" in printed
    verdict = "".join(f"ok      {check.promise}\n" for check in CHECKS)
    assert verdict in printed
    assert f"```text\n{verdict}```" in TEXT
    with open_archive(tmp_path / "for-a-colleague.zip") as archive:
        assert not archive.manifest.secrets


def test_commands_have_these_options() -> None:
    """Every `quiet` in the text, also where it is not run, names a command and options that exist."""
    commands = re.findall(r"quiet (backup|restore|verify|token|reindex|migrate|doctor)\b([^\n`']*)", TEXT)
    assert len(commands) > 20
    for name, rest in commands:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest.partition("#")[0])) <= known, (name, rest)


def test_the_manifest() -> None:
    """The list of what a manifest says is complete."""
    (item,) = re.findall(r"^- `manifest.json`:(.*)$", TEXT, re.MULTILINE)
    assert set(re.findall(r"`([a-z0-9]+)`", item)) == {
        "format",
        "version",
        *Manifest.__slots__,
        *Part.__slots__,
    }
    assert f"the last {SEAL_BYTES} bytes" in TEXT
