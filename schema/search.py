"""Searches: articles by what readers type, with the part that answers best and the places where it does."""

from asyncio import gather
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import strawberry

from models.errors import InvalidArgument
from models.facets import count_found_by
from models.paging import Window
from models.reading import Reader
from models.searching.analysis import find_language, tokenize
from models.searching.found import Found, Hit
from models.searching.highlighting import find_fragments
from models.searching.passages import QUESTIONS
from schema.article import Article
from schema.facets import ArticleFacets, FacetCounts
from schema.paging import ListName, PageInfo, page_info
from schema.question import Question
from schema.scalars import Html
from schema.section import Section

LONGEST_FRAGMENT = 200
MOST_FRAGMENTS, DEFAULT_FRAGMENTS = 10, 2

SearchPart = Annotated[
    Section | Question,
    strawberry.union("SearchPart", description="A part of an article that answers a search."),
]


@strawberry.type(description="An article that answers a search.")
class SearchHit:
    """An article that was found."""

    hit: strawberry.Private[Hit]
    article: Article = strawberry.field(description="The article.")
    part: SearchPart | None = strawberry.field(
        description="The section or question that answers best. Null where the article's title, summary, "
        "introduction or tags do."
    )

    @strawberry.field(description="How well it answers, from 0 to 1; comparable within one search only.")
    def score(self) -> float:
        """Return the score."""
        return self.hit.score

    @strawberry.field(
        description="Where the part, or else the article's beginning, has the words that were searched for: safe HTML "
        "in which these are in `<mark>`. The beginning of the text where it has none of them."
    )
    def fragments(
        self,
        first: Annotated[
            int, strawberry.argument(description=f"How many at the most, from 1 to {MOST_FRAGMENTS}.")
        ] = DEFAULT_FRAGMENTS,
        words: Annotated[
            int, strawberry.argument(description=f"How long each is, from 5 to {LONGEST_FRAGMENT} words.")
        ] = 30,
    ) -> list[Html]:
        """Return the fragments."""
        if not 1 <= first <= MOST_FRAGMENTS:
            raise InvalidArgument(f"fragments(first:) takes 1 to {MOST_FRAGMENTS}, not {first}.")
        if not 5 <= words <= LONGEST_FRAGMENT:
            raise InvalidArgument(f"fragments(words:) takes 5 to {LONGEST_FRAGMENT}, not {words}.")
        language = find_language(self.article.stored.locale)
        found = find_fragments(self._text(), language, self.hit.terms, words, first)
        return [Html(fragment) for fragment in found]

    def _text(self) -> str:
        match self.part:
            case Section(stored=section):
                return "\n".join([section.body_text, *section.pros, *section.cons])
            case Question(stored=question):
                return question.answer_text
        edition = self.article.stored.edition
        return "\n".join(filter(None, [edition.summary, edition.intro_text]))


@strawberry.type(description="A hit in a list, with its place.")
class SearchEdge:
    """A hit with its cursor."""

    cursor: str = strawberry.field(description="The place of the hit in this list, at this revision.")
    node: SearchHit = strawberry.field(description="The hit.")


@dataclass(slots=True, eq=False)
class HitPage:
    """A page of what was found, from a place on."""

    reader: Reader
    name: ListName
    found: Found
    text: str
    start: int
    size: int

    def hits(self) -> Sequence[Hit]:
        """Return the hits of the page."""
        return self.found.hits[self.start : self.start + self.size]

    def cursor(self, number: int) -> str:
        """Return the cursor of the hit with this number on the page."""
        return self.name.cursor(self.reader.view, (self.start + number,))

    async def info(self) -> PageInfo:
        """Return where the page stands."""
        size = len(self.hits())
        return page_info(
            [partial(self.cursor, number) for number in range(size)],
            has_next=self.start + size < len(self.found.hits),
            has_previous=self.start > 0,
        )

    def did_you_mean(self) -> str | None:
        """Return the query with what was searched for instead of some of its words, None where all are as typed."""
        corrections, text = self.found.corrections, self.text
        if not corrections:
            return None
        pieces, place = [], 0
        for token in tokenize(text):
            if token.word in corrections:
                pieces += [text[place : token.start], corrections[token.word]]
                place = token.end
        return "".join([*pieces, text[place:]])


def place_page(window: Window, found: Found) -> tuple[int, int]:
    """Return where a page begins in what was found, and how long it is."""
    start = window.offset if window.after is None else int(window.after[0]) + 1 + window.offset
    return min(max(0, start), len(found.hits)), window.size


@strawberry.type(description="A page of what a search found, the best first.")
class SearchConnection:
    """A page of hits."""

    page: strawberry.Private[HitPage]

    @strawberry.field(description="The hits of the page, each with its cursor.")
    async def edges(self) -> list[SearchEdge]:
        """Return the edges."""
        return [
            SearchEdge(cursor=self.page.cursor(number), node=hit)
            for number, hit in enumerate(await show_hits(self.page.reader, self.page.hits()))
        ]

    @strawberry.field(description="The hits of the page.")
    async def nodes(self) -> list[SearchHit]:
        """Return the hits."""
        return await show_hits(self.page.reader, self.page.hits())

    @strawberry.field(description="Where the page stands in the list.")
    async def page_info(self) -> PageInfo:
        """Return where the page stands."""
        return await self.page.info()

    @strawberry.field(
        description="How many hits the list has. Of a search that very much answers, only the best are listed."
    )
    def total_count(self) -> int:
        """Return the number of hits."""
        return len(self.page.found.hits)

    @strawberry.field(
        description="How many of all hits of the list, as `totalCount` counts them, have each tag, author, year and so "
        "on. Counted only when asked for."
    )
    def facets(self) -> ArticleFacets:
        """Return what counts the hits."""
        ids = [hit.article_id for hit in self.page.found.hits]
        return ArticleFacets(counts=FacetCounts(self.page.reader, count_found_by(self.page.reader, ids)))

    @strawberry.field(
        description="The query as it was understood where nothing has some of its words: these are replaced by the "
        "nearest ones that something has. Null where all stand somewhere, or nothing is near."
    )
    def did_you_mean(self) -> str | None:
        """Return the query with what was searched for instead of some of its words."""
        return self.page.did_you_mean()


async def show_hits(reader: Reader, hits: Sequence[Hit]) -> list[SearchHit]:
    """Return hits with their articles, as the view shows them."""
    stored = await gather(*(reader.article(hit.article_id) for hit in hits))
    shown = [(hit, Article(stored=one, reader=reader)) for hit, one in zip(hits, stored, strict=True) if one]
    return list(await gather(*(show_hit(hit, article) for hit, article in shown)))


async def show_hit(hit: Hit, article: Article) -> SearchHit:
    """Return a hit with the part of its article that answers best."""
    part: Section | Question | None = None
    if hit.place > QUESTIONS:
        part = article.question((await article.stored_questions())[hit.place - QUESTIONS - 1])
    elif hit.place:
        part = await article.section_at(hit.place)
    return SearchHit(hit=hit, article=article, part=part)
