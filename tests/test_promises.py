"""What shows whether promises are kept: it says so, ends with 1 where one is not, and stands in the documentation."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from benchmarks.promises import __main__ as command
from benchmarks.promises.promise import Finding, Options, Promise
from tests.serving import ROOT


def run(monkeypatch: pytest.MonkeyPatch, *kept: bool | None) -> Result:
    """Run the command over one promise with figures that are kept, broken, or not shown."""

    def show(_options: Options) -> Iterator[Finding]:
        yield from (Finding(f"figure {number}", "1", "2", is_kept) for number, is_kept in enumerate(kept))

    for name in [name for name in os.environ if name.startswith("QUIET_")]:
        # The command forgets them; here they come back.
        monkeypatch.delenv(name)
    monkeypatch.setattr(command, "PROMISES", [Promise("documents", "It is so.", show)])
    return CliRunner().invoke(command.main, [])


@pytest.mark.parametrize(
    ("kept", "status", "said"),
    [
        ((True, True), 0, "All figures are within what is promised."),
        ((True, False, True), 1, "1 figures are BROKEN."),
        ((True, None), 0, "1 could NOT be shown on this machine."),
    ],
)
def test_the_end(
    monkeypatch: pytest.MonkeyPatch, kept: tuple[bool | None, ...], status: int, said: str
) -> None:
    """The status is 1 where a promise is broken; what could not be shown is said."""
    result = run(monkeypatch, *kept)
    assert result.exit_code == status, result.output
    assert said in result.output
    assert result.output.count("| figure 0 | 1 | 2 | kept |") == 2


def test_help_teaches() -> None:
    """The help names each promise and says what it is."""
    output = CliRunner().invoke(command.main, ["--help"]).output
    for promise in command.PROMISES:
        assert f"  {promise.name}\n" in output
        assert promise.sentence[:40] in output


def test_the_documentation_has_each_promise() -> None:
    """docs/promises.md has a part for each promise with its command, and none for others."""
    text = (ROOT / "docs" / "promises.md").read_text()
    shown = re.findall(r"^python -m benchmarks\.promises (\w+)", text, re.MULTILINE)
    assert shown == command.NAMES
