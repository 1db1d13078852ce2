"""`quiet ping`: whether a server answers, in an exit status."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from api.cli import main
from tests.serving import QUIET_SERVE, ROOT, free_port, serving


def test_ping(tmp_path: Path) -> None:
    """A server that lives and is ready is said to be; where none answers, the status is 1 with a sentence."""
    runner, port = CliRunner(), free_port()
    environment = {
        "PYTHONPATH": str(ROOT),
        "QUIET_DATABASE": f"sqlite://{tmp_path}/a.sqlite3",
        "QUIET_HOSTS": "api.example.org",
    }
    asked = {"QUIET_HOST": "0.0.0.0", "QUIET_PORT": str(port)}
    with serving(QUIET_SERVE, tmp_path, environment, port):
        assert runner.invoke(main, ["ping"], env=asked).output == '{"status":"alive"}\n'
        ready = runner.invoke(main, ["ping", "--ready"], env=asked)
        assert (ready.exit_code, ready.output.startswith('{"status":"ready"')) == (0, True)
    gone = runner.invoke(main, ["ping"], env=asked)
    assert gone.exit_code == 1
    assert gone.output.startswith("Error: No server answers: ")
