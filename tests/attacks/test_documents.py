"""Documents and variables that mean harm: each is refused with a code, quickly, and nothing of it is executed."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query

from schema.node import encode_id
from tests.attacks.attack import Attack, document
from tests.client import Client

pytestmark = pytest.mark.database

TOO_LARGE, INVALID, UNREADABLE = "DOCUMENT_TOO_LARGE", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"
COSTLY, WRONG = "COST_EXCEEDED", "BAD_USER_INPUT"


def doubling(levels: int) -> str:
    """Return a document whose fragments each spread the next one twice, at other places."""
    fragments = "".join(
        f"fragment F{n} on Section {{ a: article {{ sections {{ ...F{n + 1} }} }} "
        f"b: article {{ sections {{ ...F{n + 1} }} }} }} "
        for n in range(levels)
    )
    return (
        "{ articles { nodes { sections { ...F0 } } } } "
        + fragments
        + f"fragment F{levels} on Section {{ id }}"
    )


def numbered(count: int, form: str) -> str:
    """Return a text so many times, each with another number."""
    return " ".join(form.replace("#", str(n)) for n in range(count))


ATTACKS = [
    document("alias flood", "{ " + numbered(1_000, "a#: articles { totalCount }") + " }", TOO_LARGE),
    document(
        "alias flood in a fragment",
        "{ articles { nodes { ...A } } } fragment A on Article { " + numbered(400, "a#: title") + " }",
        TOO_LARGE,
    ),
    document("field flood", "{ " + "head " * 2_500 + "}", TOO_LARGE),
    document("nested field flood", "{ " + "articles { nodes { title } } " * 300 + "}", TOO_LARGE),
    document("directive flood", "{ head " + "@skip(if: false) " * 500 + "}", TOO_LARGE),
    document("unknown directive flood", "{ head " + numbered(150, "@x#") + " }", *[INVALID] * 21),
    document(
        "directive flood over fields",
        "{ " + numbered(190, "a#: head @skip(if: false) @include(if: true)") + " }",
        TOO_LARGE,
    ),
    document("fragment flood", "{ head } " + numbered(400, "fragment F# on Article { title }"), TOO_LARGE),
    document("fragment bomb", doubling(12), TOO_LARGE),
    document("fragment bomb within the depth", doubling(4), COSTLY),
    document("circular fragment", "{ articles { nodes { ...A } } } fragment A on Article { ...A }", INVALID),
    document(
        "circle of fragments",
        "{ articles { nodes { ...A } } } fragment A on Article { ...B } "
        "fragment B on Article { ...C } fragment C on Article { ...A }",
        INVALID,
    ),
    document(
        "deep query",
        "{ articles { nodes " + "{ sections { article " * 40 + "{ id }" + " } }" * 40 + " } }",
        TOO_LARGE,
    ),
    document("deep inline fragments", "{ " + "... { " * 300 + "head" + " }" * 300 + " }", UNREADABLE),
    document("deep list", "{ nodes(ids: " + "[" * 1_000 + "]" * 1_000 + ") { id } }", UNREADABLE),
    document(
        "deep object",
        "{ articles(where: " + "{ not: " * 500 + "{}" + " }" * 500 + ") { totalCount } }",
        UNREADABLE,
    ),
    document(
        "filter as deep as it is read",
        "{ articles(where: " + "{ not: " * 60 + '{ slug: { eq: "a" } }' + " }" * 60 + ") { totalCount } }",
        "INVALID_ARGUMENT",
    ),
    document(
        "wide filter",
        "{ articles(where: { or: [" + '{ slug: { eq: "a" } } ' * 900 + "] }) { totalCount } }",
        TOO_LARGE,
    ),
    document("operation flood", numbered(200, "query Q# { head }"), TOO_LARGE),
    document("variable flood", "query(" + numbered(900, "$v#: Int") + ") { head }", TOO_LARGE),
    document(
        "introspection in circles",
        "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }",
        INVALID,
    ),
    document(
        "introspection by alias",
        "{ " + numbered(60, "a#: __schema { types { name fields { name } } }") + " }",
        COSTLY,
    ),
    document(
        "search flood",
        "{ " + numbered(40, 's#: search(query: "a#") { nodes { article { title } } }') + " }",
        COSTLY,
    ),
    document(
        "search flood", "{ " + numbered(100, 'a#: search(query: "tide #") { totalCount }') + " }", COSTLY
    ),
    document(
        "broken links flood", "{ " + numbered(190, "a#: brokenLinks { nodes { label } }") + " }", COSTLY
    ),
    document(
        "mutation flood",
        "mutation { " + numbered(120, 'm#: deleteArticles(input: { ids: ["a"] }) { revision }') + " }",
        COSTLY,
    ),
    document("huge number", "{ articles(first: " + "9" * 50_000 + ") { totalCount } }", INVALID),
    document(
        "huge number as a variable", "query($n: Int) { articles(first: $n) { totalCount } }", WRONG, n=10**18
    ),
    document("huge page", "{ articles(first: 1000000) { nodes { id } } }", "INVALID_ARGUMENT"),
    document("page before the first", "{ articles(first: -1) { nodes { id } } }", "INVALID_ARGUMENT"),
    document("far offset", "{ articles(offset: 2000000000) { nodes { id } } }", "INVALID_ARGUMENT"),
    document(
        "NUL in a variable",
        "query($s: String!) { article(by: { slug: $s }) { id } }",
        "INVALID_ARGUMENT",
        status=200,
        s="a\0b",
    ),
    document("forged cursor", '{ articles(after: "W10") { nodes { id } } }', "INVALID_CURSOR"),
    document(
        "cursor of another list",
        '{ questions(after: "WyJhIiwxLDEsMSwiYSJd") { nodes { id } } }',
        "INVALID_CURSOR",
    ),
    document("forged id", '{ node(id: "../../etc/passwd") { id } }', "INVALID_ID", status=200),
    document(
        "id of another type",
        "query($id: ID!) { article(by: { id: $id }) { id } }",
        "INVALID_ID",
        status=200,
        id=encode_id("Site", "a"),
    ),
    document("future revision", "query @view(revision: 999999999) { head }", "REVISION_UNKNOWN"),
    document(
        "drafts without rights", "query @view(perspective: DRAFT) { articles { nodes { id } } }", "FORBIDDEN"
    ),
    document(
        "tomorrow without rights",
        'query @view(at: "2999-01-01T00:00:00Z") { articles { nodes { id } } }',
        "FORBIDDEN",
    ),
    document("tokens without rights", "{ tokens { name } }", "FORBIDDEN", status=200),
    document("webhooks without rights", "{ webhooks { url: id } }", "FORBIDDEN", status=200),
    document(
        "excerpt without end",
        "{ articles { nodes { intro { excerpt(words: 2000000000) } } } }",
        "INVALID_ARGUMENT",
    ),
    document(
        "long search",
        "query($q: String!) { search(query: $q) { totalCount } }",
        "INVALID_ARGUMENT",
        q="a " * 600,
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_harmful_documents(attack: Attack, attacked: Client) -> None:
    """What means harm is refused with a code that says why, and asks the database for nothing that it is not told."""
    reply = await attacked.post(attack.body, **attack.headers)
    assert tuple(reply.codes) == attack.codes
    assert reply.status == attack.status


@pytest.mark.parametrize(
    "text",
    ["' OR 1=1 --", '" OR ""="', "%", "_", "\\", "a'); DROP TABLE article; --", "*", "NEAR(a b)", "a:* | !b"],
)
@pytest.mark.parametrize(
    "field",
    [
        "articles(where: { title: { contains: $s } })",
        "articles(where: { slug: { startsWith: $s } })",
        "articles(where: { tags: { some: { eq: $s } } })",
        "articles(where: { site: { in: [$s] } })",
        "questions(where: { question: { contains: $s } })",
    ],
)
async def test_injections_are_texts(text: str, field: str, attacked: Client) -> None:
    """What would be a statement, or a pattern, elsewhere is a text here, which nothing has."""
    reply = await attacked.ask(f"query($s: String!) {{ {field} {{ totalCount }} }}", s=text)
    assert next(iter(reply.data.values())) == {"totalCount": 0}


@pytest.mark.parametrize(
    "text",
    [
        "' OR 1=1 --",
        '"',
        '"" ""',
        "tides*",
        "NEAR(tides sea)",
        "title:tides",
        "tides & !sea | (",
        "{}^~:",
        "-",
        '-"',
        "\u202etides",
    ],
)
async def test_injections_into_search(text: str, attacked: Client) -> None:
    """The operators of the databases' own search are words, or nothing at all."""
    reply = await attacked.ask(
        "query($s: String!) { search(query: $s) { totalCount nodes { score } } }", s=text
    )
    assert reply.codes in ([], ["INVALID_ARGUMENT"])


async def test_code_generators_are_no_attack(attacked: Client) -> None:
    """The introspection of tools is answered."""
    assert (await attacked.ask(get_introspection_query())).data["__schema"]
