"""Random filters and orders of articles and of questions, whose values are often those of random articles."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from models import moment
from models.draft import SectionKind
from models.folding import fold
from schema.node import encode_id
from tests.content import DAY, FIRST_DAY
from tests.naive_filters import ORDERS, Where
from tests.random_articles import OWN_DATES, PIECES, SITES, RandomArticles

EXAMPLES = int(os.environ.get("QUIET_TEST_EXAMPLES", "100"))
ARTICLES = [RandomArticles(seed) for seed in range(1 + EXAMPLES // 1000)]

TEXTS = st.one_of(
    st.sampled_from(["", "Twin", "twin", "k1", "K", "x", "%", "_", "%%", "__", "_w"]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join),
)
CASED = st.builds(
    lambda text, change: change(text), TEXTS, st.sampled_from([str, str.upper, str.lower, fold])
)


def some_of(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Where]:
    """Return inputs with a few of these fields."""
    one = [st.fixed_dictionaries({name: value}) for name, value in optional.items()]
    return st.lists(st.one_of(one), min_size=1, max_size=2).map(merge)


def merge(inputs: Iterable[Where]) -> Where:
    """Return all fields as one input."""
    return {name: value for given_fields in inputs for name, value in given_fields.items()}


def text_filters(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Where]:
    """Return filters of a text."""
    lists = st.lists(texts, max_size=3)
    return some_of(eq=texts, ne=texts, **{"in": lists}, notIn=lists, contains=CASED, startsWith=CASED)


SITE_FILTERS = text_filters(st.sampled_from([*SITES, "no", "ONE", "o", ""]))
MOMENTS = st.builds(
    lambda at, change: moment.to_text(at + change),
    st.sampled_from([at for at in OWN_DATES if at is not None] + [FIRST_DAY + n * DAY for n in range(5)]),
    st.integers(-1, 1),
)
"""When something happened, or nearly."""


def plain_filters() -> st.SearchStrategy[Where]:
    """Return filters of articles that hold no others; the values in them are often those of the articles."""
    shown = sorted((a for articles in ARTICLES for a in articles.all_shown()), key=lambda article: article.id)
    ids = st.sampled_from([encode_id("Article", article.id) for article in shown])
    lists = st.lists(ids, max_size=5)
    titles = st.sampled_from([article.draft.title for article in shown]) | TEXTS
    slugs = st.sampled_from([article.draft.slug for article in shown]) | TEXTS
    tags = text_filters(st.sampled_from([tag for article in shown for tag in article.tags]) | TEXTS)
    names = st.sampled_from([name for article in shown for name in article.draft.authors]) | TEXTS
    listed = st.lists(names, max_size=3)
    authors = some_of(eq=names, ne=names, **{"in": listed}, notIn=listed)
    headings = st.sampled_from([s.heading or "" for a in shown for s in a.draft.sections]) | TEXTS
    kinds = st.lists(st.sampled_from([kind.name for kind in SectionKind]), max_size=3)
    section = some_of(kind=kinds, heading=text_filters(headings))
    moments = some_of(eq=MOMENTS, lt=MOMENTS, lte=MOMENTS, gt=MOMENTS, gte=MOMENTS)
    return some_of(
        id=some_of(eq=ids, **{"in": lists}, notIn=lists),
        site=SITE_FILTERS,
        slug=text_filters(slugs),
        title=text_filters(titles),
        publishedAt=moments,
        updatedAt=moments,
        tags=some_of(some=tags, every=tags, none=tags),
        authors=some_of(some=authors, every=authors, none=authors),
        sections=some_of(some=section, none=section),
        questions=some_of(some=question_filters(), none=question_filters()),
    )


def question_filters() -> st.SearchStrategy[Where]:
    """Return filters of questions."""
    texts = sorted({text for articles in ARTICLES for a in articles.all_shown() for text in a.questions})
    return some_of(question=text_filters(st.sampled_from(texts) | TEXTS), site=SITE_FILTERS)


def combined(inner: st.SearchStrategy[Where]) -> st.SearchStrategy[Where]:
    """Return filters that hold others."""
    several = st.lists(inner, max_size=3)
    return some_of(**{"and": several, "or": several, "not": inner}) | st.tuples(inner, inner).map(merge)


orders = st.lists(
    st.tuples(st.sampled_from(list(ORDERS)), st.booleans()), max_size=3, unique_by=lambda order: order[0]
)


PLAIN, QUESTION = plain_filters(), question_filters()


@st.composite
def plainly(draw: st.DrawFn) -> Where:
    """Draw from PLAIN: Hypothesis would print it again and again, and it is long."""
    return draw(PLAIN)


filters = st.recursive(plainly(), combined, max_leaves=5)
