"""A small random set of articles with texts that are hard to compare, and what a list of them must be."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from slugify import slugify

from models.access import Role, system_actor
from models.composition import compose
from models.database import Database
from models.draft import ArticleDraft, QuestionDraft, SectionDraft, SectionKind, name_tag
from models.editing import Identity, SiteDraft, Submission, save_articles
from models.identity import derive_article_id, derive_site_id
from tests.client import Client, serve
from tests.content import DAY, FIRST_DAY, Clock, set_clock
from tests.databases import migrated_database, read_test_settings

WRITER = system_actor("writer")
SITES = {
    "one": SiteDraft(derive_site_id("one"), "one", "One", "en", "https://one.example"),
    "two": SiteDraft(derive_site_id("two"), "two", "Two", "de"),
}
PIECES = [
    *("A", "a", "ab", "Ä", "ä", "a\u0308", "É", "ß", "SS", "ss", "ẞ", "İ", "\u0131", "ﬁ", "FI", "Σ", "ς"),
    *("🙂", "👩\u200d🚀", "%", "100%", "_", "a_b", "\\", "'", '"', "?", "$1", " ", "-", "z", "\ufffd"),
    "\uff21\uff22",  # wide letters, which are the same without regard to case
]
NOT_IN_SLUGS = re.compile(r"[\s\\%?\"\u200d]")
OWN_DATES = [None, None, FIRST_DAY, FIRST_DAY - 1, FIRST_DAY - 1000 * DAY, -1]
BATCHES = 4


@dataclass(slots=True)
class Shown:
    """An article as a reader without wishes sees it: in its site's default locale, else in the other one."""

    id: str
    site: str
    draft: ArticleDraft
    created_at: int
    published_at: int
    updated_at: int

    @property
    def tags(self) -> list[str]:
        """Return the slugs of the tags."""
        return [slugify(name, allow_unicode=True) for name in self.draft.tags]

    @property
    def named_tags(self) -> Iterator[tuple[str, str]]:
        """Return the slugs of the tags, each once, with the names that they stand under first."""
        seen = set()
        for name in self.draft.tags:
            slug = slugify(name, allow_unicode=True)
            if slug not in seen:
                seen.add(slug)
                yield slug, name.strip()

    @property
    def questions(self) -> Iterator[str]:
        """Return the questions in their order: those in sections, then those outside."""
        for section in self.draft.sections:
            yield from (question.question for question in section.questions)
        yield from (question.question for question in self.draft.questions)


@dataclass(frozen=True, slots=True)
class Batch:
    """What is saved and published of a site at once."""

    now: int
    site: SiteDraft
    drafts: list[tuple[str, ArticleDraft]]


class RandomArticles:
    """Articles that a seed makes: most in one locale, saved and published in some batches, some of them twice."""

    def __init__(self, seed: int, keys: int = 20) -> None:
        self._seed = seed
        self._shown: dict[str, dict[str, Shown]] = {}
        self.batches = list(self._plan(Random(seed), [f"k{number}" for number in range(keys)]))
        for batch in self.batches:
            for key, draft in batch.drafts:
                self._remember(batch, derive_article_id(batch.site.key, key), draft)

    def __repr__(self) -> str:
        return f"RandomArticles({self._seed})"

    def _plan(self, random: Random, keys: list[str]) -> Iterator[Batch]:
        for number in range(BATCHES):
            for site in SITES.values():
                chosen = [key for key in keys if random.random() < 2 / BATCHES]
                drafts = [(key, self._draft(random, random.choice(["en", "de"]), key)) for key in chosen]
                yield Batch(FIRST_DAY + number * DAY, site, drafts)

    def _draft(self, random: Random, locale: str, key: str) -> ArticleDraft:
        own_date = Random(f"{self._seed} {key} {locale}").choice(OWN_DATES)  # the same in all editions
        return ArticleDraft(
            locale,
            f"{NOT_IN_SLUGS.sub('', make_text(random))}{key}",
            random.choice(["Twin", make_text(random)]),
            sections=[make_section(random) for _ in range(random.randint(0, 3))],
            questions=[QuestionDraft(make_text(random)) for _ in range(random.randint(0, 1))],
            tags=[tag for _ in range(random.randint(0, 3)) if name_tag(tag := make_text(random))],
            authors=[make_text(random) for _ in range(random.randint(0, 2))],
            published_at=own_date,
        )

    def _remember(self, batch: Batch, article_id: str, draft: ArticleDraft) -> None:
        by_locale = self._shown.setdefault(article_id, {})
        before = by_locale.get(draft.locale)
        created_at = min((shown.created_at for shown in by_locale.values()), default=batch.now)
        first = before.published_at if before else batch.now
        published_at = first if draft.published_at is None else draft.published_at
        shown = Shown(article_id, batch.site.key, draft, created_at, published_at, batch.now)
        by_locale[draft.locale] = shown

    async def store(self, database: Database, clock: Clock) -> None:
        """Save and publish everything."""
        for batch in self.batches:
            clock.now = batch.now
            submissions = [submit(batch.site, key, draft) for key, draft in batch.drafts]
            saved = await save_articles(database, submissions, actor=WRITER, sites=[batch.site], publish=True)
            assert all(outcome.published for outcome in saved.outcomes)

    def last_drafts(self, site: SiteDraft) -> list[tuple[str, ArticleDraft]]:
        """Return what was saved last of each article of a site in each locale, with its key."""
        drafts = [(key, draft) for batch in self.batches if batch.site is site for key, draft in batch.drafts]
        return list({(key, draft.locale): (key, draft) for key, draft in drafts}.values())

    def all_shown(self) -> Iterator[Shown]:
        """Yield each article as it is shown at the end."""
        for by_locale in self._shown.values():
            shown = next(iter(by_locale.values()))
            yield by_locale.get(SITES[shown.site].default_locale, shown)


def make_text(random: Random) -> str:
    """Return a text that is not blank."""
    text = "".join(random.choices(PIECES, k=random.randint(1, 3)))
    return text if text.strip() else f"x{text}"


def make_section(random: Random) -> SectionDraft:
    """Return a section, perhaps without a heading or with an empty one."""
    heading = random.choice([None, "", make_text(random), make_text(random)])
    questions = [QuestionDraft(make_text(random)) for _ in range(random.randint(0, 2))]
    return SectionDraft(heading, 2, random.choice(list(SectionKind)), questions=questions)


def submit(site: SiteDraft, key: str, draft: ArticleDraft) -> Submission:
    """Return a draft as a submission of an article of this key."""
    identity = Identity(derive_article_id(site.key, key), site.id, key)
    return Submission(identity, compose(draft, lambda _href: None))


@dataclass(frozen=True, slots=True, repr=False)
class Stored:
    """A client that may see drafts, of a service over random articles under a clock that stands still."""

    client: Client
    articles: RandomArticles
    clock: Clock


@asynccontextmanager
async def store(articles: RandomArticles, folder: Path) -> AsyncIterator[Stored]:
    """Serve random articles from a database of their own."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        clock = set_clock(monkeypatch)
        async with migrated_database(folder) as address:
            settings = read_test_settings(address)
            async with serve(settings) as client:
                await articles.store(client.database, clock)
                clock.now += DAY
                yield Stored(await client.sign_in(Role.PREVIEWER), articles, clock)
