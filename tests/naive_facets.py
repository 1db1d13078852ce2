"""What facets say, so plainly that it can be seen to be right: one value after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from models import moment
from models.folding import fold

FACETS = (
    "facets { tags(first: 500) { tag { slug name } count } authors(first: 500) { author count } "
    "years(first: 500) { year count } sites(first: 9) { site { key } count } locales(first: 9) { locale count } %s }"
)
OF_ARTICLES = FACETS % "sectionKinds { kind count }"
OF_QUESTIONS = FACETS % ""
OF_FEW = OF_QUESTIONS.replace("500", "9")
"""For lists in lists, whose price is that of all values that there may be."""


def count_tags(tags: Sequence[Sequence[tuple[str, str]]]) -> list[dict[str, Any]]:
    """Return the facet of the tags that each of several items has, as pairs of slug and name."""
    names: dict[str, str] = {}
    for slug, name in (tag for some in tags for tag in some):
        names[slug] = min(name, names.get(slug, name))
    counted = [(sum(slug in dict(some) for some in tags), slug) for slug in names]
    counted.sort(key=lambda one: (-one[0], fold(names[one[1]]), one[1]))
    return [{"tag": {"slug": slug, "name": names[slug]}, "count": count} for count, slug in counted]


def count_values(name: str, values: Iterable[set[Any]]) -> list[dict[str, Any]]:
    """Return the facet of the values that each of several items has."""
    listed = list(values)
    counted = [(sum(value in some for some in listed), value) for value in set().union(*listed)]
    counted.sort(key=lambda one: (-one[0], fold(one[1]), one[1]))
    return [{name: value, "count": count} for count, value in counted]


def count_years(moments: Iterable[int | None]) -> list[dict[str, Any]]:
    """Return the facet of the years of moments; None is in no year."""
    years = [int(moment.to_text(at)[:4]) for at in moments if at is not None]
    counted = sorted(((years.count(year), year) for year in set(years)), reverse=True)
    return [{"year": year, "count": count} for count, year in counted]


def count_sites(keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return the facet of the sites of several items."""
    return [
        {"site": {"key": one["key"]}, "count": one["count"]}
        for one in count_values("key", ({key} for key in keys))
    ]
