"""Why a file is left out, as an exception that readers raise and a source turns into a notice.

It knows no format.
"""

from __future__ import annotations

from api.importing.source import Notice, Severity


class Refusal(Exception):
    """A file that cannot be an article; `line` counts from 1 in the file, 0 means the whole file."""

    def __init__(self, code: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line

    def notice(self, file: str) -> Notice:
        """Return the line of the report that says so."""
        return Notice(Severity.REFUSED, file, self.line, self.code, self.message)
