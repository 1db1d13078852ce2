"""What a filter costs above what it costs to look through a list: its comparisons are made with each article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from graphql import ListValueNode, ObjectValueNode, VariableNode

from models.sizes import Sizes
from schema.given import Given

LISTS = frozenset({"tags", "authors", "sections", "questions"})
"""The fields of a filter that look into what an article has several of."""

BY_ITSELF, OF_LIST, OF_SECTION, OF_QUESTION = 0.01, 0.1, 0.08, 0.06
"""What a comparison costs for each article: of its own fields, of its tags or authors; for each of its sections, or
questions. Measured on SQLite: six sections take 22 ms with 5,000 articles, 24 questions 67."""

FREE = 0.1
"""So much for each article is in the price of looking through a list."""


def price_filter(where: object, given: Given, sizes: Sizes, *, is_searched: bool) -> float:
    """Return what the comparisons of an `ArticleWhere` cost that is in a document or a variable's value.

    None costs nothing. `is_searched` tells that it is the filter of a search, whose price has nothing for looking
    through the articles.
    """
    found = count_comparisons(where, given) if where is not None else Counter[str]()
    each = BY_ITSELF * found[""] + OF_LIST * (found["tags"] + found["authors"])
    sections, questions = (sizes.live.get(part, 0) for part in ("section", "question"))
    parts = OF_SECTION * found["sections"] * sections + OF_QUESTION * found["questions"] * questions
    return max(0.0, each - (0.0 if is_searched else FREE)) * sizes.articles + parts


def count_comparisons(where: object, given: Given) -> Counter[str]:
    """Return how many values a filter compares with: for each of LISTS, and for "" with an article's own fields.

    A list of values to compare with is one. The filter may be as deep as documents and variables can be.
    """
    found: Counter[str] = Counter()
    waiting: list[tuple[object, str]] = [(where, "")]
    while waiting:
        value, place = waiting.pop()
        fields = read_fields(value)
        if fields is not None:
            waiting += [(held, name if name in LISTS else place) for name, held in fields.items()]
        elif isinstance(value, VariableNode):
            waiting.append((given.get(value.name.value), place))
        else:
            filters = [one for one in read_items(value) if is_filter(one)]
            waiting += [(one, place) for one in filters]
            found[place] += not filters
    return found


def read_fields(value: object) -> Mapping[str, object] | None:
    """Return the fields of an object, None of what is none."""
    if isinstance(value, ObjectValueNode):
        return {field.name.value: field.value for field in value.fields}
    return value if isinstance(value, dict) else None


def read_items(value: object) -> list[object]:
    """Return what is in a list, nothing of what is none."""
    if isinstance(value, ListValueNode):
        return list(value.values)
    return value if isinstance(value, list) else []


def is_filter(value: object) -> bool:
    """Tell whether a value of a list may be a filter: an object, or a variable, of which the document does not tell."""
    return isinstance(value, dict | ObjectValueNode | VariableNode)
