"""Sections: the parts of an article under its headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from models.link import LinkKind
from models.stored import StoredSection
from schema.link import Image, LazyArticle, Link, show_images
from schema.node import Node
from schema.question import Question
from schema.rich_text import RichText
from schema.scalars import Html, Markdown
from schema.section_kind import SectionKind

if TYPE_CHECKING:
    from schema.article import Article


@strawberry.type(description="A part of an article: a heading and the text up to the next heading.")
class Section(Node):
    """A section of an edition."""

    stored: strawberry.Private[StoredSection]
    origin: strawberry.Private[Article]

    def identity(self) -> str:
        """Return the key, the same in every edition."""
        return self.stored.key

    @strawberry.field(description="The place among the sections of the article, from 1.")
    def position(self) -> int:
        """Return the position."""
        return self.stored.position

    @strawberry.field(description="The level of the heading, from 1 to 6.")
    def level(self) -> int:
        """Return the level."""
        return self.stored.level

    @strawberry.field(description="What part the section plays in its article.")
    def kind(self) -> SectionKind:
        """Return the kind."""
        return self.stored.kind

    @strawberry.field(description="The heading as plain text. Null where the section has none.")
    def heading(self) -> str | None:
        """Return the heading."""
        return self.stored.heading

    @strawberry.field(
        description="The fragment that leads to the section on the article's page, unique in the article."
    )
    def anchor(self) -> str:
        """Return the anchor."""
        return self.stored.anchor

    @strawberry.field(description="The text under the heading, without questions, pros and cons.")
    def body(self) -> RichText:
        """Return the body in all its forms."""
        stored = self.stored
        return RichText(
            markdown=Markdown(stored.body_markdown),
            html=Html(stored.body_html),
            text=stored.body_text,
            word_count=stored.word_count,
        )

    @strawberry.field(description="The questions in this section, in reading order.")
    async def questions(self) -> list[Question]:
        """Return the questions."""
        questions = await self.origin.stored_questions()
        here = self.stored.position
        return [Question(stored=q, origin=self.origin) for q in questions if q.section == here]

    @strawberry.field(description="The pictures in the text of this section.")
    def images(self) -> list[Image]:
        """Return the pictures."""
        return show_images(self.stored.images)

    @strawberry.field(description="The links in this section, those of its answers included.")
    async def links(self) -> list[Link]:
        """Return the links."""
        links = await self.origin.stored_links(LinkKind.BODY)
        here = self.stored.position
        return [Link(stored=link, origin=self.origin) for link in links if link.section == here]

    @strawberry.field(description="What speaks for it. Empty unless the kind is PROS_AND_CONS.")
    def pros(self) -> list[str]:
        """Return the pros."""
        return self.stored.pros

    @strawberry.field(description="What speaks against it. Empty unless the kind is PROS_AND_CONS.")
    def cons(self) -> list[str]:
        """Return the cons."""
        return self.stored.cons

    @strawberry.field(description="The article that the section stands in.")
    def article(self) -> LazyArticle:
        """Return the article."""
        return self.origin
