"""Moments on the command line: an age or time from now such as 90d, a date, or a date with its time."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import click

from models import moment

UNITS = {"h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}
FORMS = "say 12h, 90d, 8w, 2030-01-31 or 2030-01-31T18:00:00Z"


def read_ahead(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """Return the moment that `90d` from now, a date or a date with its time names."""
    return None if text is None else read_moment(text, 1)


def read_back(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """Return the moment that `90d` ago, a date or a date with its time names."""
    return None if text is None else read_moment(text, -1)


def read_moment(text: str, direction: int) -> int:
    """Return the moment that a text names; a length of time counts from now in this direction."""
    if match := re.fullmatch(r"([0-9]{1,5})([hdw])", text):
        return moment.now() + direction * int(match[1]) * UNITS[match[2]]
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return moment.from_datetime(datetime.fromisoformat(text).replace(tzinfo=UTC))
        return moment.from_text(text)
    except ValueError:
        raise click.BadParameter(FORMS) from None
