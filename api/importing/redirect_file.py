"""Lists of old and new addresses as sites keep them: `_redirects.txt` with tabs, `_redirects` with spaces.

It reads lines and knows nothing about where the addresses lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from api.importing.source import Notice, Severity
from models.addresses import read_old_address

NAMES = ("_redirects.txt", "_redirects")
PERMANENT = ("301", "302", "303", "307", "308")
# A pattern stands for many addresses: `/old/*`, `/blog/:year/:slug`. A colon within a word is just a colon.
PATTERN = re.compile(r"\*|/:[A-Za-z]")


@dataclass(frozen=True, slots=True)
class RedirectLine:
    """One line of such a list: the old address, the new one, and the locale that the file is for, if any."""

    file: str
    line: int
    source: str
    target: str
    locale: str | None = None


def read_redirects(text: str, file: str, locale: str | None) -> Iterator[RedirectLine | Notice]:
    """Yield the lines of a redirect list; lines that cannot be taken give a WARNING each.

    Fields stand between tabs, or between spaces in Netlify's form, where a status may follow. `#` begins a
    comment where a line or a field begins with it.
    """
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        fields = [part.strip() for part in line.split("\t") if part.strip()] if "\t" in line else line.split()
        problem = _problem(fields)
        if problem is not None:
            yield Notice(Severity.WARNING, file, number, *problem)
        else:
            yield RedirectLine(file, number, fields[0], fields[1], locale)


def _problem(fields: list[str]) -> tuple[str, str] | None:
    if len(fields) < 2 or fields[1].startswith("#"):
        return "REDIRECT_MALFORMED", "A redirect needs an old and a new address."
    if any(PATTERN.search(address) for address in fields[:2]):
        return "REDIRECT_UNSUPPORTED", "Patterns cannot be redirects of one article."
    try:
        read_old_address(fields[0])
    except ValueError as error:
        return "REDIRECT_UNSUPPORTED", str(error)
    status = fields[2].rstrip("!") if len(fields) > 2 else "301"
    if not status.startswith("#") and status not in PERMANENT:
        return "REDIRECT_UNSUPPORTED", f"{' '.join(fields[2:])!r} is no redirect status."
    return None
