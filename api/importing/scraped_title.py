"""The beginning of a scraped page: its title with the site's name, and the headline that may stand twice.

It looks at the first lines only and knows nothing of what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from api.importing.headings import fold
from api.importing.refusal import Refusal
from api.importing.scraped_sentences import split_sentences

SEPARATOR = re.compile(r"\s+(?:[-|–—·•»«]|::|//)\s+")  # noqa: RUF001 - dashes as they stand in titles
LONGEST_TITLE = 300
LONGEST_HEADLINE = 1000
LONGEST_SENTENCE = 120
LONGEST_SITE_NAME = 60
MOST_SITE_WORDS = 6

NumberedText = tuple[int, str]


@dataclass(slots=True)
class PageTitle:
    """What the first lines say; `used` is how many of them, `repeated` are those that were left out."""

    title: str
    used: int
    page_title: str | None = None
    site_name: str | None = None
    repeated: list[NumberedText] = field(default_factory=list)


def read_title(lines: Sequence[NumberedText]) -> PageTitle:
    """Return the article's title from a page's lines (there is at least one, none is blank).

    A line that directly follows itself is the headline: the first line, or the second below a page title. So is
    the second line where the first is the same with the site's name behind it. Otherwise the title is the first
    line without the site's name. Raises Refusal (NO_TITLE) where the first line is prose.
    """
    number, first = lines[0]
    second = lines[1][1] if len(lines) > 1 else ""
    if repeats(lines, 0):
        found = PageTitle(first, 1)
    elif repeats(lines, 1) and (cut_site(first)[1] or not second.endswith(".")):
        found = PageTitle(second, 2, first, cut_site(first)[1])
    else:
        found = read_single(first, second)
    stands_twice = repeats(lines, found.used - 1)
    if len(found.title) > LONGEST_HEADLINE or (not stands_twice and is_prose(found.title)):
        raise Refusal("NO_TITLE", "The text begins with prose where a title is needed.", number)
    while repeats(lines, found.used - 1):
        found.repeated.append(lines[found.used])
        found.used += 1
    return found


def repeats(lines: Sequence[NumberedText], place: int) -> bool:
    """Tell whether the line at a place stands again directly below."""
    return place + 1 < len(lines) and are_same(lines[place][1], lines[place + 1][1])


def are_same(one: str, other: str) -> bool:
    """Tell whether two lines have the same words; what is too long for a headline is never one."""
    return max(len(one), len(other)) <= LONGEST_HEADLINE and fold(one) == fold(other) != ""


def read_single(first: str, second: str) -> PageTitle:
    """Return the title where no line stands twice; `second` is the line below the first."""
    for title, site in split_title(first):
        if are_same(title, second):
            return PageTitle(second, 2, first, site)
    title, site_name = cut_site(first)
    return PageTitle(title, 1, first if site_name else None, site_name)


def split_title(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before each separator of a page title, and its last part, from the right."""
    seams = list(SEPARATOR.finditer(text[:LONGEST_TITLE]))
    for seam in reversed(seams):
        yield text[: seam.start()], text[seams[-1].end() :]


def cut_site(text: str) -> tuple[str, str | None]:
    """Return a page title without the site's name, and that name: a few words behind the last separator."""
    title, site = next(split_title(text), (text, ""))
    is_name = 0 < len(site) <= LONGEST_SITE_NAME and len(site.split()) <= MOST_SITE_WORDS
    # A lower-case beginning is a subtitle: "Tea - a short history". Domain names are written so too.
    if not is_name or (site[0].islower() and "." not in site):
        return text, None
    return title, site


def is_prose(text: str) -> bool:
    """Tell whether a line is too long for a title, or reads as sentences that end with a full stop."""
    ends = text.rstrip().endswith((".", "。"))
    return len(text) > LONGEST_TITLE or (
        ends and (len(text) > LONGEST_SENTENCE or len(split_sentences(text)) > 1)
    )
