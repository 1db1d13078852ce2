"""What operations cost: known before they are executed, bounded by what there is, and never less than they return."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse

from models.draft import ArticleDraft, LinkDraft, QuestionDraft, SectionDraft
from models.recommending.likeness import MOST_MATCHES
from models.recommending.links import MOST_LINKS
from models.recommending.newest import MOST_SHARED, NEWEST
from models.sizes import Sizes
from schema.build import build_schema, core_schema
from schema.given import Given
from schema.pricing import price_operation
from schema.service import Bounds, Service
from tests.client import Client

SIZES = Sizes(
    articles=1_000,
    sites=2,
    tags=7,
    questions=3_000,
    publications=4_000,
    locales=3,
    parts={"section": (10, 15, 18), "question": (20, 30), "link": (12, 20), "source": (40, 60)},
    live={"section": 4_000, "question": 2_000},
)
PRICES: dict[str, int] = {
    "{ head }": 1,
    "{ articles(first: 3) { nodes { title } } }": 3,
    "{ articles(first: 3) { edges { cursor node { title } } } }": 3,
    "{ articles { nodes { title } } }": 20,
    "query($n: Int = 4) { articles(first: $n) { nodes { title } } }": 4,
    "{ articles(first: 3) { nodes { title intro { html } } } }": 6,
    "{ sites { key } }": 2,
    '{ nodes(ids: ["a", "b", "c"]) { id } }': 3,
    # The sections of the three largest articles.
    "{ articles(first: 3) { nodes { sections { heading } } } }": 3 + 18,
    # All sections share their article's questions.
    "{ articles(first: 1) { nodes { sections { heading questions { question } } } } }": 1 + 10 + 20,
    # The questions of each question's section may be all that its article has.
    "{ articles(first: 1) { nodes { questions { section { questions { question } } } } } }": 1
    + 20
    + 20
    + 400,
    "{ articles(first: 2) { nodes { ...A ...A } } } fragment A on Article { title }": 2,
    "{ articles(first: 2) { nodes { title @skip(if: true) intro @skip(if: true) { html } } } }": 2,
    # Facets look through all articles, for at most 20 values of each; fields are rounded up.
    "{ articles(first: 0) { facets { tags { count } years(first: 3) { count } } } }": 50
    + 200
    + 1
    + 20
    + 3
    + 1,
    # At most ten suggestions, each with an article.
    '{ suggest(prefix: "a") { text target { ... on Article { id } } } }': 200 + 20 + 10 + 10,
    # All articles are read that link to one of the two, and once more where they are counted.
    "{ articles(first: 2) { nodes { linkedFrom(first: 3) { nodes { id } } } } }": 2 * (30 + 3 + 3) + 24,
    "{ articles(first: 2) { nodes { linkedFrom { totalCount nodes { id } } } } }": 2 * (30 + 20 + 3) + 48 + 1,
    # Six recommendations, and to find them.
    "{ articles(first: 2) { nodes { recommendations { article { id } } } } }": 2 * (900 + 6 * 2 + 3),
    # A search costs the same of whatever list, and looks at no article besides.
    '{ search(query: "a", first: 2) { nodes { article { id } } } }': 3_800 + 2 + 2,
    '{ articles(search: "a", first: 2) { nodes { id } } }': 3_800 + 2,
    '{ articles(search: "a", first: 2, where: {slug: {eq: "a"}}) { totalCount nodes { id } } }': 3_800
    + 10
    + 2
    + 1,
    "{ articles(search: null, first: 2) { nodes { id } } }": 2,
    "query($s: String) { articles(search: $s, first: 2) { nodes { id } } }": 2,
    'query($s: String = "a") { articles(search: $s, first: 2) { nodes { id } } }': 3_800 + 2,
    # A filter looks at each article, and the more the more it compares with; a list of values is one of them.
    '{ articles(first: 2, where: {slug: {in: ["a", "b"]}, tags: {some: {eq: "a"}}}) { nodes { id } } }': 300
    + 100
    + 10
    + 2,
    '{ articles(first: 2, where: {sections: {none: {heading: {contains: "a"}}}}) { nodes { id } } }': 300
    + 100
    + 320
    + 2,
    '{ articles(first: 2, where: {questions: {some: {question: {eq: "a"}}}}) { totalCount nodes { id } } }': 300
    + 100
    + 2 * 120
    + 2
    + 1,
    '{ questions(first: 2, where: {question: {contains: "a"}}) { nodes { id } } }': 50 + 300 + 400 + 200 + 2,
    "{ articles(first: 2) { totalCount nodes { id } } }": 300 + 100 + 2 + 1,
    # All publications are looked through, and each article in each of three locales, or of those that are named.
    '{ translations(site: "a") { totalCount } }': 100 + 600 + 450 + 1,
    '{ translations(site: "a", locales: ["de"]) { totalCount } }': 100 + 600 + 150 + 1,
    'query($l: [Locale!] = ["de", "fr"]) { translations(site: "a", locales: $l) { totalCount } }': 100
    + 600
    + 300
    + 1,
    '{ translations(site: "a", first: 3) { nodes { locale } pageInfo { endCursor } } }': 1_150 + 3 + 1,
    # A count looks through all of it once more.
    '{ translations(site: "a", first: 3) { ...T } } fragment T on TranslationConnection '
    "{ totalCount nodes { locale } }": 2 * 1_150 + 3 + 1,
    '{ redirects(site: "a") { totalCount } }': 100 + 6_000 + 1,
    '{ redirects(site: "a", first: 3) { totalCount edges { cursor } } }': 2 * 6_100 + 3 + 1,
    '{ brokenLinks(site: "a") { totalCount } }': 100 + 4_000 + 1,
    # What an address leads to may have to be looked for, in memory and out of it.
    '{ article(by: {path: "/en/a"}) { title } }': 40 + 1,
    '{ route(path: "/en/a") { kind } }': 60 + 1,
    # As many related links as are asked for, or as the largest article has links, if that is less.
    "{ articles(first: 2) { nodes { related(first: 3) { label } } } }": 2 + 2 * 3,
    "{ articles(first: 2) { nodes { related { label } } } }": 2 + 20,
    # Phrases are looked for everywhere, and texts cut into words for each fragment.
    '{ search(query: "\\"a b\\" \\"c d\\"", first: 2) { nodes { score } } }': 3_800 + 2 * 1_000 + 2,
    '{ search(query: "\u201ea b\u201c \u00abc d\u00bb -e", first: 2) { nodes { score } } }': 3_800
    + 3_000
    + 2,
    '{ search(query: "a", first: 2) { nodes { fragments(first: 4) } } }': 3_800 + 2 * (15 + 4 * 15) + 2,
    "{ a: articles(first: 2) { nodes { id } } b: articles(first: 3) { nodes { id } } }": 5,
}


@pytest.fixture(scope="module")
def schema() -> Any:
    """The schema."""
    return core_schema(build_schema())


def price(schema: Any, text: str, variables: dict[str, Any] | None = None, sizes: Sizes = SIZES) -> int:
    """Return the price of a document's first operation."""
    document = parse(text)
    operation: Any = document.definitions[0]
    return price_operation(schema, document, operation, Given(operation, variables or {}), sizes)


@pytest.mark.parametrize(("text", "expected"), PRICES.items())
def test_prices(text: str, expected: int, schema: Any) -> None:
    """A price is the number of objects that the answer can have."""
    assert price(schema, text) == expected


def test_what_memory_does_not_have_costs_more(schema: Any) -> None:
    """Of the past, and of drafts, root fields cost 45 more and facets three times as much; a search costs the same."""

    def price_past(text: str) -> int:
        document = parse(text)
        operation: Any = document.definitions[0]
        return price_operation(schema, document, operation, Given(operation, {}), SIZES, is_live=False)

    assert price_past("{ a: articles(first: 2) { nodes { id } } b: sites { key } }") == 2 + 2 + 2 * 45
    assert (
        price_past("{ articles(first: 0) { facets { years(first: 3) { count } } } }")
        == 3 * 250 + 1 + 3 + 45 + 1
    )
    assert price_past('{ suggest(prefix: "a") { text } }') == 12 * 220 + 10 + 45
    assert price_past('{ search(query: "a", first: 2) { nodes { score } } }') == 3_800 + 2 + 45


def test_numbers_written_as_floats(schema: Any) -> None:
    """An Int may be given as a number with nothing behind its point, and costs what it means."""
    text = "query($n: Int, $o: Int) { articles(first: $n, offset: $o) { nodes { id sections { heading } } } }"
    for n, o in ((50, 0), (7, 90)):
        given = {"n": float(n), "o": float(o)}
        assert price(schema, text, given) == price(schema, text, {"n": n, "o": o})
    assert price(schema, text, {"n": float("inf")}) == price(schema, text)


def test_prices_are_bounded_by_what_there_is(schema: Any) -> None:
    """A list of at most three costs three, however many are asked for."""
    query = "query($n: Int!) { articles(first: $n) { nodes { title sections { heading } } } }"
    few = Sizes(articles=3, parts={"section": (4, 7, 8)})
    assert price(schema, query, {"n": 100}, few) == 3 + 8
    assert price(schema, query, {"n": 1}, few) == 1 + 4
    assert price(schema, query, {"n": 100}, Sizes()) == 1


ONE = {"or": [{"slug": {"eq": "a"}}, {"not": {"slug": {"in": ["b", "c"]}}}]}
WRITTEN = '{or: [{slug: {eq: "a"}}, {not: {slug: {in: ["b", "c"]}}}]}'
FILTERS: list[tuple[str, dict[str, Any]]] = [
    (f"(where: {{and: [{WRITTEN * 20}]}})", {}),
    ("(where: $w)", {"w": {"and": [ONE] * 20}}),
    ("(where: {and: $l})", {"l": [ONE] * 20}),
    (f"(where: {{and: [{'$w ' * 10} {WRITTEN * 10}]}})", {"w": ONE}),
    ("(where: $d)", {}),
]


@pytest.mark.parametrize(("where", "variables"), FILTERS)
def test_comparisons_are_counted_wherever_they_stand(
    where: str, variables: dict[str, Any], schema: Any
) -> None:
    """Forty comparisons cost the same in a document, in variables, and partly in either: a hundredth an article."""
    defaults = f"$d: ArticleWhere = {{and: [{WRITTEN * 20}]}}"
    given = f"$w: ArticleWhere $l: [ArticleWhere!] {defaults}"
    text = f"query({given}) {{ articles{where} {{ pageInfo {{ endCursor }} }} }}"
    assert price(schema, text, variables, Sizes(articles=1_000)) == 300 + 400 + 1


def test_prices_multiply(schema: Any) -> None:
    """Fragments that each spread the next one twice, at other places, cost what they would return."""
    levels = 30
    fragments = "".join(
        f"fragment F{n} on Section {{ article {{ a: sections {{ ...F{n + 1} }} b: sections {{ ...F{n + 1} }} }} }} "
        for n in range(levels)
    )
    text = (
        "{ articles { nodes { sections { ...F0 } } } } "
        + fragments
        + f"fragment F{levels} on Section {{ id }}"
    )
    assert price(schema, text) > 10**11


def test_recommendations_cost_what_is_looked_at(schema: Any) -> None:
    """Whoever has more editions looked at to find recommendations raises the price: three take a hundredth of a ms."""
    looked_at = (2 * MOST_SHARED + 1) * NEWEST + MOST_LINKS + MOST_MATCHES
    query = "{ articles(first: 1) { nodes { recommendations(first: 0) { article { id } } } } }"
    assert looked_at / 3 < price(schema, query) < looked_at


def test_wrong_numbers_have_a_price(schema: Any) -> None:
    """What is refused when it is executed is priced like what is not said."""
    for wrong in (-1, 5_000, "many", None, [1]):
        assert price(schema, "query($n: Int) { articles(first: $n) { nodes { id } } }", {"n": wrong}) == 20


@pytest.mark.database
async def test_answers_tell_their_price(client: Client) -> None:
    """The price is in the extensions of the answer, also of one that is kept; one object more is one more."""
    await client.save(*(ArticleDraft("en", name, name.upper()) for name in "abcde"))
    client.service._counts._revision = -1
    await client.service._counts._count(0)
    query = "query($n: Int!) { articles(first: $n) { nodes { title } } }"
    for count in (2, 2, 3, 100):
        reply = await client.ask(query, n=count)
        assert reply.body["extensions"]["cost"] == min(count, 5)


@pytest.mark.database
async def test_too_costly_operations_are_refused(client: Client) -> None:
    """What costs more than it may is not executed; it is told what it costs, what it may, and what to do."""
    await client.save(*(ArticleDraft("en", name, name.upper()) for name in "abcde"))
    client.service._bounds = Bounds(cost=3)
    query = "query($n: Int!) { articles(first: $n) { nodes { title } } }"
    assert len((await client.ask(query, n=3)).data["articles"]["nodes"]) == 3
    reply = await client.ask(query, n=4)
    (error,) = reply.body["errors"]
    assert error["extensions"] == {"code": "COST_EXCEEDED", "cost": 4, "maximum": 3}
    assert "shorter pages" in error["message"]
    assert "data" not in reply.body
    assert not reply.statements


async def test_reading_a_long_document_counts_towards_what_it_may_cost(client: Client) -> None:
    """Each token above 200 costs 3 of what an operation may cost, known document or not; the price is without it."""
    await client.save(ArticleDraft("en", "a", "A"))

    async def ask(aliases: int) -> Any:
        titles = " ".join(f"a{number}: title" for number in range(aliases))
        return (await client.ask("{ articles(first: 1) { nodes { " + titles + " } } }")).body

    client.service._bounds = Bounds(cost=3 * 8 + 7)
    for _ in range(2):
        assert (await ask(65))["extensions"]["cost"] == 7
        (error,) = (await ask(66))["errors"]
        assert error["extensions"] == {"code": "COST_EXCEEDED", "cost": 3 * 11 + 7, "maximum": 3 * 8 + 7}
        assert "33 of it for reading its long document" in error["message"]


@pytest.mark.database
async def test_sizes_are_counted(client: Client) -> None:
    """The counts are those of live articles: the largest one, the two largest together, and so on."""
    sections = [SectionDraft(f"Part {n}", 2, body="Text.") for n in range(3)]
    questions = [QuestionDraft(f"Why {n}?", "So.") for n in range(2)]
    links = [LinkDraft("There", url="https://there.example")]
    await client.save(
        ArticleDraft("en", "a", "A", sections=sections, questions=questions, related=links),
        ArticleDraft("en", "b", "B", sections=sections[:1]),
        ArticleDraft("en", "c", "C"),
    )
    sizes = await Service(client.database, client.service.library)._counts.find()
    assert (sizes.articles, sizes.sites, sizes.questions) == (3, 1, 2)
    assert (sizes.publications, sizes.locales) == (3, 1)
    await client.save(ArticleDraft("de", "a", "A"), ArticleDraft("en", "c", "See"))
    client.service._counts._revision, client.service._counts._due = -1, 0
    sizes = await client.service._counts._count(0)
    assert (sizes.articles, sizes.publications, sizes.locales) == (3, 5, 2)
    assert [sizes.most("section", n) for n in range(4)] == [0, 3, 4, 4]
    assert [sizes.most("question", n) for n in (1, 5)] == [2, 2]
    assert sizes.most("link", 1) == 1
    assert sizes.live == {"section": 4, "question": 2, "link": 1}
