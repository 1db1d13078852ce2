"""What a request is about, as one may say it to others: never its variables."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

UNKNOWN = "unknown"
"""The type of an operation that cannot be told, as of a document that cannot be read."""


@dataclass(slots=True, eq=False)
class Subject:
    """An operation of a document: its name, None where it has none, its type, and the document's text.

    `label` is the name under which it is counted, empty as long as it has none.
    """

    name: str | None
    type: str
    text: str = field(repr=False)
    label: str = ""
    _hash: str = ""

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the document's text in hexadecimal digits, as clients name documents by it."""
        if not self._hash:
            self._hash = sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._hash
