"""`quiet doctor` looks and says what to do; it changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from api.commands.examining import doctor_command


def test_a_mistyped_file_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A SQLite file that is not there is told, and is not there afterwards."""
    path = tmp_path / "mistyped.sqlite3"
    monkeypatch.setenv("QUIET_DATABASE", f"sqlite://{path}")
    result = CliRunner().invoke(doctor_command)
    assert result.exit_code == 1
    assert f"PROBLEM There is no SQLite file {path}" in result.output
    assert "Check QUIET_DATABASE" in result.output
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_kind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that no database has is a finding, not a failure."""
    monkeypatch.setenv("QUIET_DATABASE", "mysql://here")
    result = CliRunner().invoke(doctor_command)
    assert result.exit_code == 1
    assert "PROBLEM" in result.output
    assert "sqlite:// or postgres://" in result.output
