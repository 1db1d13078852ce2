"""What must never be in a log, taken out of each text as the last thing before it is written.

Nothing here logs secrets; but messages of drivers and libraries may repeat what they were given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from models import preview, token, webhook

HIDDEN = "[hidden]"
SHORTEST = 4
"""A secret of fewer characters would hide words that are none."""

PATTERNS = (
    # The password of an address.
    (re.compile(r"(?<=://)([^\s/:@\"']*):[^\s/@\"']+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"\b([Bb]earer|BEARER|[Bb]asic|BASIC)[ ]+[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {HIDDEN}"),
    (token.FORM, HIDDEN),
    (re.compile(rf"\b{preview.PREFIX}[A-Za-z0-9._-]{{20,}}"), HIDDEN),
    (re.compile(rf"\b{webhook.PREFIX}[A-Za-z0-9+/=_-]+"), HIDDEN),
    # A JSON Web Token.
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), HIDDEN),
)

MARKS = ("://", "earer ", "EARER ", "asic ", "ASIC ", "eyJ", token.PREFIX, preview.PREFIX, webhook.PREFIX)
"""One of these is in every line in which a pattern finds something."""


class Redaction:
    """Hides the secrets that it is told, and what looks like a credential."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # The longest first, as one may be the beginning of another.
        self._secrets = sorted(
            {secret for secret in secrets if len(secret) >= SHORTEST}, key=len, reverse=True
        )
        self._marks = (*MARKS, *(form for secret in self._secrets for form in write_forms(secret)))

    def suspects(self, line: str) -> bool:
        """Tell whether a line may hold anything to be hidden, at little cost: hardly any does."""
        return any(mark in line for mark in self._marks)

    def hide(self, text: str) -> str:
        """Return a text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        for pattern, replacement in PATTERNS:
            text = pattern.sub(replacement, text)
        return text


def write_forms(secret: str) -> list[str]:
    """Return how a secret may stand in a line: as it is, and as JSON writes it."""
    return [secret, *(json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))]
