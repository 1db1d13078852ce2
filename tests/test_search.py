"""Searches as clients see them: what finds an article, which part of it, and what never does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.access import Role
from models.draft import ArticleDraft, QuestionDraft, SectionDraft, SectionKind
from models.publishing import delete_articles, unpublish_articles
from tests.client import TESTER, Client, article_id

SEARCH = """query($words: String!, $first: Int, $after: String, $where: ArticleWhere, $locales: [Locale!],
  $revision: Revision, $perspective: Perspective)
  @view(locales: $locales, revision: $revision, perspective: $perspective) {
  search(query: $words, first: $first, after: $after, where: $where) {
    totalCount didYouMean pageInfo { hasNextPage endCursor }
    nodes { score fragments article { slug } part { ... on Section { heading } ... on Question { question } } } } }"""

BREAD = ArticleDraft(
    "en",
    "bread",
    "Baking bread",
    summary="A loaf from flour, water and salt.",
    intro="Nobody needs a machine for a crème brûlée.",
    sections=[SectionDraft("Sourdough starters", 2, body="Feed the culture <b>daily</b> & wait.")],
    questions=[
        QuestionDraft("Why does my dough not rise?", "The yeast may be too old, or the kitchen too cold."),
        QuestionDraft("How long should it bake?", "Forty minutes in a hot oven."),
    ],
    tags=["Cooking"],
)
TIDES = ArticleDraft("en", "tides", "The tides", intro="The sea rises twice a day because the moon pulls.")


async def search(client: Client, query: str, **variables: Any) -> Any:
    """Return what a search answers."""
    reply = await client.ask(SEARCH, words=query, **variables)
    return reply.data["search"]


async def slugs(client: Client, query: str, **variables: Any) -> list[str]:
    """Return the slugs of the articles that a search finds, the best first."""
    return [node["article"]["slug"] for node in (await search(client, query, **variables))["nodes"]]


@pytest.fixture
async def library(client: Client) -> Client:
    """A service with an article about bread and one about tides."""
    await client.save(BREAD, TIDES)
    return client


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("baking bread", None),
        ("flour and salt", None),
        ("cook", None),
        ("sourdough", {"heading": "Sourdough starters"}),
        ("feeding a culture", {"heading": "Sourdough starters"}),
        ("why doesn't the dough rise", {"question": "Why does my dough not rise?"}),
        ("yeasts", {"question": "Why does my dough not rise?"}),
        ("BAKES how long", {"question": "How long should it bake?"}),
        ("creme brulee", None),
        ("crème brûlée", None),
    ],
)
async def test_what_finds_an_article(library: Client, query: str, part: Any) -> None:
    """Words of any place and in any form find the article, and the part that answers best."""
    best = (await search(library, query))["nodes"][0]
    assert (best["article"], best["part"]) == ({"slug": "bread"}, part)


async def test_beginnings_of_words(library: Client) -> None:
    """The last word may be the beginning of one, until something follows it."""
    assert await slugs(library, "sourd") == ["bread"]
    assert await slugs(library, "so") == ["bread"]
    assert await slugs(library, "sourd sea") == ["tides"]
    assert (await search(library, "sourd "))["nodes"] == []


@pytest.mark.parametrize("typed", ["sourdouhg", "surdough", "sourdouggh", "sourdeugh", "sourdogh strters"])
async def test_slips(library: Client, typed: str) -> None:
    """A word that nothing has stands for the nearest one that something has, and that is told."""
    found = await search(library, typed)
    assert found["nodes"][0]["part"] == {"heading": "Sourdough starters"}
    assert found["didYouMean"] == ("sourdough starters" if " " in typed else "sourdough")


async def test_nothing_near(library: Client) -> None:
    """A word that is far from all finds nothing and corrects nothing; short ones are left as they are."""
    for typed in ("xylophone", "zq", "1234567", "?!", "", "   ", '""', "-"):
        found = await search(library, typed)
        assert (found["nodes"], found["didYouMean"], found["totalCount"]) == ([], None, 0), typed


async def test_scripts_without_spaces(client: Client) -> None:
    """Words of scripts without spaces are found inside of longer texts, and so are signs that stand on letters."""
    await client.save(
        ArticleDraft("ja", "tower", "東京タワーの高さ"),
        ArticleDraft("zh", "rice", "为什么米饭会粘"),
        ArticleDraft("hi", "salt", "नमक और पानी"),
        ArticleDraft("ru", "tree", "Ёлки и сосны"),
        key=None,
    )
    for locale, query, slug in (
        ("ja", "タワー", "tower"),
        ("ja", "ﾀﾜｰ", "tower"),
        ("ja", "高", "tower"),
        ("ja", "さ", "tower"),
        ("zh", "米饭", "rice"),
        ("hi", "पानी", "salt"),
        ("ru", "елка", "tree"),
    ):
        assert await slugs(client, query, locales=[locale]) == [slug]


async def test_exact_names_come_first(client: Client) -> None:
    """What is called exactly as was typed comes before what has that and more in its name, however often."""
    await client.save(
        ArticleDraft("en", "long", "Tide tables and tide pools", intro="Tides, tides and tides."),
        ArticleDraft("en", "short", "Tide", intro="It rises."),
        ArticleDraft(
            "en", "other", "Sea", intro="A tide is of the sea.", sections=[SectionDraft("Tide charts", 2)]
        ),
    )
    assert (await slugs(client, "tides"))[0] == "short"
    assert (await slugs(client, "tide tables and tide pools"))[0] == "long"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("sour\u00addough", "sourdough"),
        ("sour\u2060dough", "sourdough"),
        ("sourdough", "sour\u00addough"),
        ("smørrebrød", "smorrebrod"),
        ("Œuvre", "oeuvre"),
        ("Łódź", "lodz"),
        ("Ægir", "aegir"),
    ],
)
async def test_ways_to_write_a_word(client: Client, text: str, typed: str) -> None:
    """What is seen as one word is one, and letters are found by those who cannot type them."""
    await client.save(ArticleDraft("en", "found", f"On {text} alone"))
    found = await search(client, typed)
    assert [node["article"]["slug"] for node in found["nodes"]] == ["found"]
    assert found["didYouMean"] is None


async def test_slips_in_short_words(client: Client) -> None:
    """Words of three letters are put right where their first letter is, and stand for longer ones that have a slip."""
    await client.save(ArticleDraft("en", "xml", "XML"), ArticleDraft("en", "http", "HTTP"))
    for typed, meant in (("xlm", "xml"), ("xmll", "xml"), ("htp", "http")):
        found = await search(client, typed)
        assert ([node["article"]["slug"] for node in found["nodes"]], found["didYouMean"]) == ([meant], meant)
    assert await slugs(client, "aml") == []


async def test_pros_and_cons(client: Client) -> None:
    """What stands in pros or cons is found and shown."""
    section = SectionDraft(
        "Buying", 2, kind=SectionKind.PROS_AND_CONS, pros=["It is cheap."], cons=["It may rust."]
    )
    await client.save(ArticleDraft("en", "knife", "A knife", sections=[section]))
    (node,) = (await search(client, "rusting"))["nodes"]
    assert node["part"] == {"heading": "Buying"}
    assert node["fragments"] == ["It is cheap.\nIt may <mark>rust</mark>."]


async def test_languages_of_the_view(client: Client) -> None:
    """Words are taken in the languages of the view's locales, and found in the locale that it shows."""
    await client.save(
        ArticleDraft("en", "cats", "Cats"), ArticleDraft("de", "katzen", "Die Katze im Haus"), key="cats"
    )
    assert await slugs(client, "Häuser", locales=["de"]) == ["katzen"]
    assert await slugs(client, "Katzen", locales=["en"]) == []
    assert await slugs(client, "katze cat", locales=["de", "en"]) == ["katzen"]


async def test_common_words_are_not_corrected(client: Client) -> None:
    """A word that very much has is found in whatever languages are asked, beside rarer ones, and never corrected."""
    await client.save(
        *(ArticleDraft("en", f"tides-{n}", f"Tides {n}", intro="Times of the tides.") for n in range(30)),
        ArticleDraft("en", "dough", "Dough", intro="Sides of a loaf."),
    )
    await client.save(ArticleDraft("de", "tide", "Die Tide"), key="german")
    for locales, perspective in ((["en"], "PUBLISHED"), (["en", "de"], "PUBLISHED")):
        found = await search(client, "tides", locales=locales, perspective=perspective)
        assert found["didYouMean"] is None
        assert found["totalCount"] >= 30
        assert found["nodes"][0]["article"]["slug"].startswith("tide")
        found = await search(client, "tides dough", locales=locales, perspective=perspective)
        assert found["didYouMean"] is None
        assert found["nodes"][0]["article"]["slug"] == "dough"


async def test_fragments_are_safe(library: Client) -> None:
    """Fragments mark what was searched for, and all else of them is escaped."""
    node = (await search(library, "culture daily"))["nodes"][0]
    assert node["fragments"] == ["Feed the <mark>culture</mark> <mark>daily</mark> &amp; wait."]
    harmful = ArticleDraft("en", "x", "X", intro="Type `<script>alert(1)</script>` & `<mark>` there.")
    await library.save(harmful)
    node = (await search(library, "alert type"))["nodes"][0]
    assert node["fragments"] == [
        "<mark>Type</mark> &lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt; &amp; &lt;mark&gt; there."
    ]


async def test_pages(client: Client) -> None:
    """Pages follow each other without gap or repetition, at the revision of the first one."""
    await client.save(*(ArticleDraft("en", f"a{n}", f"Harbour {n}", intro="Boats. " * n) for n in range(7)))
    everything = await slugs(client, "harbour boats")
    assert len(everything) == 7
    found, after = [], None
    while True:
        page = await search(client, "harbour boats", first=3, after=after)
        found += [node["article"]["slug"] for node in page["nodes"]]
        assert page["totalCount"] == 7
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
        await client.save(ArticleDraft("en", f"new-{len(found)}", "Harbour boats, harbour boats"))
    assert found == everything
    reply = await client.ask(SEARCH, words="another", after=after)
    assert reply.codes == ["INVALID_CURSOR"]


async def test_conditions(client: Client) -> None:
    """`where` narrows what is found as it narrows a list."""
    await client.save(
        ArticleDraft("en", "a", "Harbour one", tags=["Sea"]), ArticleDraft("en", "b", "Harbour two")
    )
    assert await slugs(client, "harbour", where={"tags": {"some": {"eq": "sea"}}}) == ["a"]


async def test_long_queries_are_refused(client: Client) -> None:
    """More than 1,000 characters, 100 different words or five phrases are refused; the same word counts once."""
    for words, codes in (
        ("a" * 1_000, []),
        ("a" * 1_001, ["INVALID_ARGUMENT"]),
        ("word " * 150, []),
        (" ".join(f"w{number}" for number in range(101)), ["INVALID_ARGUMENT"]),
        ('"a b" "c" -d -e -"f g"', []),
        ('"a b" "c" -d -e -"f g" -h', ["INVALID_ARGUMENT"]),
    ):
        assert (await client.ask(SEARCH, words=words)).codes == codes


async def test_what_the_view_does_not_show_finds_nothing(client: Client) -> None:
    """Drafts, what was withdrawn and what was deleted find nothing for the public, nor correct what is typed."""
    previewer = await client.sign_in(Role.PREVIEWER)
    await client.save(ArticleDraft("en", "secret", "Operation Nightjar"), publish=False)
    for typed in ("nightjar", "nightjra", "nightj"):
        found = await search(client, typed)
        assert (found["nodes"], found["didYouMean"]) == ([], None)
    draft = await search(previewer, "nightjra", perspective="DRAFT")
    assert ([n["article"]["slug"] for n in draft["nodes"]], draft["didYouMean"]) == (["secret"], "nightjar")

    await client.save(ArticleDraft("en", "public", "Ordinary Swallow"))
    shown = client.database.head.revision
    await unpublish_articles(client.database, [article_id("public")], actor=TESTER)
    assert await slugs(client, "swallow") == []
    await delete_articles(client.database, [article_id("public")], actor=TESTER)
    assert await slugs(client, "swallow") == []
    assert await slugs(previewer, "swallow", perspective="DRAFT") == []
    assert await slugs(client, "swallow", revision=shown) == ["public"]


async def test_scores_do_not_tell_of_drafts(client: Client) -> None:
    """Whatever words stand in drafts that nobody may see, what is found has the score that it has without them."""
    parts = [SectionDraft(f"Part {n}", 2, body="Ordinary words of passage.") for n in range(218)]
    await client.save(
        ArticleDraft("en", "public", "Ordinary Swallow", intro="A bird of passage."),
        ArticleDraft("en", "crowd", "Ordinary crowd", sections=parts),
    )
    queries = ("nightjar swallow", '"swallow" passage nightjar', "swalow", "swallow passage", "swall")
    before = [(await search(client, typed))["nodes"] for typed in queries]
    secrets = [ArticleDraft("en", f"secret-{n}", "Swallow the Nightjar", intro="Swalow.") for n in range(3)]
    await client.save(*secrets, publish=False)
    assert [(await search(client, typed))["nodes"] for typed in queries] == before


async def test_statements_do_not_grow(client: Client) -> None:
    """A search reads as many statements for a hundred hits as for one."""
    counts = []
    for number in (1, 60):
        await client.save(
            *(
                ArticleDraft(
                    "en",
                    f"{number}-{n}",
                    f"Harbour {n}",
                    sections=[SectionDraft("Quay", 2, body="Boats at the quay.")],
                )
                for n in range(number)
            )
        )
        client.forget()
        reply = await client.ask(SEARCH, words="boats quay", first=100)
        assert reply.data["search"]["totalCount"] >= number
        counts.append(len(reply.statements))
    assert counts[0] == counts[1] <= 8


async def test_only_what_is_shown_is_chosen_from(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts, old editions, other languages and what a filter leaves out keep nothing from being found."""
    monkeypatch.setattr("models.searching.finding.CANDIDATES", 100)
    harbours = [ArticleDraft("en", f"h{n}", f"Harbour {n}", intro="Boats.") for n in range(80)]
    await client.save(*harbours)

    async def find(**variables: Any) -> list[Any]:
        client.forget()
        return list((await search(client, "boats", first=100, locales=["en"], **variables))["nodes"])

    found = await find()
    assert {node["article"]["slug"] for node in found} == {one.slug for one in harbours}
    revision = (await client.ask("{ head }")).data["head"]
    loud = [SectionDraft("Boats boats", 2, body="Boats and boats.")] * 3
    # As many as leave room for most of what is shown.
    await client.save(*(ArticleDraft("en", f"d{n}", "Boats", sections=loud) for n in range(5)), publish=False)
    await client.save(*(ArticleDraft("de", f"g{n}", "Boats", sections=loud) for n in range(5)))
    await client.save(replace(harbours[0], title="Boats, boats"), publish=False)
    assert await find() == found
    await client.save(*(ArticleDraft("en", f"b{n}", "Boats", sections=loud) for n in range(5)))
    assert await find(revision=revision) == found
    filtered = await find(where={"slug": {"in": [one.slug for one in harbours]}})
    assert [node["article"] for node in filtered] == [node["article"] for node in found]


async def test_very_common_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what more has than the database looks through, the newest is found; pages and filters stay what they are."""
    monkeypatch.setattr("models.searching.finding.MOST_RANKED", 5)
    monkeypatch.setattr("models.searching.finding.CANDIDATES", 4)
    await client.save(*(ArticleDraft("en", f"h{n}", f"Harbour {n}", intro="Boats.") for n in range(9)))
    assert set(await slugs(client, "boats")) == {"h8", "h7", "h6", "h5"}
    assert await slugs(client, "boats", where={"slug": {"eq": "h0"}}) == ["h0"]
    assert await slugs(client, "-boats harbour") == []
