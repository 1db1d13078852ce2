"""What every source format gives to the import: articles as drafts, and notices about what it met.

A source is read twice: once to learn every article's addresses, once to store. It never holds all
articles in memory and never touches the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from models.draft import ArticleDraft


class Severity(StrEnum):
    """What a notice means for the article that it is about."""

    REFUSED = "refused"  # the article was left out; nothing of it is stored
    WARNING = "warning"  # the article was taken, and somebody should look at this
    NOISE = "noise"  # text that was recognised as not belonging to the article and left out


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the report: where (`line` counts from 1, 0 for the whole file), what, in words."""

    severity: Severity
    file: str
    line: int
    code: str
    message: str


@dataclass(slots=True)
class SourceArticle:
    """One article as a source names it.

    `key` is the article's identity within its site, the same in every locale.
    `site_name` is the site the source itself names, if any (`--site` overrides it).
    `addresses` are absolute site paths and URLs at which this article in this locale is known to
    stand; `handles` are short names that `related` entries use (file stem, class, id).
    `folder` is the POSIX path of the file's folder below the import root; relative links start there.
    `related_names` are the author's related entries that still have to be looked up, in order; an entry
    that turns out to be none of our articles becomes a label or an external link.
    """

    file: str
    line: int
    key: str
    draft: ArticleDraft
    site_name: str | None = None
    folder: str = ""
    addresses: list[str] = field(default_factory=list)
    handles: list[str] = field(default_factory=list)
    related_names: list[RelatedName] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RelatedName:
    """A related entry before it is looked up: a handle, slug, path, title or URL, and a label if given."""

    name: str
    label: str | None = None


class Source(Protocol):
    """A folder or file that can be read for articles, any number of times, in the same order."""

    def read(self) -> Iterator[SourceArticle | Notice]:
        """Yield articles and notices in a stable order; a bad file yields a REFUSED notice, never raises."""
        ...
