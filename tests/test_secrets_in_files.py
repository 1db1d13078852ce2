"""Secrets of the settings may stand in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import WrongSetting, read_settings

TOKEN = "a-token-of-thirty-characters.."


def test_a_secret_stands_in_a_file(tmp_path: Path) -> None:
    """The one line of the file is the value, with or without an end."""
    for ending in ("", "\n", "\r\n"):
        (tmp_path / "token").write_text(TOKEN + ending)
        (tmp_path / "database").write_text("postgres://u:p@db/quiet" + ending)
        settings = read_settings(
            {
                "QUIET_OPERATOR_TOKEN_FILE": str(tmp_path / "token"),
                "QUIET_DATABASE_FILE": str(tmp_path / "database"),
            }
        )
        assert (settings.operator_token, settings.database) == (TOKEN, "postgres://u:p@db/quiet")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "No such file"),
        (b"", "one line"),
        (b"\n", "one line"),
        (b"one\ntwo", "one line"),
        (b"\xff\xfe", "UTF-8"),
        (b"s3cr3t" * 20_000, "one line"),
        (b"s3cr3t", "24 to 256"),
    ],
)
def test_a_file_that_holds_no_secret(content: bytes | None, sentence: str, tmp_path: Path) -> None:
    """What cannot be a secret stops the start with a sentence that does not repeat it."""
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WrongSetting, match=sentence) as raised:
        read_settings({"QUIET_OPERATOR_TOKEN_FILE": str(path)})
    assert "s3cr3t" not in str(raised.value)


def test_one_place_for_a_secret(tmp_path: Path) -> None:
    """A value beside a file is not ignored but told, an empty one is none; other settings have no files."""
    (tmp_path / "token").write_text(TOKEN)
    empty = {"QUIET_OPERATOR_TOKEN": "", "QUIET_OPERATOR_TOKEN_FILE": str(tmp_path / "token")}
    assert read_settings(empty).operator_token == TOKEN
    both = {"QUIET_OPERATOR_TOKEN": TOKEN, "QUIET_OPERATOR_TOKEN_FILE": str(tmp_path / "token")}
    with pytest.raises(WrongSetting, match="both set"):
        read_settings(both)
    with pytest.raises(WrongSetting, match="no setting QUIET_PORT_FILE"):
        read_settings({"QUIET_PORT_FILE": str(tmp_path / "token")})
