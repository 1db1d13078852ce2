"""Translations beside their originals: missing, outdated or current, through every view; and confirming them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from typing import Any

import pytest

from api.settings import Settings
from models.access import Role
from models.draft import ArticleDraft
from models.publishing import delete_articles, publish_articles, unpublish_articles
from models.sites import SiteFields, create_site, update_site
from schema.node import encode_id
from tests.client import SITE, TESTER, Client, article_id, serve
from tests.editor import Editor, sign_in_editor

LOCALES = ["en", "de", "fr"]
SITE_QUERY = """query($perspective: Perspective!, $revision: Revision, $locales: [Locale!],
  $statuses: [TranslationStatus!], $first: Int, $after: String) @view(perspective: $perspective, revision: $revision) {
  translations(site: "test", locales: $locales, statuses: $statuses, first: $first, after: $after) {
    totalCount nodes { ...Told } edges { node { locale } } pageInfo { hasNextPage endCursor } } }
  fragment Told on Translation { locale status isOriginal basis since article { locale } original { slug locale } }"""
ARTICLES_QUERY = """query($perspective: Perspective!, $revision: Revision)
  @view(perspective: $perspective, revision: $revision, locales: ["fr", "de", "en"]) {
  articles(first: 100) { nodes { id translations {
    locale status isOriginal basis since article { locale } original { slug locale } } } } }"""
CONFIRM = """mutation($input: ConfirmTranslationInput!) { confirmTranslation(input: $input) {
  article { locale } revision errors { __typename message code path } } }"""


@pytest.fixture
async def tides(client: Client) -> Client:
    """A client of a service with an article in English and German, on a site that has French as well."""
    for locale in ("en", "de", "fr"):
        await client.save(ArticleDraft(locale, f"t-{locale}", "Tides"), key="t")
    await delete_articles(client.database, [article_id("t")], ["fr"], actor=TESTER)
    return client


async def save(client: Client, locale: str, title: str, key: str = "t", *, publish: bool = True) -> None:
    """Save an article in a locale."""
    await client.save(ArticleDraft(locale, f"{key}-{locale}", title), key=key, publish=publish)


async def told(client: Client, **variables: Any) -> list[tuple[Any, ...]]:
    """Return locale, status, basis and since of what a site has to do."""
    page = (await client.ask(SITE_QUERY, **{"perspective": "PUBLISHED", **variables})).data["translations"]
    assert page["totalCount"] >= len(page["nodes"])
    return [(one["locale"], one["status"], one["basis"], one["since"]) for one in page["nodes"]]


async def confirm(client: Client, locale: str, revision: int, key: str = "t") -> Any:
    """Confirm a translation and return the payload."""
    named = {"id": encode_id("Article", article_id(key)), "locale": locale, "ifRevision": revision}
    return (await client.ask(CONFIRM, input=named)).data["confirmTranslation"]


async def test_original_changes(tides: Client) -> None:
    """A translation is outdated from the original's first change until it is saved; what is not there is missing."""
    missing = ("fr", "MISSING", None, None)
    head = tides.database.head
    german = 2
    assert await told(tides) == [missing]
    await save(tides, "en", "Tides!")
    changed = head.revision
    await save(tides, "en", "Tides!!")
    previewer = await tides.sign_in(Role.PREVIEWER)
    drafts = await told(previewer, perspective="DRAFT")
    assert drafts == [("de", "OUTDATED", german, changed), missing]
    assert await told(tides) == [("de", "OUTDATED", german, changed + 1), missing]
    await save(tides, "de", "Gezeiten")
    assert await told(tides) == [missing]
    assert await told(tides, statuses=["CURRENT"]) == [("de", "CURRENT", head.revision, None)]
    assert await told(tides, statuses=[]) == []
    assert await told(tides, locales=["de"]) == []


async def test_publishing_changes_nothing_of_words(tides: Client) -> None:
    """Taking the original off the site and publishing it again is no change of it."""
    for verb in (unpublish_articles, publish_articles):
        await verb(tides.database, [article_id("t")], ["en"], actor=TESTER)
    assert await told(tides, locales=["de"]) == []


async def test_the_public_learns_nothing_of_drafts(tides: Client) -> None:
    """Drafts of the original or of a translation are nowhere in what a view of the published tells."""
    before = await tides.ask(ARTICLES_QUERY, perspective="PUBLISHED"), await told(tides)
    await save(tides, "en", "Draft", publish=False)
    await save(tides, "fr", "Brouillon", publish=False)
    await save(tides, "de", "Entwurf", publish=False)
    await save(tides, "en", "Draft", publish=False, key="u")
    after = await tides.ask(ARTICLES_QUERY, perspective="PUBLISHED"), await told(tides)
    assert (after[0].data, after[1]) == (before[0].data, before[1])
    for client in (tides, await tides.sign_in(Role.READER)):
        reply = await client.ask(SITE_QUERY, perspective="DRAFT")
        assert set(reply.codes) <= {"FORBIDDEN", "UNAUTHENTICATED"}
        assert reply.codes


async def test_scopes(tides: Client) -> None:
    """Who may read some locales is told of no others: of what they may read the first is the original."""
    await save(tides, "en", "Tides!")
    reader = await tides.sign_in(Role.READER, locales=["de", "fr"])
    assert await told(reader) == [("fr", "MISSING", None, None)]
    refused = await reader.ask(SITE_QUERY, perspective="PUBLISHED", locales=["en"])
    assert refused.codes == ["INVALID_ARGUMENT"]
    articles = (await reader.ask(ARTICLES_QUERY, perspective="PUBLISHED")).data["articles"]["nodes"]
    assert [one["locale"] for one in articles[0]["translations"]] == ["de", "fr"]
    await create_site(tides.database, "other", SiteFields(default_locale="en"), actor=TESTER)
    elsewhere = await tides.sign_in(Role.READER, sites=["other"])
    assert (await elsewhere.ask(SITE_QUERY, perspective="PUBLISHED")).codes == ["UNKNOWN_SITE"]


async def test_confirming(tides: Client) -> None:
    """A confirmed translation is current as of the revision that was compared, and outdated by the next change."""
    editor = await tides.sign_in(Role.EDITOR)
    await save(tides, "en", "Tides!")
    compared = tides.database.head.revision
    await save(tides, "en", "Tides!!")
    payload = await confirm(editor, "de", compared)
    assert (payload["article"], payload["errors"]) == ({"locale": "de"}, [])
    outdated = ("de", "OUTDATED", compared, compared + 1)
    assert await told(tides, locales=["de"]) == [outdated]
    assert await told(editor, locales=["de"], perspective="DRAFT") == [outdated]
    again = await confirm(editor, "de", compared)
    assert (again["article"], again["revision"]) == (None, None)
    assert [(e["__typename"], e["message"]) for e in again["errors"]] == [
        (
            "ConflictError",
            f"The original was changed at revision {compared + 1}, after {compared}; compare it with that.",
        )
    ]
    done = (await confirm(editor, "de", compared + 1))["revision"]
    assert await told(tides, locales=["de"]) == []
    for revision in (compared, done):
        unchanged = await confirm(editor, "de", revision)
        assert (unchanged["revision"], unchanged["errors"]) == (None, [])
    # Nothing of it was so before.
    assert await told(tides, locales=["de"], revision=done - 1) == [outdated]
    assert await told(tides, locales=["de"], revision=compared) == [("de", "OUTDATED", 2, compared)]
    await save(tides, "en", "Tides!!!")
    assert await told(tides, locales=["de"]) == [("de", "OUTDATED", compared + 1, done + 1)]


async def test_confirmations_are_of_an_edition(tides: Client) -> None:
    """Confirming the newest edition says nothing of the older one that is live."""
    editor = await tides.sign_in(Role.EDITOR)
    await save(tides, "de", "Entwurf", publish=False)
    await save(tides, "en", "Tides!")
    await confirm(editor, "de", tides.database.head.revision)
    assert await told(editor, locales=["de"], perspective="DRAFT") == []
    assert [one[1] for one in await told(tides, locales=["de"])] == ["OUTDATED"]


async def test_what_cannot_be_confirmed(tides: Client) -> None:
    """The original, what is not there, what was saved since, and a revision to come are refused; nothing is kept."""
    editor = await tides.sign_in(Role.EDITOR)
    german = await tides.sign_in(Role.EDITOR, locales=["de"])
    await save(tides, "en", "Tides!")
    head = tides.database.head.revision
    for client, locale, revision, code in (
        (editor, "en", head, "INVALID_ARGUMENT"),
        (editor, "fr", head, "NOT_FOUND"),
        (editor, "de", 1, "CONFLICT"),
        (editor, "de", head + 1, "INVALID_ARGUMENT"),
        (german, "en", head, "NOT_FOUND"),
        (german, "de", head, "INVALID_ARGUMENT"),
        (await tides.sign_in(Role.PREVIEWER), "de", head, "FORBIDDEN"),
    ):
        payload = await confirm(client, locale, revision)
        assert [error["code"] for error in payload["errors"]] == [code], (locale, revision)
        assert (payload["article"], payload["revision"]) == (None, None)
    assert tides.database.head.revision == head


async def test_pages(client: Client) -> None:
    """Pages have every translation once, the newest articles first, whatever is published meanwhile."""
    await save(client, "en", "A", "a0")
    await update_site(client.database, SITE.key, SiteFields(locales=LOCALES), actor=TESTER)
    for number in range(1, 4):
        await save(client, "en", "A", f"a{number}")
    expected = [(f"a{n}-en", locale) for n in (3, 2, 1, 0) for locale in ("de", "fr")]
    seen, after = [], None
    for _ in range(3):
        reply = await client.ask(SITE_QUERY, perspective="PUBLISHED", first=3, after=after)
        page = reply.data["translations"]
        assert page["totalCount"] == 8
        assert [edge["node"]["locale"] for edge in page["edges"]] == [one["locale"] for one in page["nodes"]]
        seen += [(one["original"]["slug"], one["locale"]) for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        await save(client, "de", "B", f"a{len(seen) % 4}")
    assert not page["pageInfo"]["hasNextPage"]
    assert sorted(seen) == sorted(expected)
    assert [slug for slug, _ in seen[:1]] == ["a3-en"] or len({slug for slug, _ in seen}) == 4
    other = await client.ask(SITE_QUERY, perspective="PUBLISHED", locales=["fr"], after=after)
    assert other.codes == ["INVALID_CURSOR"]


@dataclass
class Model:
    """What was saved of each article in each locale, by hand; drafts and what is live."""

    drafts: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    live: dict[tuple[str, str], int] = field(default_factory=dict)
    confirmed: dict[tuple[str, str, int], list[int]] = field(default_factory=dict)

    def copied(self) -> Model:
        """Return the model as it is now."""
        drafts = {place: list(saved) for place, saved in self.drafts.items()}
        confirmed = {place: list(saved) for place, saved in self.confirmed.items()}
        return Model(drafts, dict(self.live), confirmed)

    def expect(self, key: str, *, drafts: bool) -> dict[str, tuple[Any, ...]]:
        """Return status, basis and since of an article by locale; empty where there is nothing of it."""
        if drafts:
            shown = {lo: saved[-1] for (k, lo), saved in self.drafts.items() if k == key and saved}
        else:
            shown = {lo: saved for (k, lo), saved in self.live.items() if k == key}
        if not shown:
            return {}
        original = "en" if "en" in shown else min(shown)
        return {lo: self.judge(key, lo, shown, original, drafts=drafts) for lo in LOCALES}

    def judge(
        self, key: str, locale: str, shown: dict[str, int], original: str, *, drafts: bool
    ) -> tuple[Any, ...]:
        """Return status, basis and since of a translation."""
        if locale not in shown:
            return ("MISSING", None, None)
        saved = shown[locale]
        basis = max([saved, *self.confirmed.get((key, locale, saved), [])])
        if basis >= shown[original]:
            return ("CURRENT", basis, None)
        changes = [n for n in self.drafts[key, original] if n > basis] if drafts else [shown[original]]
        return ("OUTDATED", basis, min(changes))


KEYS = ("a", "b")


async def act(client: Client, editor: Client, model: Model, random: Random) -> None:
    """Do something at random, in the product and in the model."""
    key, locale = random.choice(KEYS), random.choice(LOCALES)
    place, head = (key, locale), client.database.head
    verb = random.choice(["save", "save", "save", "draft", "confirm", "confirm", "unpublish", "delete"])
    if verb in {"save", "draft"}:
        await save(client, locale, f"Title {head.revision}", key, publish=verb == "save")
        model.drafts.setdefault(place, []).append(head.revision)
        if verb == "save":
            model.live[place] = head.revision
    elif verb == "confirm" and model.drafts.get(place):
        as_of = random.randint(max(1, head.revision - 4), head.revision)
        if (await confirm(editor, locale, as_of, key))["revision"] is not None:
            model.confirmed.setdefault((key, locale, model.drafts[place][-1]), []).append(as_of)
    elif verb == "unpublish" and place in model.live:
        await unpublish_articles(client.database, [article_id(key)], [locale], actor=TESTER)
        del model.live[place]
    elif verb == "delete" and model.drafts.get(place):
        await delete_articles(client.database, [article_id(key)], [locale], actor=TESTER)
        model.drafts.pop(place)
        model.live.pop(place, None)


@pytest.mark.parametrize("seed", range(6))
async def test_random_histories(client: Client, seed: int) -> None:
    """After any verbs, and at any revision of them, both ways tell of each article what a naive model says."""
    random = Random(seed)
    for locale in LOCALES:
        await save(client, locale, "First", "a")
    editor = await client.sign_in(Role.EDITOR)
    first = client.database.head.revision
    model = Model(
        {("a", lo): [n] for n, lo in enumerate(LOCALES, 1)}, {("a", lo): n for n, lo in enumerate(LOCALES, 1)}
    )
    models = {first: model.copied()}
    for _ in range(25):
        await act(client, editor, model, random)
        models[client.database.head.revision] = model.copied()
    for revision, drafts in product(sorted(models)[-1:] + random.sample(sorted(models), 4), (False, True)):
        await compare(editor, models[revision], revision, drafts=drafts)


async def compare(editor: Client, model: Model, revision: int, *, drafts: bool) -> None:
    """Compare what articles and the site's list tell at a revision with the model."""
    variables: dict[str, Any] = {"perspective": "DRAFT" if drafts else "PUBLISHED", "revision": revision}
    nodes = (await editor.ask(ARTICLES_QUERY, **variables)).data["articles"]["nodes"]
    found = {
        node["id"]: {t["locale"]: (t["status"], t["basis"], t["since"]) for t in node["translations"]}
        for node in nodes
    }
    expected = {encode_id("Article", article_id(key)): model.expect(key, drafts=drafts) for key in KEYS}
    assert found == {one: statuses for one, statuses in expected.items() if statuses}
    variables |= {"statuses": ["MISSING", "OUTDATED", "CURRENT"], "first": 100}
    listed = (await editor.ask(SITE_QUERY, **variables)).data["translations"]["nodes"]
    told = [t for node in nodes for t in node["translations"] if not t["isOriginal"]]
    assert sorted(map(str, listed)) == sorted(map(str, told))
    for one in told:
        assert (one["article"] is None) == (one["status"] == "MISSING")


async def test_number_of_statements_does_not_grow(client: Client) -> None:
    """Any number of articles take one statement for their translations, and a page of a site's list two."""
    counts = []
    for number in range(1, 25):
        await save(client, "en", "A", f"a{number}")
        await save(client, "de", "A", f"a{number}")
        if number in {1, 24}:
            client.forget()
            variables = {"perspective": "PUBLISHED"}
            counts.append(
                [
                    len((await client.ask(query, **variables)).statements)
                    for query in (ARTICLES_QUERY, SITE_QUERY)
                ]
            )
    assert counts[0] == counts[1]


@pytest.fixture
async def keeping(settings: Settings) -> AsyncIterator[Editor]:
    """An editor of a service that keeps answers."""
    async with serve(replace(settings, response_cache_bytes=1_000_000)) as client:
        yield await sign_in_editor(client)


async def test_kept_answers_are_fresh(keeping: Editor) -> None:
    """A kept answer about translations follows saving, publishing and confirming."""
    query = (
        '{ translations(site: "docs") { nodes { status } } articles { nodes { translations { status } } } }'
    )
    article = await keeping.create("A", publish=True)
    german = {"locale": "de", "translationOf": article["id"], "publish": True}

    async def ask() -> list[str]:
        found = [await keeping.client.ask(query) for _ in range(2)]
        assert found[0].body["data"] == found[1].body["data"]
        return [one["status"] for one in found[0].data["translations"]["nodes"]]

    assert await ask() == ["MISSING"]
    await keeping.create("B", **german)
    assert await ask() == []
    await keeping.update(article, title="C", publish=True)
    assert await ask() == ["OUTDATED"]
    named = {"id": article["id"], "locale": "de", "ifRevision": keeping.client.database.head.revision}
    assert (await keeping.client.ask(CONFIRM, input=named)).data["confirmTranslation"]["errors"] == []
    assert await ask() == []
