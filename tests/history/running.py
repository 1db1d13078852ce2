"""Runs programs on the product and on the naive model side by side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import reduce
from random import Random
from uuid import UUID

import pytest

import models.revising
import models.updating
from models.access import system_actor
from models.composition import compose
from models.draft import ArticleDraft, LinkDraft, QuestionDraft, SectionDraft
from models.editing import Identity, Submission, save_articles
from models.errors import ContentError
from models.identity import derive_article_id, derive_site_id
from models.moment import FOREVER
from models.outcome import Done, Place, Refused
from models.publishing import delete_articles, publish_articles, unpublish_articles
from models.restoring import Restoration, restore_articles
from models.sites import SiteFields, create_site
from models.updating import Edit, create_article, update_article
from schema.node import decode_id
from tests.client import Client
from tests.content import Clock
from tests.history import programs, verbs
from tests.history.content import NEW, Content, Names, Question, Token, name
from tests.history.programs import DAY, ELSEWHERE, Glance, Item, Verb, Written
from tests.history.states import FALLBACKS, LOCALES, SITES, History, State
from tests.history.verbs import Submitted, Verbs
from tests.history.views import Look

EDITORS = [system_actor("writer"), system_actor("other writer")]
TABLES = [
    "publication",
    "link",
    "tag",
    "redirect",
    "question",
    "section",
    "edition",
    "article",
    "change",
    "revision",
    "site",
]
SAVED = {"a": "one", "b": "one", "c": "two"}


class Ids:
    """The product's ids for the names of articles and for the tokens of parts, learnt as they are seen."""

    def __init__(self) -> None:
        self.articles = {key: derive_article_id(site, key) for key, site in SAVED.items()}
        self.parts: dict[Token, str] = {}

    def learn(self, token: Token, part_id: str) -> None:
        """Take note of a part's id; each token has one, and each id is of one token."""
        assert self.parts.setdefault(token, part_id) == part_id
        assert [known for known, other in self.parts.items() if other == part_id] == [token]


class Runner:
    """One program under way."""

    def __init__(self, public: Client, previewer: Client, clock: Clock) -> None:
        self.public = public
        self.client = previewer
        self.database = previewer.database
        self.clock = clock
        self.ids = Ids()
        self.history = History([])
        self.verbs = Verbs(self.history)
        self.editor = EDITORS[0]
        self.names: dict[int, str] = {}

    @property
    def now(self) -> int:
        """Return the present moment, which never lies before the newest revision."""
        return max(self.clock.now, self.history.last.moment)

    async def begin(self, monkeypatch: pytest.MonkeyPatch, memory: int) -> None:
        """Empty the database, and let the model begin where the product stands."""
        async with self.database.transaction() as connection:
            for table in TABLES:
                await connection.execute_query(f'DELETE FROM "{table}"')
        self.client.forget(memory)
        random = Random(0)
        for module in (models.updating, models.revising):
            monkeypatch.setattr(module, "uuid4", lambda: UUID(int=random.getrandbits(128)))
        for key, locale in SITES.items():
            fields = SiteFields(default_locale=locale, locales=LOCALES, fallbacks=FALLBACKS[key])
            await create_site(self.database, key, fields, actor=EDITORS[0])
        head = self.database.head
        self.clock.now = head.moment + DAY
        self.history.states.append(State(head.revision, head.moment))
        self.history.sites.update(SAVED)

    def article(self, number: int) -> str:
        """Return the name of the article with a number."""
        names = list(self.history.sites)
        return names[number % len(names)]

    def articles(self, numbers: Sequence[int]) -> list[str]:
        """Return the names of articles, each once."""
        return list(dict.fromkeys(map(self.article, numbers)))

    def identify(self, articles: Sequence[str]) -> list[str]:
        """Return the ids of articles."""
        return [self.ids.articles[article] for article in articles]

    def content(self, written: Written) -> Content:
        """Return a drawn content with the articles it names and its author's date."""
        related = tuple(self.article(n) if n >= 0 else ELSEWHERE for n in written.related)
        date = None if written.date is None else self.now + written.date
        return replace(written.content, related=related, date=date)

    def draft(self, content: Content, locale: str) -> ArticleDraft:
        """Return a content as the draft that the product takes."""

        def questions(asked: Sequence[Question]) -> list[QuestionDraft]:
            return [QuestionDraft(q.question, q.answer, key=self.part_key(q.token)) for q in asked]

        return ArticleDraft(
            locale,
            content.slug,
            content.title,
            content.summary,
            sections=[
                SectionDraft(
                    s.heading, body=s.body, questions=questions(s.questions), key=self.part_key(s.token)
                )
                for s in content.sections
            ],
            questions=questions(content.questions),
            related=[
                LinkDraft(
                    f"Read {target}", target if target == ELSEWHERE else None, self.ids.articles.get(target)
                )
                for target in content.related
            ],
            tags=list(content.tags),
            published_at=content.date,
        )

    def part_key(self, token: Token) -> str | None:
        """Return the key of a part that has been seen, None for a new one."""
        return decode_id(self.ids.parts[token])[1] if token else None

    async def run(self, verb: Verb, editor: int) -> None:
        """Let an editor run a verb on both; both refuse it with the same codes, or do it as the same revision."""
        self.editor = EDITORS[editor]
        before = self.database.head.revision
        await self.run_verb(verb)
        assert self.database.head.revision == self.history.last.revision
        assert self.database.head.moment == self.history.last.moment
        if self.database.head.revision != before:
            self.names[self.database.head.revision] = self.editor.name

    async def run_verb(self, verb: Verb) -> None:
        """Run a verb on both."""
        match verb:
            case programs.Nothing():
                pass
            case programs.Save():
                await self.save(verb)
            case programs.Create():
                await self.create(verb)
            case programs.Update():
                await self.update(verb)
            case programs.Publish():
                await self.publish(verb)
            case programs.Unpublish():
                await self.unpublish(verb)
            case programs.Delete():
                await self.delete(verb)
            case programs.Restore():
                await self.restore(verb)

    async def agree(self, expect: Callable[[], object], work: Awaitable[Done]) -> Done | None:
        """Run a verb on both and compare the codes of refusals, and what was touched where the model tells."""
        expected, places = None, None
        try:
            places = expect()
        except verbs.Refused as refusal:
            expected = refusal.codes
        done, found = None, None
        try:
            done = await work
        except Refused as error:
            found = {failure.code for failure in error.failures}
        except ContentError as error:
            found = {error.code}
        assert found == expected
        if done is not None and isinstance(places, list):
            assert list(done.places) == [Place(self.ids.articles[a], locale) for a, locale in places]
        return done

    async def save(self, verb: programs.Save) -> None:
        """Save a batch of different places."""
        items = {(self.article(item.article), item.locale): item for item in verb.items}
        batch = [Submitted(place, self.submitted(place, i), i.publish) for place, i in items.items()]
        submissions = [
            Submission(
                self.identity(s.place[0]),
                compose(self.draft(s.content, s.place[1]), lambda _address: None),
                s.publish,
            )
            for s in batch
        ]
        expected = self.verbs.save(self.clock.now, batch, publish=verb.publish)
        saved = await save_articles(
            self.database,
            submissions,
            actor=self.editor,
            identities={self.ids.articles[a]: self.identity(a) for a in self.ids.articles},
            publish=verb.publish,
        )
        assert [(outcome.action.value, outcome.published) for outcome in saved.outcomes] == expected

    def submitted(self, place: tuple[str, str], item: Item) -> Content:
        """Return the content of an item, with the tokens of the newest content at the same places if it keeps them."""
        content = self.content(item.written)
        before = self.history.last.newest.get(place)
        if not item.keep or before is None:
            return content
        old = before.content
        sections: Names = {index: section.token for index, section in enumerate(old.sections)}
        questions: Names = {index: question.token for index, (_, question) in enumerate(old.all_questions)}
        return name(content, sections, questions)

    def identity(self, article: str) -> Identity:
        """Return who an article is."""
        key = article if article in SAVED else None
        return Identity(self.ids.articles[article], derive_site_id(self.history.sites[article]), key)

    async def create(self, verb: programs.Create) -> None:
        """Create an article, or a translation."""
        translated = None if verb.translation_of is None else self.article(verb.translation_of)
        article = translated or f"new{len(self.history.sites)}"
        content = self.content(verb.written)
        self.history.sites.setdefault(article, verb.site)
        work = create_article(
            self.database,
            self.draft(content, verb.locale),
            actor=self.editor,
            site_key=self.history.sites[article],
            translation_of=translated and self.ids.articles[translated],
            publish=verb.publish,
        )
        done = await self.agree(
            lambda: self.verbs.create(
                self.clock.now, (article, verb.locale), content, bool(translated), publish=verb.publish
            ),
            work,
        )
        if done is not None:
            self.ids.articles[article] = done.places[0].article_id
        elif not translated:
            del self.history.sites[article]

    async def update(self, verb: programs.Update) -> None:
        """Change an article as it was some revisions ago."""
        places = list(self.history.last.newest) or [("a", "en")]
        place = places[verb.place % len(places)]
        base = self.choose_revision(verb.back, lambda state: place in state.newest) or 0

        def change(content: Content) -> Content:
            return reduce(lambda changed, one: one(changed), verb.changes, content)

        def change_draft(_draft: ArticleDraft) -> ArticleDraft:
            return self.draft(change(self.history.state(base).newest[place].content), place[1])

        edit = Edit(Place(self.ids.articles[place[0]], place[1]), base, change_draft)
        await self.agree(
            lambda: self.verbs.update(self.clock.now, place, base, change, publish=verb.publish),
            update_article(self.database, edit, actor=self.editor, publish=verb.publish),
        )

    def choose_revision(self, back: int | None, is_counted: Callable[[State], bool]) -> int | None:
        """Return the revision so far back among those whose state counts."""
        numbers = [state.revision for state in self.history.states if is_counted(state)] or [0]
        match back:
            case None:
                return None
            case programs.NEXT:
                return self.history.last.revision + 1
            case programs.FIRST_OF_ALL:
                return self.history.states[0].revision
            case _:
                return numbers[-1 - back % len(numbers)]

    async def publish(self, verb: programs.Publish) -> None:
        """Publish articles in a window."""
        names = self.articles(verb.articles)
        start = None if verb.start is None else self.now + verb.start
        end = FOREVER if verb.length is None else max(start or 0, self.now) + verb.length
        await self.agree(
            lambda: self.verbs.publish(self.clock.now, names, verb.locales, (start, end), skip=verb.skip),
            publish_articles(
                self.database,
                self.identify(names),
                verb.locales,
                actor=self.editor,
                live_from=start,
                live_until=end,
                skip_failed=verb.skip,
            ),
        )

    async def unpublish(self, verb: programs.Unpublish) -> None:
        """Unpublish articles."""
        names = self.articles(verb.articles)
        at = None if verb.at is None else self.now + verb.at
        await self.agree(
            lambda: self.verbs.unpublish(self.clock.now, names, verb.locales, at),
            unpublish_articles(self.database, self.identify(names), verb.locales, actor=self.editor, at=at),
        )

    async def delete(self, verb: programs.Delete) -> None:
        """Delete articles."""
        names = self.articles(verb.articles)
        await self.agree(
            lambda: self.verbs.delete(self.clock.now, names, verb.locales),
            delete_articles(self.database, self.identify(names), verb.locales, actor=self.editor),
        )

    async def restore(self, verb: programs.Restore) -> None:
        """Restore articles."""
        names = self.articles(verb.articles)
        to = self.choose_revision(verb.back[0], lambda state: bool(state.locales(names[0])))
        base = self.choose_revision(verb.back[1], lambda _state: True)
        restoration = Restoration(self.identify(names), verb.locales, to, base)
        await self.agree(
            lambda: self.verbs.restore(self.clock.now, names, verb.locales, (to, base), publish=verb.publish),
            restore_articles(self.database, restoration, actor=self.editor, publish=verb.publish),
        )

    def aim(self, glance: Glance) -> Look:
        """Return a drawn look with the revision and moment that it means."""
        states, boundaries = self.history.states, self.history.boundaries()
        revision = None if glance.back is None else states[-1 - glance.back % len(states)].revision
        at = None
        if glance.boundary is not None and boundaries:
            at = boundaries[glance.boundary[0] % len(boundaries)] + glance.boundary[1]
        return Look(glance.drafts, glance.locales, revision, at, glance.fallback)


__all__ = ["NEW", "Runner"]
