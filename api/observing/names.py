"""Under which names operations are counted. A client chooses names, so that only some have a count of their own."""

from __future__ import annotations

from collections.abc import Callable

from schema.subject import UNKNOWN, Subject

OTHER = "(other)"
UNNAMED = "(unnamed)"
"""No operation can be called so."""

MOST_NAMES = 100
LONGEST_NAME = 100


class Names:
    """Names of trusted documents' operations, and of the first `MOST_NAMES` others that were answered well."""

    def __init__(self, is_trusted: Callable[[str], bool]) -> None:
        self._is_trusted = is_trusted
        self._names: set[str] = set()

    def label(self, subject: Subject, *, is_answered: bool) -> str:
        """Return the name under which an operation is counted that was answered well or not."""
        if subject.label:
            return subject.label
        label = self._choose(subject, is_answered=is_answered)
        if label != OTHER or is_answered:
            subject.label = label
        return label

    def _choose(self, subject: Subject, *, is_answered: bool) -> str:
        name = subject.name
        if subject.type == UNKNOWN or len(name or "") > LONGEST_NAME:
            return OTHER
        if name is None:
            return UNNAMED
        if name in self._names or self._is_trusted(subject.text):
            return name
        if not is_answered or len(self._names) >= MOST_NAMES:
            return OTHER
        self._names.add(name)
        return name
