"""Where a site keeps its articles, learned from its own links: `/{locale}/docs/` before every slug.

It counts addresses; it resolves none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from api.importing.placement import read_locale

DEEPEST = 3
FEWEST_HITS = 3
SMALLEST_SHARE = 0.1
MOST_LINKS = 200_000
LOCALE = "{locale}"

Template = tuple[str, ...]


class LinkTemplates:
    """Distinct absolute links of a set, and the beginnings that lead from them to slugs.

    A template is the first one to three segments of a link, with a locale among them left open. It is
    believed when what follows it is a known slug in at least three distinct links, and in a tenth of all
    distinct links that begin so. Deeper slugs count for more than chance: a link counts only for the shortest
    beginning that makes it a slug. Links beyond the first 200,000 are not learned from.
    """

    def __init__(self) -> None:
        self._links: set[str] = set()

    def learn(self, path: str) -> None:
        """Take note of a bare absolute path that the set links to."""
        if path and len(self._links) < MOST_LINKS:
            self._links.add(path)

    def infer(self, is_slug: Callable[[str], bool]) -> list[Template]:
        """Return the believed templates, those with most hits first."""
        hits: Counter[Template] = Counter()
        begun: Counter[Template] = Counter()
        for path in self._links:
            splits = list(split_off(path))
            begun.update(template for template, _, _ in splits)
            hits.update([template for template, _, rest in splits if is_slug(rest)][:1])
        return [
            template
            for template, count in hits.most_common()
            if count >= FEWEST_HITS and count >= SMALLEST_SHARE * begun[template]
        ]


def split_off(path: str) -> Iterator[tuple[Template, str | None, str]]:
    """Yield each way to split a bare path: the template of its beginning, the locale in it, and the rest."""
    segments = path.split("/")
    locale: str | None = None
    template: list[str] = []
    for depth in range(min(DEEPEST, len(segments) - 1)):
        found = read_locale(segments[depth]) if locale is None else None
        locale = locale or found
        template.append(LOCALE if found else segments[depth])
        yield tuple(template), locale, "/".join(segments[depth + 1 :])
