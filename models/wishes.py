"""What an author may wish for search engines: the wishes that there are, and the rules that an editor's keep.

Those of imported files are kept as they were written; whoever reads them passes over what makes no sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from models.addresses import is_on_web
from models.checking import check_text, is_blank
from models.draft import LONGEST
from models.errors import InvalidContent, Problem

Wishes = dict[str, object]

LONGEST_WISH = {"title": 300, "description": 1000, "robots": 200}
ADDRESSES = ("canonical", "image")

DIRECTIVE = re.compile(
    r"(?:all|index|follow|none|noindex|nofollow|noarchive|nosnippet|noimageindex|notranslate|indexifembedded"
    r"|max-(?:snippet|video-preview) ?: ?(?:-1|\d{1,6})|max-image-preview ?: ?(?:none|standard|large)"
    r"|unavailable_after ?: ?\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)",
    re.IGNORECASE,
)
"""What search engines know in `<meta name=robots>`; a word that they do not know would be passed over in silence."""


def change_wishes(seo: Mapping[str, object], changes: Mapping[str, object]) -> Wishes:
    """Return wishes with changes; None, or a text that shows nothing, takes one back. Raises InvalidContent."""
    problems = [problem for name, value in changes.items() for problem in check_wish(name, value)]
    if problems:
        raise InvalidContent(problems)
    said = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    kept = {name: value for name, value in seo.items() if name not in said}
    return kept | {name: value for name, value in said.items() if not is_no_wish(value)}


def is_no_wish(value: object) -> bool:
    """Tell whether a value wishes nothing."""
    return value is None or (isinstance(value, str) and is_blank(value))


def check_wish(name: str, value: object) -> Iterator[Problem]:
    """Yield the rules that a wish breaks."""
    if not isinstance(value, str) or is_blank(value):
        return
    path = ("seo", name)
    problems = list(check_text(path, value, longest=LONGEST_WISH.get(name, LONGEST["address"])))
    yield from problems
    if problems:
        return
    if name in ADDRESSES and not is_on_web(value):
        yield Problem(path, f"{name} is no address of a page: http, https, or relative to the article's own.")
    if name == "robots":
        yield from check_robots(path, value)


def check_robots(path: tuple[str, ...], value: str) -> Iterator[Problem]:
    """Yield a problem where a list of directives has one that search engines do not know."""
    unknown = [part for part in map(str.strip, value.split(",")) if not DIRECTIVE.fullmatch(part)]
    if unknown:
        yield Problem(path, f"robots holds {unknown[0][:50]!r}, which search engines do not know.")
