"""The worst requests: of each shape one as large as the limits let in, and what makes it larger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from benchmarks.documents import KINDS, repeat

Shape = Callable[[int], tuple[str, dict[str, Any]]]
"""Makes a document and its variables of so many parts."""

FOUND = "query($where: ArticleWhere) { articles(first: 1, where: $where) { nodes { title } } }"
SEARCH = "query($words: String!) { search(query: $words, first: 1) { nodes { article { title } } } }"
SEARCHED = 'query($where: ArticleWhere) { search(query: "tide", where: $where) { totalCount } }'
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
WHOLE = "id title summary intro { html } sections { id heading body { html } } questions { question answer { html } }"


def bare(kind: Callable[[int], str]) -> Shape:
    """Return the shape of documents without variables."""
    return lambda parts: (kind(parts), {})


def numbered(before: str, part: str, after: str) -> Shape:
    """Return the shape of documents of one part again and again, each with another number for its `#`."""
    return bare(lambda parts: before + " ".join(part.replace("#", str(n)) for n in range(parts)) + after)


def giving(text: str, name: str, value: Callable[[int], Any]) -> Shape:
    """Return the shape of one document whose variable grows."""
    return lambda parts: (text, {name: value(parts)})


def nested(parts: int) -> Any:
    """Return a filter within filters, deeper than orjson writes by itself."""
    return orjson.Fragment(b'{"not":' * parts + b"{}" + b"}" * parts)


def looking(parts: int) -> Any:
    """Return a filter that looks into sections again and again, and at titles as often."""
    texts = [{"contains": f"zq{number}"} for number in range(parts)]
    return {"or": [{"title": text, "sections": {"some": {"heading": text}}} for text in texts]}


MANY: Mapping[str, Shape] = {
    **{name: bare(kind) for name, kind in KINDS.items()},
    "aliases": numbered("{ ", "a#: head", " }"),
    "directives": numbered("{ head ", "a#: head @skip(if: false)", " }"),
    "operations": numbered("query Q { head } ", "query Q# { head }", ""),
    "a list of ids": numbered("{ nodes(ids: [", '"#"', "]) { id } }"),
    "arguments": numbered("{ ", 'a#: articles(where: { title: { eq: "#" } }) { totalCount }', " }"),
}
"""Documents of many parts."""

LONG: Mapping[str, Shape] = {
    "a long comment": bare(repeat("# ", "x", "\n{ head }")),
    "empty lines": bare(repeat("{ head ", "\n", " }")),
    "a long name": bare(repeat("{ head x", "x", " }")),
    "a long text": bare(repeat('{ search(query: "', "x ", '") { nodes { article { title } } } }')),
    "escapes in a text": bare(repeat('{ search(query: "', "\\u00e9", '") { nodes { article { title } } } }')),
    "lines of a block": bare(
        repeat('{ search(query: """', "  x\n", '""") { nodes { article { title } } } }')
    ),
    "a number of many digits": bare(repeat("{ articles(first: 1", "1", ") { totalCount } }")),
}
"""Documents of few parts that are long."""

GIVEN: Mapping[str, Shape] = {
    "names of nothing": lambda parts: ("{ head }", {f"v{n}": n for n in range(parts)}),
    "a filter of many conditions": giving(FOUND, "where", lambda n: {"and": [{"title": {"eq": "a"}}] * n}),
    "a filter of wrong conditions": giving(FOUND, "where", lambda n: {"and": [{"title": 5}] * n}),
    "a filter within filters": giving(FOUND, "where", nested),
    "a filter with many values": giving(
        FOUND, "where", lambda n: {"title": {"in": [str(k) for k in range(n)]}}
    ),
    "a filter that looks into sections": giving(FOUND, "where", looking),
    "a filter of what was searched": giving(SEARCHED, "where", looking),
    "a filter by a long text": giving(FOUND, "where", lambda n: {"title": {"contains": "x" * n}}),
    "a search for many words": giving(SEARCH, "words", lambda n: " ".join(f"w{k}" for k in range(n))),
    "a search for a long word": giving(SEARCH, "words", lambda n: "w" * n),
    "a search for many phrases": giving(SEARCH, "words", lambda n: '"the tide" -x ' * n),
    "ids of nothing": giving(NODES, "ids", lambda n: [str(k) for k in range(n)]),
    "ids that are none": giving(NODES, "ids", lambda n: [{}] * n),
}
"""Variables of many parts, in bodies as large as they may be."""

COSTLY: Mapping[str, Shape] = {
    "whole articles": numbered("{ ", "a#: articles(first: 5, offset: #) { nodes { " + WHOLE + " } }", " }"),
    "lists of articles": numbered("{ ", "a#: articles(first: 5, offset: #) { nodes { title } }", " }"),
    "searches": numbered("{ ", 'a#: search(query: "slow water x~x#") { nodes { fragments } }', " }"),
    "searches within lists": numbered("{ ", 'a#: articles(search: "slow water ~ #") { totalCount }', " }"),
    "suggestions": numbered("{ ", 'a#: suggest(prefix: "wh~#") { text }', " }"),
    "recommendations": bare(
        lambda n: f"{{ articles(first: {n}) {{ nodes {{ recommendations {{ article {{ title }} }} }} }} }}"
    ),
    "filtered questions": numbered(
        "{ ", 'a#: questions(where: { question: { contains: "y #" } }) { totalCount }', " }"
    ),
    "facets": numbered("{ ", "a#: articles(offset: #) { facets { tags { tag { name } count } } }", " }"),
    "nodes of articles": numbered(
        "{ ", "a#: articles(first: 3) { nodes { linkedFrom { totalCount } } }", " }"
    ),
}
"""Documents that cost as much as an operation may."""

SEARCHES: Mapping[str, Shape] = {
    "searches for the commonest words": numbered(
        "{ ", 'a#: search(query: "the a and x~x#", first: 1) { nodes { fragments } }', " }"
    ),
    "searches for phrases": numbered(
        "{ ", 'a#: search(query: "\\"and the\\" \\"the a\\" \\"a and\\" the ~#") { totalCount }', " }"
    ),
    "searches for five phrases": numbered(
        "{ ",
        'a#: search(query: "\\"and the\\" \\"of the\\" \\"to the\\" \\"in the\\" \\"is a\\" ~#") { totalCount }',
        " }",
    ),
    "searches without words": numbered(
        "{ ", 'a#: search(query: "the -of -to -in -is -a~#") { totalCount }', " }"
    ),
    "searches with a filter": numbered(
        "{ ",
        'a#: articles(search: "the a ~#", where: { title: { contains: "zq#" } }) { totalCount }',
        " }",
    ),
    "searches with filters on tags": numbered(
        "{ ",
        'a#: search(query: "the ~#", where: { and: [{ tags: { some: { contains: "z#" } } }, '
        '{ tags: { none: { contains: "zq" } } }] }) { totalCount }',
        " }",
    ),
    "facets of searches": numbered(
        "{ ", 'a#: search(query: "the a ~#") { facets { tags { tag { name } count } } }', " }"
    ),
}
"""Searches for what nearly everything has, in English."""

WHOLE_SITE: Mapping[str, Shape] = {
    "ordered and counted lists": numbered(
        "{ ",
        'a#: articles(first: 1, where: { title: { contains: "zq~#" } }, orderBy: [{ field: TITLE, direction: DESC }, '
        "{ field: UPDATED_AT, direction: ASC }]) { totalCount nodes { id } }",
        " }",
    ),
    "lists of redirects": numbered(
        "{ ", 'a#: redirects(site: "bench", first: 1) { totalCount nodes { from } }', " }"
    ),
    "pages of redirects": numbered("{ ", 'a#: redirects(site: "bench", first: 1) { nodes { from } }', " }"),
    "lists of broken links": numbered(
        "{ ", 'a#: brokenLinks(site: "bench", first: 1) { totalCount nodes { label } }', " }"
    ),
    "lists of translations": numbered(
        "{ ", 'a#: translations(site: "bench", first: 1) { totalCount nodes { locale } }', " }"
    ),
    "routes": numbered("{ ", 'a#: route(site: "bench", path: "/en/zq~#") { kind }', " }"),
}
"""What looks through all of a site."""


def of_the_past(shape: Shape) -> Shape:
    """Return the shape of the same documents about the first revision, which is not in memory."""

    def write_past(parts: int) -> tuple[str, dict[str, Any]]:
        text, variables = shape(parts)
        return f"query @view(revision: 1) {text}", variables

    return write_past


DEAR: Mapping[str, Shape] = {**COSTLY, **SEARCHES, **WHOLE_SITE}
PAST: Mapping[str, Shape] = {f"{name}, of the past": of_the_past(shape) for name, shape in DEAR.items()}

SHAPES: Mapping[str, Shape] = {**MANY, **LONG, **GIVEN, **DEAR, **PAST}


def write(shape: Shape, parts: int, number: int) -> bytes:
    """Return the body of a request of this shape, with a number that makes it one that was never asked before.

    It stands for each `~` as well: the hits of a search that was asked before are in memory.
    """
    text, variables = shape(parts)
    return orjson.dumps({"query": f"{text.replace('~', str(number))}\n#{number:08}", "variables": variables})
