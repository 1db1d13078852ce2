"""The root of all reading."""

from functools import partial
from typing import Annotated

import strawberry
from strawberry.types import Info

from models.conditions import TRUE
from models.errors import InvalidArgument, InvalidIdentifier
from models.facets import count_questions_by
from models.finding import find_by_slug, find_question, find_section, find_tags
from models.listing import (
    count_questions,
    list_questions,
    question_key,
)
from models.reading import Reader
from models.route import find_by_path
from models.searching.finding import search
from models.tags import list_tags
from models.token import list_tokens
from models.translation import TranslationStatus
from models.webhook import list_webhooks
from schema.article import Article, show_question
from schema.broken_link import BrokenLinkConnection, read_broken_links
from schema.changes import DEFAULT_SIZE as DEFAULT_CHANGES
from schema.changes import AfterChange, ChangePage, FirstChanges, Since, WantedChanges, read_changes
from schema.connections import ArticleConnection, Page, QuestionConnection
from schema.filters import ArticleWhere, QuestionWhere, article_condition, question_condition
from schema.listed_articles import Listing, read_articles
from schema.node import Node, decode_id
from schema.operation import Operation
from schema.ordering import ArticleOrder
from schema.paging import After, Before, First, Last, ListName, PageRequest, read_page
from schema.redirect import RedirectConnection, read_redirects
from schema.route import Route, find_route
from schema.scalars import Locale, Revision
from schema.search import HitPage, SearchConnection, place_page
from schema.site import Site, Tag
from schema.suggestion import (
    DEFAULT_SUGGESTIONS,
    FirstSuggestions,
    Prefix,
    Suggestion,
    SuggestionKinds,
    SuggestionSite,
    read_suggestions,
)
from schema.token import Token
from schema.translating import TranslationConnection, read_translations
from schema.webhook import Webhook, WebhookLog

MOST_NODES = 100
MOST_TAGS = 1000


@strawberry.input(one_of=True, description="How an article is named; exactly one of these.")
class ArticleBy:
    """A name of an article."""

    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its id.")
    slug: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its slug in one of the view's locales, now or formerly. A slug in use wins.",
    )
    path: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its path, now or formerly, or an address that it was imported with, as `route` takes it.",
    )


By = Annotated[ArticleBy, strawberry.argument(description="How the article is named.")]
Offset = Annotated[
    int | None, strawberry.argument(description="How many items to skip; cursors are faster and never tear.")
]
ListedArticles = Annotated[
    ArticleWhere | None, strawberry.argument(description="Only articles that meet this.")
]
SiteKey = Annotated[
    str | None,
    strawberry.argument(description="The key of the site; needed only where several sites use the address."),
]


async def find_article(reader: Reader, by: ArticleBy, site: str | None) -> Article | None:
    """Return the article of a name, None where the view does not show it.

    Raises InvalidIdentifier, UnknownSite or AmbiguousAddress.
    """
    # One of them is a text, perhaps an empty one; those not given are UNSET.
    if isinstance(by.id, str):
        found = await reader.article(decode_id(by.id, "Article")[1])
    elif isinstance(by.slug, str):
        found = await find_by_slug(reader, by.slug, site)
    else:
        found = await find_by_path(reader, by.path or "", site)
    return Article(stored=found, reader=reader) if found else None


async def find_node(reader: Reader, text: str) -> Node | None:
    """Return what an id names in this view, None where the view does not show it. Raises InvalidIdentifier."""
    type_name, identity = decode_id(text)
    match type_name:
        case "Article":
            article = await reader.article(identity)
            return Article(stored=article, reader=reader) if article else None
        case "Section":
            found = await find_section(reader, identity)
            return Article(stored=found[0], reader=reader).section(found[1]) if found else None
        case "Question":
            asked = await find_question(reader, identity)
            return Article(stored=asked[0], reader=reader).question(asked[1]) if asked else None
        case "Site":
            return next((Site(stored=site) for site in await reader.sites() if site.key == identity), None)
        case "Tag":
            tags = await find_tags(reader, slug=identity, limit=1)
            return Tag(slug=tags[0][0], name=tags[0][1]) if tags else None
        case _:
            raise InvalidIdentifier(f"A {type_name} is no node.")


@strawberry.type(description="Everything that can be read.")
class Query:
    """The root of all reading."""

    @strawberry.field(description="Whatever has this id, or null where the view does not show it.")
    async def node(
        self,
        info: Info[Operation, None],
        id: Annotated[strawberry.ID, strawberry.argument(description="The id.")],
    ) -> Node | None:
        """Return one node."""
        return await find_node(info.context.reader, id)

    @strawberry.field(description="What has these ids, in their order; null where the view does not show it.")
    async def nodes(
        self,
        info: Info[Operation, None],
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="The ids, at most 100.")],
    ) -> list[Node | None]:
        """Return several nodes."""
        if len(ids) > MOST_NODES:
            raise InvalidArgument(f"nodes(ids:) takes at most {MOST_NODES} ids, not {len(ids)}.")
        return await info.context.gather([find_node(info.context.reader, text) for text in ids])

    @strawberry.field(description="One article, or null where the view does not show it.")
    async def article(
        self,
        info: Info[Operation, None],
        by: By,
        site: SiteKey = None,
    ) -> Article | None:
        """Return one article."""
        return await find_article(info.context.reader, by, site)

    @strawberry.field(
        description="Where an address leads: to an article that is there, in whatever locale, or that has moved "
        "elsewhere. Null where the view shows none."
    )
    async def route(
        self,
        info: Info[Operation, None],
        path: Annotated[
            str,
            strawberry.argument(
                description="The address within the site, as in `/en/tides`: now or formerly an article's, or one that "
                "it was imported with. Slashes at its ends, and the case of the locale, do not count; it may be "
                "written as a browser has it: percent-encoded, behind the site's `url`, with a query and a fragment."
            ),
        ],
        site: SiteKey = None,
    ) -> Route | None:
        """Return the route."""
        return await find_route(info.context.reader, path, site)

    @strawberry.field(
        description="A list of articles; the most recently published first unless sorted otherwise, or searched for."
    )
    async def articles(
        self,
        info: Info[Operation, None],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        offset: Offset = None,
        where: ListedArticles = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only articles that this finds, as `search(query:)` does: the best of them, some hundred "
                "at the most. They are sorted by how well they answer, unless `orderBy` says otherwise; RELEVANCE "
                "stands for it there."
            ),
        ] = None,
        order_by: Annotated[
            list[ArticleOrder] | None,
            strawberry.argument(description="How to sort; later entries break the ties of earlier ones."),
        ] = None,
    ) -> ArticleConnection:
        """Return a page of articles."""
        listing = Listing(where, search, order_by)
        request = PageRequest(first, after, last, before, offset)
        return await read_articles(info.context.reader, listing, request)

    @strawberry.field(
        description="A list of questions: newest articles first, within an article in reading order."
    )
    async def questions(
        self,
        info: Info[Operation, None],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        offset: Offset = None,
        where: Annotated[
            QuestionWhere | None, strawberry.argument(description="Only questions that meet this.")
        ] = None,
    ) -> QuestionConnection:
        """Return a page of questions."""
        condition = question_condition(where) if where else TRUE
        reader = info.context.reader
        name = ListName("questions", reader.view, where, (int, str, int))
        reader, window = await read_page(PageRequest(first, after, last, before, offset), name, reader)
        return QuestionConnection(
            page=Page(
                reader,
                name,
                load=partial(list_questions, reader, condition, window),
                count=partial(count_questions, reader, condition),
                key=question_key,
                show=show_question,
            ),
            rank=count_questions_by(reader, condition),
        )

    @strawberry.field(
        description="The articles that answer a search best, by their titles, summaries, tags, headings, texts, "
        "questions and answers. Words are found in all their forms, with slips, and by their beginnings. "
        '`"a phrase"` must stand as it is, `-word` must not stand.'
    )
    async def search(
        self,
        info: Info[Operation, None],
        query: Annotated[
            str, strawberry.argument(description="What is looked for, at most 1000 characters.")
        ],
        first: First = None,
        after: After = None,
        where: ListedArticles = None,
    ) -> SearchConnection:
        """Return a page of hits."""
        condition = article_condition(where) if where else TRUE
        reader = info.context.reader
        name = ListName("search", reader.view, (query, where), (int,))
        reader, window = await read_page(PageRequest(first, after), name, reader)
        found = await search(reader, query, condition)
        return SearchConnection(page=HitPage(reader, name, found, query, *place_page(window, found)))

    @strawberry.field(
        description="What a reader may mean who is still typing: titles, tags and questions that begin with it, or "
        "have it at the beginnings of words. Titles that begin with it come first, then tags, other titles, questions. "
        "Nothing is missed of what is live now, as far as it fits into memory. Of drafts, of the past and the future, "
        "and of what does not fit, a bounded part is looked at, the newest: where there is much that has what was "
        "typed, fewer or others may be suggested than if all were."
    )
    async def suggest(
        self,
        info: Info[Operation, None],
        prefix: Prefix,
        first: FirstSuggestions = DEFAULT_SUGGESTIONS,
        kinds: SuggestionKinds = None,
        site: SuggestionSite = None,
    ) -> list[Suggestion]:
        """Return suggestions."""
        return await read_suggestions(info.context.reader, prefix, first, kinds, site)

    @strawberry.field(
        description="The old addresses of a site that lead to an article which the view shows: its former paths, and "
        "addresses it was imported with. Each once, sorted; addresses in use are not among them."
    )
    async def redirects(
        self,
        info: Info[Operation, None],
        site: Annotated[str, strawberry.argument(description="The key of the site.")],
        first: First = None,
        after: After = None,
    ) -> RedirectConnection:
        """Return a page of redirects."""
        return await read_redirects(info.context.reader, site, PageRequest(first, after))

    @strawberry.field(
        description="The links, in the editions that the view shows, that lead to an article of ours which it does "
        "not show, or to an address of the site with nothing there; the most recently published articles first."
    )
    async def broken_links(
        self,
        info: Info[Operation, None],
        site: Annotated[
            str | None, strawberry.argument(description="Only links in articles of the site with this key.")
        ] = None,
        first: First = None,
        after: After = None,
    ) -> BrokenLinkConnection:
        """Return a page of broken links."""
        return await read_broken_links(info.context.reader, site, PageRequest(first, after))

    @strawberry.field(
        description="The translations of a site that are missing or outdated, as this view shows it, or those that "
        "stand otherwise: those of the most recently published articles first, each article's by locale."
    )
    async def translations(
        self,
        info: Info[Operation, None],
        site: Annotated[str, strawberry.argument(description="The key of the site.")],
        locales: Annotated[
            list[Locale] | None,
            strawberry.argument(description="Only into these of the site's locales."),
        ] = None,
        statuses: Annotated[
            list[TranslationStatus] | None,
            strawberry.argument(description="Those that stand so. Without it, MISSING and OUTDATED."),
        ] = None,
        first: First = None,
        after: After = None,
    ) -> TranslationConnection:
        """Return a page of translations."""
        request = PageRequest(first, after)
        return await read_translations(info.context.reader, site, locales, statuses, request)

    @strawberry.field(description="All sites, sorted by key.")
    async def sites(self, info: Info[Operation, None]) -> list[Site]:
        """Return the sites."""
        return [Site(stored=site) for site in await info.context.reader.sites()]

    @strawberry.field(description="The tags of all articles that the view shows, sorted by slug.")
    async def tags(
        self,
        info: Info[Operation, None],
        site: Annotated[
            str | None, strawberry.argument(description="Only tags of the site with this key.")
        ] = None,
        first: Annotated[
            int, strawberry.argument(description="How many at the most, from 0 to 1000.")
        ] = 1000,
    ) -> list[Tag]:
        """Return the tags."""
        if not 0 <= first <= MOST_TAGS:
            raise InvalidArgument(f"tags(first:) takes 0 to {MOST_TAGS}, not {first}.")
        found = await list_tags(info.context.reader, site=site, limit=first)
        return [Tag(slug=slug, name=name) for slug, name in found]

    @strawberry.field(
        description="All tokens, revoked ones too, in the order in which they were made. For administrators; "
        "null with an error for everybody else."
    )
    async def tokens(self, info: Info[Operation, None]) -> list[Token] | None:
        """Return the tokens."""
        reader = info.context.reader
        return [Token(stored=token) for token in await list_tokens(reader.database, reader.actor)]

    @strawberry.field(
        description="All webhooks, in the order in which they were made. For administrators; null with an error "
        "for everybody else."
    )
    async def webhooks(self, info: Info[Operation, None]) -> list[Webhook] | None:
        """Return the webhooks."""
        reader = info.context.reader
        log = WebhookLog(reader)
        found = await list_webhooks(reader.database, reader.actor)
        return [Webhook(stored=webhook, log=log) for webhook in found]

    @strawberry.field(
        description="What happened after a revision, each change once and in order: take a snapshot, remember its "
        "revision, apply what comes, and the copy is the same as a fresh snapshot. Without the DRAFT perspective "
        "only changes of what is live are told."
    )
    async def changes(
        self,
        info: Info[Operation, None],
        since: Since = None,
        after: AfterChange = None,
        first: FirstChanges = DEFAULT_CHANGES,
        where: WantedChanges = None,
    ) -> ChangePage:
        """Return changes."""
        return await read_changes(info.context.reader, since, after, first, where)

    @strawberry.field(description="The newest revision of the content, whatever the view.")
    def head(self, info: Info[Operation, None]) -> Revision:
        """Return the head revision."""
        return Revision(info.context.head)
