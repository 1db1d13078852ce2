"""Suggestions as clients see them: what is suggested for what was typed, to whom, and what it costs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random
from typing import Any

import orjson
import pytest

from api.settings import Settings
from models.access import Role, anonymous_actor
from models.draft import ArticleDraft, QuestionDraft
from models.library import Library
from models.live_index import LiveIndex
from models.publishing import delete_articles, publish_articles, unpublish_articles
from models.searching import found_phrases
from schema.answer import Request
from tests.client import TESTER, Client, article_id, serve

QUERY = """query($prefix: String!, $first: Int! = 10, $kinds: [SuggestionKind!], $site: String, $locales: [Locale!],
  $perspective: Perspective, $revision: Revision, $at: DateTime)
  @view(locales: $locales, perspective: $perspective, revision: $revision, at: $at) {
  suggest(prefix: $prefix, first: $first, kinds: $kinds, site: $site) {
    text kind highlighted
    target { __typename ... on Article { slug } ... on Question { anchor } ... on Tag { slug } } } }"""

BREAD = ArticleDraft(
    "en",
    "bread",
    "Baking bread",
    questions=[QuestionDraft("How long does bread bake?"), QuestionDraft("Bread or cake?")],
    tags=["Bread & Butter", "Ovens"],
)
MORE = [
    ArticleDraft("en", "bread-soup", "Bread soup"),
    ArticleDraft("en", "cake", "Cake for a crème brûlée", tags=["Sweet bread"]),
]


async def suggest(client: Client, prefix: str, **variables: Any) -> Any:
    """Return what is suggested."""
    return (await client.ask(QUERY, prefix=prefix, **variables)).data["suggest"]


async def texts(client: Client, prefix: str, **variables: Any) -> list[str]:
    """Return the texts that are suggested."""
    return [one["text"] for one in await suggest(client, prefix, **variables)]


@pytest.fixture
async def library(client: Client) -> Client:
    """A service with some articles."""
    await client.save(BREAD, *MORE)
    return client


async def test_what_comes_first(library: Client) -> None:
    """Titles that begin with it, such tags, other titles, questions that begin with it, other tags, other questions."""
    found = await suggest(library, "bre")
    assert [(one["kind"], one["text"]) for one in found] == [
        ("ARTICLE", "Bread soup"),
        ("TAG", "Bread & Butter"),
        ("ARTICLE", "Baking bread"),
        ("QUESTION", "Bread or cake?"),
        ("TAG", "Sweet bread"),
        ("QUESTION", "How long does bread bake?"),
    ]
    assert [one["target"] for one in found[:4]] == [
        {"__typename": "Article", "slug": "bread-soup"},
        {"__typename": "Tag", "slug": "bread-butter"},
        {"__typename": "Article", "slug": "bread"},
        {"__typename": "Question", "anchor": "bread-or-cake"},
    ]
    assert await texts(library, "bre", first=2) == ["Bread soup", "Bread & Butter"]
    assert await texts(library, "bre", kinds=["QUESTION"]) == ["Bread or cake?", "How long does bread bake?"]
    assert await texts(library, "bre", kinds=[]) == await texts(library, "bre", first=0) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("BAK", ["Baking bread", "How long does bread bake?"]),
        ("bread bak", ["Baking bread", "How long does bread bake?"]),
        ("bread bak ", []),
        ("bread ", ["Bread soup", "Bread & Butter", "Baking bread", "Bread or cake?", "Sweet bread"]),
        ("brea ", []),
        ("creme bru", ["Cake for a crème brûlée"]),
        ("CRÈME", ["Cake for a crème brûlée"]),
        ("crème, (brul", ["Cake for a crème brûlée"]),
        ("how long d", ["How long does bread bake?"]),
        ("", []),
        (" ", []),
        ("?!", []),
        ('"*" OR NOT (bread)', []),
        ("%", []),
        ("\\", []),
        ("\N{ZERO WIDTH JOINER}\N{GRINNING FACE}", []),
        ("x" * 1_000, []),
    ],
)
async def test_what_is_typed(library: Client, typed: str, found: list[str]) -> None:
    """Case, accents and signs do not count; earlier words must stand as they are, the last may be a beginning."""
    assert await texts(library, typed, first=5) == found


async def test_words_with_apostrophes(client: Client) -> None:
    """What stands before or behind an apostrophe is found at each letter that is typed."""
    await client.save(
        ArticleDraft("fr", "eau", "L\u2019eau qu\u2019on boit"), ArticleDraft("fr", "dont", "Don't")
    )
    for typed in ("ea", "l'e", "l\u2019ea", "L'eau", "L'eau q", "bo"):
        assert await texts(client, typed) == ["L\u2019eau qu\u2019on boit"], typed
    for typed in ("d", "don", "don'", "don\u2019t", "dont"):
        assert await texts(client, typed) == ["Don't"], typed


async def test_scripts_of_all_kinds(client: Client) -> None:
    """What is typed in scripts without spaces may stand anywhere; signs and forms of letters do not hide a word."""
    await client.save(
        ArticleDraft("ja", "tower", "東京タワーの高さ"),
        ArticleDraft("ja", "half", "ﾀﾜｰ is a tower"),
        ArticleDraft("hi", "salt", "नमक और पानी"),
        ArticleDraft("ru", "tree", "Ёлки и сосны"),
        ArticleDraft("ar", "sea", "بحر كبير"),
        ArticleDraft("th", "rice", "ข้าวเหนียว"),
        ArticleDraft("de", "street", "Straße"),
    )
    for typed, slugs in (
        ("タワー", ["half", "tower"]),
        ("京", ["tower"]),
        ("東京 タ", ["tower"]),
        ("ワ", ["half", "tower"]),
        ("पान", ["salt"]),
        ("елк", ["tree"]),
        ("كب", ["sea"]),
        ("เหน", ["rice"]),
        ("STRASS", ["street"]),
        ("strasz", []),
    ):
        found = await suggest(client, typed, locales=["ja", "hi", "ru", "ar", "th", "de"])
        assert sorted(one["target"]["slug"] for one in found) == slugs, typed


async def test_highlighting_is_safe(client: Client) -> None:
    """What was typed is marked, and all else is escaped."""
    await client.save(
        ArticleDraft("en", "a", "<b>Bold</b> & `<mark>` brave"),
        ArticleDraft("en", "b", "Cafe\u0301 Straße 東京タワー"),
        ArticleDraft("en", "c", "A b", tags=["<i>Bx"]),
    )
    assert [one["highlighted"] for one in await suggest(client, "b")] == [
        "&lt;<mark>b</mark>&gt;<mark>B</mark>old&lt;/<mark>b</mark>&gt; &amp; `&lt;mark&gt;` <mark>b</mark>rave",
        "A <mark>b</mark>",
        "&lt;i&gt;<mark>B</mark>x",
    ]
    for typed, marked in (
        ("cafe", "<mark>Cafe\u0301</mark> Straße 東京タワー"),
        ("cafe stras", "<mark>Cafe\u0301</mark> <mark>Straß</mark>e 東京タワー"),
        ("タワ", "Cafe\u0301 Straße 東京<mark>タワ</mark>ー"),
    ):
        assert [one["highlighted"] for one in await suggest(client, typed)] == [marked]


async def test_what_the_view_does_not_show_is_not_suggested(client: Client) -> None:
    """Only what the view shows is suggested, by the texts that it has there; nothing of other sites or locales."""
    previewer = await client.sign_in(Role.PREVIEWER)
    elsewhere = await client.sign_in(Role.PREVIEWER, locales=["de"])
    question = QuestionDraft("Nightjar or owl?")
    secret = ArticleDraft("en", "secret", "Nightjar", questions=[question], tags=["Nightjars"])
    await client.save(secret, publish=False)
    everything = ["Nightjar", "Nightjars", "Nightjar or owl?"]
    assert await texts(client, "night") == await texts(elsewhere, "night", perspective="DRAFT") == []
    assert await texts(previewer, "night", perspective="DRAFT") == everything
    assert await texts(previewer, "night") == []
    later = 32_503_680_000_000
    await publish_articles(client.database, [article_id("secret")], actor=TESTER, live_from=later)
    assert await texts(client, "night") == []
    assert await texts(previewer, "night", at="3500-01-01T00:00:00Z") == everything
    assert (await client.ask(QUERY, prefix="night", at="3500-01-01T00:00:00Z")).codes == ["FORBIDDEN"]
    assert (await client.ask(QUERY, prefix="night", perspective="DRAFT")).codes == ["FORBIDDEN"]

    await publish_articles(client.database, [article_id("secret")], actor=TESTER)
    shown = client.database.head.revision
    assert await texts(client, "night") == everything
    assert await texts(client, "night", site="test") == everything
    assert (await client.ask(QUERY, prefix="night", site="nowhere")).codes == ["UNKNOWN_SITE"]
    await client.save(ArticleDraft("en", "secret", "Swallow"))
    assert (await texts(client, "night"), await texts(client, "swa")) == ([], ["Swallow"])
    assert await texts(client, "night", revision=shown) == everything
    await unpublish_articles(client.database, [article_id("secret")], actor=TESTER)
    assert await texts(client, "swa") == []
    await delete_articles(client.database, [article_id("secret")], actor=TESTER)
    assert await texts(previewer, "swa", perspective="DRAFT") == []


async def test_too_much_is_refused(client: Client) -> None:
    """At most 1,000 characters and 50 suggestions."""
    for variables, codes in (
        ({"prefix": "a" * 1_000}, []),
        ({"prefix": "a" * 1_001}, ["INVALID_ARGUMENT"]),
        ({"prefix": "a ,'" * 250}, []),
        ({"prefix": "a", "first": 50}, []),
        ({"prefix": "a", "first": 51}, ["INVALID_ARGUMENT"]),
        ({"prefix": "a", "first": -1}, ["INVALID_ARGUMENT"]),
    ):
        assert (await client.ask(QUERY, **variables)).codes == codes


def numbered(number: int) -> ArticleDraft:
    """Return an article with a question and a tag."""
    return ArticleDraft(
        "en",
        f"n{number}",
        f"Harbour {number}",
        questions=[QuestionDraft("Harbour?")],
        tags=[f"Harbour {number}"],
    )


async def test_statements_do_not_grow(client: Client) -> None:
    """Suggestions take as many statements among many articles as among few, and none once all is in memory."""
    previewer = await client.sign_in(Role.PREVIEWER)
    size, counts = client.service.library.limit, []
    for number in (2, 60):
        await client.save(*map(numbered, range(number)))
        for limit, perspective in ((0, "PUBLISHED"), (size, "PUBLISHED"), (size, "DRAFT")):
            client.forget(limit)
            await client.ask("{ sites { key } }")
            who = previewer if perspective == "DRAFT" else client
            replies = [
                await who.ask(QUERY, prefix=prefix, kinds=["QUESTION"], perspective=perspective)
                for prefix in ("harbour", "harb")
            ]
            counts.append([len(reply.statements) for reply in replies])
    # A credential takes one.
    assert counts[:3] == counts[3:] == [[4, 4], [5, 0], [5, 4]]


@pytest.mark.parametrize(
    ("limit", "kept"),
    [(1_000_000, (True, True)), (120_000, (True, False)), (40_000, (False, False)), (0, (False, False))],
)
async def test_little_room(client: Client, limit: int, kept: tuple[bool, bool]) -> None:
    """What does not fit into memory is found in the database, in the same order: questions first, then titles too."""
    await client.save(*map(numbered, range(30)))
    titles = sorted(f"Harbour {number}" for number in range(30))
    client.forget(limit)
    library = client.service.library
    for typed in ("harb", "HARBOUR", "harb"):
        assert await texts(client, typed, first=50) == [*titles, *titles[:20]]
        assert await texts(client, typed, first=50, kinds=["QUESTION"]) == ["Harbour?"] * 30
        assert library.size + library.phrases.size <= limit
    assert (library.phrases.titles is not None, library.phrases.questions is not None) == kept


async def test_room_that_gets_short(client: Client) -> None:
    """When more is live than fits, questions leave the memory, then titles; they come back when there is less again."""
    await client.save(*map(numbered, range(10)))
    client.forget(80_000)
    phrases = client.service.library.phrases
    for count, kept in ((10, (True, True)), (20, (True, False)), (40, (False, False)), (5, (True, True))):
        gone = [article_id(f"n{number}") for number in range(count, 40)]
        await client.save(*map(numbered, range(count)))
        if count == 5:
            await unpublish_articles(client.database, gone, actor=TESTER)
        assert await texts(client, "harb", first=50, kinds=["QUESTION"]) == ["Harbour?"] * count
        assert len(await texts(client, "harb", first=50, kinds=["ARTICLE"])) == count
        assert phrases.size <= phrases.limit
        assert (phrases.titles is not None, phrases.questions is not None) == kept


async def test_the_past_is_found_behind_much_that_is_newer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view of the past looks at the newest editions that it shows, not at later ones."""
    monkeypatch.setattr(found_phrases, "MOST_MATCHES", 1)
    monkeypatch.setattr(found_phrases, "MOST_EDITIONS", 3)
    monkeypatch.setattr(found_phrases, "MOST_PASSAGES", 6)
    await client.save(*map(numbered, range(2)))
    before = client.database.head.revision
    for _ in range(3):
        await client.save(*map(numbered, range(2, 8)))
        await client.save(*(ArticleDraft("en", f"n{number}", "Other") for number in range(2)))
    assert await texts(client, "harb", revision=before, kinds=["ARTICLE"]) == ["Harbour 0", "Harbour 1"]
    assert await texts(client, "harb", revision=before, kinds=["QUESTION"]) == ["Harbour?"] * 2


async def test_what_was_superseded_crowds_nothing_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what has the words, only what stands at the view's point and in its locales counts as looked at."""
    monkeypatch.setattr(found_phrases, "MOST_FOUND", 3)
    client.forget(0)
    await client.save(*map(numbered, range(3)))
    for number in range(5):
        again = replace(numbered(2), summary=f"Saved again, {number}")
        await client.save(again, publish=number % 2 == 0)
    middle = client.database.head.revision
    for number in range(5):
        await client.save(replace(numbered(number), locale="de", slug=f"h{number}"), key=f"n{number}")
    previewer = await client.sign_in(Role.PREVIEWER)
    expected = ["Harbour 0", "Harbour 1", "Harbour 2"]
    for view in (
        {"revision": middle},
        {"locales": ["en"]},
        {"perspective": "DRAFT", "locales": ["en"]},
        {"perspective": "DRAFT", "revision": middle},
    ):
        assert await texts(previewer, "harb", kinds=["ARTICLE"], **view) == expected
        assert await texts(previewer, "harbour", kinds=["QUESTION"], **view) == ["Harbour?"] * 3


@pytest.fixture
async def keeping(settings: Settings) -> AsyncIterator[Client]:
    """A client of a service that keeps answers."""
    async with serve(replace(settings, response_cache_bytes=1_000_000)) as client:
        yield client


async def test_kept_answers_are_fresh(keeping: Client) -> None:
    """After each of random changes, suggestions are what a service without memory finds."""
    client, random = keeping, Random(5)
    await client.save(numbered(0))
    query = '{ a: suggest(prefix: "har") { text } b: suggest(prefix: "qu", kinds: [QUESTION, TAG]) { text } }'
    for step in range(25):
        number = random.randrange(5)
        title = random.choice(["Harbour", "Quay", "Harvest"])
        question = QuestionDraft(f"{random.choice(['Quay', 'Harp'])} {step}?")
        draft = ArticleDraft("en", f"n{number}", f"{title} {number}", questions=[question], tags=[title])
        await client.save(draft, publish=random.random() < 0.7)
        kept = (await client.ask(query)).data
        service = client.service
        index, library = service.index, service.library
        service.index, service.library = LiveIndex(client.database, 0), Library(client.database, 0)
        fresh = await service.ask(Request(query), anonymous_actor(may_read=True))
        service.index, service.library = index, library
        assert kept == orjson.loads(orjson.dumps(fresh.data))
