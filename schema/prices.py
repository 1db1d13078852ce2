"""What things cost: the table from which an operation's price is worked out (`schema.pricing`).

A hundred are about a millisecond of a processor's time. What is written from memory takes less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from graphql import ValueNode

from models.sizes import Sizes
from schema.plain import PLAIN

FIELDS_FREE = 10
"""So many plain fields come with an object; so many more cost as much as another object."""

RESOLVED = 2
"""A field of an object that has something that is not plain: each of its fields is then resolved by itself."""

FEW = 5
"""How many items a short list is taken to have whose length nothing tells."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a list: whether it is filtered or counted, how often it is read, and how many locales of it.

    Without `locales` those of its site are meant. `where` is the filter as it stands in the document.
    """

    is_filtered: bool = False
    readings: int = 1
    locales: int | None = None
    where: ValueNode | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """What a field costs besides what it returns: in any case, and for each thing that is looked through.

    `source` is for each article that links to the one that has the field, and each time that they are read.

    These are articles, live sections and questions, publications with all that ever were, and translations: articles
    in each locale that is asked for. All together are not more than `most`.

    `filtering` is for a filter or a count; `filtered` tells that things are looked through only then, `again` that they
    are for the page and once more for the count.
    """

    flat: float = 0
    filtering: float = 0
    most: float = inf
    article: float = 0
    section: float = 0
    question: float = 0
    publication: float = 0
    translation: float = 0
    source: float = 0
    filtered: bool = False
    again: bool = False

    def of(self, sizes: Sizes, asked: Asked) -> float:
        """Return what the field costs where there is so much."""
        if self.filtered and not asked.is_filtered:
            return self.flat
        filtering = self.filtering if asked.is_filtered else 0
        locales = sizes.locales if asked.locales is None else asked.locales
        once = (
            self.flat
            + filtering
            + self.article * sizes.articles
            + self.section * sizes.live.get("section", 0)
            + self.question * sizes.live.get("question", 0)
            + self.publication * sizes.publications
            + self.translation * sizes.articles * locales
        )
        return min(self.most, once * (asked.readings if self.again else 1))


SEARCH = Extra(300, article=0.5, section=0.5, question=0.5, most=4_800)
"""What a search costs, of its own or of a list: it chooses from all passages that have its words, up to a number."""

EXTRA: Mapping[tuple[str, str], Extra] = {
    ("Query", "search"): SEARCH,
    ("Query", "article"): Extra(40),
    ("Query", "route"): Extra(60),
    ("Query", "suggest"): Extra(200, article=0.02),
    ("ArticleConnection", "facets"): Extra(50, article=0.2),
    ("QuestionConnection", "facets"): Extra(50, article=0.2),
    ("SearchConnection", "facets"): Extra(50),
    ("Query", "brokenLinks"): Extra(100, publication=1, again=True),
    ("Query", "redirects"): Extra(100, publication=1.5, again=True),
    ("Query", "translations"): Extra(100, publication=0.15, translation=0.15, again=True),
    ("Query", "tags"): Extra(50, article=0.05),
    ("Query", "articles"): Extra(filtering=300, article=0.1, filtered=True),
    ("Query", "questions"): Extra(50, filtering=300, article=0.4, question=0.1, filtered=True),
    ("Query", "changes"): Extra(20),
    ("Article", "linkedFrom"): Extra(30, source=0.4),
    ("Article", "recommendations"): Extra(900),
    ("Article", "translations"): Extra(20),
    ("Article", "alternates"): Extra(10),
    ("Article", "history"): Extra(20),
    ("Article", "diff"): Extra(200),
    ("Article", "jsonLd"): Extra(15),
    ("Article", "jsonLdText"): Extra(15),
    ("Article", "seo"): Extra(3),
    ("SearchHit", "fragments"): Extra(15),
}
"""What fields cost besides what they return: mostly statements, or a text that is read through."""

PHRASE = 1_000
"""What a phrase costs that is searched for: all that has its words is looked through."""

FRAGMENT = 15
"""What each fragment of a hit costs, as many as are asked for: its text is cut into words."""

OFFSET = 0.2
"""What each item costs that a page skips."""

FROM_DATABASE = 45
"""What a root field costs besides where the view is not of what is live now, which is in memory."""

COUNTED_FROM_DATABASE = {
    ("ArticleConnection", "facets"): 3,
    ("QuestionConnection", "facets"): 3,
    ("Query", "suggest"): 12,
}
"""Fields that then take so many times as much."""

INTROSPECTED = 100
"""What each field of an introspection costs, however deep it stands: the schema is looked through."""

MUTATION = 100
"""What each field of a mutation costs besides what it returns: a transaction and its commit."""

WRAPPERS = frozenset(
    {"PageInfo", *(f"{name}Connection" for name in ("Article", "Question", "Search", "History", "Redirect"))}
)
"""Types whose objects are no content by themselves, and cost nothing."""


def is_plain(type_name: str, field: str) -> bool:
    """Tell whether a field takes no resolving of its own; types without plain fields are not written in one go."""
    return field in PLAIN.get(type_name, {}) or type_name not in PLAIN
