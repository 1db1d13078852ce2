"""Articles: an edition as the operation's view shows it."""

from __future__ import annotations

from asyncio import gather
from functools import partial
from inspect import isawaitable
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from models.addresses import article_path
from models.alternates import find_alternates
from models.backlinks import ORDER, count_backlinks, list_backlinks
from models.draft import SectionKind
from models.errors import InvalidArgument
from models.facets import count_backlinks_by
from models.link import LinkKind
from models.listing import FoundQuestion, article_key
from models.moment import FOREVER
from models.page import ArticlePage, open_page
from models.reading import Reader, StoredArticle
from models.state import PublicationState
from models.stored import StoredLink, StoredQuestion, StoredSection
from models.translation import find_translations
from schema.connections import ArticleConnection, Page
from schema.differences import ArticleDiff, compare_articles
from schema.enums import describe_enum
from schema.history import HistoryConnection, read_history
from schema.json_ld import Node as JsonNode
from schema.json_ld import describe_page, write_script
from schema.link import Image, Link, show_images
from schema.node import Node
from schema.paging import AT_MOST, After, Before, First, Last, ListName, PageRequest, read_page
from schema.plain import require_loaded
from schema.question import Question
from schema.recommendation import (
    DEFAULT_RECOMMENDATIONS,
    FirstRecommendations,
    Recommendation,
    read_recommendations,
)
from schema.rich_text import RichText
from schema.scalars import DateTime, Html, Locale, Markdown, Revision, Url, show_moment
from schema.section import Section
from schema.seo import Alternate, Seo
from schema.site import Site, Tag
from schema.translation import Translation

MOST_RELATED, DEFAULT_RELATED = 100, 20

STATES = {
    PublicationState.DRAFT: "Never live, and not scheduled.",
    PublicationState.SCHEDULED: "Not live, but it will be.",
    PublicationState.PUBLISHED: "The newest edition is live.",
    PublicationState.CHANGED: "Live, but the newest edition is another one.",
    PublicationState.UNPUBLISHED: "Was live or scheduled, and is not any more.",
}
describe_enum(PublicationState, "PublicationState", "Where an article stands on its way to readers.", STATES)


@strawberry.type(description="An entry of a table of contents.")
class Heading:
    """A heading of an article."""

    level: int = strawberry.field(description="The level of the heading, from 1 to 6.")
    text: str = strawberry.field(description="The heading as plain text.")
    anchor: str = strawberry.field(description="The fragment that leads to it on the article's page.")


@strawberry.type(description="An article: sections and questions about one subject, in one locale.")
class Article(Node):
    """An article as a view shows it.

    `is_loaded` tells that memory has all of its parts that will be asked for, in the forms that will be.
    """

    stored: strawberry.Private[StoredArticle]
    reader: strawberry.Private[Reader]
    is_loaded: strawberry.Private[bool] = False

    def identity(self) -> str:
        """Return the article's own id, the same in every locale."""
        return self.stored.id

    def show(self, stored: StoredArticle | None) -> Article | None:
        """Return another article as the same view shows it."""
        return None if stored is None else Article(stored=stored, reader=self.reader)

    async def stored_sections(self) -> list[StoredSection]:
        """Return the sections of the edition."""
        if self.is_loaded:
            return require_loaded(self.stored.edition.sections)
        sections = self.reader.library.sections(self.stored.edition)
        return await sections if isawaitable(sections) else sections

    async def stored_questions(self) -> list[StoredQuestion]:
        """Return the questions of the edition."""
        if self.is_loaded:
            return require_loaded(self.stored.edition.questions)
        questions = self.reader.library.questions(self.stored.edition)
        return await questions if isawaitable(questions) else questions

    async def stored_links(self, kind: LinkKind) -> list[StoredLink]:
        """Return the links of one kind of the edition."""
        return [link for link in await self.all_stored_links() if link.kind is kind]

    async def all_stored_links(self) -> list[StoredLink]:
        """Return the links of the edition."""
        if self.is_loaded:
            return require_loaded(self.stored.edition.links)
        links = self.reader.library.links(self.stored.edition)
        return await links if isawaitable(links) else links

    async def section_at(self, position: int) -> Section:
        """Return the section at a position, which exists."""
        return self.section((await self.stored_sections())[position - 1])

    def section(self, stored: StoredSection) -> Section:
        """Return the contract's section of a stored one of this article."""
        return Section(stored=stored, origin=self)

    def question(self, stored: StoredQuestion) -> Question:
        """Return the contract's question of a stored one of this article."""
        return Question(stored=stored, origin=self)

    @strawberry.field(description="The site that the article belongs to.")
    async def site(self) -> Site:
        """Return the site."""
        return Site(stored=await self.reader.site(self.stored.site_id))

    @strawberry.field(description="The article's name in addresses, unique per site and locale.")
    def slug(self) -> str:
        """Return the slug."""
        return self.stored.slug

    @strawberry.field(description="The address within the site: `/{locale}/{slug}`.")
    def path(self) -> str:
        """Return the path."""
        return article_path(self.stored.locale, self.stored.slug)

    @strawberry.field(description="The locale really served, which a fallback may have chosen.")
    def locale(self) -> Locale:
        """Return the locale."""
        return Locale(self.stored.locale)

    @strawberry.field(description="All locales in which this view has the article, sorted.")
    async def locales(self) -> list[Locale]:
        """Return the locales."""
        return [Locale(locale) for locale in await self.reader.locales(self.stored.id)]

    @strawberry.field(
        description="How the article stands in each locale of its site, the default first: what is missing, and what "
        "is older than the original. It compares what this view shows: what is live, or drafts."
    )
    async def translations(self) -> list[Translation]:
        """Return how the translations stand."""
        found = await find_translations(self.reader, self.stored.id)
        return [Translation(stored=one, reader=self.reader, show=show_article) for one in found]

    @strawberry.field(description="The title as plain text.")
    def title(self) -> str:
        """Return the title."""
        return self.stored.edition.title

    @strawberry.field(
        description="What the article is about in a sentence or two. Null where nobody wrote it."
    )
    def summary(self) -> str | None:
        """Return the summary."""
        return self.stored.edition.summary

    @strawberry.field(description="The text before the first heading; empty where there is none.")
    def intro(self) -> RichText:
        """Return the introduction in all its forms."""
        edition = self.stored.edition
        return RichText(
            markdown=Markdown(edition.intro_markdown),
            html=Html(edition.intro_html),
            text=edition.intro_text,
            word_count=edition.intro_words,
        )

    @strawberry.field(description="The sections in reading order.")
    async def sections(
        self,
        kinds: Annotated[
            list[SectionKind] | None, strawberry.argument(description="Only sections of these kinds.")
        ] = None,
    ) -> list[Section]:
        """Return the sections."""
        sections = await self.stored_sections()
        return [self.section(s) for s in sections if kinds is None or s.kind in kinds]

    @strawberry.field(description="All questions of the article, in reading order.")
    async def questions(self) -> list[Question]:
        """Return the questions."""
        return [Question(stored=question, origin=self) for question in await self.stored_questions()]

    @strawberry.field(
        description="What the author names as related, in the author's order. `recommendations` goes on with more."
    )
    async def related(
        self,
        first: Annotated[
            int, strawberry.argument(description="How many at the most, from 0 to 100.")
        ] = DEFAULT_RELATED,
    ) -> list[Link]:
        """Return the related links."""
        if not 0 <= first <= MOST_RELATED:
            raise InvalidArgument(f"related(first:) takes 0 to {MOST_RELATED}, not {first}.")
        links = await self.stored_links(LinkKind.RELATED)
        return [Link(stored=link, origin=self) for link in links[:first]]

    @strawberry.field(
        description="Articles for who has read this one, each once, with the reasons: those that the author names as "
        "related first, in that order, then others of the site that share tags, links or rare words with it, the most "
        "alike first. All as this view shows them."
    )
    async def recommendations(
        self, first: FirstRecommendations = DEFAULT_RECOMMENDATIONS
    ) -> list[Recommendation]:
        """Return the recommendations."""
        return await read_recommendations(self.reader, self.stored, first, show_article)

    @strawberry.field(description="The links in the text, in reading order.")
    async def links(self) -> list[Link]:
        """Return the links in the text."""
        return [Link(stored=link, origin=self) for link in await self.stored_links(LinkKind.BODY)]

    @strawberry.field(
        description="The other articles that link to this one, in their texts or as related, each once; the most "
        "recently published first. Only links in the editions that this view shows count."
    )
    async def linked_from(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> ArticleConnection:
        """Return a page of the articles that link here."""
        name = ListName("linkedFrom", self.reader.view, self.stored.id, (int, str))
        reader, window = await read_page(PageRequest(first, after, last, before), name, self.reader)
        return ArticleConnection(
            page=Page(
                reader,
                name,
                load=partial(list_backlinks, reader, self.stored.id, window),
                count=partial(count_backlinks, reader, self.stored.id),
                key=partial(article_key, orders=ORDER),
                show=show_article,
            ),
            rank=count_backlinks_by(reader, self.stored.id),
        )

    @strawberry.field(description="All pictures: the article's own first, then those in the text.")
    def images(self) -> list[Image]:
        """Return the pictures."""
        return show_images(self.stored.edition.images)

    @strawberry.field(description="The tags in the author's order.")
    def tags(self) -> list[Tag]:
        """Return the tags."""
        return [Tag(slug=tag["slug"], name=tag["name"]) for tag in self.stored.edition.tags]

    @strawberry.field(description="The names of the authors.")
    def authors(self) -> list[str]:
        """Return the authors."""
        return self.stored.edition.authors

    @strawberry.field(description="The headings of the sections, in reading order.")
    async def table_of_contents(self) -> list[Heading]:
        """Return the headings."""
        return [
            Heading(level=section.level, text=section.heading, anchor=section.anchor)
            for section in await self.stored_sections()
            if section.heading
        ]

    @strawberry.field(description="What goes into the head of the article's page.")
    async def seo(self) -> Seo:
        """Return what the page says to search engines."""
        return Seo(page=await self.page())

    @strawberry.field(
        description="The article's pages in all locales of this view, this one among them, and as `x-default` that of "
        "the site's default locale, or else of the first: for `<link rel=alternate hreflang=…>`, as sitemaps name them "
        "too. Every page names the same. Empty where there is no other page, the site has no `url`, or search engines "
        "are not to find this page (`noindex`, another `canonical`)."
    )
    async def alternates(self) -> list[Alternate]:
        """Return the pages in all locales."""
        found = await find_alternates(self.reader, self.stored)
        return [Alternate(hreflang=language, url=Url(url)) for language, url in found]

    @strawberry.field(
        description="Structured data for search engines, as schema.org names it: an `@graph` of the Article, the "
        "BreadcrumbList where the site has a `url`, and the FAQPage where there are questions. A page that holds it in "
        "a script element must write `<` as `\\u003c`, as a text may hold `</script>`; `jsonLdText` is written so."
    )
    async def json_ld(self) -> JSON:
        """Return the structured data."""
        return JSON(await self.structured_data())

    @strawberry.field(
        description='`jsonLd` as text, to stand as it is between `<script type="application/ld+json">` and '
        "`</script>`: `<`, `>` and `&` are escaped as JSON does it. A template must not escape it again."
    )
    async def json_ld_text(self) -> str:
        """Return the structured data as text."""
        return write_script(await self.structured_data())

    async def structured_data(self) -> JsonNode:
        """Return what search engines read of the article."""
        page, questions = await gather(self.page(), self.stored_questions())
        return describe_page(page, questions)

    async def page(self) -> ArticlePage:
        """Return the article's page."""
        return await open_page(self.reader, self.stored)

    @strawberry.field(description="The number of words in introduction, sections and answers.")
    def word_count(self) -> int:
        """Return the number of words."""
        return self.stored.edition.word_count

    @strawberry.field(description="How long reading takes, in whole minutes, rounded up.")
    def reading_minutes(self) -> int:
        """Return the reading time."""
        return self.stored.edition.reading_minutes

    @strawberry.field(
        description="When the article was first published in this locale, or the date its author gave. Null "
        "only outside of PUBLISHED, where it is not live."
    )
    def published_at(self) -> DateTime | None:
        """Return when it was first published."""
        published = self.stored.published_at
        return None if published == FOREVER else DateTime(published)

    @strawberry.field(
        description="How the article stands at the view's moment. Under PUBLISHED it is always PUBLISHED."
    )
    async def state(self) -> PublicationState:
        """Return the state."""
        return (await self.reader.standing(self.stored)).state

    @strawberry.field(
        description="Since when it is live, or else when it goes live next. Null under PUBLISHED, where "
        "schedules are not shown, and where nothing is planned."
    )
    async def visible_from(self) -> DateTime | None:
        """Return when it is visible from."""
        return show_moment((await self.reader.standing(self.stored)).visible_from)

    @strawberry.field(
        description="When that ends. Null under PUBLISHED, where schedules are not shown, and where it does not end."
    )
    async def visible_until(self) -> DateTime | None:
        """Return when it stops being visible."""
        return show_moment((await self.reader.standing(self.stored)).visible_until)

    @strawberry.field(
        description="What was done to the article in this locale, the newest first, up to the view's revision. "
        "Needs the right to preview; null with an error without it."
    )
    async def history(
        self,
        first: Annotated[
            int | None, strawberry.argument(description=f"How many entries, {AT_MOST}. 20 by default.")
        ] = None,
        after: Annotated[
            str | None, strawberry.argument(description="Only entries older than the one with this cursor.")
        ] = None,
    ) -> HistoryConnection | None:
        """Return a page of the history."""
        return await read_history(self.reader, self.stored.id, self.stored.locale, first, after)

    @strawberry.field(
        description="What differs between the newest editions at two revisions, in this locale. Needs the right "
        "to preview; null with an error without it."
    )
    async def diff(
        self,
        from_: Annotated[Revision, strawberry.argument(name="from", description="The earlier revision.")],
        to: Annotated[
            Revision | None,
            strawberry.argument(description="The later revision. Without it, that of the view."),
        ] = None,
    ) -> ArticleDiff | None:
        """Return the differences."""
        until = self.reader.view.revision if to is None else to
        before, after = await gather(self.as_drafted(from_), self.as_drafted(until))
        for revision, found in ((from_, before), (until, after)):
            if found is None:
                raise InvalidArgument(
                    f"The article had no edition in {self.stored.locale} at revision {revision}."
                )
        assert before is not None
        assert after is not None
        return await compare_articles(before, after, from_, until)

    async def as_drafted(self, revision: int) -> Article | None:
        """Return the newest edition at a revision, in the same locale, None where there was none. Raises Forbidden."""
        reader = await self.reader.drafting(revision, self.stored.locale)
        stored = await reader.article(self.stored.id)
        return None if stored is None else Article(stored=stored, reader=reader)

    @strawberry.field(description="When the article came into being, in whatever locale.")
    def created_at(self) -> DateTime:
        """Return when it was created."""
        return DateTime(self.stored.created_at)

    @strawberry.field(description="When this edition was saved.")
    def updated_at(self) -> DateTime:
        """Return when the edition was saved."""
        return DateTime(self.stored.edition.saved_at)

    @strawberry.field(description="The revision in which this edition was saved.")
    def revision(self) -> Revision:
        """Return the revision."""
        return Revision(self.stored.edition.since)


def show_article(reader: Reader, stored: StoredArticle) -> Article:
    """Return the contract's article of a stored one."""
    return Article(stored=stored, reader=reader)


def show_question(reader: Reader, found: FoundQuestion) -> Question:
    """Return the contract's question of one that was found."""
    return show_article(reader, found.article).question(found.question)
