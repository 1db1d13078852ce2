"""`recommendations`: what is recommended beside an article, why, and in which order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from models.access import Role, system_actor
from models.draft import ArticleDraft, LinkDraft, QuestionDraft, SectionDraft
from models.live_index import LiveIndex
from models.publishing import unpublish_articles
from models.recommending import links, newest, tags
from schema.node import encode_id
from tests.client import TESTER, Client, article_id
from tests.editor import Editor
from tests.naive_recommendations import RECOMMENDED, Bounds, Linked, Look, check_recommendations

QUERY = """query($slug: String!, $first: Int) %s {
  article(by: {slug: $slug}) { recommendations(first: $first) { article { slug } reasons { kind tags { name } } } }
}"""
VIEWS = [("", 5), ("@view(revision: 2)", 2), ("@view(revision: 3)", 3), ("@view(perspective: DRAFT)", 5)]
LISTED = "query($first: Int) %s { articles(first: $first) { nodes { id " + RECOMMENDED + " } } }"
WORDS = [
    "estuary",
    "sextant",
    "halyard",
    "barnacle",
    "lighthouse",
    "keelson",
    "capstan",
    "regatta",
    "ferry",
    "shoal",
]


def draft(
    slug: str, *related: str, text: str = "", tags: tuple[str, ...] = (), locale: str = "en"
) -> ArticleDraft:
    """Return an article that names others as related."""
    links = [LinkDraft(target, article_id=article_id(target)) for target in related]
    return ArticleDraft(locale, slug, slug, intro=text, related=links, tags=list(tags))


async def ask(client: Client, slug: str, view: str = "", first: int = 20) -> list[tuple[str, list[str]]]:
    """Return what is recommended beside the article with this slug, each with the kinds of its reasons."""
    reply = await client.ask(QUERY % view, slug=slug, first=first)
    return [
        (one["article"]["slug"], [reason["kind"] for reason in one["reasons"]])
        for one in reply.data["article"]["recommendations"]
    ]


async def test_each_reason(client: Client) -> None:
    """What the author named comes first, in that order; then what shares tags, links or words, with all reasons."""
    rare = "The halyard and the capstan of the barnacle."
    await client.save(draft("hub"), draft("named-1"), draft("named-2"), draft("here"))
    await client.save(
        draft("here", "named-2", "named-1", text=f"{rare} See [hub](/en/hub).", tags=("Sea", "Boats")),
        draft("named-1", "here"),
        draft("named-2", tags=("sea",)),
        draft("hub", tags=("boats", "sea")),
        draft("tagged", tags=("Boats",)),
        draft("beside", text="Look at [the hub](/en/hub)."),
        draft("alike", text=f"About it: {rare.lower()}"),
        draft("other", text="Something else."),
    )
    found = await ask(client, "here")
    assert found[:3] == [
        ("named-2", ["NAMED", "TAG"]),
        ("named-1", ["NAMED", "LINK"]),
        ("hub", ["TAG", "LINK"]),
    ]
    assert sorted(found[3:]) == [("alike", ["TEXT"]), ("beside", ["SAME_LINK"]), ("tagged", ["TAG"])]
    assert await ask(client, "other") == []
    reply = await client.ask(QUERY % "", slug="here", first=3)
    tags = [one["reasons"][0]["tags"] for one in reply.data["article"]["recommendations"]]
    assert tags == [[], [], [{"name": "Sea"}, {"name": "Boats"}]]


async def test_more_and_rarer_things_in_common_come_first(client: Client) -> None:
    """Two tags count more than one, a rare one more than a common one; of equals the newer one comes first."""
    await client.save(*(draft(f"common-{number}", tags=("common",)) for number in range(3)))
    await client.save(draft("rare", tags=("rare",)))
    await client.save(draft("both", tags=("common", "rare")))
    await client.save(draft("here", tags=("common", "rare")))
    found = [slug for slug, _ in await ask(client, "here")]
    newest = [
        node["slug"]
        for node in (await client.ask("{ articles { nodes { slug } } }")).data["articles"]["nodes"]
    ]
    assert found == ["both", "rare", *(slug for slug in newest if slug.startswith("common"))]


async def test_one_word_is_not_likeness(client: Client) -> None:
    """Two rare words in common may be chance; several are likeness, and more of them in a shorter text are more."""
    filler = " ".join(f"filler{number}" for number in range(3000))
    await client.save(
        draft("here", text=" ".join(WORDS)),
        draft("two", text=" ".join(WORDS[:2])),
        draft("four", text=" ".join(WORDS[:4])),
        draft("eight", text=" ".join(WORDS[:8])),
        draft("long", text=f"{' '.join(WORDS[:8])} {filler}"),
        *(draft(f"n{number}", text=f"about number{number}") for number in range(20)),
    )
    found = await ask(client, "here")
    assert [kinds for _, kinds in found] == [["TEXT"]] * 3
    assert found[0][0] == "eight"


async def test_a_long_article_is_known_by_its_beginning(client: Client) -> None:
    """Words behind the first thousand, and behind the first thirty sections and questions, are not looked at."""
    text = " ".join(WORDS)
    within, behind = (" ".join(f"filler{count}n{number}" for number in range(count)) for count in (900, 1000))
    sections, questions = [SectionDraft("Part", body="So.")] * 31, [QuestionDraft("So?", "So.")] * 31
    await client.save(
        draft("text", text=text),
        draft("within", text=f"{within} {text}"),
        draft("behind", text=f"{behind} {text}"),
        replace(draft("asked"), sections=sections, questions=[QuestionDraft("So?", text)]),
        replace(draft("headed"), sections=[*sections, SectionDraft("Part", body=text)]),
        replace(draft("unasked"), questions=[*questions, QuestionDraft("So?", text)]),
    )
    found = {
        slug: dict(await ask(client, slug)) for slug in ("within", "behind", "asked", "headed", "unasked")
    }
    assert [slug for slug, beside in found.items() if "text" in beside] == ["within", "asked"]


async def test_only_what_the_view_shows(client: Client) -> None:
    """Drafts, replaced editions, other locales and what is not live are no recommendations, nor a way to one."""
    text = " ".join(WORDS)
    await client.save(draft("hub"), draft("a"), draft("gone"), draft("secret"))
    await client.save(
        draft("a", "gone", "hub", tags=("t",), text=text), draft("b", "hub", tags=("t",), text=text)
    )
    await client.save(draft("gone", "a", tags=("t",), text=text))
    await client.save(draft("c", locale="de", tags=("t",), text=text))
    assert [slug for slug, _ in await ask(client, "a", '@view(locales: ["en"])')] == ["gone", "hub", "b"]
    assert dict(await ask(client, "a"))["b"] == ["TAG", "SAME_LINK", "TEXT"]
    assert "c" in dict(await ask(client, "a"))
    await unpublish_articles(
        client.database, [article_id(x) for x in ("gone", "hub")], actor=system_actor("t")
    )
    await client.save(draft("new", "a", tags=("t",), text=text), publish=False)
    assert await ask(client, "a", '@view(locales: ["en"])') == [("b", ["TAG", "TEXT"])]
    assert await ask(client, "a", "@view(revision: 1)") == []
    assert [slug for slug, _ in await ask(client, "a", '@view(revision: 3, locales: ["en"])')] == [
        "gone",
        "hub",
        "b",
    ]
    previewer = await client.sign_in(Role.PREVIEWER)
    drafts = dict(await ask(previewer, "a", '@view(perspective: DRAFT, locales: ["en"])'))
    assert drafts == {
        "gone": ["NAMED", "TAG", "LINK", "TEXT"],
        "hub": ["NAMED"],
        "new": ["TAG", "LINK", "TEXT"],
        "b": ["TAG", "SAME_LINK", "TEXT"],
    }
    limited = await client.sign_in(Role.READER, locales=["en"])
    assert await ask(limited, "a") == [("b", ["TAG", "TEXT"])]


async def test_the_history_of_an_article_is_not_like_it(client: Client) -> None:
    """Former editions, of the article or of others, are no articles that are alike."""
    text = " ".join(WORDS)
    for number in range(4):
        await client.save(draft("a", text=f"{text} v{number}"), draft("b", text=f"{text} v{number}"))
    await client.save(draft("b", text="nothing of it any more"))
    assert await ask(client, "a") == []
    assert await ask(client, "a", "@view(revision: 4)") == [("b", ["TEXT"])]


async def test_sites_keep_to_themselves(editor: Editor) -> None:
    """Only what an author names is recommended from another site, and nothing of a site that one may not see."""
    for key in ("one", "two"):
        await editor.do("createSite", key=key, name=key, defaultLocale="en")
    text = " ".join(WORDS)
    other = await editor.create("Other", slug="other", site="two", publish=True, tags=["t"], intro=text)
    await editor.create("Another", slug="another", site="two", publish=True, tags=["t"], intro=text)
    related = [{"label": "x", "articleId": other["id"]}]
    await editor.create("A", slug="a", site="one", publish=True, tags=["t"], intro=text, related=related)
    assert await ask(editor.client, "a") == [("other", ["NAMED"])]
    assert [slug for slug, _ in await ask(editor.client, "other")] == ["another"]
    who = await editor.client.sign_in(Role.READER, sites=["one"])
    assert await ask(who, "a") == []


async def test_what_can_be_asked(client: Client) -> None:
    """`first` takes 0 to 20, and 6 by default; fewer are the beginning of more."""
    await client.save(*(draft(f"n{number}", tags=("t",)) for number in range(30)))
    whole = await ask(client, "n0")
    assert len(whole) == 20
    assert await ask(client, "n0", first=5) == whole[:5]
    assert await ask(client, "n0", first=0) == []
    reply = await client.ask('{ article(by: {slug: "n0"}) { recommendations { article { slug } } } }')
    assert [one["article"]["slug"] for one in reply.data["article"]["recommendations"]] == [
        s for s, _ in whole[:6]
    ]
    for first in (-1, 21):
        assert (await client.ask(QUERY % "", slug="n0", first=first)).codes == ["INVALID_ARGUMENT"]


@dataclass(frozen=True, slots=True)
class Crowd:
    """A service with many articles, and all that was saved of them: the drafts of each revision."""

    client: Client
    saves: list[list[ArticleDraft]]

    async def save(self, *drafts: ArticleDraft, publish: bool = True) -> None:
        """Save drafts as the next revision."""
        self.saves.append(list(drafts))
        await self.client.save(*drafts, publish=publish)

    def look(self, nodes: Sequence[Any], revision: int, bounds: Bounds) -> Look:
        """Return what a view of a revision shows, whose articles are known by their slugs and summaries."""
        drafts = [draft for saved in self.saves[:revision] for draft in saved]
        editions = {
            (draft.slug, draft.summary): Linked(
                name_node(draft.slug),
                "test",
                tuple(tag.lower() for tag in draft.tags),
                tuple(name_node(link.label) for link in draft.related),
            )
            for draft in drafts
        }
        return Look([editions[n["slug"], n["summary"]] for n in nodes], [*editions.values()], bounds)


def name_node(slug: str) -> str:
    """Return the id that the contract gives the article with this slug."""
    return encode_id("Article", article_id(slug))


@pytest.fixture
async def crowd(client: Client) -> Crowd:
    """A service with thirty articles that have tags, links and words in common at random, some of them drafts."""
    crowd, draw = Crowd(client, []), random.Random(11)
    names = [f"n{number}" for number in range(30)]
    await crowd.save(*map(draft, names))
    for part in (names[:15], names[15:], names[10:20]):
        edited = [
            draft(
                name,
                *draw.sample(names, 3),
                text=" ".join(draw.choices(WORDS, k=6)),
                tags=tuple(draw.sample(["a", "b", "c", "d", "e"], draw.randrange(4))),
            )
            for name in part
        ]
        await crowd.save(*(replace(one, summary=f"{len(crowd.saves)}") for one in edited))
    drafts = (draft(name, "n1", "n2", tags=("a", "b")) for name in names[:5])
    await crowd.save(*(replace(one, summary="draft") for one in drafts), publish=False)
    await unpublish_articles(client.database, [article_id(name) for name in names[-4:]], actor=TESTER)
    return crowd


@pytest.mark.parametrize("bounds", [Bounds(), Bounds(4, 2, 3), Bounds(2, 1, 2)], ids=str)
@pytest.mark.parametrize(("view", "revision"), VIEWS)
async def test_reasons_are_true(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch, view: str, revision: int, bounds: Bounds
) -> None:
    """Whatever is recommended is shown, once, and for exactly the reasons that there are; in memory or not alike.

    Of what shares a tag or a link only so many editions count as a bound says: those saved last until the view's
    revision, whether it shows them or not.
    """
    monkeypatch.setattr(newest, "NEWEST", bounds.newest)
    monkeypatch.setattr(links, "MOST_LINKS", bounds.links)
    for module in (tags, links):
        monkeypatch.setattr(module, "MOST_SHARED", bounds.shared)
    client = await crowd.client.sign_in(Role.PREVIEWER)
    nodes = await walk(client, view)
    look = crowd.look(nodes, revision, bounds)
    for article, node in zip(look.shown, nodes, strict=True):
        check_recommendations(article, look, node["recommendations"])
    kinds = {r["kind"] for node in nodes for one in node["recommendations"] for r in one["reasons"]}
    assert kinds >= {"NAMED", "TAG", "LINK", "TEXT"}
    client.service.index = LiveIndex(client.database, 0)
    assert await walk(client, view) == nodes


async def walk(client: Client, view: str) -> list[Any]:
    """Return all articles of a view with what is recommended beside them, asked for in pages."""
    query = (
        f"query($o: Int) {view} {{ articles(first: 5, offset: $o) {{ nodes {{ id slug summary "
        f"{RECOMMENDED} }} }} }}"
    )
    pages = [(await client.ask(query, o=o)).data["articles"]["nodes"] for o in range(0, 30, 5)]
    return [node for page in pages for node in page]


async def test_statements_do_not_grow(crowd: Crowd) -> None:
    """A list of many articles with what is recommended takes as few statements as one of few; then none."""
    counts = []
    for first in (2, 6):
        crowd.client.forget()
        await crowd.client.ask("{ articles(first: 1) { nodes { id } } }")
        reply = await crowd.client.ask(LISTED % "", first=first)
        assert len(reply.data["articles"]["nodes"]) == first
        counts.append(len(reply.statements))
    assert max(counts) <= 10
    reply = await crowd.client.ask(LISTED % "", first=5)
    assert len(reply.data["articles"]["nodes"]) == 5
    assert reply.statements == []


async def test_after_a_change(crowd: Crowd) -> None:
    """What was worked out is worked out anew when anything is published."""
    before = await ask(crowd.client, "n20")
    assert "fresh" not in dict(before)
    await crowd.client.save(draft("fresh", "n20"))
    assert dict(await ask(crowd.client, "n20"))["fresh"][0] == "LINK"
    await unpublish_articles(crowd.client.database, [article_id("fresh")], actor=system_actor("t"))
    assert await ask(crowd.client, "n20") == before
