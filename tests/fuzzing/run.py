"""`make fuzz`: Schemathesis makes up operations for a running server, by its schema: as anybody, then as administrator.

It needs Schemathesis, which no test needs, and so lives in an environment of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.serving import QUIET, QUIET_SERVE, ROOT, serving

SECONDS = os.environ.get("QUIET_TEST_SECONDS", "60")
"""How long each of them asks."""


def main(program: str) -> int:
    """Run the program of this path against a server with the sample, and return the exit status for make."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            "PYTHONPATH": str(ROOT),
            "QUIET_DATABASE": f"sqlite://{folder}/fuzz.sqlite3",
            "QUIET_COST_PER_MINUTE": "0",
        }
        with serving((*QUIET_SERVE, "--sample"), folder, environment) as base:
            made = subprocess.run(
                [*QUIET, "token", "create", "fuzz", "--role", "administrator"],
                env={**os.environ, **environment},
                capture_output=True,
                text=True,
                check=True,
            )
            anybody = run_schemathesis(program, base, folder)
            somebody = run_schemathesis(program, base, folder, made.stdout.split()[-1])
            printed = (folder / "server.log").read_text()
    if "Traceback" in printed:
        print(printed)
        return 1
    return anybody or somebody


def run_schemathesis(program: str, base: str, folder: Path, token: str | None = None) -> int:
    """Let it ask for a while, and return its exit status."""
    command = [program, "run", f"{base}/graphql", "--max-time", SECONDS, "--checks", "every_error_is_meant"]
    if token is not None:
        command += ["--header", f"Authorization: Bearer {token}"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.fuzzing.hooks", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]).absolute())))
