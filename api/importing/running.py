"""The one door of every import: reads a source twice, and stores it in batches of one revision each.

The first reading learns every article's addresses, so that links find their articles whatever the order; the
second renders and stores. A batch is there or not; what a killed import left out, the next one brings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from slugify import slugify

from api.importing.addresses import AddressBook
from api.importing.report import Report
from api.importing.source import Notice, RelatedName, Severity, SourceArticle
from api.importing.sources import Sources
from models import moment
from models.access import Actor, system_actor
from models.checking import check_key
from models.composition import Composition, compose
from models.database import Database
from models.draft import LinkDraft
from models.editing import Identity, SiteDraft, Submission, save_articles
from models.errors import InvalidContent
from models.identification import KnownArticles, known_articles
from models.identity import derive_article_id, derive_site_id
from models.import_run import ImportRun
from models.revision import LONGEST_MESSAGE

BATCH = 200
"""Articles in one revision: enough that the cost of a commit does not show, few enough to hold in memory."""

DEFAULT_SITE = "main"
LONGEST_SITE_KEY = 100


YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})

IMPORTER = system_actor("quiet import")


@dataclass(frozen=True, slots=True)
class Options:
    """How to import: into which site, whether to publish, whether to change nothing; and who asks."""

    site: str | None = None
    publish: bool = False
    dry_run: bool = False
    actor: Actor = IMPORTER


@dataclass(slots=True)
class SiteContents:
    """What the first reading learned of one site. Articles are known by their keys in the source."""

    key: str
    name: str
    book: AddressBook = field(default_factory=AddressBook)
    locales: Counter[str] = field(default_factory=Counter)
    slugs: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)

    def learn(self, article: SourceArticle) -> bool:
        """Take an article's addresses; tells False where its key and locale were met before.

        Nothing can lead to an article whose key cannot be stored.
        """
        place = (article.key, article.draft.locale)
        if place in self.titles:
            return False
        self.titles[place] = article.draft.title
        self.locales[article.draft.locale] += 1
        if any(check_key(article.key)):
            return True
        self.slugs[article.key].append((article.draft.locale, article.draft.slug))
        self.book.add(article, article.key)
        return True

    def draft(self) -> SiteDraft:
        """Return the site as it is made if it is missing; its default locale is the one most articles have.

        Between equals English wins, as the others are more likely its translations, then the alphabet.
        """
        best = min(self.locales, key=lambda tag: (-self.locales[tag], not tag.startswith("en"), tag))
        return SiteDraft(derive_site_id(self.key), self.key, self.name, best)

    def settle(self, known: KnownArticles) -> None:
        """Decide each article's identity: stored under its key, else under its slug, else a new one.

        A slug decides only where the stored article's own key is no longer in the source: it was renamed.
        """
        site_id = derive_site_id(self.key)
        for key, places in self.slugs.items():
            article_id = known.by_key.get(key)
            if article_id is None:
                holders = (known.by_slug.get(place) for place in places)
                renamed = (holder for holder in holders if holder and holder[1] not in self.slugs)
                article_id = next((holder[0] for holder in renamed), derive_article_id(self.key, key))
            self.identities[key] = Identity(article_id, site_id, key)

    def resolve(self, href: str, article: SourceArticle) -> str | None:
        """Return the id of the article that an address in the text of `article` leads to."""
        key = self.book.resolve(href, article)
        return self.identities[key].id if key is not None else None

    def relate(self, name: RelatedName, article: SourceArticle) -> LinkDraft:
        """Return the related link that a name in the source means."""
        key = self.book.resolve_name(name, article)
        if key is None:
            is_address = name.name.startswith(("http://", "https://", "/"))
            return LinkDraft(name.label or name.name, url=name.name if is_address else None)
        title = self.titles.get((key, article.draft.locale))
        return LinkDraft(name.label or title or name.name, article_id=self.identities[key].id)


class Import:
    """One run over one source."""

    def __init__(self, database: Database, source: Sources, options: Options) -> None:
        self._database = database
        self._source = source
        self._options = options
        self._sites: dict[str, SiteContents] = {}
        self.report = Report()

    async def run(self, advance: Callable[[int, int], None]) -> Report:
        """Import everything; `advance` is told how many articles are done, of how many."""
        run = await self._begin()
        total = self._learn()
        for contents in self._sites.values():
            contents.settle(await known_articles(self._database, derive_site_id(contents.key)))
        done = 0
        for batch in self._batches():
            await self._store(batch)
            done += len(batch)
            advance(done, total)
        if run is not None:
            run.finished_at = moment.now()
            run.counts = self.report.counts()
            await run.save()
        return self.report

    async def _begin(self) -> ImportRun | None:
        if self._options.dry_run:
            return None
        return await ImportRun.create(
            source=str(self._source), actor=self._options.actor.name, started_at=moment.now(), counts={}
        )

    def _learn(self) -> int:
        """Read the source for the first time; return how many articles it has."""
        total = 0
        for item in self._source.read():
            if isinstance(item, SourceArticle) and self._contents(item).learn(item):
                total += 1
        for item in self._source.read():
            if isinstance(item, SourceArticle):
                self._contents(item).book.learn_links(item)
        self._learn_redirects()
        return total

    def _learn_redirects(self) -> None:
        """Give the old addresses of redirect lists to the articles that they lead to."""
        lines = []
        for line in self._source.redirect_lines():
            if isinstance(line, Notice):
                self.report.add_notice(line)
            else:
                lines.append(line)
        contents = self._sites.get(self._options.site or DEFAULT_SITE)
        if contents is not None:
            for notice in contents.book.learn_redirects(lines):
                self.report.add_notice(notice)

    def _contents(self, article: SourceArticle) -> SiteContents:
        name = self._options.site or article.site_name or DEFAULT_SITE
        key = self._options.site or slugify(name, max_length=LONGEST_SITE_KEY) or DEFAULT_SITE
        return self._sites.setdefault(key, SiteContents(key, article.site_name or name))

    def _batches(self) -> Iterator[list[SourceArticle]]:
        """Read the source again and yield its articles in batches of one site, each article once."""
        waiting: dict[str, list[SourceArticle]] = defaultdict(list)
        seen: set[tuple[str, str, str]] = set()
        for item in self._source.read():
            if isinstance(item, Notice):
                self.report.add_notice(item)
                continue
            site = self._contents(item).key
            place = (site, item.key, item.draft.locale)
            if (item.key, item.draft.locale) not in self._contents(item).titles:
                message = "The file came while the import was running; import again to take it."
                self.report.add_notice(
                    Notice(Severity.REFUSED, item.file, item.line, "CHANGED_MEANWHILE", message)
                )
                continue
            if place in seen:
                self.report.add_notice(duplicate(item))
                continue
            seen.add(place)
            waiting[site].append(item)
            if len(waiting[site]) == BATCH:
                yield waiting.pop(site)
        yield from waiting.values()

    async def _store(self, batch: list[SourceArticle]) -> None:
        """Render a batch and store it as one revision."""
        contents = self._contents(batch[0])
        composed = [(article, self._compose(article, contents)) for article in batch]
        ready = [(article, composition) for article, composition in composed if composition]
        saved = await save_articles(
            self._database,
            [
                Submission(contents.identities[article.key], composition, publish=is_finished(article))
                for article, composition in ready
            ],
            actor=self._options.actor,
            sites=[contents.draft()],
            identities={identity.id: identity for identity in contents.identities.values()},
            message=f"Import of {self._source}"[:LONGEST_MESSAGE],
            publish=self._options.publish,
            rehearse=self._options.dry_run,
        )
        if saved.revision is not None:
            self.report.revisions.append(saved.revision)
        for (article, composition), outcome in zip(ready, saved.outcomes, strict=True):
            self.report.add_outcome(article, composition, outcome)

    def _compose(self, article: SourceArticle, contents: SiteContents) -> Composition | None:
        """Return the article ready to be stored, or None where it breaks a rule, which is reported."""
        names = article.related_names
        article.draft.related = [*article.draft.related, *(contents.relate(name, article) for name in names)]
        article.draft.redirects = [*article.draft.redirects, *contents.book.redirects(article)]
        try:
            refuse_key(article.key)
            return compose(article.draft, lambda href: contents.resolve(href, article))
        except InvalidContent as error:
            self.report.add_notice(
                Notice(Severity.REFUSED, article.file, article.line, error.code, error.message)
            )
            return None


def refuse_key(key: str) -> None:
    """Raise InvalidContent where an article's key cannot be stored."""
    problems = list(check_key(key))
    if problems:
        raise InvalidContent(problems)


def is_finished(article: SourceArticle) -> bool:
    """Tell whether an article may go live: its front matter does not call it a draft."""
    front_matter = article.draft.front_matter
    is_draft = str(front_matter.get("draft", False)).lower() in YES
    return not is_draft and str(front_matter.get("published", True)).lower() not in NO


def duplicate(article: SourceArticle) -> Notice:
    """Return the notice about an article that stands in the source twice."""
    message = f"The article {article.key!r} stands in {article.draft.locale} twice; the first one is taken."
    return Notice(Severity.REFUSED, article.file, article.line, "DUPLICATE", message)
