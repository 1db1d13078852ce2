"""Anchors (fragment ids) that are unique within one article, from authors' ids and from headings.

It knows no Markdown and no HTML; texts come in plain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_ISSUED = 100
LONGEST_KEPT = 500
UNNAMED = "section"

WHITE_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class Anchors:
    """Hands out anchors, each at most once; one object serves all parts of one article."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._reserved: set[str] = set()
        self._next: dict[str, int] = {}

    def reserve(self, anchors: Iterable[str]) -> None:
        """Keep authors' own ids free for `keep`, so that `issue` avoids those that come later."""
        self._reserved.update(_tidy(anchor) for anchor in anchors)

    def keep(self, anchor: str) -> str:
        """Return an author's own id as it is when it is free, else with -2, -3 and so on.

        White space and control characters, which an id cannot hold, become one hyphen.
        """
        wanted = _tidy(anchor) or UNNAMED
        if wanted not in self._taken:
            self._taken.add(wanted)
            return wanted
        return self._number(wanted)

    def issue(self, text: str) -> str:
        """Return an anchor made from a heading or question: its letters and digits, hyphens between.

        Letters of every script stay; without any the anchor is `section`.
        """
        wanted = _slug(text) or UNNAMED
        if wanted not in self._taken and wanted not in self._reserved:
            self._taken.add(wanted)
            return wanted
        return self._number(wanted)

    def _number(self, wanted: str) -> str:
        # The next number is remembered: ten thousand equal headings must not count from 2 each time.
        number = self._next.get(wanted, 2)
        while (candidate := f"{wanted}-{number}") in self._taken or candidate in self._reserved:
            number += 1
        self._next[wanted] = number + 1
        self._taken.add(candidate)
        return candidate


def _tidy(anchor: str) -> str:
    return WHITE_SPACE_OR_CONTROL.sub("-", anchor.strip())[:LONGEST_KEPT]


def _slug(text: str) -> str:
    # NFKC after lower-casing: both can undo what the other did to a few letters, composed form last.
    lowered = unicodedata.normalize("NFKC", text[: LONGEST_ISSUED * 4].lower()).lower()
    kept = "".join(character if _belongs(character) else " " for character in lowered)
    slug = "-".join(kept.split())
    return slug[:LONGEST_ISSUED].rstrip("-")


def _belongs(character: str) -> bool:
    # Marks are kept because vowel signs of Indic and Thai scripts and Hebrew points are marks.
    return character.isalnum() or unicodedata.category(character)[0] == "M"
