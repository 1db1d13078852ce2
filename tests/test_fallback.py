"""Fallback: which locales stand in for those that a view names, by each site's settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.settings import Settings
from models.access import Role
from models.draft import ArticleDraft
from models.fallback import make_chain
from models.sites import SiteFields, create_site, update_site
from tests.client import SITE, TESTER, Client, serve
from tests.editor import Editor

SLUGS = """query($l: [Locale!]!) @view(locales: $l, fallback: true) {
  articles { totalCount nodes { slug locale } } }"""
TAGS = ["de", "de-AT", "de-CH", "en", "en-GB", "fr", "pt-BR", "zh-Hant-TW"]


@pytest.fixture
async def kept(settings: Settings) -> AsyncIterator[Client]:
    """A client of a service that keeps answers, with an article in three languages and two in one."""
    async with serve(replace(settings, response_cache_bytes=1_000_000)) as client:
        await client.save(
            *(ArticleDraft(locale, f"tides-{locale}", "Tides") for locale in ("en", "de", "fr")), key="tides"
        )
        await client.save(ArticleDraft("en", "moon-en", "Moon"), key="moon")
        await client.save(ArticleDraft("fr", "lune-fr", "Lune"), key="lune")
        yield client


async def say(client: Client, fallbacks: dict[str, list[str]]) -> None:
    """Let the site say which locales stand in for others."""
    fields = SiteFields(fallbacks=list(fallbacks.items()))
    await update_site(client.database, SITE.key, fields, actor=TESTER)


async def shown(client: Client, *locales: str) -> list[str]:
    """Return the slugs of the articles that a view with fallback shows."""
    page = (await client.ask(SLUGS, l=list(locales))).data["articles"]
    assert page["totalCount"] == len(page["nodes"])
    return sorted(node["slug"] for node in page["nodes"])


@pytest.mark.parametrize(
    ("fallbacks", "named", "chain"),
    [
        ({}, "de-AT", "de-AT de en"),
        ({}, "zh-Hant-TW", "zh-Hant-TW zh-Hant zh en"),
        ({}, "en", "en"),
        ({}, "de-AT fr", "de-AT de fr en"),
        ({}, "en-GB de", "en-GB en de"),
        ({"de-AT": ["de-DE", "fr"]}, "de-AT", "de-AT de-DE fr"),
        ({"de-AT": ["fr", "de"]}, "de-AT", "de-AT fr de"),
        ({"de-AT": []}, "de-AT", "de-AT"),
        ({"de": ["nl"]}, "de-AT", "de-AT de nl"),
        ({"de": ["nl"], "nl": ["fr"]}, "de-AT", "de-AT de nl"),
        ({"de-AT": ["de", "es"]}, "de-AT fr", "de-AT de fr es en"),
        ({"de-AT": ["de", "es"], "fr": []}, "de-AT fr", "de-AT de fr es"),
    ],
)
def test_chains(fallbacks: dict[str, list[str]], named: str, chain: str) -> None:
    """What the site says of a locale is all of it; else shorter tags follow, and the site's default comes last."""
    assert make_chain(fallbacks, "en", named.split()) == tuple(chain.split())


@given(
    st.dictionaries(st.sampled_from(TAGS), st.lists(st.sampled_from(TAGS), unique=True)),
    st.lists(st.sampled_from(TAGS), min_size=1, unique=True),
)
def test_chains_keep_what_was_asked_for(fallbacks: dict[str, list[str]], named: list[str]) -> None:
    """A chain begins with the first locale that is named, has all of them in their order, and each locale once.

    Before the last of them that it names stand only locales of the languages that are named.
    """
    chain = make_chain(fallbacks, "en", named)
    languages = {tag.partition("-")[0] for tag in named}
    first = {locale: chain.index(locale) for locale in named}
    assert chain[0] == named[0]
    assert len(set(chain)) == len(chain)
    assert {tag.partition("-")[0] for tag in chain[: max(first.values())]} <= languages


async def test_without_fallback_nothing_stands_in(kept: Client) -> None:
    """A view that names locales shows what is in them, and nothing else, unless it asks for fallback."""
    await say(kept, {"de-AT": ["fr"]})
    query = 'query @view(locales: ["de-AT"]) { articles { totalCount } }'
    assert (await kept.ask(query)).data["articles"]["totalCount"] == 0


async def test_shorter_tags_and_the_default_stand_in(kept: Client) -> None:
    """Without settings de-AT is served in de, else in the default locale; what is in neither does not exist."""
    assert await shown(kept, "de-AT") == ["moon-en", "tides-de"]
    assert await shown(kept, "DE_at", "fr-CA") == ["lune-fr", "moon-en", "tides-de"]
    assert await shown(kept, "fr-CA", "de") == ["lune-fr", "moon-en", "tides-fr"]


async def test_kept_answers_follow_the_settings(kept: Client) -> None:
    """What a site says holds from the next request on, also where the answer had been kept."""
    steps: list[tuple[dict[str, list[str]], list[str]]] = [
        ({"de-AT": ["fr"]}, ["lune-fr", "tides-fr"]),
        ({"de-AT": []}, []),
        ({"de": ["fr"]}, ["lune-fr", "tides-de"]),
        ({}, ["moon-en", "tides-de"]),
    ]
    for fallbacks, expected in steps:
        await say(kept, fallbacks)
        for _ in range(2):
            assert await shown(kept, "de-AT") == expected
    assert (await kept.ask(SLUGS, l=["de-AT"])).statements == []


async def test_answers_survive_changes_elsewhere(kept: Client) -> None:
    """A kept answer that fell back goes on after a change of something else, without a statement."""
    query = (
        'query @view(locales: ["de-AT"], fallback: true) { article(by: {slug: "moon-en"}) { title locale } }'
    )
    assert (await kept.ask(query)).data["article"] == {"title": "Moon", "locale": "en"}
    await kept.save(ArticleDraft("en", "other", "Other"), key="other")
    await kept.ask("{ articles { totalCount } }")
    assert (await kept.ask(query)).statements == []
    await kept.save(ArticleDraft("de", "mond", "Mond"), key="moon")
    assert (await kept.ask(query)).data["article"] == {"title": "Mond", "locale": "de"}


async def test_sites_that_differ(kept: Client) -> None:
    """Each site's articles are served by the chain of their site."""
    await create_site(kept.database, "german", SiteFields(default_locale="de", locales=["fr"]), actor=TESTER)
    editor = await kept.sign_in(Role.ADMINISTRATOR)
    create = """mutation($l: Locale!) {
      createArticle(input: {site: "german", locale: $l, title: "T", publish: true}) { errors { message } } }"""
    for locale in ("de", "fr"):
        assert (await editor.ask(create, l=locale)).data["createArticle"]["errors"] == []
    for client in (kept, editor):
        assert await shown(client, "it") == ["moon-en", "t", "tides-en"]
    assert await shown(kept, "fr") == ["lune-fr", "moon-en", "t", "t", "tides-fr"]


async def test_addresses(kept: Client) -> None:
    """A slug of any locale of the chain finds the article, a path whatever its locale; the chain chooses."""
    query = """query($by: ArticleBy!) @view(locales: ["de-AT"], fallback: true) {
      article(by: $by) { slug locale related { article { slug } } } }"""
    for by, slug in (
        ({"slug": "tides-en"}, "tides-de"),
        ({"slug": "tides-de"}, "tides-de"),
        ({"slug": "tides-fr"}, None),
        ({"slug": "moon-en"}, "moon-en"),
        ({"path": "/fr/tides-fr"}, "tides-de"),
        ({"path": "/fr/lune-fr"}, None),
    ):
        found = (await kept.ask(query, by=by)).data["article"]
        assert (found and found["slug"]) == slug, by


async def test_a_cursor_belongs_to_its_chain(kept: Client) -> None:
    """When the site says something else, a walk begins anew rather than skipping or repeating articles."""
    query = """query($after: String) @view(locales: ["de-AT"], fallback: true) {
      articles(first: 1, after: $after) { nodes { slug } pageInfo { endCursor hasNextPage } } }"""
    info = (await kept.ask(query)).data["articles"]["pageInfo"]
    assert info["hasNextPage"]
    assert (await kept.ask(query, after=info["endCursor"])).data["articles"]["nodes"]
    await say(kept, {"de-AT": ["fr"]})
    assert (await kept.ask(query, after=info["endCursor"])).codes == ["INVALID_CURSOR"]


async def test_fallback_widens_no_rights(kept: Client) -> None:
    """Who may read one locale falls back to nothing outside of it."""
    reader = await kept.sign_in(Role.READER, locales=["de"])
    assert await shown(reader, "fr") == []
    assert await shown(reader, "de-AT") == ["tides-de"]


SITES = """mutation($input: UpdateSiteInput!) {
  updateSite(input: $input) { site { fallbacks { locale to } } revision errors { message path } } }"""


async def test_settings(editor: Editor) -> None:
    """A site's fallbacks are set as a whole, normalised, read back in their order, and kept when left out."""

    async def update(**values: Any) -> Any:
        return (await editor.client.ask(SITES, input={"key": "docs", **values})).data["updateSite"]

    said = [{"locale": "DE-at", "to": ["de", "en"]}, {"locale": "fr", "to": []}]
    expected = [{"locale": "de-AT", "to": ["de", "en"]}, {"locale": "fr", "to": []}]
    assert (await update(fallbacks=said))["site"]["fallbacks"] == expected
    assert (await update(fallbacks=expected))["revision"] is None
    assert (await update(name="Other"))["site"]["fallbacks"] == expected
    payload = await update(locales=["en"])
    assert [error["path"] for error in payload["errors"]] == [["input", "fallbacks", "0", "to", "0"]]
    assert (await update(fallbacks=[]))["site"]["fallbacks"] == []
    created = await editor.client.ask(
        SITES.replace("update", "create").replace("Update", "Create"),
        input={
            "key": "new",
            "name": "New",
            "defaultLocale": "en",
            "fallbacks": [{"locale": "de", "to": ["en"]}],
        },
    )
    assert created.data["createSite"]["site"]["fallbacks"] == [{"locale": "de", "to": ["en"]}]


@pytest.mark.parametrize(
    ("fallbacks", "path"),
    [
        ([("de", ["de"])], "0.to.0"),
        ([("fr", ["en", "en"])], "0.to.1"),
        ([("fr", ["nl"])], "0.to.0"),
        ([("fr", ["en"]), ("fr", ["de"])], "1.locale"),
        ([(f"fr-{number:03}", []) for number in range(101)], ""),
    ],
)
async def test_broken_rules(editor: Editor, fallbacks: list[Any], path: str) -> None:
    """What breaks a rule is refused with its path."""
    said = [{"locale": locale, "to": to} for locale, to in fallbacks]
    errors = await editor.refused("updateSite", key="docs", fallbacks=said)
    assert errors == [("ValidationError", "INVALID_CONTENT", f"input.fallbacks.{path}".rstrip("."))]
