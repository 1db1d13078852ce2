"""Texts in all the forms that clients ask for. All forms were made when the edition was saved."""

from typing import Annotated

import strawberry

from models.errors import InvalidArgument
from schema.scalars import Html, Markdown

LONGEST_EXCERPT = 500


@strawberry.type(description="A text in several forms.")
class RichText:
    """A text of an edition."""

    markdown: Markdown = strawberry.field(description="As its author wrote it.")
    html: Html = strawberry.field(description="As sanitised HTML.")
    text: str = strawberry.field(description="As plain text; blocks are separated by line breaks.")
    word_count: int = strawberry.field(description="The number of words. Ideographs count as one word each.")

    @strawberry.field(description="The beginning of the plain text, with an ellipsis if something was cut.")
    def excerpt(
        self,
        words: Annotated[
            int, strawberry.argument(description="How many words at the most, from 1 to 500.")
        ] = 40,
    ) -> str:
        """Return the first words of the text."""
        if not 1 <= words <= LONGEST_EXCERPT:
            raise InvalidArgument(f"excerpt(words:) takes 1 to {LONGEST_EXCERPT}, not {words}.")
        pieces = self.text.split(maxsplit=words)
        return " ".join(pieces[:words]) + ("…" if len(pieces) > words else "")
