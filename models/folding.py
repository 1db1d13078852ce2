"""Case folding, ours and not the database's, so that both databases compare alike."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return the text for comparison without regard to case: NFKC, case folded, NFKC again (Unicode 3.13)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded)


def lower(text: str) -> str:
    """Return the text in the case that slugs of tags have: NFKC, lower case, NFKC again."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    return unicodedata.normalize("NFKC", lowered)
