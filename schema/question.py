"""Questions with their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from models.stored import StoredQuestion
from schema.link import LazyArticle
from schema.node import Node
from schema.rich_text import RichText
from schema.scalars import Html, Markdown

if TYPE_CHECKING:
    from schema.article import Article
    from schema.section import Section


@strawberry.type(description="A question that an article answers.")
class Question(Node):
    """A question of an edition."""

    stored: strawberry.Private[StoredQuestion]
    origin: strawberry.Private[Article]

    def identity(self) -> str:
        """Return the key, the same in every edition."""
        return self.stored.key

    @strawberry.field(description="The place among the questions of the article, from 1.")
    def position(self) -> int:
        """Return the position."""
        return self.stored.position

    @strawberry.field(description="The fragment that leads to the question on the article's page.")
    def anchor(self) -> str:
        """Return the anchor."""
        return self.stored.anchor

    @strawberry.field(description="The question as plain text.")
    def question(self) -> str:
        """Return the question."""
        return self.stored.question

    @strawberry.field(description="The answer.")
    def answer(self) -> RichText:
        """Return the answer in all its forms."""
        stored = self.stored
        return RichText(
            markdown=Markdown(stored.answer_markdown),
            html=Html(stored.answer_html),
            text=stored.answer_text,
            word_count=stored.word_count,
        )

    @strawberry.field(
        description="The section that the question stands in. Null where it stands outside of every section."
    )
    async def section(self) -> Annotated[Section, strawberry.lazy("schema.section")] | None:
        """Return the section."""
        if self.stored.section is None:
            return None
        return await self.origin.section_at(self.stored.section)

    @strawberry.field(description="The article that the question stands in.")
    def article(self) -> LazyArticle:
        """Return the article."""
        return self.origin
